"""Around the grants: who replaces whom, who has an interest where, and what in the register needs upkeep."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.queries.use import unused
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.mandates.actions.around import end_replacement, enter_interest, enter_replacement
from teams.mandates.forms import BelangForm, VervangingForm
from teams.mandates.queries.entry import interests_of, replacement_list, roles_found, upkeep
from teams.mandates.queries.gaps import grants_outside, grants_without_holder, roles_without
from teams.mandates.queries.information import asked_too_long_ago
from teams.mandates.queries.parties import read_party
from teams.mandates.queries.register import grants_numbered
from teams.people.queries import person_by_email
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, iso_date, query_of
from teams.web.mandaat_beheer_form import by_of, desk_for, desk_of, refused
from teams.web.mandaten import STATES
from teams.web.moments import Asked, ask
from teams.web.pages import page

_UNKNOWN = N_("We kennen niemand met dit e-mailadres.")
_NO_ROLE = N_("Deze rol vinden we niet. Kies TEAM/ROL uit de lijst.")


@get("/mandaten/vervanging", policy="employee")
async def replacements(request: Page, session: Session, me: Me) -> Response[str]:
    await desk_for(session, by_of(request, me), datetime.now(UTC))
    return await _replacements(request, session, me, {}, done=query_of(request).one("gelukt"))


@post("/mandaten/vervanging", policy="employee")
async def replace(request: Page, session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("rol", "vervanger", "reden", "van", "tot", "besluit")
    try:
        form = validated(VervangingForm, await _values(session, fields, at))
        async with session.begin_nested():
            await enter_replacement(session, form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _replacements(request, session, me, fields.typed(), refusal=refusal)
    return see_other("/mandaten/vervanging?gelukt=nieuw")


@post("/mandaten/vervanging/{item_id:uuid}/einde", policy="employee")
async def end(request: Page, item_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    await end_replacement(session, item_id, by=by_of(request, me), at=await now(session))
    return see_other("/mandaten/vervanging?gelukt=einde")


@get("/mandaten/belang", policy="employee")
async def interests(request: Page, session: Session, me: Me) -> Response[str]:
    return await _interests(request, session, me, {}, done=query_of(request).one("gelukt"))


@post("/mandaten/belang", policy="employee")
async def report(request: Page, session: Session, me: Me) -> Response[Any]:
    """M19: everyone reports an own interest; the secretary may do it for another."""
    fields, at = await form_of(request), await now(session)
    fields.only("betreft", "soort", "persoon")
    values: dict[str, Any] = {"betreft": fields.one("betreft"), "soort": fields.one("soort")}
    try:
        if fields.one("persoon"):
            values["persoonId"] = await _person(session, fields.one("persoon"), "persoon")
        form = validated(BelangForm, values)
        async with session.begin_nested():
            await enter_interest(session, form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _interests(request, session, me, fields.typed(), refusal=refusal)
    return see_other("/mandaten/belang?gelukt=nieuw")


@get("/mandaten/onderhoud", policy="employee")
async def look_after(request: Page, session: Session, me: Me) -> Response[str]:
    """Question 7: what ends soon, was never published, lost its parent, has no holder, or was never used."""
    if not {"secretaris", "controller"} & me.rights:
        raise NotFound(Reason("geen_recht", N_("Deze lijst is voor de gemeentesecretaris en de concerncontroller.")))
    asked: Asked = await ask(request, session)
    found = await upkeep(session, asked.moment.op)
    at = asked.moment.op
    empty, outside = await grants_without_holder(session, at), await grants_outside(session, at)
    never, late = await unused(session, found.unused, at), await asked_too_long_ago(session, at)
    numbers = sorted({*found.expiring, *found.unpublished, *found.orphans, *empty, *outside, *late, *never})[:500]
    grants = {g.number: g for g in await grants_numbered(session, numbers, asked.moment)}
    parts = [
        ("loopt-af", N_("Loopt binnen 90 dagen af"), [grants[n] for n in found.expiring if n in grants]),
        ("niet-bekend", N_("Besloten, niet bekendgemaakt"), [grants[n] for n in found.unpublished if n in grants]),
        ("wees", N_("Het mandaat erboven geldt niet meer"), [grants[n] for n in found.orphans if n in grants]),
        ("leeg", N_("Mandaat zonder houder"), [grants[n] for n in empty if n in grants]),
        ("buiten", N_("Mandaat bij iemand van buiten"), [grants[n] for n in outside if n in grants]),
        ("inlichtingen", N_("Inlichtingen niet op tijd gegeven"), [grants[n] for n in late if n in grants]),
        ("ongebruikt", N_("Nooit gebruikt"), [grants[n] for n in never if n in grants]),
    ]
    return page(
        request, "mandaten/onderhoud.html", status=asked.status, vraag=asked, delen=parts, euro=format_euro, stands=STATES,
        openbaar=False, kaal=await roles_without(session, at),
    )  # fmt: skip


async def _values(session: AsyncSession, fields: Fields, at: datetime) -> dict[str, Any]:
    wrong: dict[str, Reason] = {}
    values: dict[str, Any] = {"reden": fields.one("reden"), "besluit": fields.one("besluit")}
    values |= {name: day for name in ("van", "tot") if (day := iso_date(fields.one(name)))}
    typed = fields.one("rol")
    party = await read_party(session, f"rol:{typed}") if typed else None
    roles = [role.id for role in await roles_found(session, typed, at, most=2)] if typed and not party else []
    if party is not None:
        values["rolId"] = party.id
    elif len(roles) == 1:
        values["rolId"] = roles[0]
    else:
        wrong["rol"] = Reason("rol", _NO_ROLE)
    try:
        values["vervangerId"] = await _person(session, fields.one("vervanger"), "vervanger")
    except Invalid as unknown:
        wrong |= unknown.fields
    if wrong:
        try:
            validated(VervangingForm, {"rolId": UUID(int=0), "vervangerId": UUID(int=0), **values})
        except Invalid as others:
            wrong |= others.fields
        raise Invalid(wrong)
    return values


async def _person(session: AsyncSession, email: str, field: str) -> UUID:
    row = await person_by_email(session, email) if email else None
    if row is None:
        raise Invalid({field: Reason(field, _UNKNOWN)})
    found: UUID = row.id
    return found


async def _replacements(
    request: Page, session: AsyncSession, me: Any, typed: dict[str, str], *, refusal: Refusal | None = None, done: str = ""
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    desk = await desk_of(session, by_of(request, me), at)
    return page(
        request, "mandaten/vervanging.html", status=status_of(refusal) if refusal else 200, typed=typed, gelukt=done,
        rollen=[role.typed for role in await roles_found(session, "", at)] if desk else [],
        vervangingen=await replacement_list(session, at) if desk else [], dag_van=day_of, **refused(request, refusal),
    )  # fmt: skip


async def _interests(
    request: Page, session: AsyncSession, me: Any, typed: dict[str, str], *, refusal: Refusal | None = None, done: str = ""
) -> Response[str]:  # fmt: skip
    return page(
        request, "mandaten/belang.html", status=status_of(refusal) if refusal else 200, typed=typed, gelukt=done,
        belangen=await interests_of(session, me.person_id), dag_van=day_of, ander=me.is_secretary,
        **refused(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[replacements, replace, end, interests, report, look_after])
