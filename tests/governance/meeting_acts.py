"""Short words for the tests of meetings: one act each, in a transaction of its own, as one of the world's people."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text as sql_text

from teams.governance.actions import meeting_items, meeting_speech, meeting_work, meetings
from teams.governance.meeting_forms import (
    AnswerForm,
    ExtendForm,
    ItemForm,
    MeetingForm,
    OutputForm,
    ReportForm,
    SpeechForm,
    StandingForm,
)
from teams.kit.clock import AMSTERDAM, now
from teams.kit.db import Database
from teams.kit.workdays import after
from tests.conftest import Place
from tests.governance.acts import act
from tests.world import TODAY, World

ALL = ("aya", "bram", "cato", "sef")


async def plan(
    db: Database, world: World, who: str = "sef", *, day: date | None = None, kind: str = "roloverleg", **more: Any
) -> UUID:
    form = MeetingForm.model_validate({
        "teamId": world.teams["groen"], "soort": kind, "dag": day or after(TODAY, 3), "begin": time(9, 30), **more,
    })  # fmt: skip
    made: UUID = (await act(db, world, meetings.plan_meeting, who, form)).id
    return made


async def begins_now(place: Place, meeting: UUID) -> None:
    """The clock moves to the hour of the meeting: it was planned that much earlier."""
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute(
        "update meeting set starts_at = now() - interval '1 minute', ends_at = now() + (ends_at - starts_at) where id = $1",
        meeting,
    )
    await boss.close()


async def is_over(place: Place, meeting: UUID) -> None:
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    await boss.execute(
        "update meeting set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 second' where id = $1",
        meeting,
    )
    await boss.close()


async def join(db: Database, world: World, meeting: UUID, *who: str) -> None:
    for one in who:
        await act(db, world, meetings.join_meeting, one, meeting)


async def leave(db: Database, world: World, meeting: UUID, who: str) -> None:
    await act(db, world, meetings.leave_meeting, who, meeting)


async def open_(db: Database, world: World, meeting: UUID, who: str = "sef") -> None:
    await act(db, world, meetings.open_meeting, who, meeting)


async def close_(db: Database, world: World, meeting: UUID, who: str = "sef") -> None:
    await act(db, world, meetings.close_meeting, who, meeting)


async def version_of(db: Database, meeting: UUID) -> int:
    async with db.read() as session:
        return int(await session.scalar(sql_text("select version from meeting where id = :id"), {"id": meeting}))


async def step(db: Database, world: World, meeting: UUID, who: str = "sef", times: int = 1) -> None:
    for _ in range(times):
        await act(db, world, meetings.next_step, who, meeting, await version_of(db, meeting))


async def extend(db: Database, world: World, meeting: UUID, who: str = "sef", minutes: int = 15) -> None:
    await act(db, world, meetings.extend_meeting, who, meeting, ExtendForm(minuten=minutes, akkoord=True))


async def item(db: Database, world: World, meeting: UUID, who: str = "aya", **more: Any) -> UUID:
    form = ItemForm.model_validate({"label": "Egels", **more} if "voorstelId" not in more else more)
    made: UUID = await act(db, world, meeting_items.add_item, who, meeting, form)
    return made


async def attach(db: Database, world: World, meeting: UUID, item: UUID, proposal: UUID, who: str = "aya") -> None:
    await act(db, world, meeting_items.attach_proposal, who, meeting, item, proposal)


async def start(db: Database, world: World, meeting: UUID, item: UUID, who: str = "sef") -> None:
    await act(db, world, meeting_items.start_item, who, meeting, item, await version_of(db, meeting))


async def next_(db: Database, world: World, meeting: UUID, item: UUID, who: str = "sef", times: int = 1) -> None:
    for _ in range(times):
        await act(db, world, meeting_items.next_item_step, who, meeting, item, await version_of(db, meeting))


async def put(db: Database, world: World, meeting: UUID, item: UUID, who: str = "aya") -> None:
    await act(db, world, meeting_items.put_forward, who, meeting, item)


async def reply(
    db: Database, world: World, meeting: UUID, item: UUID, who: str, version: int, objection: str | None = None
) -> None:
    form = AnswerForm(versie=version, bezwaar=objection is not None, tekst=objection)
    await act(db, world, meeting_items.answer, who, meeting, item, form)


async def say(
    db: Database,
    world: World,
    meeting: UUID,
    who: str,
    item: UUID | None = None,
    text: str | None = "Ja.",
    of: str | None = None,
) -> None:
    form = SpeechForm(persoonId=world.people[of] if of else None, tekst=text)
    async with db.begin() as session:
        await meeting_speech.speak(session, meeting, form, item_id=item, by=world.actor(who), at=await now(session))


async def finish(db: Database, world: World, meeting: UUID, item: UUID, who: str = "sef") -> None:
    await act(db, world, meeting_items.finish_item, who, meeting, item, await version_of(db, meeting))


async def standing(db: Database, world: World, who: str = "aya", role: str = "boom", kind: str = "checklist") -> UUID:
    form = StandingForm.model_validate({"soort": kind, "rolId": world.roles[role], "label": "Bomen geteld"})
    made: UUID = await act(db, world, meeting_work.add_standing, who, world.teams["groen"], form)
    return made


async def report(db: Database, world: World, meeting: UUID, standing: UUID, who: str = "aya") -> None:
    await act(db, world, meeting_work.report_standing, who, meeting, standing, ReportForm(tekst="Gedaan."))


async def output(
    db: Database, world: World, meeting: UUID, item: UUID, who: str = "aya", role: str = "boom", person: str = "aya"
) -> None:
    form = OutputForm.model_validate({
        "soort": "volgende_stap", "rolId": world.roles[role], "persoonId": world.people[person], "tekst": "Tunnel meten",
    })  # fmt: skip
    await act(db, world, meeting_work.add_output, who, meeting, item, form)


async def on(db: Database, world: World, place: Place, *who: str, kind: str = "roloverleg", **more: Any) -> UUID:
    """A meeting told in time, begun, with these people there (all without names), opened by sef."""
    meeting = await plan(db, world, kind=kind, **more)
    await begins_now(place, meeting)
    await join(db, world, meeting, *(who or ALL))
    await open_(db, world, meeting)
    return meeting


async def state_of(owner: asyncpg.Connection, item: UUID) -> tuple[str, str | None, str | None]:
    row = await owner.fetchrow("select state, step, outcome from meeting_item where id = $1", item)
    return row["state"], row["step"], row["outcome"]


def soon(hours: int = 2) -> datetime:
    return datetime.now(AMSTERDAM) + timedelta(hours=hours)
