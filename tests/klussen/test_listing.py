"""The list: search that forgives, three orders, pages that lose nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from teams.kit.db import Database
from teams.kit.errors import Invalid
from teams.klussen.actions.claim import claim_klus
from teams.klussen.listing import ORDERS, Wish, list_klussen
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

NOW = datetime.now(UTC)


async def found(db: Database, world: World, **wish: Any) -> Any:
    async with db.read() as session:
        return await list_klussen(session, Wish(**wish), world.actor("cato"), at=NOW)


def titles(listing: Any) -> list[str]:
    return [row.title for row in listing.rows]


@pytest.mark.parametrize(
    "typed", ["speelplekken", "SPEELPLEK", "speelpl", "schouw speel", "de schouw van speelplekken", "schóuw"]
)
async def test_words_find_a_klus(db: Database, world: World, typed: str) -> None:
    await posted(db, world)
    await posted(db, world, titel="Bomen planten", omschrijving="Met groep 7 in het park.")
    assert titles(await found(db, world, search=typed)) == ["Schouw van speelplekken"]


@pytest.mark.parametrize("typed", ["speelplekjen", "spelplekken", "schauw", "bommen plamten"])
async def test_a_typing_error_still_finds_it(db: Database, world: World, typed: str) -> None:
    await posted(db, world)
    await posted(db, world, titel="Bomen planten", omschrijving="Met groep 7 in het park.")
    listing = await found(db, world, search=typed)
    assert listing.alike
    assert len(listing.rows) == 1


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "(((a+)+)+)$", "'; drop table klus --", ":*", "& | !", "x" * 10_000, "de"]
)
async def test_signs_are_text(db: Database, world: World, typed: str) -> None:
    await posted(db, world)
    assert titles(await found(db, world, search=typed)) == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("search", ["", "klus"])
async def test_pages_follow_each_other_forth_and_back(db: Database, world: World, order: str, search: str) -> None:
    for number in range(23):
        await posted(db, world, titel=f"Klus {number}", van=TODAY + timedelta(days=1 + number % 5), tot=None)
    seen: list[list[str]] = []
    cursor = ""
    while True:
        listing = await found(db, world, order=order, search=search, size=5, cursor=cursor)
        seen.append(titles(listing))
        assert listing.first == (cursor == "")
        if listing.after is None:
            break
        cursor = listing.after
    assert [len(part) for part in seen] == [5, 5, 5, 5, 3]
    assert len({title for part in seen for title in part}) == 23
    back = []
    while listing.before is not None:
        listing = await found(db, world, order=order, search=search, size=5, cursor=listing.before)
        back.append(titles(listing))
    assert back == seen[-2::-1]


async def test_the_count_stops_at_a_hundred(db: Database, world: World, owner: Any) -> None:
    klus = await posted(db, world)
    assert (await found(db, world)).count == 1
    await owner.execute(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts)"
        " select 'Klus ' || n, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts"
        " from klus, generate_series(1, 150) n where id = $1", klus.id,
    )  # fmt: skip
    assert (await found(db, world)).count is None


async def test_filters(db: Database, world: World) -> None:
    await posted(db, world, titel="Kort", urenMin=None, urenTotaal=6, van=TODAY + timedelta(days=5), tot=None)
    await posted(db, world, titel="Lang", urenMin=12, vaardigheden=["Foto's maken"])
    full = await posted(db, world, titel="Vol", plaatsen=1)
    async with db.begin() as session:
        await claim_klus(session, full.id, by=world.actor("cato"))
    assert titles(await found(db, world, most_hours=8, only_free=True)) == ["Kort"]
    assert titles(await found(db, world, skills=("FOTO'S maken",))) == ["Lang"]
    assert titles(await found(db, world, ends_by=TODAY + timedelta(days=6))) == ["Kort"]
    assert titles(await found(db, world, starts_from=TODAY + timedelta(days=6))) == ["Vol", "Lang"]
    assert titles(await found(db, world, kinds=("project",))) == []
    assert titles(await found(db, world, teams=(world.teams["balie"],))) == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "cursor", ["x", "e30", "eyJudW1iZXIiOiItMSJ9", "eyJudW1iZXIiOi0xfQ", "é", "W10", "eyJmcm9tIjo5OTk5OTk5OTk5OTk5fQ"]
)
async def test_a_made_up_place_in_the_list_is_refused(db: Database, world: World, order: str, cursor: str) -> None:
    with pytest.raises(Invalid):
        await found(db, world, order=order, cursor=cursor)
