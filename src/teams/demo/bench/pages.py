"""The list and one klus against raw asyncpg with the same template; queries per page; weight over the wire."""

import asyncio
import gzip
import json
import re
from collections import namedtuple
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

import asyncpg
from jinja2 import Template
from litestar import Litestar, Request, Response, get
from markupsafe import Markup

from teams.demo.bench.crowd import COMMON
from teams.demo.bench.measure import Measure, interleaved, middle_cpu, ratio
from teams.demo.bench.visitor import App, Browser, Sent, sign_in, statements
from teams.demo.postgres import Server
from teams.http.gate import SQUEEZE
from teams.http.words import words
from teams.kit.clock import day_of
from teams.kit.db import Database, plain_url
from teams.kit.settings import Settings
from teams.klussen.hours import hours_from
from teams.klussen.queries import KlusSeen
from teams.web import klussen, klussenlijst
from teams.web.drawn import OF_TEAM, Drawn, drawn
from teams.web.pages import environment

EMPLOYEE = "medewerker@zandermeer.example"
LIST = f"/klussen?zoek={COMMON}"
AT_ONCE = 8
BuildApp = Callable[[Settings, Database], App]
_KLUS = "select k.id from klus k join journal_subject s on s.id = k.id where k.state = 'open' and k.taken < k.places and k.way = 'claim' order by k.number desc limit 1"
_ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")


async def pages(server: Server, name: str, build: BuildApp, *, rounds: int, calls: int) -> list[Measure]:
    """Ratios and CPU of the list and of one klus, in the database `name`."""
    address = server.url("teams_app", name)
    database = Database(address)
    pool = await asyncpg.create_pool(plain_url(address), min_size=AT_ONCE, max_size=AT_ONCE, init=_read_json)
    try:
        browser = await sign_in(build(Settings(database_url=address), database), database, EMPLOYEE)
        klus = await pool.fetchval(_KLUS)
        found = []
        for what, url, template in (
            ("lijst", LIST, "klussen/index.html"),
            ("klus", f"/klussen/{klus}", "klussen/show.html"),
        ):
            shown = await _seen(browser, database, url, environment("nl").get_template(template))
            if what == "lijst":
                shown[2]["words"] = await _words(pool, shown[0])
            limit = _list_limit if what == "lijst" else _klus_limit
            handler = _handler(browser, database, klus if what == "klus" else None)
            costs = await interleaved(
                {
                    "ours": _many(partial(browser.get, url), calls),
                    "limit": _many(partial(_plain(partial(limit, pool, *shown)).get, "/"), calls),
                    "handler": _many(handler, calls),
                },
                calls,
                rounds,
            )
            found += [
                Measure("pagina", f"{what}: deel van kale asyncpg + zelfde sjabloon", 100 * ratio(costs["ours"], costs["limit"]),
                        "%", least=50, note=f"dezelfde opdrachten, sjabloon en gzip in een kale Litestar-route; {AT_ONCE} tegelijk"),
                Measure("pagina", f"{what}: rekentijd heel verzoek", middle_cpu(costs["ours"]), "ms", most=3,
                        note="proces-CPU; poort, zitting, Litestar, gzip erbij; geen netwerk"),
                Measure("pagina", f"{what}: rekentijd alleen de handler", middle_cpu(costs["handler"]), "ms"),
                Measure("pagina", f"{what}: rekentijd van de grens", middle_cpu(costs["limit"]), "ms"),
            ]  # fmt: skip
        return found
    finally:
        await pool.close()
        await database.close()


async def counts(server: Server, name: str, build: BuildApp) -> list[Measure]:
    """Queries of each page, the session's own included."""
    address = server.url("teams_app", name)
    database = Database(address)
    try:
        browser = await sign_in(build(Settings(database_url=address), database), database, EMPLOYEE)
        async with database.read() as session:
            connection = await session.connection()
            klus = (await connection.exec_driver_sql(_KLUS)).scalar_one()
        lists = dict.fromkeys(("/klussen", LIST, "/klussen?volgorde=nieuw", "/klussen?zoek=kwikstaartt"), 4)
        found = []
        for url, most in {**lists, f"/klussen/{klus}": 8, "/": 8}.items():
            with statements(database) as sent:
                answer = await browser.get(url)
            assert answer.status == 200, (url, answer.status)
            shown = "/klussen/{id}" if url.endswith(str(klus)) else url
            found.append(
                Measure("vragen", shown, len(sent), "", most=most, note=f"database {name.removeprefix('bench_')}")
            )
        return found
    finally:
        await database.close()


async def weight(server: Server, name: str, build: BuildApp) -> list[Measure]:
    """The list as a browser gets it: first visit with all it links to, then the page alone."""
    address = server.url("teams_app", name)
    database = Database(address)
    try:
        browser = await sign_in(build(Settings(database_url=address), database), database, EMPLOYEE)
        page = await browser.get("/klussen")
        assets = sorted(set(_ASSET.findall(page.text)))
        answers = [await browser.get(url) for url in assets]
        fonts = {
            url for answer in answers if b"css" in answer.headers[b"content-type"] for url in _latin_fonts(answer.text)
        }
        answers += [await browser.get(url) for url in sorted(fonts)]
        assert all(answer.status == 200 for answer in (page, *answers)), assets
        first = page.weight + sum(answer.weight for answer in answers)
        kept = all(b"immutable" in answer.headers[b"cache-control"] for answer in answers)
        return [
            Measure("gewicht", "lijst, eerste bezoek", first / 1000, "kB", most=120,
                    note=f"bladzijde en {len(answers)} bestanden, zoals verstuurd, met koppen"),
            Measure("gewicht", "lijst, daarna", (page.weight if kept else first) / 1000, "kB", most=15,
                    note="de bestanden blijven een jaar in de browser"),
        ]  # fmt: skip
    finally:
        await database.close()


def _latin_fonts(css: str) -> list[str]:
    """The fonts of a style sheet that a Dutch page makes a browser fetch: those whose range holds the letter e."""
    found = []
    for face in _FACE.findall(css):
        ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face, re.I) or [("0", "10FFFF")]
        if any(int(first, 16) <= ord("e") <= int(last or first, 16) for first, last in ranges):
            found += re.findall(r"url\([\"']?(/static/[^\"')]+)", face)
    return found


Shown = tuple[Sent, Template, dict[str, Any]]


async def _seen(browser: Browser, database: Database, url: str, template: Template) -> Shown:
    """What one request sent to the database and gave to its template."""
    context: dict[str, Any] = {}

    def note(*given: Any, **more: Any) -> str:
        context.update(*given, **more)
        return Template.render(template, *given, **more)

    template.render = note  # type: ignore[method-assign]
    try:
        with statements(database) as sent:
            answer = await browser.get(url)
    finally:
        del template.render
    assert answer.status == 200 and context, (url, answer.status)
    return sent, template, context


def _plain(draw: Callable[[], Awaitable[str]]) -> Browser:
    """The limit in the same web server: one route that does nothing but fetch, draw and squeeze."""

    @get("/")
    async def serve() -> Response[bytes]:
        body = gzip.compress((await draw()).encode(), SQUEEZE, mtime=0)
        return Response(body, media_type="text/html; charset=utf-8", headers={"content-encoding": "gzip"})

    return Browser(Litestar([serve], openapi_config=None, logging_config=None), "")


async def _list_limit(pool: asyncpg.Pool, sent: Sent, template: Template, context: dict[str, Any]) -> str:
    """The same statements, rows straight into the same template; the words of each row lie ready."""
    _, rows, _ = await _fetch(pool, sent)
    drawing = environment("nl").get_template("klussen/_klussen.html")
    cards = drawing.render(rows=list(zip(rows, context["words"], strict=True)), of_team=OF_TEAM)
    return template.render(**{**context, "cards": [Markup(cards)]})


async def _words(pool: asyncpg.Pool, sent: Sent) -> list[Drawn]:
    _, rows, side = await _fetch(pool, sent)
    hours = hours_from(json.loads(side[0].hours))
    return [drawn(row, words("nl"), hours=hours, today=day_of(datetime.now(UTC))) for row in rows]


async def _klus_limit(pool: asyncpg.Pool, sent: Sent, template: Template, context: dict[str, Any]) -> str:
    found = await _fetch(pool, sent)
    klus = found[1][0]
    seen = KlusSeen(klus, context["klus"].may_manage, context["klus"].today)
    return template.render(**{**context, "klus": seen, "people": seen.people})


async def _fetch(pool: asyncpg.Pool, sent: Sent) -> list[list[Any]]:
    async with pool.acquire() as connection:
        found = []
        for statement, parameters in sent:
            records = await connection.fetch(statement, *parameters)
            kind = _row(tuple(records[0].keys())) if records else tuple
            found.append([kind(*record) for record in records])
        return found


_KINDS: dict[tuple[str, ...], Any] = {}


def _row(names: tuple[str, ...]) -> Any:
    if names not in _KINDS:
        _KINDS[names] = namedtuple("Row", names, rename=True)
    return _KINDS[names]


def _handler(browser: Browser, database: Database, klus: UUID | None) -> Callable[[], Awaitable[Any]]:
    scope = browser.scope

    async def call() -> Any:
        request: Request[Any, Any, Any] = Request(cast(Any, dict(scope)))
        async with database.read() as session:
            if klus is None:
                return await klussenlijst.index.fn(request, session, scope["state"]["visitor"])
            return await klussen.show.fn(request, klus, session, scope["state"]["visitor"])

    return call


def _many(call: Callable[[], Awaitable[Any]], calls: int) -> Callable[[], Awaitable[None]]:
    async def turn() -> None:
        for _ in range(calls // AT_ONCE):
            await call()

    async def work() -> None:
        await asyncio.gather(*(turn() for _ in range(AT_ONCE)))

    return work


async def _read_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
