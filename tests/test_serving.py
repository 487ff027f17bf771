"""`teams serve` as operations see it: figures on a port of their own, JSON lines, and a stop that nobody notices."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.places import Place


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(place: Place, workers: int, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "teams", "serve", "--port", str(port), "--workers", str(workers)],
        env=kept | {"TEAMS_DATABASE_URL": place.url(), **settings}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 40
        while status(port) != 200:
            assert process.poll() is None and time.monotonic() < deadline, "does not start"
            time.sleep(0.05)
        yield process, port
    finally:
        process.kill()
        process.communicate()


def status(port: int, path: str = "/health/ready") -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stop_is_announced_before_it_comes(place: Place, workers: int) -> None:
    with serving(place, workers, TEAMS_DRAIN_SECONDS="1.5") as (process, port):
        process.send_signal(signal.SIGTERM)
        begin, seen = time.monotonic(), []
        while process.poll() is None and time.monotonic() - begin < 30:
            seen.append((time.monotonic() - begin, status(port), status(port, "/health/live")))
            time.sleep(0.1)
    drained = [moment for moment, ready, live in seen if ready == 503 and live == 200]
    assert drained and drained[-1] - drained[0] > 0.8, seen
    assert process.returncode in (0, -signal.SIGTERM)


async def test_figures_and_json_lines_hold_no_secret(place: Place) -> None:
    metrics = free_port()
    with serving(place, 1, TEAMS_LOG="json", TEAMS_METRICS_PORT=str(metrics)) as (process, port):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/inloggen?next=geheim123",
            headers={"Cookie": "__Host-session=" + "K" * 43, "User-Agent": '{"level":"x"}'},
        )
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=10).read()
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=10) as answer:
            figures = answer.read().decode()
        assert status(port, "/metrics") == 404
        process.send_signal(signal.SIGTERM)
        _out, lines = process.communicate(timeout=30)
    assert re.search(r'teams_requests_total\{method="GET",route="/inloggen",status="200"\} 1', figures), figures
    found = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    (line,) = [one for one in found if one.get("object") == "/inloggen"]
    assert {"action", "object", "result", "origin", "actor", "timestamp", "request", "level"} <= line.keys()
    assert line["timestamp"].endswith("Z") and line["result"] == 200 and line["actor"] is None
    assert "geheim123" not in lines and "KKKK" not in lines and '"x"' not in lines
