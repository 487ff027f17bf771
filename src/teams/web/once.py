"""A form that is sent twice is done once: the second time gives the answer of the first, also without JavaScript."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.form_keys import fingerprint, keep_answer, take_key
from teams.auth.models import Visitor
from teams.http.wants import Page
from teams.web.answers import see_other

_WAIT = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
_FORM = fingerprint(b"form")


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
