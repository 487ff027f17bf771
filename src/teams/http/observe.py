"""What operations see of each request: a line in the log with the fields of BIO2 8.15.01, and figures for Prometheus.

Stands outside the gate and asks nothing of the database. No line holds a body, a query string, a cookie or a token.
"""

import logging
import time
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from teams.http.gate import SAFE

log = logging.getLogger("teams.request")

REQUESTS = Counter("teams_requests", "Requests by method, route and status", ["method", "route", "status"])
SECONDS = Histogram(
    "teams_request_seconds", "Time from the first byte asked to the last byte sent", ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
AT_WORK = Gauge("teams_requests_at_work", "Requests that are being answered", multiprocess_mode="livesum")
SECRET = ("/agenda/", "/meldingen/afmelden/")
"""Addresses that calendars and mail programs ask for, which cannot log in."""
_METHODS = SAFE | {"POST", "PATCH", "PUT", "DELETE"}


class Observed:
    """An ASGI application that writes down what the one inside it did."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, begin, method = 500, time.perf_counter(), scope["method"]

        async def note(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        AT_WORK.inc()
        try:
            await self.app(scope, receive, note)
        finally:
            AT_WORK.dec()
            took = time.perf_counter() - begin
            route = scope.get("path_template") or "-"
            REQUESTS.labels(method if method in _METHODS else "-", route, str(status)).inc()
            SECONDS.labels(route).observe(took)
            if not scope["path"].startswith(("/static/", "/health/")):
                _write(scope, method, route, status, took)


def _object(scope: Any, route: str) -> str:
    """The address asked for, unless it holds a secret of someone."""
    path: str = scope["path"][:300]
    return route if path.startswith(SECRET) else path


def _write(scope: Any, method: str, route: str, status: int, took: float) -> None:
    """Action, object, result, origin and actor. Someone without an account is nobody, not 'anonymous'."""
    state = scope.get("state") or {}
    visitor = state.get("visitor")
    level = logging.WARNING if status >= 500 or status in (401, 403, 429) else logging.INFO
    log.log(
        level, "%s %s %d", method, route, status,
        extra={
            "action": f"{method} {route}", "object": _object(scope, route), "result": status,
            "origin": state.get("address", ""), "actor": str(visitor.account_id) if visitor else None,
            "request": state.get("request_id"), "ms": round(took * 1000, 1),
        },
    )  # fmt: skip
