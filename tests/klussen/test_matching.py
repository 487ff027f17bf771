"""Matching: only the rules that stand on the page, one line each, the same for everyone; numbers for who posts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from teams.jobs.reach import count_reach
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.hours import Hours, Span
from teams.klussen.listing import ORDERS, Wish, list_klussen
from teams.klussen.matching import Level, Wishes, rules_of, why
from teams.klussen.matching_queries import SMALL, invitable, matches_for, reach_of, spread
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

DAY = TODAY.toordinal()
SKILLS = ("Fotograferen", "Notuleren", "Snoeien")


def klus(skills: tuple[str, ...] = ("Snoeien",), hours: int = 6, kind: str = "klus") -> Any:
    return SimpleNamespace(
        skills=skills, kind=kind, starts=TODAY + timedelta(days=3), ends=TODAY + timedelta(days=30), hours_total=None,
        hours_min=Decimal(hours), hours_max=Decimal(hours),
    )  # fmt: skip


def free(hours: int) -> Hours:
    return Hours([Span(DAY - 100, DAY + 999, hours * 10)], (), (), ())


async def able(owner: asyncpg.Connection, person: UUID, skill: str, level: int = 2) -> None:
    await owner.execute("insert into skill (name) values ($1) on conflict do nothing", skill)
    await owner.execute(
        "insert into person_skill (person_id, skill_id, level) select $1, id, $3 from skill where name = $2"
        " on conflict (person_id, skill_id) do update set level = $3",
        person, skill, level,
    )  # fmt: skip


@given(
    asked=st.sets(st.sampled_from(SKILLS), min_size=1),
    mine=st.dictionaries(st.sampled_from(SKILLS), st.sampled_from(list(Level))),
    hours=st.integers(1, 20), room=st.integers(0, 20), most=st.none() | st.integers(1, 20),
    kinds=st.sets(st.sampled_from(["klus", "project"])),
)  # fmt: skip
def test_every_rule_has_its_line_and_nothing_else_counts(
    asked: set[str], mine: dict[str, Level], hours: int, room: int, most: int | None, kinds: set[str]
) -> None:
    wishes = Wishes(hours_most=None if most is None else Decimal(most), kinds=frozenset(kinds))
    offered = klus(tuple(sorted(asked)), hours)
    rules = {rule.code: rule for rule in rules_of(offered, mine, wishes, free(room), TODAY)}
    assert ("kan" in rules) == any(mine.get(name, 0) >= Level.CAN for name in asked)
    assert ("leert" in rules) == any(mine.get(name) == Level.LEARNS for name in asked)
    assert ("mist" in rules) == bool(asked - set(mine))
    assert rules["uren"].holds == (hours <= room)
    assert ("wens_uren" in rules) == (most is not None)
    assert most is None or rules["wens_uren"].holds == (hours <= most)
    assert not kinds or rules["wens_soort"].holds == ("klus" in kinds)
    lines = why(offered, mine, wishes, free(room), TODAY)
    fits = bool(asked & set(mine)) and all(rule.holds for code, rule in rules.items() if code != "mist")
    assert bool(lines) == fits
    assert [line.code for line in lines] == ([code for code, rule in rules.items() if rule.holds] if fits else [])


async def test_one_person_sees_what_fits_in_two_queries(db: Database, world: World, owner: Any) -> None:
    cato = world.people["cato"]
    await able(owner, cato, "Snoeien")
    await able(owner, cato, "Notuleren", Level.LEARNS)
    await posted(db, world, titel="Twee", vaardigheden=["Snoeien", "Notuleren"])
    await posted(db, world, titel="Leren", vaardigheden=["Notuleren"])
    await posted(db, world, titel="Kan", vaardigheden=["Snoeien", "Fotograferen"])
    await posted(db, world, titel="Te veel uren", vaardigheden=["Snoeien"], urenMin=20, urenMax=20)
    await posted(db, world, titel="Iets anders", vaardigheden=["Fotograferen"])
    sent: list[str] = []
    async with db.read() as session:
        event.listen(db.engine.sync_engine, "before_cursor_execute", note := lambda *given: sent.append(given[2]))
        found = await matches_for(session, cato, at=datetime.now(UTC))
        event.remove(db.engine.sync_engine, "before_cursor_execute", note)
        listed = await list_klussen(session, Wish(order="past"), world.actor("cato"), at=datetime.now(UTC))
    assert [match.klus.title for match in found] == ["Twee", "Kan", "Leren"]
    assert len(sent) == 2
    assert [row.title for row in listed.rows][:3] == ["Twee", "Kan", "Te veel uren"]


async def test_a_synonym_finds_the_skill(db: Database, world: World, owner: Any) -> None:
    await posted(db, world, vaardigheden=["Notuleren"])
    await owner.execute("insert into skill_synonym (skill_id, name) select id, 'Verslag maken' from skill")
    async with db.read() as session:
        for wish in (Wish(search="verslag MAKEN"), Wish(skills=("Verslag maken",)), Wish(search="notuleren")):
            assert len((await list_klussen(session, wish, world.actor("cato"), at=datetime.now(UTC))).rows) == 1
        assert not (
            await list_klussen(session, Wish(skills=("Snoeien",)), world.actor("cato"), at=datetime.now(UTC))
        ).rows


async def test_the_name_of_a_skill_finds_a_klus_however_many_are_newer(db: Database, world: World, owner: Any) -> None:
    await posted(db, world, titel="Oud", vaardigheden=["Notuleren"])
    await posted(db, world, titel="Nieuw")
    await owner.execute(
        "insert into klus (title, description, kind, way, state, team_id, role_id, posted_by, places, hours_min, hours_max, hours_total, starts,"
        " ends, accepting, created_at, published_at) select title, description, kind, way, state, team_id, role_id,"
        " posted_by, places, hours_min, hours_max, hours_total, starts, ends, accepting, created_at, published_at"
        " from klus, generate_series(1, 700) where title = 'Nieuw'"
    )
    async with db.read() as session:
        for order in ORDERS:
            wish = Wish(search="notuleren", order=order)
            listed = await list_klussen(session, wish, world.actor("cato"), at=datetime.now(UTC))
            assert [row.title for row in listed.rows] == ["Oud"]


async def test_at_night_only_a_number_is_kept_and_a_small_one_is_not_shown(
    db: Database, world: World, owner: Any
) -> None:
    posting = await posted(db, world, vaardigheden=["Snoeien"])
    people = ("aya", "bram", "cato", "dirk", "sef", "kees")
    for name in people[:4]:
        await able(owner, world.people[name], "Snoeien")
    await able(owner, world.people["beer"], "Snoeien", Level.LEARNS)

    async def counted() -> Any:
        assert await count_reach(db) == 1
        async with db.read() as session:
            return await reach_of(session, posting.id)

    first = await counted()
    assert (first.counted, first.people) == (True, None)
    assert await owner.fetchval("select people from klus_reach") < SMALL
    for name in people:
        await able(owner, world.people[name], "Snoeien")
    kept = await owner.fetchval("select people from klus_reach")
    reach = await counted()
    assert await owner.fetchval("select people from klus_reach") > kept
    assert reach.people == 6, "Beer only wants to learn it"


async def test_the_night_agrees_with_the_page(db: Database, world: World, owner: Any) -> None:
    """Two implementations of the same rule: what each person sees, and the count over all of them."""
    for number, skill in enumerate(SKILLS * 2):
        await posted(db, world, titel=f"Klus {number}", vaardigheden=[skill], urenMin=4 + 3 * number, urenMax=30)
    for number, person in enumerate(world.people.values()):
        await able(owner, person, SKILLS[number % 3])
        await able(owner, person, SKILLS[number % 2])
    await count_reach(db)
    async with db.read() as session:
        at = await now(session)
        seen: dict[UUID, int] = {}
        for person in world.people.values():
            for match in await matches_for(session, person, at=at):
                seen[match.klus.id] = seen.get(match.klus.id, 0) + 1
    kept = {row["klus_id"]: row["people"] for row in await owner.fetch("select klus_id, people from klus_reach")}
    assert {id: count for id, count in kept.items() if count} == seen


async def test_only_who_is_open_is_named_and_by_name(db: Database, world: World, owner: Any) -> None:
    posting = await posted(db, world, vaardigheden=["Snoeien"])
    for name in ("dirk", "cato", "bram"):
        await able(owner, world.people[name], "Snoeien")
        if name != "bram":
            await owner.execute("insert into person_wish (person_id, open) values ($1, true)", world.people[name])
    async with db.read() as session:
        assert [row.name for row in await invitable(session, posting.id, at=datetime.now(UTC))] == [
            "Cato Proef",
            "Dirk Proef",
        ]


async def test_R20_places_with_other_teams_are_spread_over_teams(db: Database, world: World) -> None:
    from teams.klussen.actions.claim import claim_klus

    posting = await posted(db, world)
    for name in ("cato", "aya"):
        async with db.begin() as session:
            await claim_klus(session, posting.id, by=world.actor(name))
    async with db.read() as session:
        rows = {row.name: (row.people, row.places) for row in await spread(session, at=datetime.now(UTC))}
    assert rows["Balie"] == (2, 1)
    assert rows["Groen en Water"] == (2, 0), "a place with the own team is no mobility"
