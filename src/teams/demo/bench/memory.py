"""What web and work hold of the machine's memory after two hundred requests: PSS, so that shared pages count once."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from teams.auth.sessions import open_session
from teams.demo.bench.measure import Measure
from teams.demo.bench.pages import EMPLOYEE
from teams.demo.bench.visitor import account_of
from teams.demo.postgres import Server, tie_to_parent
from teams.http.gate import COOKIE
from teams.kit.db import Database

HOST = "127.0.0.1"
REQUESTS = 200
_PATHS = ("/klussen", "/klussen?zoek=buurt", "/", "/organisatie", "/klussen?volgorde=nieuw&vrij=1")
_PATIENCE = 60.0


def memory(server: Server, name: str) -> list[Measure]:
    """Both processes as in service, on the database `name`. Linux only: elsewhere nothing is measured."""
    if not Path("/proc/self/smaps_rollup").exists():
        return []
    cookie = asyncio.run(_session(server, name))
    port = _free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("TEAMS_")} | {
        "TEAMS_DATABASE_URL": server.url("teams_app", name),
        "TEAMS_WORKER_DATABASE_URL": server.url("teams_worker", name),
    }
    with ExitStack() as stack:
        web = stack.enter_context(_child(["serve", "--host", HOST, "--port", str(port)], env))
        work = stack.enter_context(_child(["work"], env))
        _wait(port, web)
        for turn in range(REQUESTS):
            _get(port, _PATHS[turn % len(_PATHS)], cookie)
        sizes = {what: pss(process.pid) / 2**20 for what, process in (("web", web), ("work", work))}
        if work.poll() is not None or web.poll() is not None:
            raise RuntimeError("web of work is gestopt")
    note = ", ".join(f"{what} {size:.0f}" for what, size in sizes.items())
    return [
        Measure("geheugen", f"web en werk na {REQUESTS} verzoeken", sum(sizes.values()), "MiB", most=200, note=note)
    ]


def pss(pid: int) -> int:
    """Bytes of a process and its children."""
    total = 0
    with suppress(FileNotFoundError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(pss(int(child)) for child in (task / "children").read_text().split())
    return total


async def _session(server: Server, name: str) -> str:
    database = Database(server.url("teams_app", name), pool=1)
    try:
        async with database.begin() as session:
            return await open_session(session, await account_of(session, EMPLOYEE), device="bench", old=None)
    finally:
        await database.close()


@contextmanager
def _child(words: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "teams", *words], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True, preexec_fn=tie_to_parent(),
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _get(port: int, path: str, cookie: str = "") -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    headers = {"Accept-Encoding": "gzip", "Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} gaf {answer.status}")


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and web.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            return _get(port, "/health/live")
        time.sleep(0.1)
    raise RuntimeError("de webserver start niet")
