"""The sample: nobody chooses, anybody can repeat it, each decision judged, one finding."""

import hashlib
from datetime import UTC, datetime

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.account.actions.samples import draw_sample, find, judge
from teams.account.forms import FindingForm, JudgeForm
from teams.account.periods import period_of
from teams.account.queries.samples import sample_for
from teams.account.rules import drawn
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed
from tests.account.acts import decision, do, head, log_it, refused
from tests.conftest import Place
from tests.world import World

QUARTER = period_of("2026-K3")
ROOT = bytes(range(32))
AFTER = datetime(2026, 10, 2, tzinfo=UTC)
GOOD, BAD = JudgeForm(oordeel="in_orde"), JudgeForm(oordeel="niet_in_orde", notitie="Advies ontbreekt.")
FINE = FindingForm(oordeel="in_orde", bevinding="Het beeld klopt.")


@settings(max_examples=30)
@given(st.binary(min_size=32, max_size=32), st.sets(st.integers(1, 99_999), max_size=80))
def test_the_draw_is_a_rule_that_an_outsider_can_repeat(root: bytes, serials: set[int]) -> None:
    """As one would with `printf '%s:%s' ROOT NUMBER | sha256sum | sort | head -25`."""
    numbers = [f"2026-{serial:05}" for serial in serials]
    lines = sorted((hashlib.sha256(f"{root.hex()}:{number}".encode()).hexdigest(), number) for number in numbers)
    assert drawn(root, numbers) == drawn(root, reversed(numbers)) == [number for _, number in lines[:25]]


async def test_drawn_by_the_first_head_after_the_period_that_covers_it(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    numbers = [(await decision(owner, world))[1] for _ in range(40)]
    _, own = await decision(owner, world, "sef", role="secretaris")
    _, later = await decision(owner, world, at=datetime(2026, 10, 1, 0, 30, tzinfo=UTC))
    await log_it(place)
    await head(owner, 20, AFTER, b"\x01" * 32)
    assert isinstance(await refused(db, draw_sample, QUARTER, by=world.actor("kees")), Conflict), "not all are covered"
    await head(owner, 41, datetime(2026, 9, 30, tzinfo=UTC), b"\x02" * 32)
    await head(owner, 42, AFTER, ROOT)
    await head(owner, 43, AFTER, b"\x03" * 32)
    made = await do(db, draw_sample, QUARTER, by=world.actor("kees"))
    async with db.read() as session:
        row, items = await sample_for(session, made, world.actor("kees"))
    assert (row.head_size, row.population) == (42, 41)
    assert [item.number for item in items if item.why == "loting"] == drawn(ROOT, [*numbers, own])
    assert own in {item.number for item in items} and later not in {item.number for item in items}
    assert isinstance(await refused(db, draw_sample, QUARTER, by=world.actor("kees")), Conflict), "once"


async def test_only_the_controller_draws_judges_and_finds(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    for _ in range(3):
        await decision(owner, world)
    await log_it(place)
    await head(owner, 3, AFTER, ROOT)
    for who in ("sef", "wil", "aya", "beer", "gea"):
        assert isinstance(await refused(db, draw_sample, QUARTER, by=world.actor(who)), NotAllowed)
    kees = world.actor("kees")
    made = await do(db, draw_sample, QUARTER, by=kees)
    assert isinstance(await refused(db, judge, made, 1, GOOD, by=world.actor("sef")), NotAllowed)
    assert isinstance(await refused(db, find, made, FINE, by=kees), Conflict), "not everything is judged"
    for position, form in ((1, GOOD), (2, BAD), (3, GOOD)):
        await do(db, judge, made, position, form, by=kees)
    refusal = await refused(db, find, made, FINE, by=kees)
    assert refusal.reasons[0].code == "niet_af", "'in order' does not fit what was judged"
    await do(db, find, made, FindingForm(oordeel="met_punten", bevinding="Eén punt."), by=kees)
    assert isinstance(await refused(db, judge, made, 2, GOOD, by=kees), Conflict), "a finding stands"
    verbs = [
        row[0]
        for row in await owner.fetch("select verb from journal where accountable and verb like 'sample.%' order by id")
    ]
    assert verbs == ["sample.drawn", "sample.found"]


async def test_a_period_that_runs_or_is_empty_has_no_sample(db: Database, world: World) -> None:
    assert isinstance(await refused(db, draw_sample, period_of("2198-K1"), by=world.actor("kees")), Conflict)
    assert (await refused(db, draw_sample, period_of("2025-K1"), by=world.actor("kees"))).reasons[0].code == "leeg"
