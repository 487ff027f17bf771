"""The name of the municipality comes from the setting: first what there is, later only what somebody chose."""

import asyncpg

from teams.kit.db import Database
from teams.people.naming import name_organisation


async def test_the_first_name_stays_until_another_is_chosen(db: Database, owner: asyncpg.Connection) -> None:
    await owner.execute("delete from organisation")
    for name, chosen, kept in (
        ("gemeente Oost", False, "gemeente Oost"),
        ("gemeente West", False, "gemeente Oost"),
        ("gemeente West", True, "gemeente West"),
        ("gemeente West", True, "gemeente West"),
    ):
        async with db.begin() as session:
            await name_organisation(session, name, chosen=chosen)
        assert await owner.fetchval("select name from organisation") == kept
    assert await owner.fetchval("select version from organisation") == 2
