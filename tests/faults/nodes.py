"""Machines of our own: network namespaces with an address each, on one switch whose ports can go dead without a word."""

import asyncio
import ctypes
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch
from urllib.error import URLError
from urllib.request import urlopen

from aiosmtpd.smtp import SMTP

from teams.demo import postgres
from tests.certificates import self_made
from tests.faults.crowd import Crowd
from tests.faults.town import Town
from tests.notices.scene import Box

HOSTS = {
    "one": "10.77.0.11",
    "two": "10.77.0.12",
    "data": "10.77.0.20",
    "outside": "10.77.0.30",
    "people": "10.77.0.40",
}
WEB, FIGURES, MAIL, ISSUER = 8000, 9100, 465, 8080
_NEWNET = 0x40000000


def why_not() -> str:
    """Why this machine cannot have them; empty: it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces are for root on Linux"
    if shutil.which("ip") is None:
        return "the program ip (iproute2) is not here"
    name = f"teams{os.getpid()}-try"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return tried.stderr.strip()


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)


def enter(name: str) -> None:
    """This thread, and what it starts, is on that machine from now on."""
    _join(f"/run/netns/{name}")


def _join(path: str) -> None:
    libc, fd = ctypes.CDLL(None, use_errno=True), os.open(path, os.O_RDONLY)
    try:
        if libc.setns(fd, _NEWNET):
            raise OSError(ctypes.get_errno(), path)
    finally:
        os.close(fd)


class Switch:
    """The machines of `HOSTS`, gone again at the end whatever happens. Nothing of it is in the network of this machine."""

    def __init__(self) -> None:
        self.prefix = f"teams{os.getpid()}"

    def __enter__(self) -> "Switch":
        try:
            _ip("netns", "add", self.name("switch"))
            self._in("switch", "link", "add", "name", "br", "type", "bridge")
            self._in("switch", "link", "set", "dev", "br", "up")
            for host, address in HOSTS.items():
                _ip("netns", "add", self.name(host))
                self._in(host, "link", "set", "lo", "up")
                self._in(
                    host,
                    "link",
                    "add",
                    "name",
                    "eth",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    host,
                    "netns",
                    self.name("switch"),
                )
                self._in("switch", "link", "set", "dev", host, "master", "br", "up")
                self._in(host, "addr", "add", f"{address}/24", "dev", "eth")
                self._in(host, "link", "set", "dev", "eth", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for host in (*HOSTS, "switch"):
            subprocess.run(["ip", "netns", "del", self.name(host)], capture_output=True, check=False)

    def name(self, host: str) -> str:
        return f"{self.prefix}-{host}"

    def cut(self, host: str) -> None:
        """A black hole: it is unplugged from the switch, its own link stays up, and nobody says so."""
        self._in("switch", "link", "set", "dev", host, "nomaster")

    def heal(self, host: str) -> None:
        self._in("switch", "link", "set", "dev", host, "master", "br")

    @contextmanager
    def on(self, host: str) -> Iterator[None]:
        """The calling thread is on that machine."""
        with open("/proc/thread-self/ns/net") as home:
            enter(self.name(host))
            try:
                yield
            finally:
                _join(f"/proc/self/fd/{home.fileno()}")

    def get(self, host: str, address: str) -> tuple[int, str]:
        """What is answered when that machine asks; 0: nothing."""
        with self.on(host):
            try:
                with urlopen(address, timeout=10) as answer:
                    return int(answer.status), answer.read().decode()
            except URLError as error:
                return int(getattr(error, "code", 0)), str(error)
            except OSError as error:
                return 0, str(error)

    def _in(self, host: str, *words: str) -> None:
        _ip("-n", self.name(host), *words)


class Far(Town):
    """A town whose database is a machine, with two others that have a web and a work process each."""

    def __init__(self, folder: Path, switch: Switch, **settings: str) -> None:
        super().__init__(folder, **settings)
        self.switch = switch

    def start_postgres(self) -> None:
        with self.switch.on("data"), patch.dict(postgres._SETTINGS, listen_addresses=HOSTS["data"]):
            super().start_postgres()
        with (self.folder / "pg" / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.77.0.0/24 trust\n")
        self.ask("select pg_reload_conf()")

    def start_on(self, host: str) -> None:
        """A web and a work process with that machine's address."""
        self.ports[f"web-{host}"] = WEB
        away = {
            "TEAMS_DATABASE_URL": f"postgresql://teams_app@{HOSTS['data']}/teams",
            "TEAMS_WORKER_DATABASE_URL": f"postgresql://teams_worker@{HOSTS['data']}/teams",
            "TEAMS_WORK_METRICS_PORT": str(FIGURES), "TEAMS_LOG": "json",
        }  # fmt: skip
        with self.switch.on(host):
            self.start(f"web-{host}", **away)
            self.start(f"work-{host}", **away)

    def listens(self, name: str) -> list[str]:
        return ["--host", HOSTS[name.removeprefix("web-")]]

    def base(self, name: str) -> str:
        return f"http://{HOSTS[name.removeprefix('web-')]}:{WEB}"

    def leads(self, host: str) -> bool:
        """That machine's own word for it, asked on the machine itself: also when it is cut off."""
        told = self.switch.get(host, f"http://127.0.0.1:{FIGURES}/metrics")[1]
        return re.search(r"^teams_work_leads 1\.0$", told, re.MULTILINE) is not None


class Watch:
    """Asks both all the time who leads; more than one at the same moment stands in `both`."""

    def __init__(self, town: Far) -> None:
        self.town, self.stop, self.both, self.asked = town, threading.Event(), 0, 0
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watch":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.stop.wait(0.1):
            self.asked += 1
            self.both += all(self.town.leads(host) for host in ("one", "two", "one"))


class FarCrowd(Crowd):
    """People on a machine of their own, who do not wait long for one that is silent."""

    def __init__(self, town: Far, *args: object, **more: object) -> None:
        self.place = town.switch.name("people")
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def _run(self) -> None:
        enter(self.place)
        super()._run()


@contextmanager
def outside(switch: Switch, folder: Path) -> Iterator[tuple[Box, dict[str, str]]]:
    """A mail server with TLS and a log-in service; with the settings to use them."""
    certificate, key = self_made(folder, address=HOSTS["outside"])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    issuer, box = f"http://{HOSTS['outside']}:{ISSUER}", Box()
    about = {
        "issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
    }  # fmt: skip
    with ExitStack() as stack:
        stack.enter_context(_mail(switch, box, tls))
        with switch.on("outside"):
            service = ThreadingHTTPServer((HOSTS["outside"], ISSUER), _answering(about))
        thread = threading.Thread(target=service.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        stack.callback(service.server_close)
        stack.callback(service.shutdown)
        yield box, {
            "TEAMS_SMTP_URL": f"smtps://{HOSTS['outside']}:{MAIL}", "TEAMS_MAIL_FROM": "teams@proefdam.example",
            "TEAMS_PUBLIC_URL": "https://teams.proefdam.example", "TEAMS_OIDC_ISSUER": issuer,
            "TEAMS_OIDC_CLIENT_ID": "teams", "SSL_CERT_FILE": str(certificate),
        }  # fmt: skip


def _answering(about: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(about).encode())

        def log_message(self, *rest: object) -> None:
            pass

    return Answers


@contextmanager
def _mail(switch: Switch, box: Box, tls: ssl.SSLContext) -> Iterator[None]:
    """In a thread that is on the machine `outside`."""
    up, over, lines = threading.Event(), threading.Event(), list[SMTP]()

    def meet() -> SMTP:
        lines.append(SMTP(box, loop=asyncio.get_running_loop(), enable_SMTPUTF8=True))
        return lines[-1]

    async def serve() -> None:
        async with await asyncio.get_running_loop().create_server(meet, HOSTS["outside"], MAIL, ssl=tls):
            up.set()
            await asyncio.to_thread(over.wait)
            for line in lines:
                if line.transport is not None:  # whoever was cut off never hung up
                    line.transport.abort()
            await asyncio.sleep(0.1)

    def run() -> None:
        enter(switch.name("outside"))
        asyncio.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert up.wait(10)
        yield
    finally:
        over.set()
        thread.join()
