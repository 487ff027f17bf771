"""My profile: skills, absence, contract hours, my sessions' end; and who sees what about me."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get, post

from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, Refusal
from teams.kit.forms import validated
from teams.klussen.queries import hours_of, list_side
from teams.people.actions import add_absence, remove_absence, set_skills
from teams.people.forms import AbsenceForm
from teams.people.queries import absences_ahead, skills_of
from teams.web.answers import see_other
from teams.web.drawn import balance
from teams.web.forms import Fields, form_of, iso_date, query_of
from teams.web.pages import page, sentences

SKILLS_MOST = 20


@get("/profiel", policy="signed_in")
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, done=query_of(request).one("gelukt"))


@post("/profiel/vaardigheden", policy="employee")
async def skills(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("vaardigheid", "anders")
    assert me.person_id is not None
    names = [*fields.many("vaardigheid"), *[part.strip() for part in fields.one("anders").split(",") if part.strip()]]
    await set_skills(session, me.person_id, names[:SKILLS_MOST], by=_by(request, me), at=await now(session))
    return see_other("/profiel?gelukt=vaardigheden")


@post("/profiel/afwezig", policy="employee")
async def away(request: Page, session: Session, me: Me) -> Response[Any]:
    return await _absence(request, session, me, await form_of(request), add_absence, "afwezig")


@post("/profiel/aanwezig", policy="employee")
async def back(request: Page, session: Session, me: Me) -> Response[Any]:
    return await _absence(request, session, me, await form_of(request), remove_absence, "aanwezig")


@get("/wat-ziet-wie", policy="signed_in")
async def who_sees_what(request: Page) -> Response[str]:
    return page(request, "profiel/wat-ziet-wie.html", consent=request.app.state.settings.works_council)


async def _absence(request: Page, session: Any, me: Any, fields: Fields, verb: Any, done: str) -> Response[Any]:
    fields.only("van", "tot")
    try:
        form = validated(AbsenceForm, {"van": iso_date(fields.one("van")), "tot": iso_date(fields.one("tot"))})
        async with session.begin_nested():
            await verb(session, me.person_id, form, by=_by(request, me), at=await now(session))
    except Refusal as refusal:
        return await _show(request, session, me, refusal=refusal, typed=fields.typed())
    return see_other(f"/profiel?gelukt={done}")


async def _show(
    request: Page, session: Any, me: Any, *, done: str = "", refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    today = day_of(at)
    side = await list_side(session, me.person_id, at=at) if me.is_employee else None
    mine = await skills_of(session, me.person_id) if me.is_employee else []
    hours = await hours_of(session, me.person_id) if me.may_claim and me.person_id else None
    texts = sentences(request, refusal.reasons) if refusal else []
    return page(
        request, "profiel/show.html", status=422 if refusal else 200, done=done, typed=typed or {},
        fouten=dict(zip(refusal.fields, texts, strict=True)) if isinstance(refusal, Invalid) else {}, redenen=texts,
        skills=side.skills if side else (), mine=[skill.name for skill in mine],
        absences=await absences_ahead(session, me.person_id, today=today) if me.is_employee else [],
        hours=balance(hours, today) if hours and hours.contracts else None,
    )  # fmt: skip


def _by(request: Page, me: Any) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[show, skills, away, back, who_sees_what])
