"""Small measures against attackers, each shown once: passwords, sessions, secrets, hashes, proxies, TLS (standards 2)."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar

from teams.auth import passwords, sessions
from teams.auth.actions import create_token, set_known_password
from teams.auth.feeds import create_feed
from teams.http.gate import Gate
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
    [("10.0.0.9", "1.2.3.4", "10.0.0.9"), ("127.0.0.1", "1.2.3.4", "1.2.3.4"), ("127.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"), ("127.0.0.1", "", "127.0.0.1")],
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
    assert re.findall(r"ssl_protocols (.+);", NGINX) == ["TLSv1.2 TLSv1.3"]
    ciphers = re.findall(r"ssl_ciphers (.+);", NGINX)[0].split(":")
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)", one) for one in ciphers
    )
    assert "return 301 https://$host$request_uri" in NGINX and "ssl_session_tickets off" in NGINX
    assert "autoindex" not in NGINX and "server_tokens off" in NGINX and "X-Forwarded-For $remote_addr" in NGINX


def test_no_secret_comes_from_a_guessable_source() -> None:
    """`random` is for made-up towns only; codes, ids and keys come from the operating system."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert "random" not in names or path.relative_to(SOURCE).parts[0] == "demo", path
