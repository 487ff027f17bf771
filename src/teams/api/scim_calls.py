"""How a SCIM call is read: its body, its query, the page that it asks, the version that it knows."""

import json
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from teams.api.scim_shapes import PAGE, Bad, Resource
from teams.http.wants import Page
from teams.journal.models import Actor


async def body_of(request: Page) -> Any:
    try:
        return json.loads(await request.body() or b"null")
    except (ValueError, RecursionError):  # the gate reads what says that it is JSON
        raise Bad("The body is no JSON.", "invalidSyntax") from None


def query_of(request: Page) -> dict[str, str]:
    """The query with names in small letters; `aadOptscim062020` and other names that we do not know are left alone."""
    raw = request.scope["query_string"].decode("utf-8")
    try:
        return {name.lower(): value for name, value in parse_qsl(raw, max_num_fields=50)}
    except ValueError:
        raise Bad("Too many parameters.") from None


def page_of(query: dict[str, str]) -> tuple[int, int]:
    """First (from 1) and number (at most 200), as RFC 7644 3.4.2.4 reads them."""
    found = []
    for name, default in (("startindex", 1), ("count", PAGE)):
        raw = query.get(name, "").strip()
        digits = raw.removeprefix("-")
        if raw and not (digits.isascii() and digits.isdecimal()):
            raise Bad(f"{name} is a whole number.")
        found.append(default if not raw else -1 if raw.startswith("-") else int(raw[:9]))
    return max(1, found[0]), max(0, min(PAGE, found[1]))


def needed(wanted: Resource, name: str = "userName") -> Resource:
    if not wanted.get(name):
        raise Bad(f"{name} is needed.")
    return wanted


def unchanged(request: Page, stands: Resource) -> None:
    """412 when the directory knows another version than ours."""
    asked = request.headers.get("if-match")
    if asked and asked not in ("*", stands["meta"]["version"]):
        raise Bad("Someone else changed this.", None, 412)


def by_of(request: Page) -> Actor:
    state = request.scope["state"]
    return Actor(None, "SCIM", request_id=state["request_id"], origin=state["address"])


def uuid_of(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
