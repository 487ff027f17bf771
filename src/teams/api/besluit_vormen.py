"""How a decision is written in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from teams.api.bevoegdheidsvragen import RegelUit
from teams.api.shapes import Volgende
from teams.decisions.queries.seen import Seen
from teams.ledger.queries import Standing


class Genomen(BaseModel):
    """Een besluit dat vastligt, of (zonder nummer) een voornemen dat nog op iemand wacht."""

    nummer: str | None
    uitkomst: str
    ondertekening: str | None
    vastgelegd: Annotated[bool, Field(description="het controlepunt van het logboek omvat de regel")]
    voornemen: UUID | None = None


class DaarnaUit(BaseModel):
    """Wat na het besluit kwam, elk een eigen regel in het logboek."""

    id: UUID
    soort: str
    op: datetime
    door: str
    veld: str | None
    was: str | None
    wordt: str | None
    grond: str | None
    reden: str | None
    orgaanbesluit: str | None


class InlichtingUit(BaseModel):
    """Een vraag om inlichtingen (Awb 10:6 lid 2), met haar termijn."""

    id: UUID
    namens: str
    vraag: str | None
    uiterlijk: date
    antwoord: str | None
    beantwoordOp: datetime | None


class BesluitUit(BaseModel):
    """Een besluit zoals het toen was, met wat daarna kwam. Wat je niet mag lezen of wat vernietigd is, is `null`."""

    nummer: str
    bevoegdheid: str
    titel: str
    soort: str
    vertrouwelijk: bool
    uitkomst: str
    orgaan: str
    persoonId: UUID | None
    rolId: UUID | None
    hoedanigheid: str | None
    tweedePersoonId: UUID | None
    bedragCent: int | None
    grensCent: int | None
    zaak: str | None
    wederpartij: str | None
    onderwerp: str | None
    motivering: str | None
    ondertekening: str | None
    ketens: list[list[str]]
    regels: list[RegelUit]
    regelboek: str
    beslotenOp: datetime
    vastgelegdOp: datetime
    vastgelegd: bool
    stand: Annotated[Standing, Field(description="hoe het met de regel in het logboek staat")]
    daarna: list[DaarnaUit]
    inlichtingen: list[InlichtingUit]


class BesluitKort(BaseModel):
    """Een besluit in de lijst."""

    nummer: str
    bevoegdheid: str
    titel: str
    uitkomst: str
    onderwerp: str | None
    bedragCent: int | None
    beslotenOp: datetime
    vastgelegd: bool


class Besluiten(BaseModel):
    """Een bladzijde van je eigen besluiten en die van je rollen, het nieuwste eerst."""

    resultaten: list[BesluitKort]
    volgende: Volgende


def decision_out(seen: Seen, standing: Standing) -> BesluitUit:
    row, full = seen.row, seen.full
    rules = (row.answer or {}).get("regels", []) if full else []
    return BesluitUit(
        nummer=row.number, bevoegdheid=row.power, titel=row.power_title, soort=row.act, vertrouwelijk=row.confidential,
        uitkomst=row.outcome, orgaan=row.organ, persoonId=row.person_id if full else None, rolId=row.role_id if full else None,
        hoedanigheid=row.capacity if full else None, tweedePersoonId=row.second_id if full else None, bedragCent=row.cents if full else None,
        grensCent=row.ceiling if full else None,
        zaak=row.case_number, wederpartij=row.counterparty if full else None, onderwerp=row.subject if full else None,
        motivering=row.reasons if full else None, ondertekening=row.signature if full else None, ketens=row.chains if full else [],
        regels=[RegelUit(**rule) for rule in rules], regelboek=row.rulebook, beslotenOp=row.decided_at,
        vastgelegdOp=row.recorded_at, vastgelegd=standing is Standing.RECORDED, stand=standing,
        daarna=[
            DaarnaUit(
                id=act.id, soort=act.kind, op=act.at, door=act.person if full else "", veld=act.field,
                was=act.old_value if full else None, wordt=act.new_value if full else None, grond=act.ground,
                reden=act.reason if full else None, orgaanbesluit=act.organ_decision,
            )
            for act in seen.acts
        ],
        inlichtingen=[
            InlichtingUit(
                id=one.id, namens=one.acting_as, vraag=one.question, uiterlijk=one.due, antwoord=one.answer,
                beantwoordOp=one.answered_at,
            )
            for one in (seen.information if full else [])
        ],
    )  # fmt: skip
