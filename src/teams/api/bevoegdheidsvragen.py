"""Mag ik dit besluiten? The question is asked by POST and kept nowhere: not in the journal, and not under an Idempotency-Key."""

import json
from datetime import UTC, date, datetime
from math import ceil
from typing import Annotated, Any
from uuid import UUID

import litestar
from litestar import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc
from teams.decisions.queries.known import weigh
from teams.http.wants import Me, Page, Session
from teams.kit.clock import start_of
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated_json
from teams.kit.text import N_, Line
from teams.mandates.answer import Answer
from teams.mandates.forms import PlainAmount
from teams.mandates.question import Contested, Question
from teams.structure.moment import moment_from

Reference = Annotated[Line, Field(max_length=120)]
Feature = Annotated[bool | int | float | Annotated[str, Field(max_length=300)] | None, Field()]
_MAPPED = ("duur", "uren", "beklaagde", "budget", "orgaan_besloot_op", "tegen_instructie")


class Bestreden(BaseModel):
    """Het besluit waartegen het bezwaar is, en wie het nam (onbekend: laat weg)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    nummer: Reference
    genomenDoor: Annotated[list[UUID], Field(max_length=20)] | None = None


class Vraag(BaseModel):
    """Wie wil wat besluiten. Wat de bevoegdheid niet nodig heeft, laat je weg; wat onbekend is en wel nodig, is een nee."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    bevoegdheid: Annotated[Line, Field(max_length=40)]
    bedrag: PlainAmount = None
    op: Annotated[str | None, Field(max_length=40, description="dag of tijdstip met tijdzone")] = None
    bekend: Annotated[str | None, Field(max_length=40, description="zoals toen bekend")] = None
    persoonId: UUID | None = None
    rolId: UUID | None = None
    zaak: Reference | None = None
    wederpartij: Reference | None = None
    bestredenBesluit: Reference | Bestreden | None = None
    rapporteur: UUID | None = None
    tweedePersoonId: UUID | None = None
    belang: bool | None = None
    gevoelig: bool | None = None
    gebied: Reference | None = None
    zaaktype: Reference | None = None
    kenmerken: Annotated[
        dict[str, Feature],
        Field(
            max_length=50,
            description="duur of uren, beklaagde, budget, orgaan_besloot_op, tegen_instructie, en eigen kenmerken",
        ),
    ] = {}
    bevestigd: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=50)] = []


class RedenUit(BaseModel):
    """Waarom niet, met de regel."""

    code: str
    tekst: str


class SchakelUit(BaseModel):
    """Een stap van orgaan naar persoon."""

    soort: str
    naam: str
    nummer: str | None
    versie: str | None
    soorten: list[str]
    grensCent: int | None
    artikel: str
    beslotenOp: datetime | None
    publicatie: str
    tot: datetime | None
    plaatsvervangend: bool


class RegelUit(BaseModel):
    """Wat een regel vond, en waarop dat rust."""

    regel: str
    uitkomst: str
    feit: str
    bron: str
    teControleren: bool


class IemandUit(BaseModel):
    """Wie er nu is."""

    id: str
    naam: str
    hoedanigheid: str


class WieUit(BaseModel):
    """Een rol, persoon of orgaan die het wel mag."""

    soort: str
    id: str
    naam: str
    nummer: str | None
    grensCent: int | None
    oordeel: str
    vandaag: list[IemandUit]


class StapUit(BaseModel):
    """Wat je nu kunt doen."""

    soort: str
    tekst: str


class Antwoord(BaseModel):
    """Het oordeel met alle redenen, ketens en regels; dezelfde vraag over hetzelfde moment geeft dezelfde bytes."""

    oordeel: str
    zin: str
    redenen: list[RedenUit]
    ketens: list[list[SchakelUit]]
    regels: list[RegelUit]
    wieWel: list[WieUit]
    ondertekening: str | None
    vervolg: list[StapUit]
    op: datetime
    bekend: datetime
    regelboek: str


def as_written(body: bytes, *names: str) -> bytes:
    """The same JSON with these numbers as the text that stood there, so that an amount is never rounded or read as 1e9."""
    try:
        literal, values = json.loads(body, parse_float=str, parse_int=str), json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(values, dict):
        return body
    return json.dumps(values | {name: literal[name] for name in names if name in values}).encode()


async def answered(session: AsyncSession, q: Question) -> Answer:
    """The engine's answer from the register and the log; `Invalid` on a power that is not in the catalogue."""
    return (await weigh(session, q)).answer


def question_from(wish: Vraag, me: UUID | None, now: datetime) -> Question:
    """The body as a question to the engine. `Invalid` names every field that cannot be read."""
    moment = moment_from(wish.op, wish.bekend, now)
    known = wish.kenmerken
    contested = wish.bestredenBesluit
    if isinstance(contested, str):
        contested = Bestreden(nummer=contested)
    taken = contested.genomenDoor if contested else None
    hours, day = known.get("duur", known.get("uren")), known.get("orgaan_besloot_op")
    return Question(
        wish.bevoegdheid, moment.op, moment.known, str(wish.persoonId or me), _text(wish.rolId), wish.bedrag, wish.zaak,
        wish.wederpartij,
        Contested(contested.nummer, frozenset(map(str, taken)) if taken else None) if contested else None,
        _text(wish.rapporteur), _text(_id(known.get("beklaagde"))), _text(wish.tweedePersoonId), wish.belang,
        wish.gevoelig, wish.gebied, wish.zaaktype, None if hours is None else _whole(hours),
        None if known.get("budget") is None else str(known["budget"]), None if day is None else _day(day),
        known.get("tegen_instructie") is True, {name: value for name, value in known.items() if name not in _MAPPED},
        frozenset(wish.bevestigd),
    )  # fmt: skip


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(value: Any) -> UUID | None:
    try:
        return None if value is None else UUID(str(value))
    except ValueError:
        raise _unreadable(N_("Geef bij beklaagde het id van een persoon.")) from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
        raise _unreadable(N_("Geef bij duur een aantal uren."))
    return ceil(value)


def _day(value: Any) -> datetime:
    try:
        return start_of(date.fromisoformat(str(value)))
    except (ValueError, OverflowError):
        raise _unreadable(N_("Geef bij orgaan_besloot_op een dag als 2026-12-31.")) from None


def _unreadable(sentence: str) -> Invalid:
    return Invalid({"kenmerken": Reason("kenmerken", sentence)})


@litestar.post(
    "/bevoegdheidsvragen",
    policy="employee",
    status_code=200,
    doc=Doc(
        "Mag dit besloten worden?", answer=Antwoord, body=Vraag,
        example={"bevoegdheid": "SUB-01", "bedrag": 7500, "belang": False},
    ),
)  # fmt: skip
async def ask(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = validated_json(Vraag, as_written(await request.body() or b"{}", "bedrag"))
    given = await answered(session, question_from(wish, me.person_id, datetime.now(UTC)))
    return Response(given.to_json(), status_code=200, media_type="application/json")


HANDLERS = [ask]
