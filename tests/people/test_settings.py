"""Settings that change while everything runs: who may, what holds, and that every process follows."""

import asyncio

import asyncpg
import pytest

from teams.http.following import Following
from teams.journal.models import Actor
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed
from teams.kit.settings import Settings
from teams.people.settings import CHANGEABLE, SettingForm, change, current, read
from tests.places import Place
from tests.world import World


def who(world: World, name: str, *rights: str) -> Actor:
    return Actor(world.people[name], name, frozenset(rights), world.accounts[name])


def form(value: str | None, number: int = 0, **more: object) -> SettingForm:
    return SettingForm.model_validate({"waarde": value, "reden": "Besluit van de directie", "versie": number, **more})


async def put(db: Database, name: str, given: SettingForm, by: Actor) -> None:
    async with db.begin() as session:
        await change(session, name, given, by=by)


async def held(db: Database, place: Place, **environment: object) -> Settings:
    async with db.read() as session:
        return await current(session, Settings.model_validate({"database_url": place.url(), **environment}))


async def test_what_has_legal_effect_is_an_accountable_entry_and_holds_over_the_environment(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    sef = who(world, "sef", "secretaris")
    assert (await held(db, place, works_council="OR 2025-01")).works_council == "OR 2025-01"
    await put(db, "works_council", form("OR 2026-03"), sef)
    await put(db, "notice_days", form("0090"), sef)
    now = await held(db, place, works_council="OR 2025-01")
    assert (now.works_council, now.notice_days, now.stale_wait_days) == ("OR 2026-03", 90, 30)
    await put(db, "works_council", form("", 1), sef)
    assert (await held(db, place, works_council="OR 2025-01")).works_council is None
    await put(db, "works_council", form("", 2, terug=True), sef)
    assert (await held(db, place, works_council="OR 2025-01")).works_council == "OR 2025-01"
    entry = await owner.fetchrow("select accountable, facts from journal where verb = 'setting.changed' limit 1")
    assert entry["accountable"] and "instelling.works_council" in entry["facts"]
    assert await owner.fetchval("select count(*) from setting where entry_id is not null and set_by is not null") == 4


async def test_who_administers_changes_technique_and_the_secretary_what_has_legal_effect(
    db: Database, world: World
) -> None:
    """Domain: settings with legal effect are the secretary's; the administrator never."""
    sef, beer = who(world, "sef", "secretaris"), who(world, "beer", "beheer")
    both, aya = who(world, "sef", "secretaris", "beheer"), who(world, "aya")
    for name, known in CHANGEABLE.items():
        for by in (beer, both, aya) if known.legal else (sef, aya):
            with pytest.raises(NotAllowed):
                await put(db, name, form("100"), by)
    await put(db, "account_rate", form("100"), beer)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("notice_days", "89"), ("notice_days", "3651"), ("notice_days", ""), ("notice_days", "1e3"), ("notice_days", "９９"),
        ("stale_wait_days", "-1"), ("stale_wait_days", "2,5"), ("account_rate", "9" * 30), ("account_rate", "NaN"),
        ("security_contact", "javascript:alert(1)"), ("security_contact", "mailto:"),
    ],
)  # fmt: skip
async def test_a_value_has_the_bounds_of_the_environment(name: str, value: str, db: Database, world: World) -> None:
    by = who(world, "sef", "secretaris") if CHANGEABLE[name].legal else who(world, "beer", "beheer")
    with pytest.raises(Invalid) as refused:
        await put(db, name, form(value), by)
    assert refused.value.fields["waarde"].text == CHANGEABLE[name].wrong


def test_every_setting_that_changes_is_one_of_the_environment_and_its_default_is_good() -> None:
    for name in CHANGEABLE:
        default = Settings.model_fields[name].default
        assert read(name, "" if default is None else str(default)) == default


async def test_of_two_at_once_one_is_told_and_the_same_form_twice_is_one_change(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    sef, kees = who(world, "sef", "secretaris"), who(world, "kees", "secretaris")
    done = await asyncio.gather(
        put(db, "notice_days", form("100"), sef), put(db, "notice_days", form("200"), kees), return_exceptions=True
    )
    assert [type(one) for one in done if one] == [Conflict]
    winner = sef if done[0] is None else kees
    await put(db, "notice_days", form("100" if winner is sef else "200"), winner)
    assert await owner.fetchval("select count(*) from setting") == 1
    assert await owner.fetchval("select count(*) from journal where verb = 'setting.changed'") == 1


async def test_a_process_follows_and_a_database_that_is_away_changes_nothing(
    db: Database, place: Place, world: World
) -> None:
    used = list[Settings]()
    following = Following(db, Settings(database_url=place.url()), used.append)
    await following.look()
    assert used == []
    await put(db, "account_rate", form("7"), who(world, "beer", "beheer"))
    await following.look()
    await following.look()
    assert [one.account_rate for one in used] == [7]
    following.database = Database("postgresql://teams_app@127.0.0.1:1/teams", pool=1)
    await following.look()
    assert following.held.account_rate == 7 and len(used) == 1
    await following.database.close()


async def test_the_app_changes_no_row_and_work_adds_none(place: Place, db: Database, world: World) -> None:
    await put(db, "account_rate", form("7"), who(world, "beer", "beheer"))
    for role, act in (
        ("teams_app", "update setting set value = '1'"), ("teams_app", "delete from setting"),
        ("teams_worker", "insert into setting (name, number, entry_id) values ('a', 1, uuidv7())"),
    ):  # fmt: skip
        connection = await asyncpg.connect(place.url(role))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(act)
        await connection.close()
