"""What is still coming after a refusal is dropped for a while, so that the answer is read; then the line closes (RFC 9112 9.6)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

SECONDS = 20.0
MOST = 12_000_000  # what deploy/nginx.conf lets through
UNREAD = {(408, "inhoud"), (413, "inhoud")}


def lingering(
    receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> Callable[[Any], Awaitable[None]]:
    """Sends the whole answer at once, and ends it when nothing more comes, or too much or too long."""

    async def answer(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        elif not message.get("more_body"):
            await send({**message, "more_body": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS):
                    await _drop(receive)
            message = {"type": "http.response.body"}
        await send(message)

    return answer


async def _drop(receive: Callable[[], Awaitable[Any]]) -> None:
    left = MOST
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if not message.get("more_body"):
            return
