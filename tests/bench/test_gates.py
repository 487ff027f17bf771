"""Every gate of `teams bench` at a twentieth of the size, with loose bounds: it measures, and it would notice a collapse."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvloop

from teams.app import create_app
from teams.demo.bench import LIVE, MANY, SOME
from teams.demo.bench.claims import claims, people_and_klussen, stress
from teams.demo.bench.crowd import GROUND, crowd, drop, more_live, provide
from teams.demo.bench.growth import WISHES, growth
from teams.demo.bench.measure import Measure
from teams.demo.bench.memory import memory
from teams.demo.bench.pages import counts, pages, weight
from teams.demo.postgres import Server
from tests.world import TODAY

PART = 20
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Towns:
    """Databases of a small, a middle and a large municipality."""

    few: str
    some: str
    many: str


@pytest.fixture(scope="module")
def towns(server: Server) -> Iterator[Towns]:
    async def fill() -> Towns:
        await provide(server, TODAY)
        sizes = ((500, 50), (SOME // PART, LIVE // PART), (MANY // PART, LIVE // PART))
        return Towns(*[await crowd(server, klussen, live=live, today=TODAY) for klussen, live in sizes])

    made = uvloop.run(fill())
    yield made
    uvloop.run(drop(server, GROUND, made.few, made.some, made.many))


def by_name(measures: list[Measure]) -> dict[str, float]:
    return {measure.what: measure.value for measure in measures}


async def test_queries_of_a_page_do_not_grow_with_the_rows(server: Server, towns: Towns) -> None:
    small, large = [await counts(server, name, create_app) for name in (towns.few, towns.many)]
    assert [m for m in (*small, *large) if not m.good] == []
    assert by_name(small) == by_name(large)


async def test_the_list_is_light_over_the_wire(server: Server, towns: Towns) -> None:
    first, then = await weight(server, towns.some, create_app)
    assert first.good and then.good, (first, then)
    assert then.value < first.value


async def test_pages_stay_near_raw_asyncpg_with_the_same_template(server: Server, towns: Towns) -> None:
    found = by_name(await pages(server, towns.some, create_app, rounds=2, calls=40))
    for what in ("lijst", "klus"):
        assert found[f"{what}: deel van kale asyncpg + zelfde sjabloon"] > 20
        assert found[f"{what}: rekentijd heel verzoek"] < 30


async def test_a_claim_stays_near_pgbench_and_withdrawers_break_nothing(server: Server, towns: Towns) -> None:
    """R1, R5: seats and hours hold while people withdraw."""
    await people_and_klussen(server, towns.some, TODAY)
    found = by_name(await claims(server, towns.some, create_app, rounds=2, calls=160))
    assert found["handeling: deel van dezelfde opdrachten onder pgbench"] > 8
    assert found["handeling: rekentijd Python"] < 15
    assert [m for m in await stress(server, towns.some, seconds=1) if not m.good] == []


async def test_the_list_does_not_slow_down_with_the_table(server: Server, towns: Towns) -> None:
    found = await growth(server, towns.few, towns.many, rounds=3, calls=5, gate=6)
    assert [m for m in found if not m.good] == []
    await more_live(server, towns.many, MANY // PART, live=MANY // PART // 10, today=TODAY)
    harder = await growth(server, towns.few, towns.many, rounds=1, calls=2, gate=None)
    assert [m.what for m in harder] == list(WISHES)


def test_web_and_work_fit_in_their_memory(server: Server, towns: Towns) -> None:
    assert [m for m in memory(server, towns.some) if not m.good] == []
