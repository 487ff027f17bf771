"""Who fills a role: ask someone or offer yourself, say yes or no, decide, stop, lay down."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.governance.actions.offers import (
    ELECTED,
    accept_offer,
    cancel_offer,
    decide_offer,
    decline_offer,
    hear_grantor,
    offer_role,
    resign,
)
from teams.governance.choice_forms import DecisionForm, OfferForm
from teams.governance.elections_seen import offer_for, offers_of_role
from teams.governance.fillers import decider_of, grantors_of, grants_on, role_now
from teams.governance.queries import members_at
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.names import names_of
from teams.people.queries import person_by_email
from teams.structure.moment import Moment
from teams.structure.queries import role_for
from teams.web.answers import see_other
from teams.web.forms import Fields, decimal_text, form_of, iso_date
from teams.web.pages import page
from teams.web.verkiezing_words import OFFER_ACTS, OFFER_COLOURS, OFFER_STATES
from teams.web.verkiezingen import by_of, problems
from teams.web.voorstel import last_day

Act = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]


@get("/rollen/{role_id:uuid}/vervulling", policy="employee")
async def new(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _form(request, session, me, role_id)


@post("/rollen/{role_id:uuid}/vervulling", policy="employee")
async def create(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("wie", "email", "uren", "focus", "tot", "tekst")
    by, at = by_of(request, me), await now(session)
    try:
        person = fields.one("wie") or None
        if person == "anders":
            found = await person_by_email(session, fields.one("email"))
            person = str(found.id) if found is not None else "onbekend"
        values = {
            "rolId": role_id, "persoonId": person, "tekst": fields.one("tekst"), "uren": decimal_text(fields.one("uren")),
            "focus": fields.one("focus") or None, "tot": iso_date(fields.one("tot")),
        }  # fmt: skip
        async with session.begin_nested():
            made = await offer_role(session, validated(OfferForm, values), by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _form(request, session, me, role_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/rolvervullingen/{made.id}")


@post("/rollen/{role_id:uuid}/neerlegging", policy="employee")
async def lay_down(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    await resign(session, role_id, by=by_of(request, me), at=await now(session))
    return see_other(f"/rollen/{role_id}")


@get("/rolvervullingen/{offer_id:uuid}", policy="employee")
async def show(request: Page, offer_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, offer_id)


@post("/rolvervullingen/{offer_id:uuid}/{verb:str}", policy="employee")
async def act(request: Page, offer_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    if verb not in _ACTS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    fields, by, at = await form_of(request), by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            await _ACTS[verb](session, offer_id, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, offer_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/rolvervullingen/{offer_id}")


async def _answer(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("antwoord")
    await (accept_offer if fields.one("antwoord") == "ja" else decline_offer)(session, id, by=by, at=at)


async def _decide(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await decide_offer(session, id, _decision(fields), by=by, at=at)


async def _grantor(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await hear_grantor(session, id, _decision(fields), by=by, at=at)


async def _cancel(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await cancel_offer(session, id, by=by, at=at)


_ACTS: dict[str, Act] = {"antwoord": _answer, "besluit": _decide, "gever": _grantor, "intrekking": _cancel}


def _decision(fields: Fields) -> DecisionForm:
    fields.only("akkoord", "tekst")
    return validated(DecisionForm, {"akkoord": fields.one("akkoord") == "ja", "tekst": fields.one("tekst") or None})


async def _form(
    request: Page, session: AsyncSession, me: Visitor, role_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    role = await role_for(session, role_id, me.actor(), Moment(at, at, at))
    facts = await role_now(session, role_id, at=at)
    members = await members_at(session, role.team_id, at=at)
    asks = me.person_id in {one.id for one in members} or me.person_id in (
        await decider_of(session, facts, role_id, at=at)
    )[1]  # fmt: skip
    named, _ = await decider_of(session, facts, me.person_id or role_id, at=at)
    names = await names_of(session, {named}) if named else {}
    return page(
        request, "rolvervulling/form.html", status=status_of(refusal) if refusal else 200, rol=role, typed=typed or {},
        leden=[(str(one.id), one.name) for one in members if one.id != me.person_id] if asks else [],
        vraagt=asks, ik=str(me.person_id), al=me.person_id in facts.fillers, kiezen=role.core in ELECTED, beslist=names.get(named) if named else None,
        mandaten=(await grants_on(session, facts))[0], lopend=await offers_of_role(session, role_id), states=OFFER_STATES,
        **problems(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page, session: AsyncSession, me: Visitor, offer_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    seen = await offer_for(session, offer_id, at=at)
    role = await role_now(session, seen.role_id, at=at) if seen.state in ("gevraagd", "aanvaard", "gever") else None
    other = me.person_id != seen.person_id
    decides = seen.state == "aanvaard" and seen.decider_id is not None and other and me.person_id in (
        await role_now(session, seen.decider_id, at=at)).fillers  # fmt: skip
    stops = (
        role is not None and seen.state == "gever" and other and me.person_id in await grantors_of(session, role, at=at)
    )
    return page(
        request, "rolvervulling/show.html", status=status_of(refusal) if refusal else 200, o=seen, states=OFFER_STATES,
        colours=OFFER_COLOURS, acts=OFFER_ACTS, last=last_day, mij=not other, beslist=decides, gever=stops,
        mandaten=(await grants_on(session, role))[0] if role is not None else [],
        trekt=seen.election_id is None and seen.state in ("gevraagd", "aanvaard") and me.person_id in (seen.asked_by, seen.person_id),
        typed=typed or {}, dag=datetime.fromisoformat, **problems(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[new, create, lay_down, show, act])
