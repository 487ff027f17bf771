"""Mobiliteit and savings: each figure with its definition, numerator, denominator and period, and the rows that add up to it."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period, period_of
from teams.api.routes import Doc, Query, answer, get, query_of
from teams.api.shapes import Geld, Naam
from teams.http.mobility_words import NUMBERS
from teams.http.wants import Me, Page, Session
from teams.http.words import words
from teams.kit.clock import day_of
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.reports.mobility import NO_TEAM, Figure, Mobility, mobility_of
from teams.reports.savings import Savings, chains_of, occupancy_of, savings_of

Tienden = Annotated[float, Field(description="uren, met één decimaal", examples=[32.5])]
PERIODE = "een jaar (2026) of een kwartaal (2026-K3); leeg: dit jaar"


class PeriodeVraag(Query):
    """Over welke periode."""

    periode: Annotated[str, Field(max_length=7, description=PERIODE, examples=["2026-K3"])] = ""


class Rij(BaseModel):
    """Een regel onder een getal. Zonder team: kleine teams samen, of mensen zonder team."""

    team: UUID | None
    naam: str
    teller: float
    noemer: float


class Getal(BaseModel):
    """`teller` gedeeld door (`noemer` gedeeld door `delenDoor`). `getoond` is false als er minder dan vijf mensen achter staan."""

    code: Literal["M1", "M2", "M3", "M4", "M5"]
    naam: str
    definitie: str
    van: date | None
    tot: date | None
    getoond: bool
    teller: float | None
    noemer: float | None
    delenDoor: int | None
    procent: Annotated[float | None, Field(description="leeg als er geen noemer is")]
    rijen: list[Rij]


class Stroom(BaseModel):
    """Plekken die mensen van `leentUit` hadden bij `leentIn`."""

    leentUit: str
    leentIn: str
    plekken: int


class UrenPerTeam(BaseModel):
    """Uitgeleende en ingeleende uren; alleen bij een heel jaar en genoeg mensen."""

    team: UUID | None
    naam: str
    uitgeleend: Tienden
    ingeleend: Tienden


class Vervuld(BaseModel):
    """Een vacature waarop iemand is benoemd."""

    klus: Naam
    nummer: int
    team: str
    herkomst: Literal["intern", "regionaal", "extern"]
    op: date
    dagen: int
    besluit: str


class Bezetting(BaseModel):
    """Op de laatste dag van de periode. `contracturen` in hele voltijdplaatsen van 36 uur, opdat niemands contract te lezen is;
    `formatie`: wat de begroting toelaat, leeg als dat niet bekend is."""

    team: UUID | None
    naam: str
    mensen: int
    contracturen: Tienden
    urenVacatures: Tienden
    formatie: Tienden | None


class MobiliteitUit(BaseModel):
    """De getallen over `van` tot en met `tot`."""

    periode: str
    van: date
    tot: date
    getallen: list[Getal]
    dagenTotVervuld: Annotated[int | None, Field(description="de middelste")]
    stromen: list[Stroom]
    uren: list[UrenPerTeam]
    vacatures: list[Vervuld]
    bezetting: list[Bezetting]


class Schakel(BaseModel):
    """Een vacature in de keten; `werd`: wat er van de plek werd."""

    klus: Naam
    werd: Literal["vacature", "vervalt", "geen", "extern", "regionaal", "intern", "open"]


class BesparingUit(BaseModel):
    """Een boeking. Zonder `tot` is ze structureel: een bedrag per jaar vanaf `van`."""

    id: UUID
    nummer: int
    soort: Literal["formatie", "vacature", "inhuur", "werving"]
    structureel: bool
    bedrag: Geld
    van: date
    tot: date | None
    stand: Literal["verwacht", "bevestigd", "vervallen"]
    klus: Naam
    grond: str
    keten: Annotated[list[Schakel], Field(description="van de eerste plek tot waar de wisselingen eindigen")]


class Totaal(BaseModel):
    """Structureel per jaar en incidenteel in de periode; nooit opgeteld."""

    structureel: Geld
    incidenteel: Geld


class BesparingenUit(BaseModel):
    """Besparingen over een periode, en de boekingen waaruit ze zijn opgeteld."""

    periode: str
    van: date
    tot: date
    bevestigd: Totaal
    verwacht: Totaal
    resultaten: list[BesparingUit]
    volgende: None = None


@get(
    "/mobiliteit",
    policy="signed_in",
    doc=Doc("De mobiliteit over een periode", answer=MobiliteitUit, query=PeriodeVraag, refusals=(400, 404)),
)
async def index(request: Page, session: Session, me: Me) -> Response[bytes]:
    period, first, until = _span(query_of(request, PeriodeVraag).periode)
    found, last = await mobility_of(session, first, until), until - timedelta(days=1)
    return answer(
        MobiliteitUit(
            periode=str(period), van=first, tot=last, getallen=_numbers(found, me.language), dagenTotVervuld=found.days_to_fill,
            stromen=[Stroom(leentUit=_name(f.lends), leentIn=_name(f.borrows), plekken=f.places) for f in found.flows],
            uren=[
                UrenPerTeam(team=b.team, naam=_name(b.name), uitgeleend=b.lent / 10, ingeleend=b.borrowed / 10)
                for b in found.balances
            ],
            vacatures=[
                Vervuld(
                    klus=Naam(id=v.id, naam=v.title), nummer=v.number, team=v.team, herkomst=v.filled_from, op=v.filled, dagen=v.days, besluit=v.decision
                )
                for v in found.vacancies
            ],
            bezetting=await _occupancy(session, last),
        )
    )  # fmt: skip


@get(
    "/besparingen",
    policy="signed_in",
    doc=Doc("De besparingen over een periode", answer=BesparingenUit, query=PeriodeVraag, refusals=(400, 404)),
)
async def savings(request: Page, session: Session, me: Me) -> Response[bytes]:
    period, first, until = _span(query_of(request, PeriodeVraag).periode)
    found = await savings_of(session, first, until)
    chains = await chains_of(session, found)
    rows = [
        BesparingUit(
            id=s.id, nummer=s.number, soort=s.type, structureel=s.ends is None, bedrag=s.cents, van=s.starts, tot=s.ends,
            stand=s.state, klus=Naam(id=s.klus, naam=s.title), grond=s.ground,
            keten=[Schakel(klus=Naam(id=link.klus, naam=link.title), werd=link.kind) for link in chains.get(s.place_id, [])] if s.type != "inhuur" else [],
        )
        for s in found.rows
    ]  # fmt: skip
    return answer(
        BesparingenUit(
            periode=str(period), van=first, tot=until - timedelta(days=1), bevestigd=_total(found, "bevestigd"),
            verwacht=_total(found, "verwacht"), resultaten=rows,
        )
    )  # fmt: skip


def _span(asked: str) -> tuple[Period, date, date]:
    """First day and the day after the last, which is at most today."""
    today = day_of(datetime.now(UTC))
    period = period_of(asked) if asked else Period(today.year)
    if period.first > today:
        raise NotFound(Reason("onbekend", N_("Deze periode is nog niet begonnen.")))
    return period, period.first, min(period.last, today) + timedelta(days=1)


def _numbers(found: Mobility, language: str) -> list[Getal]:
    speak = words(language)
    return [
        Getal(
            code=code, naam=speak.say(NUMBERS[code][0]), definitie=speak.say(NUMBERS[code][1]),
            **_period(found, code), **_parts(figure), getoond=figure.shown,
        )
        for code, figure in found.figures.items()
    ]  # fmt: skip


def _period(found: Mobility, code: str) -> dict[str, date | None]:
    first = found.since if code == "M5" else found.first
    begun = first < found.until
    return {"van": first if begun else None, "tot": found.until - timedelta(days=1) if begun else None}


def _parts(figure: Figure) -> dict[str, Any]:
    """Hours come as tenths."""
    if not figure.shown:
        return {"teller": None, "noemer": None, "delenDoor": None, "procent": None, "rijen": []}
    by = 10 if figure.code == "M3" else 1
    rows = [Rij(team=r.team, naam=_name(r.name), teller=r.above / by, noemer=r.below / by) for r in figure.rows]
    share = figure.percentage
    return {
        "teller": figure.above / by, "noemer": figure.below / by, "delenDoor": figure.divide,
        "procent": None if share is None else share / 10, "rijen": rows,
    }  # fmt: skip


def _name(name: str) -> str:
    return "Zonder team" if name == NO_TEAM else name or "Kleine teams samen"


def _total(found: Savings, state: str) -> Totaal:
    return Totaal(structureel=found.total("structureel", state), incidenteel=found.total("incidenteel", state))


async def _occupancy(session: AsyncSession, day: date) -> list[Bezetting]:
    return [
        Bezetting(
            team=o.team, naam=_name(o.name), mensen=o.people, contracturen=o.tenths / 10, urenVacatures=o.vacant / 10,
            formatie=None if o.formation is None else o.formation / 10,
        )
        for o in await occupancy_of(session, day)
    ]  # fmt: skip


HANDLERS: list[Any] = [index, savings]
