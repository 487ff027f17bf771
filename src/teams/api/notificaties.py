"""Besluiten from case systems: a ZGW notification on the channel `besluiten`, signed by the case system, recorded once.

The signature is `HMAC-SHA256(secret, Teams-Tijdstip + "." + body)`; a moment more than five minutes away is refused, and
the address of the besluit is its name, so the same notification sent again changes nothing, however often and whenever."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import litestar
from litestar import Response, Router
from litestar.datastructures import Headers, State
from litestar.exceptions import NotFoundException
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.bevoegdheidsvragen import Reference, as_written
from teams.api.routes import answer
from teams.decisions.actions.elsewhere import Elsewhere, Laid, record_elsewhere
from teams.decisions.forms import DecisionForm, Herkomst, Reasons, Subject
from teams.decisions.models import Source
from teams.http.readable import Refused
from teams.http.wants import Page, Session
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.forms import validated, validated_json
from teams.kit.settings import Settings
from teams.kit.text import N_, Line
from teams.mandates.forms import PlainAmount
from teams.mandates.question import Contested, Question
from teams.structure.moment import moment_from

WINDOW = 300
SHORTEST = 32
_PERSON = text(
    "select id from person where lower(email) = lower(:who) or number = :who or cast(id as text) = :who limit 1"
)
_RECORDING = text(
    """
    select v.recording from power p join power_version v on v.power_id = p.id and upper_inf(v.recorded)
    where p.code = :code order by v.valid @> now() desc, lower(v.valid) desc limit 1
    """
)
_NUMBER = text("select number, outcome from decision where source = 'zaaksysteem' and external = :external")
_AHEAD = timedelta(days=100_000)
Who = Annotated[Line, Field(max_length=254)]
_WORDS = {"ja": True, "nee": False}
YesNo = Annotated[bool | None, BeforeValidator(lambda said: _WORDS.get(said, said) if isinstance(said, str) else said)]


class Kenmerken(BaseModel):
    """What the case system says of the besluit, as text. `gebruiker`, `tweedePersoon`, `rapporteur`: e-mail, personeelsnummer or id."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bevoegdheid: Annotated[Line, Field(max_length=40)]
    gebruiker: Who
    op: Annotated[str, Field(max_length=40)]
    motivering: Reasons
    onderwerp: Subject | None = None
    bedrag: PlainAmount = None
    zaak: Reference | None = None
    wederpartij: Reference | None = None
    belang: YesNo = None
    gevoelig: YesNo = None
    tweedePersoon: Who | None = None
    rapporteur: Who | None = None
    bestredenBesluit: Reference | None = None
    gebied: Reference | None = None
    zaaktype: Reference | None = None
    bevestigd: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=50)] = []
    herkomst: Herkomst = "intern"


class Notificatie(BaseModel):
    """The envelope of the ZGW Notificaties API."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kanaal: Annotated[str, Field(max_length=50)]
    hoofdObject: Annotated[str, Field(min_length=1, max_length=200)]
    resource: Annotated[str, Field(max_length=100)]
    resourceUrl: Annotated[str, Field(min_length=1, max_length=200)]
    actie: Annotated[str, Field(max_length=100)]
    aanmaakdatum: Annotated[str, Field(max_length=40)]
    kenmerken: dict[str, object] = {}


class Ontvangen(BaseModel):
    """What was done with it. `overgeslagen`: not about a new besluit; `niet_vastgelegd`: too small to log."""

    uitkomst: Literal["vastgelegd", "zonder_bevoegdheid", "stond_er_al", "niet_vastgelegd", "overgeslagen"]
    nummer: str | None = None


@litestar.post("/notificaties", policy="public")
async def receive(request: Page, session: Session, state: State) -> Response[bytes]:
    body = await request.body()
    at = await now(session)
    check_signature(state.settings, request.headers, body, datetime.now(UTC))
    note = validated_json(Notificatie, as_written(body, "kenmerken"))
    if (note.kanaal, note.resource, note.actie) != ("besluiten", "besluit", "create"):
        return answer(Ontvangen(uitkomst="overgeslagen"))
    said = validated(Kenmerken, note.kenmerken)
    row = Elsewhere(note.resourceUrl, await _question(session, said, at), _form(said))
    recording = await session.scalar(_RECORDING, {"code": said.bevoegdheid})
    if recording in ("per_besluit", "reeks"):
        raise Conflict(
            Reason("vastlegging", N_("Deze bevoegdheid wordt niet uit een zaaksysteem vastgelegd maar door wie besluit.")),
            then=(NextStep(N_("Verander in het register hoe de bevoegdheid wordt vastgelegd."), "/mandaten"),),
        )  # fmt: skip
    by = Actor(None, "Zaaksysteem", request_id=request.scope["state"]["request_id"], origin="zaaksysteem")
    laid = await record_elsewhere(session, [row], source=Source.CASE_SYSTEM, by=by, at=at)
    if laid.faults:
        raise Invalid({field: reason for _, field, reason in laid.faults})
    if laid.unlogged:
        return answer(Ontvangen(uitkomst="niet_vastgelegd"))
    stands = (await session.execute(_NUMBER, {"external": row.external})).one()
    return answer(Ontvangen(uitkomst=_outcome(laid), nummer=stands.number), status=201 if laid.new else 200)


def _outcome(laid: Laid) -> Literal["vastgelegd", "zonder_bevoegdheid", "stond_er_al"]:
    if laid.same:
        return "stond_er_al"
    return "zonder_bevoegdheid" if laid.lacking else "vastgelegd"


def check_signature(settings: Settings, headers: Headers, body: bytes, at: datetime) -> None:
    """404 when no case system may send; 401 when moment or signature is missing, wrong or too old."""
    if settings.notification_secret is None:
        raise NotFoundException
    given, stamp = headers.get("teams-handtekening", ""), headers.get("teams-tijdstip", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise Refused(401, "Teams-Tijdstip")
    if abs(at.timestamp() - int(stamp)) > WINDOW:
        raise Refused(401, "Teams-Tijdstip")
    fits = [
        hmac.compare_digest(f"sha256={signature(secret, stamp, body)}".encode(), given.encode("utf-8", "replace"))
        for secret in settings.notification_secret.get_secret_value().split(",")
        if len(secret) >= SHORTEST
    ]
    if not any(fits):
        raise Refused(401, "Teams-Handtekening")


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Hexadecimal; `stamp` in whole seconds since 1970, as it stands in the header."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


async def _question(session: AsyncSession, said: Kenmerken, at: datetime) -> Question:
    faults: dict[str, Reason] = {}
    people: dict[str, str | None] = {}
    for field in ("gebruiker", "tweedePersoon", "rapporteur"):
        who: str | None = getattr(said, field)
        found: UUID | None = await session.scalar(_PERSON, {"who": who}) if who else None
        people[field] = str(found) if found else None
        if who and found is None:
            faults[field] = Reason(field, N_("We kennen niemand met dit e-mailadres of personeelsnummer."))
    moment = moment_from(said.op, None, at + _AHEAD).op
    if day_of(moment) > day_of(at):
        faults["op"] = Reason("op", N_("Deze dag moet nog komen. Een besluit leg je vast als het genomen is."))
    if faults:
        raise Invalid(faults)
    contested = Contested(said.bestredenBesluit, None) if said.bestredenBesluit else None
    return Question(
        said.bevoegdheid, min(moment, at), at, people["gebruiker"], None, said.bedrag, said.zaak, said.wederpartij, contested,
        people["rapporteur"], second=people["tweedePersoon"], interest=said.belang, sensitive=said.gevoelig, area=said.gebied,
        case_type=said.zaaktype, confirmed=frozenset(said.bevestigd),
    )  # fmt: skip


def _form(said: Kenmerken) -> DecisionForm:
    return DecisionForm(
        onderwerp=said.onderwerp,
        motivering=said.motivering,
        belangVerklaring=said.belang is False,
        herkomst=said.herkomst,
    )


router = Router(path="/api/v1", route_handlers=[receive])
