"""The web processes: uvicorn, the figures on a port of their own, and a way to stop that nobody notices."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from uvicorn.supervisors import Multiprocess

from teams.http import draining


class Server(uvicorn.Server):
    """At SIGTERM it first says 'not ready' and goes on answering, so that a load balancer can look elsewhere."""

    def __init__(self, config: uvicorn.Config, grace: float) -> None:
        super().__init__(config)
        self.grace = grace
        self.until: float | None = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.until is not None or not self.grace or not self.started:
            super().handle_exit(sig, frame)
            return
        draining.begin()
        self.until = time.monotonic() + self.grace
        self._captured_signals.append(sig)

    async def on_tick(self, counter: int) -> bool:
        if self.until is not None and time.monotonic() >= self.until:
            self.should_exit = True
        return await super().on_tick(counter)


class Workers(Multiprocess):
    """The same for several processes: each is told to drain before it is told to stop."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], grace: float) -> None:
        super().__init__(config, sockets)
        self.grace = grace

    def terminate_all(self) -> None:
        for process in self.processes:
            if self.grace and process.pid is not None and process.process.is_alive():
                os.kill(process.pid, draining.SIGNAL)
        time.sleep(self.grace)
        super().terminate_all()


def serve(
    config: uvicorn.Config,
    *,
    grace: float,
    metrics: int | None,
    metrics_host: str,
    tls: tuple[Path | None, Path | None],
) -> None:
    """Runs until SIGTERM or SIGINT: `config.workers` processes on one socket. `metrics`: port for Prometheus, whose
    PROMETHEUS_MULTIPROC_DIR must have been set before. `tls`: certificate and key, which the figures share."""
    with figures(metrics, metrics_host, tls):
        if config.workers > 1:
            Workers(config, [config.bind_socket()], grace).run()
        else:
            Server(config, grace).run()


@contextmanager
def figures(port: int | None, host: str, tls: tuple[Path | None, Path | None]) -> Iterator[None]:
    """The figures of all processes together, on a port of their own that the outside does not reach."""
    if port is None:
        yield
        return
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"]
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    certificate, key = (str(path) if path else None for path in tls)
    server, _thread = start_http_server(port, addr=host, registry=registry, certfile=certificate, keyfile=key)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        shutil.rmtree(folder, ignore_errors=True)
