"""What the demo municipality consists of: plain, frozen records."""

from dataclasses import dataclass
from datetime import date, datetime

Row = dict[str, str]


@dataclass(frozen=True)
class DemoAccount:
    email: str
    personeelsnummer: str
    rechten: frozenset[str]


@dataclass(frozen=True)
class DemoClaim:
    """`status`: bevestigd, lopend, afgerond, ingetrokken, teruggegeven or beeindigd; `uren` a week, or in total."""

    personeelsnummer: str
    uren: int
    at: datetime
    status: str
    ended_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class DemoKlus:
    """Hours are a week (`uren_min`, `uren_max`) or once (`uren_totaal`, and then `van` is `tot`)."""

    titel: str
    omschrijving: str
    soort: str
    team: str
    rol: str
    geplaatst_door: str
    plaatsen: int
    uren_min: int | None
    uren_max: int | None
    uren_totaal: int | None
    van: date
    tot: date
    aanmelden_tot: date | None
    wijze: str
    vaardigheden: tuple[str, ...]
    herkomst: str
    herkomst_kenmerk: str
    bevoegdheden: tuple[str, ...]
    geplaatst_op: datetime
    status: str
    status_op: datetime
    claims: tuple[DemoClaim, ...]


@dataclass(frozen=True)
class DemoAfspraak:
    team: str
    soort: str
    titel: str
    tekst: str
    van: date


@dataclass(frozen=True)
class DemoWijziging:
    """`soort`: hernoemd, doel, verantwoordelijkheid_erbij or verantwoordelijkheid_weg; `rol` is the name of today."""

    soort: str
    team: str
    rol: str
    op: date
    oud: str
    nieuw: str


@dataclass(frozen=True)
class Zandermeer:
    today: date
    files: dict[str, list[Row]]
    accounts: tuple[DemoAccount, ...]
    klussen: tuple[DemoKlus, ...]
    afwezig: tuple[tuple[str, date, date], ...]
    afspraken: tuple[DemoAfspraak, ...]
    historie: tuple[DemoWijziging, ...]
