"""A form that is sent twice is done once: the second time gives the answer of the first, also without JavaScript."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.form_keys import OtherRequest, fingerprint, keep_answer, take_key
from teams.auth.models import Visitor
from teams.http.wants import Page
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.web.answers import see_other

_WAIT = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
_FORM = fingerprint(b"form")


def sent_before(other: OtherRequest) -> Conflict:
    """The form was sent before with something else in it: nobody may think that the second is recorded."""
    return Conflict(
        Reason("al_verstuurd", N_("Dit formulier is al verstuurd, met iets anders erin. Wat je nu stuurt, is niet vastgelegd.")),
        then=(
            NextStep(N_("Bekijk wat toen is vastgelegd."), str(other.kept.answer)),
            NextStep(N_("Moet dit er ook nog bij? Kijk het na en verstuur het dan opnieuw.")),
        ),
    )  # fmt: skip


def incomplete() -> Conflict:
    """The form came without the key that it was drawn with: not as we made it."""
    return Conflict(Reason("onvolledig", N_("Dit formulier kwam niet heel aan. Kijk het na en verstuur het nog eens.")))


async def once(
    request: Page, session: AsyncSession, me: Visitor, act: Callable[[], Awaitable[Response[Any]]]
) -> Response[Any]:
    """What makes a form the same is its address and all that is in it: its token differs each time that a page is drawn."""
    body = await request.body()
    key = fingerprint(request.url.path.encode(), body).hex()
    await session.execute(_WAIT, {"name": f"form_key:{me.account_id}:{key}"})
    kept = await take_key(session, me.account_id, key, _FORM)
    if kept is not None:
        return see_other(str(kept.answer))
    answer = await act()
    if answer.status_code == 303:
        await keep_answer(session, me.account_id, key, _FORM, status=303, answer=getattr(answer, "url", "/"))
    return answer
