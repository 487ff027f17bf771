"""What each person chose decides what is mailed and when: kind by kind, daily, weekly, never, and not in quiet hours."""

from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.http.telling import KINDS
from teams.http.words import words
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from teams.notices.choices import choose
from teams.notices.hears import DEFAULTS, HEARS, Hears, Kind, Mail
from teams.notices.post import gather, take
from teams.notices.tell import Told, write
from tests.conftest import Place
from tests.notices.scene import Box, daytime, gather_and_send_mail, mail_server, settings
from tests.world import World

MONDAY = datetime(2026, 11, 23, 12, tzinfo=AMSTERDAM)
OF_KIND = {kind: next(one for one in HEARS if one.kind is kind and "reminder" not in one.verb) for kind in Kind}


async def hear(db: Database, person: UUID, *heard: Hears, at: datetime) -> None:
    async with db.begin() as session:
        await write(session, [Told(person, one, {}, None, at) for one in heard], at=at, mail=True)


async def wish(db: Database, person: UUID, quiet: tuple[str, str] = ("", ""), **mails: str) -> None:
    async with db.begin() as session:
        await choose(session, person, mails, *quiet)


@pytest.mark.parametrize("mail", list(Mail))
async def test_each_kind_is_mailed_as_chosen_and_the_own_account_always_at_once(
    db: Database, owner: asyncpg.Connection, world: World, mail: Mail
) -> None:
    aya = world.people["aya"]
    chosen = [kind for kind in Kind if kind is not Kind.ACCOUNT]
    await wish(db, aya, **{kind.value: mail.value for kind in chosen})
    await hear(db, aya, *OF_KIND.values(), at=MONDAY)
    rows = {row["said"]: row for row in await owner.fetch("select said, mail, mail_id from notice")}
    assert len(rows) == len(Kind), "in the app everything stands"
    for kind, one in OF_KIND.items():
        # at most daily: what somebody asked to be told of is never mailed at once
        at_most = Mail.DAY if kind.value == "zoeken" and mail is Mail.NOW else mail
        wanted = Mail.NOW if kind is Kind.ACCOUNT else at_most
        assert rows[one.key]["mail"] == wanted, kind
        assert (rows[one.key]["mail_id"] is not None) == (wanted is Mail.NOW), kind


async def test_who_chose_nothing_has_the_light_default(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await hear(db, world.people["aya"], *OF_KIND.values(), at=MONDAY)
    rows = {row["said"]: row["mail"] for row in await owner.fetch("select said, mail from notice")}
    assert rows == {one.key: DEFAULTS[kind].value for kind, one in OF_KIND.items()}


async def test_in_quiet_hours_nothing_goes_out_and_then_it_does(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    aya = world.people["aya"]
    await wish(db, aya, ("11.00", "13:00"), beheer="direct")
    await hear(db, aya, OF_KIND[Kind.MANAGE], at=MONDAY)
    end = MONDAY + timedelta(hours=1)
    assert await owner.fetchval("select next_at from mail") == end
    async with db.begin() as session:
        assert await take(session, at=end - timedelta(seconds=1)) is None
        found = await take(session, at=end)
    assert found is not None and found[2] is not None


async def test_a_week_is_one_mail_on_monday_after_the_quiet_hours(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    aya = world.people["aya"]
    await wish(db, aya, ("20:00", "8:15"), team="week", klussen="week", beheer="dag")
    for days, kind in ((1, Kind.TEAM), (3, Kind.KLUSSEN), (3, Kind.MANAGE)):
        await hear(db, aya, OF_KIND[kind], at=MONDAY + timedelta(days=days))
    sunday = MONDAY + timedelta(days=6)
    next_monday = datetime.combine(MONDAY.date() + timedelta(days=7), time(7, 31), AMSTERDAM)
    for at in (sunday, next_monday, next_monday + timedelta(days=1)):
        async with db.begin() as session:
            await gather(session, Mail.WEEK, at=at)
    [mail] = await owner.fetch("select id, sort, day, next_at from mail")
    assert (mail["sort"], mail["day"]) == ("week", next_monday.date())
    assert mail["next_at"].astimezone(AMSTERDAM).time() == time(8, 15)
    assert await owner.fetchval("select count(*) from notice where mail_id = $1", mail["id"]) == 2
    async with db.begin() as session:
        _, _, letter = await take(session, at=mail["next_at"]) or (None, None, None)
    assert letter is not None and letter.sort == Mail.WEEK and letter.kinds == {Kind.TEAM, Kind.KLUSSEN}


class Busy(Box):
    """Says 'later' the first times, and keeps every mail that it was offered."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: list[str] = []
        self.later = 2

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.offered += [line for line in envelope.content.decode().splitlines() if line.startswith("Message-ID")]
        self.accept = "451 later" if len(self.offered) <= self.later else "250 OK"
        return await super().handle_DATA(server, session, envelope)


async def test_the_message_id_is_the_same_at_every_try_so_that_a_mail_program_shows_one(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    await daytime(owner)
    await hear(db, world.people["aya"], OF_KIND[Kind.ACCOUNT], OF_KIND[Kind.ANSWER], at=datetime.now(UTC))
    async with mail_server(Busy()) as box:
        for _ in range(5):
            await owner.execute("update mail set next_at = now() where state = 'wacht'")
            await gather_and_send_mail(db, settings(place, box.port))
    assert isinstance(box, Busy)
    assert len(box.offered) == 4 and len(set(box.offered)) == 2, "two mails, one of them offered three times"
    ids = {str(row["id"]) for row in await owner.fetch("select id from mail")}
    assert {line.split("<")[1].split("@")[0] for line in box.offered} == ids


@pytest.mark.parametrize(
    ("language", "hello", "stop"),
    [("nl", "Dag Aya Proef,", "Geen mail meer over"), ("en", "Hello Aya Proef,", "No more mail about")],
)
async def test_both_parts_are_whole_in_the_readers_language(
    db: Database, place: Place, owner: asyncpg.Connection, world: World, language: str, hello: str, stop: str
) -> None:
    await daytime(owner)
    await owner.execute("update account set language = $1", language)
    await wish(db, world.people["aya"], team="dag", beheer="dag")
    await hear(
        db, world.people["aya"], OF_KIND[Kind.TEAM], OF_KIND[Kind.MANAGE], at=datetime.now(UTC) - timedelta(days=2)
    )
    async with mail_server() as box:
        await gather_and_send_mail(db, settings(place, box.port))
    [mail] = box.mails
    speak = words(language)
    named = ", ".join(f"‘{speak.say(KINDS[kind][0])}’" for kind in (Kind.MANAGE, Kind.TEAM))
    assert mail["Content-Language"] == language
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        said = _part(mail, kind)
        assert hello in said and f"{stop} {named}" in said
        assert "/meldingen/voorkeuren" in said
    assert f'lang="{language}"' in _part(mail, "html")


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())
