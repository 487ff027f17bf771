"""Short words for the tests of notices: tell what lies in the outbox, read what somebody was told, a real mail server."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast
from uuid import UUID

import asyncpg
from aiosmtpd.smtp import SMTP

from teams.http.telling import names_in, said
from teams.http.words import words
from teams.jobs.notices import deliver_mail, gather_mail, tell_what_happened
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.notices.queries import notices_of
from tests.conftest import Place
from tests.world import World


def settings(place: Place, port: int | None = None) -> Settings:
    mail = {
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "mail_from": "teams@proefdam.example",
        "public_url": "https://teams.test",
    }
    return Settings(
        database_url=place.url(), municipality="gemeente Proefdam", **(cast(dict[str, Any], mail) if port else {})
    )


async def told(db: Database, place: Place, world: World, who: str, *, port: int | None = None) -> list[str]:
    """Work off the outbox; what this person reads then, newest first."""
    await tell_what_happened(db, settings(place, port))
    async with db.read() as session:
        notices, _ = await notices_of(session, world.people[who])
        names = await names_in(session, notices)
        return [said(notice, names, words("nl")) for notice in notices]


async def gather_and_send_mail(db: Database, options: Settings) -> None:
    await gather_mail(db, options)
    await deliver_mail(db, options)


async def waiting_mail(owner: asyncpg.Connection, person: UUID | None = None) -> list[str]:
    rows = await owner.fetch(
        "select sort, state from mail where $1::uuid is null or person_id = $1 order by id", person
    )
    return [f"{row['sort']} {row['state']}" for row in rows]


async def daytime(owner: asyncpg.Connection) -> None:
    """Nobody is quiet: tests run at any hour."""
    await owner.execute("insert into quiet_hours (person_id, starts, ends) select id, '0:00', '0:00' from person")


class Box:
    """What the mail server was given; `answer` says what it says to each recipient, `accept` to the message."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answer, self.accept = "250 OK", "250 OK"
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.accept.startswith("250"):
            self.raw.append(envelope.content)
            self.mails.append(cast(EmailMessage, message_from_bytes(envelope.content, policy=policy.default)))
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self.accept


@asynccontextmanager
async def mail_server(box: Box | None = None, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Box]:
    """A real SMTP server on this loop; `tls`: encrypted from the first byte."""
    box = box or Box()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, loop=asyncio.get_running_loop(), enable_SMTPUTF8=True), "0.0.0.0", 0, ssl=tls
    )
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
