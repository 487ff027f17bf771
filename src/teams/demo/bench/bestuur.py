"""The map of 2,000 roles, a team's past against its present, and the search against the same SQL alone."""

import json
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any

import asyncpg

from teams.demo.bench.bestuur_town import WORDS, grow
from teams.demo.bench.crowd import crowd, provide
from teams.demo.bench.measure import Measure, interleaved, middle_cpu, middle_wall, ratio
from teams.demo.bench.pages import EMPLOYEE, BuildApp
from teams.demo.bench.visitor import Browser, Sent, sign_in, statements
from teams.demo.postgres import Server
from teams.journal.models import Actor
from teams.kit.db import Database, plain_url
from teams.kit.settings import Settings
from teams.reports.search import search
from teams.structure.moment import Moment

PEOPLE, ROLES, KLUSSEN, LIVE = 15_000, 5_000, 100_000, 5_000
DRAWN, WEEKS, OTHERS = 2_000, 520, 1_000
_HALF = timedelta(weeks=WEEKS // 2)
_SEARCH_MOST, _PAST_MOST, _MAP_CPU, _MAP_WEIGHT = 3, 1.5, 150, 300


async def bestuur(
    server: Server, build: BuildApp, *, today: date, rounds: int, calls: int = 10, part: int = 1
) -> list[Measure]:
    """All of it; `part` 20 is a twentieth of the size."""
    await provide(server, today)
    drawn = await crowd(server, OTHERS // part, live=OTHERS // part // 20, today=today)
    await grow(server, drawn, people=200, teams=DRAWN // part // 15, roles=DRAWN // part, weeks=WEEKS, today=today)
    large = await crowd(server, KLUSSEN // part, live=LIVE // part, today=today)
    await grow(
        server, large, people=PEOPLE // part, teams=ROLES // part // 15, roles=ROLES // part, weeks=1, today=today
    )
    found = await the_map(server, drawn, build, rounds=rounds, calls=calls)
    found += await the_past(server, drawn, build, today=today, rounds=rounds, calls=calls)
    return found + await the_search(server, large, build, rounds=rounds, calls=calls)


async def the_map(server: Server, name: str, build: BuildApp, *, rounds: int, calls: int) -> list[Measure]:
    async with _town(server, name, build) as (database, reader, browser):
        roles = await reader.fetchval(
            "select count(*) from role_version where upper_inf(recorded) and upper_inf(valid)"
        )
        found = []
        for what, url in (("kaart met boom", "/organisatie"), ("tabel", "/organisatie/tabel")):
            with statements(database) as sent:
                answer = await browser.get(url)
            assert answer.status == 200
            costs = await interleaved({"page": _many(browser, url, calls)}, calls, rounds)
            note = f"{roles} rollen"
            found += [
                Measure("bestuur", f"{what}: vragen", len(sent), "", most=8, note=note),
                Measure("bestuur", f"{what}: over de lijn", answer.weight / 1000, "kB", most=_MAP_WEIGHT, note=note),
                Measure("bestuur", f"{what}: rekentijd heel verzoek", middle_cpu(costs["page"]), "ms", most=_MAP_CPU, note=note),
            ]  # fmt: skip
        return found


async def the_past(
    server: Server, name: str, build: BuildApp, *, today: date, rounds: int, calls: int
) -> list[Measure]:
    """A team that changed every week: its page as of halfway, and as known halfway, against its page of today."""
    async with _town(server, name, build) as (database, reader, browser):
        then = today - _HALF
        found = []
        team = await reader.fetchval("select id from team where code = 'OUD'")
        role = await reader.fetchval("select role_id from role_version where team_id = $1 limit 1", team)
        for what, path in (("team", f"/teams/{team}"), ("rol", f"/rollen/{role}")):
            for how, query in (("toen", f"?op={then}"), ("zoals toen bekend", f"?op={then}&bekend={then}")):
                works = {"then": _many(browser, path + query, calls), "now": _many(browser, path, calls)}
                costs = await interleaved(works, calls, rounds)
                blocks = [await _blocks(database, reader, browser, url) for url in (path + query, path)]
                cpu = median(a.cpu / b.cpu for a, b in zip(costs["then"], costs["now"], strict=True))
                note = f"{WEEKS} weken; {middle_cpu(costs['then']):.1f} tegen {middle_cpu(costs['now']):.1f} ms"
                found += [
                    Measure("bestuur", f"{what} {how}: rekentijd tegen vandaag", cpu, "×", most=_PAST_MOST, note=note),
                    Measure("bestuur", f"{what} {how}: blokken tegen vandaag", blocks[0] / blocks[1], "×", most=_PAST_MOST,
                            note=f"{blocks[0]} tegen {blocks[1]} blokken"),
                ]  # fmt: skip
        fresh = await reader.fetchval("select id from team where code = 'NIEUW'")
        blocks = [await _blocks(database, reader, browser, f"/teams/{one}") for one in (team, fresh)]
        found.append(
            Measure("bestuur", "team met verleden tegen team zonder: blokken", blocks[0] / blocks[1], "×",
                    note=f"{blocks[0]} tegen {blocks[1]}, beide van vandaag")
        )  # fmt: skip
        return found


async def the_search(server: Server, name: str, build: BuildApp, *, rounds: int, calls: int) -> list[Measure]:
    """The search and the whole page against its own statements sent by asyncpg alone."""
    async with _town(server, name, build) as (database, reader, browser):
        me = Actor(await reader.fetchval("select person_id from account where email = $1", EMPLOYEE))
        sizes = await reader.fetchrow(
            "select (select count(*) from person) as people, (select count(*) from role) as roles, (select count(*) from klus) as klussen"
        )
        found = []
        for what, word in WORDS.items():
            with statements(database) as sent:
                number = await _look(database, word, me, 1)
            costs = await interleaved(
                {
                    "search": partial(_look, database, word, me, calls),
                    "raw": partial(_raw, reader, sent, calls),
                    "page": _many(browser, f"/zoeken?zoek={word.replace(' ', '+')}", calls),
                },
                calls,
                rounds,
            )
            note = f"{sizes['people']} mensen, {sizes['roles']} rollen, {sizes['klussen']} klussen; {number} gevonden"
            found += [
                Measure("bestuur", f"zoek {what} ({word}): tegen kale SQL", 1 / ratio(costs["search"], costs["raw"]), "×",
                        most=_SEARCH_MOST, note=f"{middle_wall(costs['search']):.1f} tegen {middle_wall(costs['raw']):.1f} ms; {note}"),
                Measure("bestuur", f"zoek {what}: hele bladzijde tegen kale SQL", 1 / ratio(costs["page"], costs["raw"]), "×",
                        note=f"{middle_wall(costs['page']):.1f} ms; rekentijd {middle_cpu(costs['page']):.1f} ms; {len(sent)} vragen"),
            ]  # fmt: skip
        return found


@asynccontextmanager
async def _town(server: Server, name: str, build: BuildApp) -> Any:
    """The app's own door, a bare connection, and a signed-in browser."""
    address = server.url("teams_app", name)
    database, reader = Database(address, pool=2), await asyncpg.connect(plain_url(address))
    try:
        # as every connection of the app: the measure of likeness decides what the index finds
        await reader.execute("set pg_trgm.word_similarity_threshold = 0.4; set timezone = 'UTC'")
        yield database, reader, await sign_in(build(Settings(database_url=address), database), database, EMPLOYEE)
    finally:
        await reader.close()
        await database.close()


def _many(browser: Browser, url: str, calls: int) -> Any:
    async def work() -> None:
        for _ in range(calls):
            assert (await browser.get(url)).status == 200, url

    return work


async def _look(database: Database, word: str, me: Actor, times: int) -> int:
    at, found = datetime.now(UTC), 0
    async with database.read() as session:
        for _ in range(times):
            found = (await search(session, word, me, Moment(at, at, at))).number
    return found


async def _raw(reader: asyncpg.Connection, sent: Sent, times: int) -> None:
    for _ in range(times):
        for statement, parameters in sent:
            await reader.fetch(statement, *parameters)


async def _blocks(database: Database, reader: asyncpg.Connection, browser: Browser, url: str) -> int:
    """8 kB blocks touched, cached or not, by every statement of one page."""
    with statements(database) as sent:
        assert (await browser.get(url)).status == 200
    return sum([await _touched(reader, statement, parameters) for statement, parameters in sent])


async def _touched(reader: asyncpg.Connection, statement: str, parameters: Sequence[Any]) -> int:
    if not statement.lstrip().lower().startswith(("select", "with")):
        return 0
    plan = json.loads(await reader.fetchval(f"explain (analyze, buffers, format json) {statement}", *parameters))
    top = plan[0]["Plan"]
    touched: int = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return touched
