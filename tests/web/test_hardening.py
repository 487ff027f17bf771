"""Files, calendars, log lines, log-in and headers that an attacker tries (standards 4, rows 33, 36, 37, 40; 2.4)."""

import contextlib
import csv
import io
import json
import logging
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from litestar import Litestar
from sqlalchemy.exc import DBAPIError

from teams.auth import passwords
from teams.auth.actions import set_known_password
from teams.exchange import logboek, mobiliteit
from teams.exchange.mandaten.words import joined, safe
from teams.exchange.pdf import pdf
from teams.http.gate import COOKIE, CSP, HEADERS, Gate
from teams.http.observe import Observed
from teams.kit import logs
from teams.kit.db import Database
from teams.web import gegevens, toegang
from tests.klussen.test_claim import posted
from tests.web.test_access import concrete, routes
from tests.world import TODAY, World

SOURCE = Path(__file__).parents[2] / "src" / "teams"
FORMULAS = ("=HYPERLINK(1)", "+31", "-1+1", "@SUM(A1)", "\t=1", "\r=1")
EVIL = "Feest\r\nBEGIN:VEVENT\r\nSUMMARY:nep; a, b\\n"


@settings(max_examples=30)
@given(st.sampled_from(("=", "+", "-", "@", "\t", "\r")), st.text(max_size=20))
def test_row_33_no_writer_of_a_table_lets_a_formula_through(sign: str, rest: str) -> None:
    writers: tuple[Callable[[Any], Any], ...] = (
        safe,
        logboek._cell,
        gegevens._cell,
        toegang._cell,
        mobiliteit._written,
    )
    for write in writers:
        assert write(sign + rest) == f"'{sign}{rest}"
    assert joined([sign + rest]) == toegang._cell([sign + rest]) == f"'{sign}{rest}"


def test_row_33_there_is_no_other_writer_of_a_table() -> None:
    """Who writes CSV goes through one of the functions above; who writes a workbook makes no cell a formula."""
    found = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    assert {name for name, text in found.items() if "csv.writer(" in text} == {
        "exchange/logboek.py", "exchange/mandaten/out.py", "exchange/mobiliteit.py", "web/gegevens.py", "web/toegang.py",
    }  # fmt: skip
    for name, text in found.items():
        for made in re.findall(r"xlsxwriter\.Workbook\(.*", text):
            assert '"strings_to_formulas": False' in made, name
        assert ".write_formula(" not in text, name


async def test_row_33_a_name_that_is_a_formula_in_the_access_review(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute("insert into power (code) values ('SUB-01')")
    grant = await owner.fetchval("insert into power_grant (number) values ('M-1') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, ceiling, decided_on, decision, published_on, valid)"
        " values ($1, '{mandaat}', '{orgaan:college}', $2, '{SUB-01}', 9000000, '2026-01-01', 'B&W 1', '2026-01-02', tstzrange('2026-01-03', null))",
        grant, f"rol:{world.roles['boom']}",
    )  # fmt: skip
    await owner.execute("update person set name = '=HYPERLINK(\"http://evil\")' where id = $1", world.people["aya"])
    sef = await visit("sef")
    made = await sef.send_form("/toegang", {"periode": "2026-K3"})
    answer = await sef.get(f"{made.headers['location']}/regels.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert '\'=HYPERLINK("http://evil")' in {row["persoon"] for row in rows}
    assert rows[0]["grens"] == "9000000"
    own = await (await visit("aya")).get("/profiel/gegevens.csv")
    assert all(not row[3].startswith("=") for row in csv.reader(io.StringIO(own.content.decode("utf-8-sig")), delimiter=";"))  # fmt: skip


async def test_row_36_text_stays_in_its_field_of_a_calendar(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world, urenMin=1, van=TODAY + timedelta(days=3))
    await owner.execute("update klus set title = $1 where id = $2", EVIL, klus.id)
    aya = await visit("aya")
    page = (await aya.send_form("/profiel/agenda", {"team": str(world.teams["groen"])})).text
    address = re.search(r"/agenda/[\w-]+\.ics", page)
    assert address is not None
    answer = await (await visit(None)).get(address[0])
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert answer.content.count(b"BEGIN:VEVENT") - answer.content.count(b"\\nBEGIN:VEVENT") == 1
    assert len(events) == 1 and "nep; a, b" in str(events[0]["summary"])
    assert answer.headers["referrer-policy"] == "same-origin" and "no-store" in answer.headers["cache-control"]
    for wrong in ("/agenda/gok.ics", address[0][:-4], address[0].replace(".ics", ".txt"), "/agenda/%00.ics"):
        assert (await (await visit(None)).get(wrong)).status_code in (400, 404), wrong
    assert address[0][8:-4] not in json.dumps([dict(row) for row in await owner.fetch("select * from calendar_feed")], default=str)  # fmt: skip


MINUTES = {
    "titel": "Verslag", "gemeente": "Proefdam", "wanneer": "nu", "plaats": "", "aanwezig": "", "afwezig": "", "bedoeling": "", "lijsten": [],
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["<img src=file:///etc/passwd>", "http://169.254.169.254/", '#read("/etc/passwd")', '#image("/etc/passwd")', "$x$ *b* @ref",
     "👩\u200d👧 \u65e5\u672c \uffff \u0424\u0484"],
)  # fmt: skip
def test_row_37_text_in_a_pdf_is_printed_and_fetches_nothing(text: str) -> None:
    """What people typed is data of a template: an address, a tag, a path and typst's own signs are letters."""
    line = {"wie": text, "stap": text, "tekst": text}
    point = {"kop": text, "door": text, "wat": text, "uitkomst": text, "regels": [line]}
    made = pdf("verslag", MINUTES | {"punten": [point]}, at=datetime(2026, 11, 22, tzinfo=UTC))
    whole = made + b"".join(unpacked(made))
    assert b"/Outlines" in whole, "what the PDF says of itself can be read here"
    for sign in (b"/Annot", b"/URI", b"/XObject", b"/Filespec", b"/JavaScript", b"root:x:0"):
        assert sign not in whole, sign


def unpacked(made: bytes) -> Iterator[bytes]:
    """The packed parts of a PDF."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(found[1])


def test_row_37_no_template_of_a_pdf_reads_anything_but_its_data() -> None:
    for path in (SOURCE.parents[1] / "templates" / "pdf").glob("*.typ"):
        called = set(
            re.findall(
                r"\b(read|image|eval|include|import|plugin|csv|yaml|toml|xml|json|link)\b *[(\"]",
                path.read_text("utf-8"),
            )
        )
        assert called <= {"json", "image"}, path.name
        assert re.findall(r"\bimage\((.*?)[,)]", path.read_text("utf-8")) in ([], ["bytes(data.grafiek"]), path.name


def test_row_40_a_log_line_is_one_line() -> None:
    evil = 'x\r\n{"level":"critical"}\x1b[31m\u2028'
    out = io.StringIO()
    for kind in ("json", "text"):
        before = logging.root.handlers[:]
        try:
            logs.start(kind)
            logging.root.handlers[0].stream = out  # type: ignore[attr-defined]
            logging.getLogger("teams.proef").error("%s", evil, extra={"object": evil})
        finally:
            logging.root.handlers[:] = before
    lines = out.getvalue().split("\n")
    assert len(lines) == 3 and lines[2] == "" and "\r" not in out.getvalue() and "\x1b" not in out.getvalue()
    assert json.loads(lines[0])["message"] == evil and lines[1].startswith("teams: ")


async def test_row_40_an_unknown_address_gets_the_same_answer_after_the_same_work(
    visit: Callable[..., Any], db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.begin() as session:
        await set_known_password(session, world.accounts["aya"], "vier losse woorden samen")
    work: list[str] = []
    verify = passwords._HASHER.verify

    class Counted:
        def verify(self, stored: str, password: str) -> bool:
            work.append(stored.split("$p")[0][:40])
            return verify(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Counted())
    answers = []
    for email in ("aya@proefdam.example", "nooit@proefdam.example", "bram@proefdam.example"):
        client = await visit(None)
        client.session_id = "x" * 40
        client.headers["cookie"] = f"{COOKIE}={client.session_id}"
        answer = await client.send_form("/inloggen", {"email": email, "wachtwoord": "fout fout fout"})
        said = re.sub(r'"csrf"[^>]*|content="[0-9a-f]{48}"', "", answer.text).replace(email, "")
        answers.append((answer.status_code, said))
    assert answers[0] == answers[1] == answers[2], "known, unknown, without a password"
    assert len({cost.split("$")[3] for cost in work}) == 1 and len(work) == 3


async def test_row_40_too_many_tries_say_when_to_come_back(
    visit: Callable[..., Any], owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute(
        "insert into throttle (key, tries) values ('naam:aya@proefdam.example', 8), ('adres:127.0.0.1', 1)"
    )
    client = await visit(None)
    client.session_id = "x" * 40
    client.headers["cookie"] = f"{COOKIE}={client.session_id}"
    answer = await client.send_form("/inloggen", {"email": " AYA@proefdam.example ", "wachtwoord": "x"})
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 900


async def test_a_statement_that_fails_tells_the_log_nothing_of_what_was_typed(db: Database) -> None:
    """BIO2 8.15.02: what the log says of it is this text."""
    with pytest.raises(DBAPIError) as failed:
        async with db.begin() as session:
            await session.execute(
                sqlalchemy.text("select kapot(cast(:typed as text))"), {"typed": "geheim-en-van-iemand"}
            )
    assert "kapot" in str(failed.value) and "geheim" not in str(failed.value)


async def test_a_refused_right_is_a_warning_in_the_log(
    visit: Callable[..., Any], app: Gate, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """ASVS 16.3.2: who, from where, what and that it was refused; also who is not logged in, and a wrong form token."""
    client = await visit("aya")
    observed = httpx.AsyncClient(
        transport=httpx.ASGITransport(Observed(app)), base_url="http://teams.test", headers=client.headers
    )
    with caplog.at_level("INFO", logger="teams.request"):
        assert (await observed.get("/beheer/controle")).status_code == 403
        assert (await observed.post("/profiel/sessies/andere", data={"csrf": "x"})).status_code == 403
        assert (await observed.get("/klussen")).status_code == 200
    await observed.aclose()
    lines = [
        (line.levelname, line.__dict__["result"], line.__dict__["actor"])
        for line in caplog.records
        if "result" in line.__dict__
    ]
    aya = str(world.accounts["aya"])
    assert lines == [("WARNING", 403, aya), ("WARNING", 403, aya), ("INFO", 200, aya)]


def test_what_browsers_are_told() -> None:
    """internet.nl: no inline, no eval, no wildcard, no scheme; HSTS a year with subdomains."""
    rules = dict(part.strip().partition(" ")[::2] for part in CSP.split(";"))
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert set(rules.values()) <= {"'none'", "'self'"}
    assert dict(HEADERS)[b"strict-transport-security"] == b"max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("who", [None, "sef"])
async def test_every_answer_of_every_route_carries_the_headers(
    visit: Callable[..., Any], app: Gate, world: World, who: str | None
) -> None:
    """Pages, API, files, errors, redirects and the stream: nothing goes out bare."""
    client = await visit(who)
    seen: set[int] = set()
    extra = [("GET", "/onzin"), ("GET", "/static/base.css"), ("GET", "/klussen?x=%00"), ("TRACE", "/"), ("HEAD", "/live?volg=persoon")]  # fmt: skip
    for method, path in [*((method, concrete(path)) for method, path, _ in routes(app)), *extra]:
        if path == "/live":
            continue
        answer = await (client.request(method, path) if method != "POST" else client.send_form(path, {}))
        seen.add(answer.status_code)
        given = answer.headers
        for name, value in HEADERS:
            if path != "/api/v1/openapi.json" or name != b"cross-origin-resource-policy":
                assert given.get_list(name.decode()) == [value.decode()], (method, path, name)
        assert answer.status_code != 405 or given["allow"], "RFC 9110"
        assert given["x-request-id"] and "server" not in given and "x-powered-by" not in given
        public = path.startswith(("/static/", "/openbaar/", "/controle", "/logboek", "/.well-known/", "/health/", "/tile", "/checkpoint"))  # fmt: skip
        assert public or "no-store" in given["cache-control"], (method, path, given["cache-control"])
        assert "access-control-allow-origin" not in given or path == "/api/v1/openapi.json", path
        if answer.content:
            assert re.fullmatch(r"[\w.+/-]+(; charset=utf-8)?", given["content-type"]), (path, given["content-type"])
            assert not given["content-type"].startswith("text/") or "charset" in given["content-type"], path
    assert {200, 303, 404, 405} <= seen if who else {200, 303, 401, 404} <= seen


def test_no_debug_page(app: Gate) -> None:
    assert isinstance(app.app, Litestar) and app.app.debug is False


async def test_leaving_clears_what_the_browser_kept(visit: Callable[..., Any], world: World) -> None:
    aya = await visit("aya")
    answer = await aya.send_form("/uitloggen", {})
    assert answer.status_code == 303 and answer.headers["clear-site-data"] == '"cache"'
    assert aya.session_id not in answer.headers["set-cookie"]


async def test_what_is_only_read_changes_nothing(
    visit: Callable[..., Any], app: Gate, owner: asyncpg.Connection, world: World
) -> None:
    """No GET of any route writes an act, nor HEAD."""
    sef = await visit("sef")
    before = await owner.fetchval("select count(*) from journal")
    for method, path, _ in routes(app):
        if method == "GET" and path != "/live":
            await sef.get(concrete(path))
            await sef.head(concrete(path))
    assert await owner.fetchval("select count(*) from journal") == before
