"""Entering and changing grants: a draft, the reverse mandate of the first day, decision, publication, consent and withdrawal."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.mandates.actions.aside import draft_for, take_back
from teams.mandates.actions.grants import (
    change_draft,
    consent_grant,
    decide_grant,
    draft_grant,
    publish_grant,
    withdraw_grant,
)
from teams.mandates.facts import Grant
from teams.mandates.forms import (
    BekendmakingForm,
    BesluitForm,
    Form,
    InstemmingForm,
    IntrekkingForm,
    MandaatForm,
    TerugnameForm,
)
from teams.mandates.models import GrantState
from teams.mandates.queries import rows as to
from teams.mandates.queries.entry import untransferable
from teams.mandates.queries.facts import facts_around
from teams.mandates.queries.gaps import requests
from teams.mandates.queries.register import GrantSeen, grant_by_number
from teams.mandates.questions import touched_by_withdrawal
from teams.structure.moment import Moment
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, iso_date, query_of
from teams.web.mandaat_beheer_form import (
    BASES,
    HOLDERS,
    KINDS,
    Choices,
    by_of,
    choices,
    desk_for,
    desk_of,
    may,
    refused,
    same_version,
    typed_fields,
    typed_grant,
    values_of,
)
from teams.web.mandaten import STATES
from teams.web.pages import page
from teams.web.since import since

Verb = Callable[..., Awaitable[None]]
VERBS: dict[str, tuple[type[Form], tuple[str, ...], Verb]] = {
    "vaststelling": (BesluitForm, ("beslotenOp", "besluit"), decide_grant),
    "bekendmaking": (BekendmakingForm, ("bekendgemaaktOp", "publicatie", "adres"), publish_grant),
    "instemming": (InstemmingForm, ("instemmingOntvangerOp", "instemmingWerkgeverOp"), consent_grant),
    "intrekking": (IntrekkingForm, ("ingetrokkenOp", "besluit"), withdraw_grant),
    "terugname": (TerugnameForm, ("zaak",), take_back),
}
_DAYS = frozenset({"beslotenOp", "bekendgemaaktOp", "instemmingOntvangerOp", "instemmingWerkgeverOp", "ingetrokkenOp"})
_FIRST = {"soorten": ["mandaat"], "bereik": "deze", "ontvangerSoort": "rol", "gever": [], "bevoegdheid": []}
_REVERSE = {
    "soorten": ["mandaat", "volmacht", "machtiging"], "bereik": "alles_behalve", "ontvangerSoort": "functie",
    "ontvanger": "gemeentesecretaris", "ondermandaat": "ja", "bevoegdheid": [],
}  # fmt: skip


@get("/mandaten/nieuw", policy="employee")
async def new(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("ouder", "verzoek")
    at = datetime.now(UTC)
    await desk_for(session, by_of(request, me), at)
    typed = {**_FIRST, "ouder": query.one("ouder")[:40], "van": f"{day_of(at):%d-%m-%Y}"}
    if wanted := to.uuid(query.one("verzoek")):
        for row in await requests(session, at, request=wanted):
            typed |= {"ontvanger": row.typed, "opmerkingen": row.text, "verzoek": str(row.id)}
    return await _form(request, session, me, typed, at=at)


@post("/mandaten/nieuw", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    return await _create(request, session, me, "mandaten/nieuw.html")


@get("/mandaten/omgekeerd", policy="employee")
async def reverse(request: Page, session: Session, me: Me) -> Response[str]:
    """One grant for the first day: everything that the organ may hand over, but for these."""
    at = datetime.now(UTC)
    desk = await desk_for(session, by_of(request, me), at)
    offered = await choices(session, desk, Moment(at, at, at))
    mine = [party for party, _ in offered.givers if party.startswith("orgaan:")]
    kept = await untransferable(session, at)
    ticked = {"bevoegdheid": kept} if offered.powers else {"codes": " ".join(kept)}
    typed = {**_REVERSE, "gever": mine if len(mine) == 1 else [], **ticked, "van": f"{day_of(at):%d-%m-%Y}"}
    return await _form(request, session, me, typed, at=at, template="mandaten/omgekeerd.html", offered=offered)


@post("/mandaten/omgekeerd", policy="employee")
async def create_reverse(request: Page, session: Session, me: Me) -> Response[Any]:
    return await _create(request, session, me, "mandaten/omgekeerd.html")


@get("/mandaten/{number:str}/wijzigen", policy="employee")
async def edit(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("gelukt")
    at = datetime.now(UTC)
    grant = await _mine(request, session, me, number, at)
    return await _edit(request, session, me, grant, await typed_grant(session, grant), at=at, done=query.one("gelukt"))


@post("/mandaten/{number:str}/wijzigen", policy="employee")
async def change(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields, at, by = await form_of(request), await now(session), by_of(request, me)
    grant = await grant_by_number(session, number, Moment(at, at, at))
    found: list[tuple[str, str]] = []
    try:
        form = validated(MandaatForm, await values_of(session, fields, at, found))
        async with session.begin_nested():
            await change_draft(session, number, form, version=fields.one("versie"), by=by, at=at)
    except Refusal as refusal:
        typed = typed_fields(fields)
        return await _edit(request, session, me, grant, typed, at=at, refusal=refusal, found=found)
    return see_other(f"/mandaten/{number}/wijzigen?gelukt=wijzigen")


@post("/mandaten/{number:str}/{verb:str}", policy="employee")
async def act(request: Page, number: FromPath[str], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    """Decide, publish, consent or withdraw."""
    if verb not in VERBS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    model, names, action = VERBS[verb]
    fields, at = await form_of(request), await now(session)
    fields.only(*names, "versie")
    grant = await grant_by_number(session, number, Moment(at, at, at))
    try:
        form = validated(model, _typed(fields, names))
        async with session.begin_nested():
            same_version(fields, grant.version)
            await action(session, number, form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        typed = {**await typed_grant(session, grant), **{name: fields.one(name) for name in names}}
        return await _edit(request, session, me, grant, typed, at=at, refusal=refusal, verb=verb)
    return see_other(f"/mandaten/{number}/wijzigen?gelukt={verb}")


def _typed(fields: Fields, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: iso_date(fields.one(name)) if name in _DAYS else fields.one(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


async def _create(request: Page, session: AsyncSession, me: Any, template: str) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    found: list[tuple[str, str]] = []
    try:
        form = validated(MandaatForm, await values_of(session, fields, at, found))
        async with session.begin_nested():
            wanted, by = to.uuid(fields.one("verzoek")), by_of(request, me)
            make = partial(draft_for, session, wanted) if wanted else partial(draft_grant, session)
            number = await make(form, by=by, at=at)
    except Refusal as refusal:
        typed = typed_fields(fields)
        return await _form(request, session, me, typed, at=at, refusal=refusal, found=found, template=template)
    return see_other(f"/mandaten/{number}/wijzigen?gelukt=nieuw")


async def _form(
    request: Page, session: AsyncSession, me: Any, typed: dict[str, Any], *, at: datetime, refusal: Refusal | None = None,
    found: list[tuple[str, str]] | None = None, template: str = "mandaten/nieuw.html", offered: Choices | None = None, **more: Any,
) -> Response[str]:  # fmt: skip
    if offered is None:
        offered = await choices(session, await desk_of(session, by_of(request, me), at), Moment(at, at, at))
    offered.found = found or []
    known = {party for party, _ in offered.givers}
    offered.givers += [(party, party) for party in typed["gever"] if party not in known]
    return page(
        request, template, status=status_of(refusal) if refusal else 200, typed=typed, keuze=offered, soorten=KINDS,
        ontvangers=HOLDERS, bases=BASES, **{**refused(request, refusal), **more},
    )  # fmt: skip


async def _mine(request: Page, session: AsyncSession, me: Any, number: str, at: datetime) -> GrantSeen:
    grant = await grant_by_number(session, number, Moment(at, at, at))
    if not await may(session, grant.grantors, by_of(request, me), at):
        raise NotFound(
            Reason("geen_recht", N_("Alleen wie dit mandaat geeft, of de gemeentesecretaris, kan het veranderen."))
        )
    return grant


async def _edit(
    request: Page, session: AsyncSession, me: Any, grant: GrantSeen, typed: dict[str, Any], *, at: datetime,
    refusal: Refusal | None = None, verb: str = "", done: str = "", found: list[tuple[str, str]] | None = None,
) -> Response[str]:  # fmt: skip
    touched = await _touched(session, grant, at)
    more: dict[str, Any] = {
        "g": grant, "stand": STATES[grant.state or GrantState.LAPSED], "raakt": touched, "werk": verb, "gelukt": done,
        "euro": format_euro, "buiten": grant.holder.kind.value in ("extern", "orgaan") or grant.consent_holder_on is not None,
        "dag_van": day_of,
    }  # fmt: skip
    if grant.state is GrantState.DRAFTED:
        more["sinds"] = since(grant.version, await typed_grant(session, grant), None if verb else typed, refusal)
        return await _form(
            request, session, me, typed, at=at, refusal=refusal, found=found, template="mandaten/wijzigen.html", **more
        )
    return page(
        request, "mandaten/wijzigen.html", status=status_of(refusal) if refusal else 200, typed=typed,
        **{**refused(request, refusal), **more},
    )  # fmt: skip


async def _touched(session: AsyncSession, seen: GrantSeen, at: datetime) -> Any:
    """Question 6: what ends when this grant is withdrawn."""
    grant = Grant(seen.number, frozenset(), (), to.party(seen.holder.text))
    touched = touched_by_withdrawal(await facts_around(session, grant, at), seen.number, at)
    return [number for number in touched.grants if number != seen.number], touched.powers


router = Router(path="/", route_handlers=[new, create, reverse, create_reverse, edit, change, act])
