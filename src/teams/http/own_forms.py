"""An unsafe request comes from one of our own forms, and its fields can be read."""

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from teams.auth.sessions import form_token_fits
from teams.http.readable import Refused, readable, strict_json
from teams.kit.settings import Settings

FIELDS_MAX = 500


def check_origin(headers: dict[bytes, bytes], settings: Settings) -> None:
    """An unsafe request comes from our own pages: `Sec-Fetch-Site`, or `Origin` where a browser does not send that."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        if site != b"same-origin":
            raise Refused(403, "Sec-Fetch-Site")
        return
    origin = headers.get(b"origin")
    if origin is not None and origin.split(b"://", 1)[-1] != headers.get(b"host"):
        raise Refused(403, "Origin")


def check_form(headers: dict[bytes, bytes], body: bytes, state: dict[str, Any], *, api: bool) -> None:
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    token = headers.get(b"x-csrf-token", b"").decode("latin-1")
    if kind == b"application/x-www-form-urlencoded":
        charset = re.search(rb"charset=\"?([\w-]+)", headers.get(b"content-type", b"").lower())
        if charset and charset[1] not in (b"utf-8", b"utf8"):
            raise Refused(415, "Content-Type")
        if body.count(b"&") > FIELDS_MAX:
            raise Refused(413, "velden")
        for pair in body.split(b"&"):
            name, _, value = pair.partition(b"=")
            field = unquote_to_bytes(name).decode("utf-8", "replace")[:60]
            readable(field, unquote_to_bytes(name))
            readable(field, unquote_to_bytes(value.replace(b"+", b" ")))
            if name == b"csrf" and not token:
                token = unquote_to_bytes(value).decode("latin-1")
    elif kind == b"application/json" or (kind == b"application/scim+json" and body):
        strict_json(body)
    elif body:
        raise Refused(415, "Content-Type")
    if state["token_auth"] or (api and state["visitor"] is None):
        return
    if not state["session_id"] or not form_token_fits(state["session_id"], token):
        raise Refused(403, "csrf")
