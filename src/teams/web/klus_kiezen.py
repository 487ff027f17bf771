"""Choosing who gets a place: applicants and the waiting list, for who manages the klus; consent, for the lending team."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.actions.consent import answer_consent
from teams.klussen.actions.offers import managed, move_in_line, offer_next, reject_people, select_people
from teams.klussen.actions.steps import klus_id_of
from teams.klussen.around import who_applied
from teams.klussen.consents import consents_for, consents_of
from teams.klussen.forms import ChoiceForm, ConsentForm, PlaceForm
from teams.klussen.hours import hours_from
from teams.klussen.queries import klus_for
from teams.klussen.weighing import fits
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, query_of
from teams.web.pages import page, sentences, steps


@get("/klussen/{klus_id:uuid}/aanmeldingen", policy="employee")
async def applied(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    query = query_of(request)
    query.only("gelukt")
    return await _applied(request, session, me, klus_id, done=query.one("gelukt"))


@post("/klussen/{klus_id:uuid}/selectie", policy="employee")
async def choose(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    """Two buttons under one list: choose these people, or tell them no."""
    fields = await form_of(request)
    fields.only("inzet", "reden", "keuze")
    at = await now(session)
    rejects = fields.one("keuze") == "afwijzen"
    try:
        if not fields.many("inzet"):
            raise Invalid({"inzet": Reason("inzet", N_("Kies eerst wie je bedoelt."))})
        form = validated(ChoiceForm, {"inzet": fields.many("inzet"), "reden": fields.one("reden")})
        async with session.begin_nested():
            if rejects:
                await reject_people(session, klus_id, form.inzet, by=_by(request, me), at=at, reason=form.reden)
            else:
                await select_people(session, klus_id, form.inzet, by=_by(request, me), at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _applied(request, session, me, klus_id, refusal=refusal, fields=fields)
    return see_other(f"/klussen/{klus_id}/aanmeldingen?gelukt={'afgewezen' if rejects else 'gekozen'}")


@post("/klussen/{klus_id:uuid}/doorschuiven", policy="employee")
async def promote(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    offered = await offer_next(session, klus_id, by=_by(request, me), at=await now(session))
    return see_other(f"/klussen/{klus_id}/aanmeldingen?gelukt={'aangeboden' if offered else 'niemand'}")


@post("/inzet/{claim_id:uuid}/wachtlijstplek", policy="employee")
async def move(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("plek", "reden")
    at, klus_id = await now(session), await klus_id_of(session, claim_id)
    try:
        form = validated(PlaceForm, {"plek": fields.one("plek"), "reden": fields.one("reden")})
        async with session.begin_nested():
            await move_in_line(session, claim_id, form.plek, by=_by(request, me), at=at, reason=form.reden)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _applied(request, session, me, klus_id, refusal=refusal, fields=fields)
    return see_other(f"/klussen/{klus_id}/aanmeldingen?gelukt=verplaatst")


@get("/instemmingen", policy="employee")
async def consents(request: Page, session: Session, me: Me) -> Response[Any]:
    query = query_of(request)
    query.only("gelukt")
    return await _consents(request, session, me, done=query.one("gelukt"))


@post("/inzet/{claim_id:uuid}/instemming", policy="employee")
async def consent(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("akkoord", "reden", "besluit")
    at = await now(session)
    try:
        said = {"reden": fields.one("reden"), "besluit": fields.one("besluit") or None}
        form = validated(ConsentForm, {"akkoord": fields.one("akkoord") == "ja", **said})
        async with session.begin_nested():
            await answer_consent(
                session,
                claim_id,
                agrees=form.akkoord,
                by=_by(request, me),
                at=at,
                reason=form.reden,
                decision=form.besluit,
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _consents(request, session, me, refusal=refusal, about=str(claim_id), typed=fields.typed())
    return see_other(f"/instemmingen?gelukt={'ja' if form.akkoord else 'nee'}")


async def _applied(
    request: Page, session: Any, me: Any, klus_id: UUID, *, done: str = "", refusal: Refusal | None = None,
    fields: Fields | None = None,
) -> Response[Any]:  # fmt: skip
    at = datetime.now(UTC)
    await managed(session, klus_id, by=me.actor(), at=at)
    klus = await klus_for(session, klus_id, me.actor(), at=at)
    rows = await who_applied(session, klus_id, at=at)
    total, today = klus.hours_total is not None, day_of(at)
    people = [
        (row, not fits(hours_from(row.known), row.hours, starts=klus.starts, ends=klus.ends, total=total, today=today))
        for row in rows
    ]  # fmt: skip
    return page(
        request, "klussen/aanmeldingen.html", status=200 if refusal is None else status_of(refusal), klus=klus, done=done,
        applied=[(row, ok) for row, ok in people if row.state == "aangemeld"], me_id=me.person_id,
        waiting=[(row, ok) for row, ok in people if row.state == "wachtlijst"], free=klus.free,
        consents=await consents_of(session, klus_id, at=at), typed=fields.typed() if fields else {},
        ticked=fields.many("inzet") if fields else [], **_faults(request, refusal),
        consent=bool(request.app.state.settings.works_council),
    )  # fmt: skip


async def _consents(
    request: Page, session: Any, me: Any, *, done: str = "", refusal: Refusal | None = None, about: str = "",
    typed: dict[str, str] | None = None,
) -> Response[Any]:  # fmt: skip
    found = await consents_for(session, me.actor(), at=datetime.now(UTC))
    return page(
        request, "klussen/instemmingen.html", status=200 if refusal is None else status_of(refusal), found=found,
        done=done, about=about, typed=typed or {}, **_faults(request, refusal),
    )  # fmt: skip


def _faults(request: Page, refusal: Refusal | None) -> dict[str, Any]:
    said = sentences(request, refusal.reasons) if refusal else []
    wrong = dict(zip(refusal.fields, said, strict=True)) if isinstance(refusal, Invalid) else {}
    return {"redenen": said, "vervolg": steps(request, refusal.then) if refusal else [], "fouten": wrong}


def _by(request: Page, me: Any) -> Actor:
    actor: Actor = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    return actor


router = Router(path="/", route_handlers=[applied, choose, promote, move, consents, consent])
