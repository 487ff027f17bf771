"""The large municipality holds together at any size; every GET address is measured or named with its reason; people at work get no error."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest
import uvloop

from teams.app import create_app
from teams.decisions.check import changed_decision
from teams.demo.bench.load import load
from teams.demo.bench.scale import ACTS, Line, Spent, drawn, measures, provide, scale
from teams.demo.bench.scale_pages import CALLS, NOT_ASKED, PAGES
from teams.demo.big import Size, big
from teams.demo.big.rows import FUNCTIONS
from teams.demo.postgres import Server, embedded
from teams.kit.settings import Settings
from teams.ledger.check import verify
from tests.world import TODAY

SMALL = Size(0.0005, least=3)
SCIM = "/scim/"
_WRONG = """
    select (select count(*) from claim c where not exists (select from klus k where k.id = c.klus_id)) as klus,
        (select count(*) from klus k where not exists (select from team t where t.id = k.team_id)) as team,
        (select count(*) from decision d where not exists (select from role r where r.id = d.role_id) and d.role_id is not null) as role,
        (select count(*) from decision d where not exists (select from person p where p.id = d.person_id)) as person,
        (select count(*) from journal_subject s where not exists (select from journal j where j.id = s.entry)) as entry,
        (select count(*) from team_version v where v.parent_id is not null and not exists (select from team t where t.id = v.parent_id)) as parent,
        (select count(*) from klus k where k.taken <> (select count(*) from claim c where c.klus_id = k.id and c.seat is not null)) as taken,
        (select count(*) from (select year from decision group by year having count(*) <> max(serial)) x) as gaps
"""


def test_every_get_address_is_measured_or_has_a_reason() -> None:
    app = create_app(Settings(database_url="postgresql://teams_app@localhost/none")).app
    known = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if "GET" in handler.http_methods and not route.path.startswith(SCIM)
    }
    asked = {_route_of(seen.address, known) for seen in (*PAGES, *CALLS)}
    assert None not in asked
    assert known - asked - set(NOT_ASKED) == set(), "measure it in scale_pages, or say there why not"
    assert set(NOT_ASKED) <= known


def _route_of(address: str, known: set[str]) -> str | None:
    path = re.sub(r"\?.*", "", address).replace("{}", "01a162e9-0200-700a-af38-e08b98bf4000")
    fitting = [
        route
        for route in known
        if re.fullmatch(re.sub(r"\{[^}]+:path\}", ".+", re.sub(r"\{[^}:]+(:(?!path)[a-z]+)?\}", "[^/]+", route)), path)
    ]
    return min(fitting, key=lambda route: route.count("{"), default=None)


def test_growth_is_weighed_against_two_or_what_is_told_and_a_fault_is_no_success() -> None:
    calm, double = Spent(3, 200, 4, 1, 6), Spent(3, 500, 9, 3, 20)
    lines = [
        Line("kalm", spent=[calm, calm]),
        Line("groeit", spent=[calm, double]),
        Line("vertelt meer", [10, 40], [calm, double]),
        Line("vertelt evenveel", [10, 10], [calm, double]),
        Line("stuk", fault="503"),
    ]
    found = {m.what: m.good for m in measures(lines)}
    assert found == {
        "kalm: rekentijd": True, "kalm: blokken": True, "groeit: rekentijd": False, "groeit: blokken": False,
        "vertelt meer: rekentijd": True, "vertelt meer: blokken": True,
        "vertelt evenveel: rekentijd": False, "vertelt evenveel: blokken": False, "stuk": False,
    }  # fmt: skip
    assert all(line.what in drawn(lines, (0.01, 1.0)) for line in lines)


async def test_ids_of_copies_follow_time_as_real_ones_do(server: Server) -> None:
    """RFC 9562, 6.2: copies lie apart and keep the order of what they copy; of one moment the order is that of n."""
    connection = await asyncpg.connect(server.url("postgres", "postgres"))
    change = connection.transaction()
    await change.start()
    try:
        await connection.execute(FUNCTIONS)
        made = await connection.fetch(
            "with made as materialized (select g, uuidv7() as id from generate_series(1, 300) g)"
            " select n, g, big_id(id, n) as id from made, generate_series(0, 2) n"
        )
        again = await connection.fetch(
            "select n, big_at('2020-02-01'::timestamptz + n / 5000 * interval '1 ms', 'klus', n) as id from generate_series(0, 12000) n"
        )
        at = await connection.fetchval("select uuid_extract_timestamp(big_at('2020-02-01T10:00:00.123Z', 'klus', 7))")
    finally:
        await change.rollback()
        await connection.close()
    assert [(-row["n"], row["g"]) for row in sorted(made, key=lambda row: row["id"])] == sorted(
        (-row["n"], row["g"]) for row in made
    )
    assert [row["n"] for row in sorted(again, key=lambda row: row["id"])] == list(range(12001))
    assert {row["id"].version for row in (*made, *again)} == {7} and len(
        {row["id"] for row in (*made, *again)}
    ) == 12901
    assert at == datetime(2020, 2, 1, 10, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.long
async def test_a_part_of_the_large_municipality_holds_together_and_its_log_verifies(
    server: Server, tmp_path: Path
) -> None:
    boss = await asyncpg.connect(server.url("postgres", "postgres"))
    try:
        made = await big(server, "big_small", SMALL, today=TODAY, folder=tmp_path)
        connection = await asyncpg.connect(server.url("postgres", made.name))
        checked = await verify(connection)
        assert checked.leaves > 300 + SMALL.decisions + 2 * 1_000 and checked.heads and not checked.waiting
        assert await changed_decision(connection) is None
        assert set(dict(await connection.fetchrow(_WRONG)).values()) == {0}
        assert await connection.fetchval("select count(*) from team") == 28 * SMALL.places
        assert await connection.fetchval("select count(*) from klus") == 400 + SMALL.klussen
        assert (
            await connection.fetchval(
                "select count(*) from home_team h where not exists (select from team t where t.id = h.team_id)"
            )
            == 0
        )
        await connection.close()
    finally:
        await boss.execute("drop database if exists big_small with (force)")
        await boss.close()


@pytest.mark.long
def test_pages_acts_and_people_at_work_get_no_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with embedded(tmp_path / "pg", fast=True, counted=True) as server:
        for part in (0.001, 0.002):
            uvloop.run(provide(server, part, tmp_path / "keys", date.today(), Size(part, least=2)))
        found = uvloop.run(scale(server, create_app, tmp_path / "keys", parts=(0.001, 0.002), rounds=1, calls=1))
        assert [m.note for m in found if m.least == 1] == []
        assert len(found) == 2 * (len(PAGES) + len(CALLS) + len(ACTS))
        told = {m.what: m for m in uvloop.run(load(server, "schaal_0_002", create_app, seconds=15, rate=20))}
    assert told["fouten"].good, told["fouten"].note
