"""`teams serve` as operations see it: figures on a port of their own, JSON lines, and a stop that nobody notices."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.certificates import self_made
from tests.places import Place


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(
    place: Place, workers: int, trusted: ssl.SSLContext | None = None, **settings: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`trusted`: it speaks TLS."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "teams", "serve", "--port", str(port), "--workers", str(workers)],
        env=kept | {"TEAMS_DATABASE_URL": place.url(), **settings}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 150
        while status(port, trusted=trusted) != 200:
            assert process.poll() is None and time.monotonic() < deadline, "does not start"
            time.sleep(0.05)
        yield process, port
    finally:
        with contextlib.suppress(ProcessLookupError):  # its workers hold the pipe open too
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def status(port: int, path: str = "/health/ready", *, trusted: ssl.SSLContext | None = None) -> int:
    address = f"{'https' if trusted else 'http'}://127.0.0.1:{port}{path}"
    try:
        with urllib.request.urlopen(address, timeout=5, context=trusted) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
async def test_a_stop_is_announced_before_it_comes(place: Place, workers: int) -> None:
    with serving(place, workers, TEAMS_DRAIN_SECONDS="2") as (process, port):
        process.send_signal(signal.SIGTERM)
        begin, seen = time.monotonic(), []
        while process.poll() is None and time.monotonic() - begin < 120:
            seen.append((time.monotonic() - begin, status(port), status(port, "/health/live")))
            time.sleep(0.1)
    drained = [moment for moment, ready, live in seen if ready == 503 and live == 200]
    assert drained and drained[-1] - drained[0] > 0.5, seen
    assert process.returncode in (0, -signal.SIGTERM)


@pytest.mark.slow
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
    found = [json.loads(line) for line in lines.splitlines()]
    assert all({"action", "object", "result", "origin", "actor", "timestamp"} <= line.keys() for line in found)
    (line,) = [one for one in found if one.get("object") == "/inloggen"]
    assert {"action", "object", "result", "origin", "actor", "timestamp", "request", "level"} <= line.keys()
    assert line["timestamp"].endswith("Z") and line["result"] == 200 and line["actor"] is None
    assert "geheim123" not in lines and "KKKK" not in lines and '"x"' not in lines


@pytest.mark.slow
async def test_between_proxy_and_program_and_for_the_figures_there_is_tls_only(place: Place, tmp_path: Path) -> None:
    """ASVS 12.3.1, 12.3.3, 12.3.4: with the certificate that was given to it, for who trusts that one, and never without."""
    certificate, key = self_made(tmp_path)
    trusted, metrics = ssl.create_default_context(cafile=str(certificate)), free_port()
    given = {
        "TEAMS_TLS_CERTIFICATE": str(certificate),
        "TEAMS_TLS_KEY": str(key),
        "TEAMS_METRICS_PORT": str(metrics),
    }
    with serving(place, 1, trusted, **given) as (_, port):
        for address, path in ((port, "/health/live"), (metrics, "/metrics")):
            assert status(address, path, trusted=trusted) == 200
            assert status(address, path, trusted=ssl.create_default_context()) == 0
            with pytest.raises((OSError, http.client.HTTPException)):
                plain(address, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")


def plain(port: int, sent: bytes) -> bytes:
    """All that comes back on a bare line."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    if not answer.startswith(b"HTTP/1.1"):
        raise http.client.BadStatusLine(answer[:20].hex())
    return answer


SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"
HIDDEN = [
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    b"Content-Length: 0\r\nContent-Length: 44\r\n", b"Content-Length: 0, 44\r\n", b"Content-Length: +4\r\n",
    b"Content-Length : 4\r\n", b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding: identity, chunked, identity\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", b"Content-Length: 0x4\r\n", b"X: y\nTransfer-Encoding: chunked\r\n",
]  # fmt: skip


@pytest.mark.slow
async def test_a_request_of_two_lengths_hides_no_other(place: Place) -> None:
    """ASVS 4.2.1: whatever two readers may take for the end, there comes one answer, a refusal, and the line closes."""
    with serving(place, 1) as (_, port):
        whole = b"POST /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" + SMUGGLED
        assert plain(port, whole).count(b"HTTP/1.1 ") == 2, "two honest requests get two answers"
        for lengths in HIDDEN:
            sent = b"POST /health/live HTTP/1.1\r\nHost: a\r\n" + lengths + b"\r\n0\r\n\r\n" + SMUGGLED
            answer = plain(port, sent)
            assert answer.startswith(b"HTTP/1.1 400 ") and answer.count(b"HTTP/1.1 ") == 1, (lengths, answer)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for method in ("HEAD", "HEAD", "GET"):  # row 11: like GET, and the line stays open
            line.request(method, "/inloggen")
            given = line.getresponse()
            assert given.status == 200 and int(given.headers["content-length"]) > 1000
            assert bool(given.read()) == (method == "GET") and not given.will_close
            assert line.sock is not None, "closed after an answer"
        line.close()


def test_a_web_process_does_not_look_again_through_what_it_holds_from_its_start() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import gc; from teams.cli import application; application(); print(gc.get_freeze_count())"],
        env={name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}
        | {"TEAMS_DATABASE_URL": "postgresql://teams_app@localhost/none"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert int(told.stdout) > 50_000
