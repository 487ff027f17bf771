"""My profile: skills, absence, contract hours, my sessions' end; and who sees what about me."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get, post

from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, Refusal
from teams.kit.forms import validated
from teams.klussen.actions.person import WishForm, set_levels, set_wishes
from teams.klussen.matching import LEVELS
from teams.klussen.portfolio import finished_by, said_about
from teams.klussen.queries import hours_of, list_side
from teams.people.actions import add_absence, remove_absence, set_skills
from teams.people.forms import AbsenceForm, SkillsForm
from teams.people.queries import absences_ahead, skills_of
from teams.web import terugkoppeling, vaardigheden, zoekopdrachten
from teams.web.answers import see_other
from teams.web.drawn import KINDS, balance
from teams.web.forms import Fields, decimal_text, form_of, iso_date, query_of
from teams.web.pages import page, sentences


@get("/profiel", policy="signed_in")
async def show(request: Page, session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, done=query_of(request).one("gelukt"))


@post("/profiel/vaardigheden", policy="employee")
async def skills(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("vaardigheid", "anders", "niveau[]")
    assert me.person_id is not None
    names = [*fields.many("vaardigheid"), *[part.strip() for part in fields.one("anders").split(",") if part.strip()]]
    pairs = [value.partition("|") for value in fields.many("niveau[]")]
    levels = {name: level for level, _, name in pairs if name}
    try:
        form = validated(SkillsForm, {"anders": names})
        async with session.begin_nested():
            await set_skills(session, me.person_id, form.anders, by=_by(request, me), at=await now(session))
            await set_levels(session, levels, by=_by(request, me))
    except Refusal as refusal:
        chosen = (fields.many("vaardigheid"), levels)
        return await _show(request, session, me, refusal=refusal, typed=fields.typed(), chosen=chosen)
    return see_other("/profiel?gelukt=vaardigheden")


@post("/profiel/wensen", policy="employee")
async def wishes(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("soort", "urenHoogstens", "open")
    try:
        given = {"open": fields.one("open") == "1", "urenHoogstens": decimal_text(fields.one("urenHoogstens"))}
        form = validated(WishForm, {**given, "soorten": fields.many("soort")})
        async with session.begin_nested():
            await set_wishes(session, form, by=_by(request, me))
    except Refusal as refusal:
        return await _show(request, session, me, wished=refusal, typed=fields.typed())
    return see_other("/profiel?gelukt=wensen")


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
    typed: dict[str, str] | None = None, wished: Refusal | None = None,
    chosen: tuple[list[str], dict[str, str]] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    today = day_of(at)
    side = await list_side(session, me.person_id, at=at) if me.is_employee else None
    mine = await skills_of(session, me.person_id) if me.is_employee else []
    hours = await hours_of(session, me.person_id) if me.may_claim and me.person_id else None
    texts = sentences(request, refusal.reasons) if refusal else []
    speak, employee = words(language_of(request)), me.is_employee and me.person_id
    wish_texts = sentences(request, wished.reasons) if wished else []
    return page(
        request, "profiel/show.html", status=422 if refusal or wished else 200, done=done, typed=typed or {},
        fouten=dict(zip(refusal.fields, texts, strict=True)) if isinstance(refusal, Invalid) else {}, redenen=texts,
        skills=side.skills if side else (), mine=chosen[0] if chosen else [skill.name for skill in mine],
        levels=chosen[1] if chosen else side.mine if side else {},
        niveaus=LEVELS, wensen=side.wishes if side and me.may_claim else None,
        soorten=[(code, speak.say(word)) for code, word in KINDS.items()],
        wens_fouten=dict(zip(wished.fields, wish_texts, strict=True)) if isinstance(wished, Invalid) else {},
        aan=bool(request.app.state.settings.works_council),
        klaar=await finished_by(session, me.person_id) if employee else [],
        gezegd=await said_about(session, me.person_id) if employee else [],
        zoekopdrachten=await zoekopdrachten.kept(session, me.person_id) if me.may_claim and me.person_id else None,
        absences=await absences_ahead(session, me.person_id, today=today) if me.is_employee else [],
        hours=balance(hours, today) if hours and hours.contracts else None,
    )  # fmt: skip


def _by(request: Page, me: Any) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(
    path="/",
    route_handlers=[show, skills, wishes, away, back, who_sees_what, terugkoppeling.router, vaardigheden.router],
)
