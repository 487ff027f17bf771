"""Saved searches: kept, told at most daily, each klus once; nothing found, nothing said."""

from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.jobs.notices import deliver_mail, gather_mail
from teams.jobs.searches import tell_searches
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotFound
from teams.klussen.actions.searches import AT_ONCE, drop_search, found_since, save_search
from teams.klussen.listing import Wish
from teams.klussen.models import Kind
from teams.klussen.searches import MOST, read, searches_of, written
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import daytime, mail_server, settings, told
from tests.world import World


async def save(db: Database, world: World, who: str = "cato", wish: Wish | None = None) -> None:
    async with db.begin() as session:
        await save_search(session, "Bomen", wish or Wish(search="snoeien"), by=world.actor(who), at=await now(session))


async def yesterday(owner: asyncpg.Connection) -> None:
    """As if the searches were kept, and klussen told, the day before."""
    await owner.execute("update saved_search set seen_at = seen_at - interval '1 day'")
    await owner.execute("update saved_search_told set at = at - interval '1 day'")


async def found(db: Database, world: World, who: str = "cato") -> list[UUID]:
    async with db.begin() as session:
        return await found_since(session, world.people[who], at=await now(session))


wishes = st.builds(
    Wish, search=st.text("abc ", max_size=5), kinds=st.lists(st.sampled_from(list(Kind)), max_size=2).map(tuple),
    least_hours=st.none() | st.sampled_from([Decimal("8.1"), Decimal(4)]), skills=st.lists(st.text("xy", min_size=1, max_size=3), max_size=2).map(tuple),
    starts_from=st.none() | st.dates(), only_free=st.booleans(), teams=st.lists(st.uuids(), max_size=2).map(tuple),
)  # fmt: skip


@given(wishes)
def test_what_is_kept_is_what_was_looked_for(wish: Wish) -> None:
    again = read(written(wish))
    assert written(again) == written(wish)
    assert (again.least_hours, again.starts_from, again.only_free) == (
        wish.least_hours,
        wish.starts_from,
        wish.only_free,
    )
    assert set(again.skills) == set(wish.skills) and set(again.teams) == set(wish.teams)


async def test_only_what_is_placed_later_is_told_and_each_klus_once(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await posted(db, world, titel="Snoeien langs de vaart")
    await save(db, world)
    await save(db, world, wish=Wish())
    assert await found(db, world) == [], "not on the day itself"
    await yesterday(owner)
    await owner.execute("update klus set published_at = published_at - interval '2 days'")
    fresh = await posted(db, world, titel="Snoeien in het park")
    await posted(db, world, titel="Tellen")
    await tell_searches(db, settings(place))
    said = await told(db, place, world, "cato")
    assert sorted(said) == ["Nieuw bij je zoekopdracht: Snoeien in het park.", "Nieuw bij je zoekopdracht: Tellen."]
    await tell_searches(db, settings(place))
    await yesterday(owner)
    await tell_searches(db, settings(place))
    assert len(await told(db, place, world, "cato")) == 2, "two searches find it, on two days; it is told once"
    assert await owner.fetchval("select count(*) from saved_search_told where klus_id = $1", fresh.id) == 1


async def test_at_most_once_a_day_and_many_wait_for_the_next(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await save(db, world, wish=Wish())
    await yesterday(owner)
    for number in range(AT_ONCE + 3):
        await posted(db, world, titel=f"Klus {number}")
    assert len(await found(db, world)) == AT_ONCE
    assert await found(db, world) == []
    await owner.execute("update saved_search_told set at = at - interval '1 day'")
    assert len(await found(db, world)) == 3


async def test_not_ones_own_nor_one_that_one_is_on(db: Database, world: World, owner: asyncpg.Connection) -> None:
    for who in ("aya", "cato"):
        await save(db, world, who, Wish())
    await yesterday(owner)
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    assert await found(db, world, "aya") == []
    assert await found(db, world, "cato") == []


async def test_the_mail_of_the_day_has_it_and_nothing_found_is_no_mail(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await daytime(owner)
    await save(db, world)
    await owner.execute(
        "insert into notice_choice (person_id, kind, mail) values ($1, 'zoeken', 'direct')", world.people["cato"]
    )
    async with mail_server() as box:
        await yesterday(owner)
        await tell_searches(db, settings(place, box.port))
        await gather_mail(db, settings(place, box.port))
        await deliver_mail(db, settings(place, box.port))
        assert box.mails == [], "nothing found, nothing said"
        await yesterday(owner)
        await posted(db, world, titel="Snoeien in het park")
        await tell_searches(db, settings(place, box.port))
        assert await owner.fetchval("select mail from notice") == "dag", (
            "'at once' is not offered for this: at most daily"
        )
        await owner.execute("update notice set at = at - interval '1 day'")
        await gather_mail(db, settings(place, box.port))
        await deliver_mail(db, settings(place, box.port))
        (mail,) = box.mails
        assert "Nieuw bij je zoekopdracht: Snoeien in het park." in mail.get_body(("plain",)).get_content()
        assert mail["List-Unsubscribe"] and ".zoeken." in mail["List-Unsubscribe"]


async def test_ten_at_most_twice_is_once_and_only_mine_goes(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    for number in range(MOST):
        await save(db, world, wish=Wish(search=f"woord{number}"))
        await save(db, world, wish=Wish(search=f"woord{number}"))
    with pytest.raises(Conflict):
        await save(db, world, wish=Wish(search="nog een"))
    async with db.begin() as session:
        mine = await searches_of(session, world.people["cato"])
        assert len(mine) == MOST
        with pytest.raises(NotFound):
            await drop_search(session, mine[0].id, by=world.actor("bram"), at=await now(session))
        await drop_search(session, mine[0].id, by=world.actor("cato"), at=await now(session))
        assert len(await searches_of(session, world.people["cato"])) == MOST - 1
