"""How long texts stay, and erasing them: asked for, approved by a second person, told in the log."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.erasure import approve_erasure, ask_erasure, overdue, refuse_erasure, set_term
from teams.account.forms import ErasureForm, SettleForm, TermForm
from teams.account.queries.erasures import entries_of_decision, erasure_for, erasures, terms
from teams.account.rules import Ground
from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.gegevens import KINDS, STATES
from teams.web.once import once
from teams.web.pages import page, sentences, steps

GROUNDS = {
    Ground.TERM: N_("De bewaartermijn is voorbij"), Ground.REQUEST: N_("Iemand vraagt erom (AVG artikel 17)"),
    Ground.UNLAWFUL: N_("De tekst had er niet mogen staan"),
}  # fmt: skip


@get("/bewaartermijnen", policy="signed_in")
async def term_list(request: Page, session: Session, me: Me) -> Response[str]:
    return await _terms(request, session, me)


@post("/bewaartermijnen", policy="secretary")
async def change_term(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _change_term(request, session, me))


async def _change_term(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("soort", "maanden", "bron")
    try:
        async with session.begin_nested():
            await set_term(
                session,
                validated(TermForm, {name: fields.one(name) for name in ("soort", "maanden", "bron")}),
                by=by_of(request, me),
                at=await now(session),
            )
    except Refusal as refusal:
        return await _terms(request, session, me, refusal=refusal, typed=fields.typed())
    return see_other("/bewaartermijnen?gelukt=1")


@get("/vernietiging", policy="audit")
async def index(request: Page, session: Session) -> Response[str]:
    return await _index(request, session)


@post("/vernietiging", policy="audit")
async def ask(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _ask(request, session, me))


async def _ask(request: Page, session: Session, me: Me) -> Response[Any]:
    """One decision by its number, or everything of a kind whose term is over."""
    fields = await form_of(request)
    fields.only("besluit", "soort", "grond", "reden")
    try:
        async with session.begin_nested():
            number, kind = fields.one("besluit"), fields.one("soort")
            entries = await entries_of_decision(session, number) if number else await overdue(session, kind)
            if not entries:
                sentence = (
                    N_("Dit besluit bestaat niet.") if number else N_("Er is niets waarvan de termijn voorbij is.")
                )
                raise Invalid({"besluit": Reason("besluit", sentence)})
            ground = fields.one("grond") if number else Ground.TERM.value
            form = validated(ErasureForm, {"grond": ground, "reden": fields.one("reden")})
            made = await ask_erasure(session, entries, form, by=by_of(request, me), at=await now(session))
    except Refusal as refusal:
        return await _index(request, session, refusal=refusal, typed=fields.typed())
    return see_other(f"/vernietiging/{made}")


@get("/vernietiging/{erasure_id:uuid}", policy="audit")
async def show(request: Page, erasure_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, erasure_id)


@post("/vernietiging/{erasure_id:uuid}/goedkeuring", policy="audit")
async def approve(request: Page, erasure_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only()
    try:
        async with session.begin_nested():
            await approve_erasure(session, erasure_id, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, erasure_id, refusal=refusal)
    return see_other(f"/vernietiging/{erasure_id}")


@post("/vernietiging/{erasure_id:uuid}/weigering", policy="audit")
async def refuse(request: Page, erasure_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("antwoord")
    try:
        async with session.begin_nested():
            form = validated(SettleForm, {"antwoord": fields.one("antwoord")})
            await refuse_erasure(session, erasure_id, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        await erasure_for(session, erasure_id)
        return await _show(request, session, me, erasure_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/vernietiging/{erasure_id}")


async def _terms(
    request: Page,
    session: AsyncSession,
    me: Visitor,
    *,
    refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    done = query_of(request).one("gelukt") == "1"
    return page(
        request, "bewaren/termijnen.html", status=status_of(refusal) if refusal else 200, terms=await terms(session), kinds=KINDS,
        typed=typed or {}, gelukt=done, **told(request, refusal),
    )  # fmt: skip


async def _index(
    request: Page, session: AsyncSession, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response[str]:
    query = query_of(request)
    return page(
        request, "bewaren/index.html", status=status_of(refusal) if refusal else 200, rows=await erasures(session), stand=STATES,
        kinds=KINDS, grounds=GROUNDS, typed=typed or {"besluit": query.one("besluit")}, **told(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page,
    session: AsyncSession,
    me: Visitor,
    erasure: UUID,
    *,
    refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:
    row, items = await erasure_for(session, erasure)
    return page(
        request, "bewaren/show.html", status=status_of(refusal) if refusal else 200, v=row, items=items, stand=STATES, kinds=KINDS,
        grounds=GROUNDS, eigen=row.asked_by == me.person_id, typed=typed or {}, **told(request, refusal),
    )  # fmt: skip


def told(request: Page, refusal: Refusal | None) -> dict[str, Any]:
    """What a page says of a refusal: faults at fields, or reasons with the next step."""
    if refusal is None:
        return {"fouten": {}, "redenen": [], "vervolg": []}
    texts = sentences(request, refusal.reasons)
    if isinstance(refusal, Invalid):
        return {"fouten": dict(zip(refusal.fields, texts, strict=True)), "redenen": [], "vervolg": []}
    return {"fouten": {}, "redenen": texts, "vervolg": steps(request, refusal.then)}


def by_of(request: Page, me: Visitor) -> Actor:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[term_list, change_term, index, ask, show, approve, refuse])
