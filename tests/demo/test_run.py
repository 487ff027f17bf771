"""`teams demo` as one starts it: ready, log in, kept data, one at a time, and nothing left behind by any death."""

import http.client
import json
import os
import queue
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytestmark = pytest.mark.slow

ENV = {name: value for name, value in os.environ.items() if not name.startswith("TEAMS_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(folder: Path, port: int, *more: str) -> list[str]:
    return [sys.executable, "-m", "teams", "demo", "--data", str(folder), "--port", str(port), *more]


@contextmanager
def demo(folder: Path, port: int, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A running demo that has said that it is ready."""
    with subprocess.Popen(
        command(folder, port, *more), env=ENV, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        try:
            lines: queue.Queue[str] = queue.Queue()
            assert process.stdout is not None
            threading.Thread(
                target=lambda out: [lines.put(line) for line in out], args=[process.stdout], daemon=True
            ).start()
            said = []
            while f"teams: klaar op http://127.0.0.1:{port}\n" not in said:
                try:
                    said.append(lines.get(timeout=60))
                except queue.Empty:
                    pytest.fail("".join(said))
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)


def fetch(
    port: int, method: str, path: str, cookie: str = "", form: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Status, cookie, text. Python's own cookie jar does not send a `__Host-` cookie back over http."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Cookie": f"__Host-session={cookie}"} if cookie else {}
    if form is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    connection.request(method, path, urlencode(form) if form is not None else None, headers)
    answer = connection.getresponse()
    found = re.search("__Host-session=([^;]+)", answer.headers.get("set-cookie", ""))
    result = answer.status, found[1] if found else cookie, answer.read().decode()
    connection.close()
    return result


def wait_until_gone(path: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not path.exists()


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_from_start_to_kill_9_and_a_second_start_with_the_data_kept(tmp_path: Path) -> None:
    port = free_port()
    pid_file = tmp_path / "data" / "postmaster.pid"
    with demo(tmp_path, port, "--today", "2026-11-22") as process:
        file = tmp_path / "demo.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        told = json.loads(file.read_text())
        assert told["url"] == f"http://127.0.0.1:{port}"
        assert len(told["accounts"]) == 9

        _, cookie, text = fetch(port, "GET", "/inloggen")
        token = re.search('name="csrf" value="([^"]+)"', text)
        assert token is not None
        account = next(one for one in told["accounts"] if one["email"].startswith("medewerker@"))
        form = {"csrf": token[1], "email": account["email"], "wachtwoord": account["password"], "next": "/hulp"}
        status, fresh, _ = fetch(port, "POST", "/inloggen", cookie, form)
        assert status == 303
        assert fresh != cookie

        checked = subprocess.run(
            [sys.executable, "-m", "teams", "check"],
            env={**ENV, "TEAMS_DATABASE_URL": told["databaseUrl"], "TEAMS_OWNER_DATABASE_URL": told["ownerDatabaseUrl"]},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stdout + checked.stderr

        second = subprocess.run(command(tmp_path, free_port()), env=ENV, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "draait al een Teams" in second.stderr
        taken = subprocess.run(command(tmp_path / "b", port), env=ENV, capture_output=True, text=True, check=False)
        assert taken.returncode == 1
        assert f"poort {port} op 127.0.0.1 is niet vrij" in taken.stderr

        parts = children(process.pid)
        assert len(parts) == 4
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_until_gone(pid_file, 10)
        for part in parts:
            wait_until_gone(Path(f"/proc/{part}"), 15)

    begin = time.monotonic()
    with demo(tmp_path, port) as process:
        assert time.monotonic() - begin < 120, "ten on a quiet machine; others run beside this"
        again = json.loads((tmp_path / "demo.json").read_text())
        assert again["accounts"] == told["accounts"], "the tokens still work"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert not pid_file.exists()


@pytest.mark.long
def test_a_start_that_was_broken_off_begins_again(tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen(command(tmp_path, port), env=ENV, text=True, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "organisatie inlezen" in line:
                break
        process.send_signal(signal.SIGKILL)
    with demo(tmp_path, port) as process:
        told = json.loads((tmp_path / "demo.json").read_text())
        assert fetch(port, "GET", "/health/ready")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert len(told["accounts"]) == 9
