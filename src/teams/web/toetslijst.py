"""Posts of outside lists that have no entry in the log: whose they are, and why each was closed."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.checklists import explain
from teams.account.forms import ExplainForm
from teams.account.queries.checklists import After, lists, post_for, posts
from teams.auth.models import Visitor
from teams.http.readable import Refused
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import NotFound, Refusal
from teams.kit.forms import validated
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of, query_of
from teams.web.pages import page

STATES = {
    "open": (N_("Open"), "let"), "gevonden": (N_("Gevonden in het logboek"), "goed"), "verklaard": (N_("Uitgezocht"), "info"),
}  # fmt: skip
KINDS = {"contract": N_("Contract"), "betaling": N_("Betaling"), "zaak": N_("Zaak")}
REASONS = {
    "hoort_bij": N_("Hoort bij een besluit in het logboek"), "niet_vastleggen": N_("Hoeft niet in het logboek (te klein)"),
    "dubbel": N_("Staat er dubbel op"), "fout_in_lijst": N_("De lijst klopt niet"),
    "zonder_besluit": N_("Er is geen besluit genomen"),
}  # fmt: skip
HOW = {
    **REASONS, "nummer": N_("gevonden op nummer"), "zaak": N_("gevonden op zaak"), "partij_en_bedrag": N_("gevonden op partij en bedrag"),
    "geen": N_("niet gevonden"), "eigenaar": N_("andere eigenaar"), "hoort_niet": N_("hoort hier niet"),
}  # fmt: skip


@get("/toetslijst", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("stand", "na")
    state = query.one("stand", "open")
    if state not in STATES:
        raise Refused(400, "stand")
    rows, after = await posts(session, me.actor(), state=state, after=_after(query.one("na")))
    audit = not me.rights.isdisjoint({"secretaris", "controller"})
    found, sums = await lists(session) if audit else ([], [])
    return page(
        request, "mandaatlogboek/toetslijst.html", rows=rows, stand=state, standen=STATES, soorten=KINDS, euro=format_euro, lijsten=found,
        tellingen=sums, audit=audit, verder=f"/toetslijst?stand={state}&na={after.day.isoformat()}_{after.number}" if after else "",
    )  # fmt: skip


@get("/toetslijst/{item_id:uuid}", policy="employee")
async def show(request: Page, item_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, item_id)


@post("/toetslijst/{item_id:uuid}", policy="employee")
async def settle(request: Page, item_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("reden", "nummer", "toelichting")
    await post_for(session, item_id, me.actor())
    try:
        async with session.begin_nested():
            form = validated(ExplainForm, {name: fields.one(name) for name in ("reden", "nummer", "toelichting")})
            await explain(session, item_id, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, item_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/toetslijst/{item_id}")


async def _show(
    request: Page, session: AsyncSession, me: Visitor, item: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    row, acts = await post_for(session, item, me.actor())
    return page(
        request, "mandaatlogboek/post.html", status=status_of(refusal) if refusal else 200, v=row, acts=acts, standen=STATES, soorten=KINDS,
        redenen_lijst=REASONS, hoe=HOW, typed=typed or {}, euro=format_euro, **told(request, refusal),
    )  # fmt: skip


def _after(text: str) -> After | None:
    if not text:
        return None
    day, _, number = text.partition("_")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Refused(400, "na")
    try:
        return After(date.fromisoformat(day), int(number))
    except ValueError:
        raise Refused(400, "na") from None


router = Router(path="/", route_handlers=[index, show, settle])
