"""`teams demo`: PostgreSQL, Zandermeer, web, work and signer on this machine, until Ctrl-C."""

import asyncio
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import asyncpg

from teams.auth.actions import create_token
from teams.auth.sessions import visitor_by_token
from teams.demo.postgres import AlreadyRunning, Server, StartFailed, embedded, tie_to_parent
from teams.demo.seed import MUNICIPALITY, PASSWORD, is_empty, seed
from teams.jobs.logboek import begin_once
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database, plain_url
from teams.kit.faults import Stopped, need_port
from teams.kit.migrate import migrate, provide_roles
from teams.ledger.memory import Files

HOST = "127.0.0.1"
LOG_ORIGIN = "mandaat.zandermeer.example/log1"
WORKS_COUNCIL = "OR 2026-03, 12 maart 2026"
NAME = "teams"
ACCOUNTS = (
    "medewerker", "collega", "rolvervuller", "facilitator", "secretaris", "controller", "wethouder", "griffie", "beheer",
)  # fmt: skip
_PATIENCE = 60.0


@dataclass(frozen=True)
class Demo:
    """What was asked for on the command line."""

    folder: Path
    port: int = 8000
    fresh: bool = False
    today: date | None = None
    reload: bool = False

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def default_folder() -> Path:
    """`data/` in a checkout; an installed wheel keeps its data in the home folder."""
    checkout = Path(__file__).parents[3]
    return checkout / "data" if (checkout / "pyproject.toml").exists() else Path.home() / ".local/share/teams-demo"


def run(demo: Demo) -> int:
    """Goes on until Ctrl-C or SIGTERM (0), or until a part of it ends (1)."""
    for name in (signal.SIGINT, signal.SIGTERM):  # a shell starts background jobs deaf to Ctrl-C
        signal.signal(name, signal.default_int_handler)
    try:
        with _all_of(demo) as children:
            while all(child.poll() is None for child in children):
                time.sleep(0.2)
        raise Stopped("een onderdeel van de demo is gestopt; hierboven staat waarom")
    except KeyboardInterrupt:
        say("gestopt")
        return 0
    except (Stopped, AlreadyRunning, StartFailed, OSError) as error:
        say(str(error))
        return 1


@contextlib.contextmanager
def _all_of(demo: Demo) -> Iterator[list[subprocess.Popen[bytes]]]:
    need_port(HOST, demo.port)
    with contextlib.ExitStack() as stack:
        try:
            yield _start(demo, stack)
        finally:
            for name in (signal.SIGINT, signal.SIGTERM):
                signal.signal(name, signal.SIG_IGN)  # what is stopping is not interrupted


def _start(demo: Demo, stack: contextlib.ExitStack) -> list[subprocess.Popen[bytes]]:
    say("database starten")
    server = stack.enter_context(embedded(demo.folder, fresh=demo.fresh))
    asyncio.run(_provide(server))
    owner = server.url("teams_owner")
    migrate(owner)
    if asyncio.run(is_empty(owner)):
        begin = time.monotonic()
        shutil.rmtree(_signer_files(demo).key.parent, ignore_errors=True)  # it signed another log
        asyncio.run(seed(owner, demo.today or _today(), say))
        say(f"Zandermeer staat klaar ({time.monotonic() - begin:.0f} s)")
    accounts = asyncio.run(_accounts(server, demo))
    say("web, werk en ondertekenaar starten")
    asyncio.run(begin_once(server.url("teams_signer"), _signer_files(demo), LOG_ORIGIN))
    children = [stack.enter_context(_child(demo, words, server)) for words in _commands(demo)]
    _wait_until_ready(demo, children)
    _tell(demo, accounts)
    return children


def _signer_files(demo: Demo) -> Files:
    return Files(demo.folder / "ondertekenaar" / "sleutel", demo.folder / "ondertekenaar" / "geheugen.json")


async def _provide(server: Server) -> None:
    """Roles and an empty database; one whose filling was broken off is thrown away first."""
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    try:
        if await _half_filled(server):
            await boss.execute(f"drop database {NAME} with (force)")
            await boss.execute(f"create database {NAME}")
    finally:
        await boss.close()
    await provide_roles(server.url(), NAME)


async def _half_filled(server: Server) -> bool:
    connection = await asyncpg.connect(plain_url(server.url()))
    try:
        return bool(
            await connection.fetchval("select to_regclass('klus') is not null")
            and await connection.fetchval("select exists (select from organisation) and not exists (select from klus)")
        )
    finally:
        await connection.close()


def _commands(demo: Demo) -> tuple[list[str], ...]:
    serve = ["serve", "--host", HOST, "--port", str(demo.port), *(["--reload"] if demo.reload else [])]
    return serve, ["work"], ["sign"]


@contextlib.contextmanager
def _child(demo: Demo, words: list[str], server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """A part of Teams as a process of its own: in its own session, so that Ctrl-C reaches only us."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")} | {
        "TEAMS_DATABASE_URL": server.url("teams_app"),
        "TEAMS_SIGNER_DATABASE_URL": server.url("teams_signer"),
        "TEAMS_SIGNER_KEY": str(_signer_files(demo).key),
        "TEAMS_SIGNER_STATE": str(_signer_files(demo).state),
        "TEAMS_LOG_ORIGIN": LOG_ORIGIN,
        "TEAMS_WORKER_DATABASE_URL": server.url("teams_worker"),
        "TEAMS_DEMO": "true",
        "TEAMS_SECURITY_CONTACT": "mailto:beveiliging@zandermeer.example",
        "TEAMS_HOSTS": f"{HOST},localhost",
        "TEAMS_MUNICIPALITY": MUNICIPALITY,
        "TEAMS_WORKS_COUNCIL": WORKS_COUNCIL,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "teams", *words],
        env=env, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=tie_to_parent(),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(demo: Demo, children: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise Stopped("web of werk start niet; hierboven staat waarom")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, demo.port, timeout=5)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.05)
    raise Stopped(f"de webserver antwoordt niet binnen {_PATIENCE:.0f} seconden")


async def _accounts(server: Server, demo: Demo) -> list[dict[str, str]]:
    """The demo's accounts with a token each; a token that still works is kept."""
    file = demo.folder / "demo.json"
    kept: dict[str, str] = {}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = {account["email"]: account["token"] for account in json.loads(file.read_text())["accounts"]}
    emails = [f"{name}@zandermeer.example" for name in ACCOUNTS]
    database = Database(server.url("teams_app"), pool=1)
    found = []
    try:
        async with database.begin() as session:
            for email in emails:
                visitor = await visitor_by_token(session, kept.get(email, ""))
                token = (
                    kept[email] if visitor and visitor.email == email else await create_token(session, email, "demo")
                )
                found.append({"email": email, "password": PASSWORD, "token": token})
    finally:
        await database.close()
    content = {
        "url": demo.url,
        "databaseUrl": server.url("teams_app"),
        "ownerDatabaseUrl": server.url("teams_owner"),
        "accounts": found,
    }
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(json.dumps(content, indent=2) + "\n")
    new.replace(file)
    return found


def _tell(demo: Demo, accounts: list[dict[str, str]]) -> None:
    width = max(len(account["email"]) for account in accounts)
    lines = [f"teams: klaar op {demo.url}", "", f"  {'e-mailadres':{width}}  wachtwoord"]
    lines += [f"  {account['email']:{width}}  {account['password']}" for account in accounts]
    lines += ["", f"  API-tokens en adressen van de database: {demo.folder / 'demo.json'}", "  Stoppen: Ctrl-C"]
    print("\n".join(lines), flush=True)


def _today() -> date:
    return datetime.now(AMSTERDAM).date()


def say(message: str) -> None:
    print(f"teams: {message}", file=sys.stderr, flush=True)
