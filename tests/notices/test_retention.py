"""What is old goes by the clock and that is written down; what is new, or still to be sent, stays."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from pydantic import ValidationError

from teams.jobs.notices import clear_old_notices
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.notices import retention
from teams.notices.hears import Mail
from teams.notices.post import gather
from teams.notices.remind import STALE_DAYS
from tests.conftest import Place
from tests.notices.scene import daytime, settings
from tests.world import World

NOW = datetime.now(UTC)


async def told(owner: asyncpg.Connection, person: UUID, days: int, *, mail: UUID | None = None) -> UUID:
    made: UUID = await owner.fetchval(
        "insert into notice (person_id, said, at, mail, mail_id) values ($1, 'klus.expired:beheerders', $2, 'dag', $3) returning id",
        person, NOW - timedelta(days=days), mail,
    )  # fmt: skip
    return made


async def mailed(owner: asyncpg.Connection, person: UUID, days: int, state: str = "verstuurd") -> UUID:
    made: UUID = await owner.fetchval(
        "insert into mail (person_id, sort, state, next_at, made_at, sent_at) values"
        " ($1, 'direct', $2, $3, $3, case when $2 = 'verstuurd' then $3::timestamptz end) returning id",
        person, state, NOW - timedelta(days=days),
    )  # fmt: skip
    return made


async def cleared(place: Place, days: int = 365) -> dict[str, int]:
    worker = Database(place.url("teams_worker"), pool=1)
    try:
        return await clear_old_notices(worker, settings(place).model_copy(update={"notice_days": days}))
    finally:
        await worker.close()


async def test_what_is_older_than_the_setting_goes_and_the_rest_stays(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    aya = world.people["aya"]
    old, waits = await mailed(owner, aya, 400), await mailed(owner, aya, 400, "wacht")
    shared = await mailed(owner, aya, 400)
    kept = [await told(owner, aya, 364, mail=shared), await told(owner, aya, 1)]
    for days in (366, 900):
        await told(owner, aya, days, mail=old)
    for due in (-400, -300, 10):
        await owner.execute(
            "insert into reminder (object, rule, due) values ($1, 'klus_begins', current_date + $2::int)", aya, due
        )
    assert await cleared(place) == {"notices": 2, "mails": 1, "reminders": 1, "untold": 0}
    assert {row["id"] for row in await owner.fetch("select id from notice")} == set(kept)
    assert {row["id"] for row in await owner.fetch("select id from mail")} == {waits, shared}
    assert await owner.fetchval("select count(*) from reminder") == 2
    facts = json.loads(await owner.fetchval("select facts from journal where verb = 'notice.cleared'"))
    assert facts == {"days": 365, "notices": 2, "mails": 1, "reminders": 1, "untold": 0}
    assert await cleared(place) == {"notices": 0, "mails": 0, "reminders": 0, "untold": 0}
    assert await owner.fetchval("select count(*) from journal where verb = 'notice.cleared'") == 1, "nothing, no entry"
    assert (await cleared(place, 90))["notices"] == 1, "the setting decides"


async def test_what_was_mailed_is_not_gathered_again(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """A mail never goes before the notices in it: a notice without its mail would be sent once more."""
    await daytime(owner)
    aya = world.people["aya"]
    await told(owner, aya, 3, mail=await mailed(owner, aya, 500))
    await cleared(place)
    async with db.begin() as session:
        assert await gather(session, Mail.DAY, at=NOW) == 0


async def test_acts_that_could_not_be_told_go_too_but_not_what_is_still_tried(
    place: Place, owner: asyncpg.Connection, world: World
) -> None:
    for days, tries in ((400, 5), (400, 0), (2, 5)):
        await owner.execute(
            "with j as (insert into journal (verb, at) values ('claim.made', $1) returning id)"
            " insert into outbox (entry, consumer, tries) select id, 'melding', $2 from j",
            NOW - timedelta(days=days), tries,
        )  # fmt: skip
    assert (await cleared(place))["untold"] == 1
    assert await owner.fetchval("select count(*) from outbox") == 2


async def test_more_than_a_batch_goes_in_one_turn(
    place: Place, owner: asyncpg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr("teams.jobs.notices.CLEARED_AT_ONCE", 3)
    for _ in range(8):
        await told(owner, world.people["aya"], 500)
    assert (await cleared(place))["notices"] == 8


async def test_the_page_cannot_delete_what_the_clock_may(place: Place, owner: asyncpg.Connection) -> None:
    for role, may in (("teams_app", False), ("teams_worker", True)):
        for table in ("notice", "mail", "reminder"):
            assert await owner.fetchval("select has_table_privilege($1, $2, 'delete')", role, table) is may


def test_the_setting_is_never_shorter_than_what_keeps_reminders_single(place: Place) -> None:
    with pytest.raises(ValidationError):
        Settings(database_url=place.url(), notice_days=STALE_DAYS)
