"""What is done with an account: freeze a concept, find, determine, send, ask, answer, close. Refused, the page comes back with what was typed."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.params import FromPath
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.accounts import (
    answer_question,
    ask_question,
    close_account,
    determine_account,
    draft_account,
    find_account,
    send_account,
)
from teams.account.forms import AnswerForm, DetermineForm, FindingForm, QuestionForm
from teams.account.periods import period_of
from teams.account.rules import need
from teams.exchange.verantwoording_words import CAUSES
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import cleaned, validated
from teams.kit.text import N_
from teams.reports.accountability import figures_of
from teams.web.answers import see_other
from teams.web.bewaren import by_of
from teams.web.forms import Fields, form_of, iso_date
from teams.web.once import once
from teams.web.verantwoording import draw_account, draw_index, index, public, public_index, show

WORDS = ("inleiding", "bezwaren", *(f"verandert_{cause}" for cause in CAUSES))
LONGEST = 4000
_PERIOD = text("select a.period from board_question q join board_account a on a.id = q.account_id where q.id = :id")
Act = Callable[[AsyncSession, str, Fields, Actor, datetime], Awaitable[Any]]


@post("/verantwoording", policy="secretary")
async def draft(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _draft(request, session, me))


async def _draft(request: Page, session: Session, me: Me) -> Response[Any]:
    """Compute and freeze; a second time makes a new version with the words of the form."""
    fields = await form_of(request)
    fields.only("periode", *WORDS)
    period, at = period_of(fields.one("periode")), await now(session)
    try:
        async with session.begin_nested():
            need(by_of(request, me), "secretaris")
            words = _words(fields)
            figures = await figures_of(session, period, at, quorum=request.app.state.settings.witness_quorum)
            await draft_account(session, period, figures, words, known=at, by=by_of(request, me), at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        with suppress(NotFound):  # of the first version there is no page yet
            typed = {**fields.typed(), "_": "concept"}
            return await draw_account(request, session, me, str(period), refusal=refusal, typed=typed)
        return await draw_index(request, session, me, refusal)
    return see_other(f"/verantwoording/{period}")


@post("/verantwoording/{period:str}/{verb:str}", policy="account")
async def act(request: Page, period: FromPath[str], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _act(request, period, verb, session, me))


async def _act(request: Page, period: str, verb: str, session: Session, me: Me) -> Response[Any]:
    if verb not in ACTS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    fields, by, at = await form_of(request), by_of(request, me), await now(session)
    names, doing = ACTS[verb]
    fields.only(*names)
    try:
        async with session.begin_nested():
            await doing(session, period, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await draw_account(request, session, me, period, refusal=refusal, typed={**fields.typed(), "_": verb})
    return see_other(f"/verantwoording/{period}?gelukt=1#stappen")


@post("/raadsvragen/{question_id:uuid}/antwoord", policy="account")
async def answer(request: Page, question_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields, by, at = await form_of(request), by_of(request, me), await now(session)
    fields.only("antwoord")
    period = await session.scalar(_PERIOD, {"id": question_id})
    if period is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag bestaat niet.")))
    try:
        async with session.begin_nested():
            await answer_question(
                session, question_id, validated(AnswerForm, {"antwoord": fields.one("antwoord")}), by=by, at=at
            )
    except Refusal as refusal:
        return await draw_account(
            request, session, me, period, refusal=refusal, typed={**fields.typed(), "_": str(question_id)}
        )
    return see_other(f"/verantwoording/{period}#vragen")


def _words(fields: Fields) -> dict[str, Any]:
    """The secretary's words; what is empty is left out."""
    said = {name: cleaned(name, fields.one(name)) for name in WORDS}
    if long := [name for name, value in said.items() if len(value) > LONGEST]:
        raise Invalid(
            {name: Reason(name, N_("Gebruik hoogstens {max_length} tekens."), {"max_length": LONGEST}) for name in long}
        )
    changes = {
        name.removeprefix("verandert_"): value
        for name, value in said.items()
        if name.startswith("verandert_") and value
    }
    return {"inleiding": said["inleiding"], "bezwaren": said["bezwaren"], "verandert": changes}


async def _find(session: AsyncSession, period: str, fields: Fields, by: Actor, at: datetime) -> None:
    form = validated(FindingForm, {"oordeel": fields.one("oordeel"), "bevinding": fields.one("bevinding")})
    await find_account(session, period, form, by=by, at=at)


async def _determine(session: AsyncSession, period: str, fields: Fields, by: Actor, at: datetime) -> None:
    values = {"dag": iso_date(fields.one("dag")), "besluit": fields.one("besluit"), "reactie": fields.one("reactie")}
    await determine_account(session, period, validated(DetermineForm, values), by=by, at=at)


async def _send(session: AsyncSession, period: str, fields: Fields, by: Actor, at: datetime) -> None:
    await send_account(session, period, by=by, at=at)


async def _ask(session: AsyncSession, period: str, fields: Fields, by: Actor, at: datetime) -> None:
    values = {
        "soort": fields.one("soort", "vraag"), "namens": fields.one("namens"), "tekst": fields.one("tekst"), "termijn": iso_date(fields.one("termijn")),
    }  # fmt: skip
    await ask_question(session, period, validated(QuestionForm, values), by=by, at=at)


async def _close(session: AsyncSession, period: str, fields: Fields, by: Actor, at: datetime) -> None:
    await close_account(session, period, by=by, at=at)


ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "bevinding": (("oordeel", "bevinding"), _find),
    "vaststelling": (("dag", "besluit", "reactie"), _determine),
    "verzending": ((), _send),
    "vragen": (("soort", "namens", "tekst", "termijn"), _ask),
    "afronding": ((), _close),
}

router = Router(path="/", route_handlers=[index, show, public_index, public, draft, act, answer])
