"""What SCIM answers with: a resource with its ETag, a list, or an error in the norm's own form."""

import hashlib
import json
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError

from teams.api.scim_shapes import ERROR, GROUP, LIST, USER, Bad, Resource, parts_of
from teams.exchange.directory import ENTERPRISE
from teams.http.directory import OUTSIDE
from teams.http.readable import Refused
from teams.http.refusals import read_error
from teams.http.wants import NotSignedIn, Page
from teams.kit.errors import Conflict, Invalid, NotFound

MEDIA = "application/scim+json"
_ALWAYS = frozenset({"schemas", "id", "meta"})


def base_of(request: Page) -> str:
    """The address under which the directory reaches us."""
    public = request.app.state.settings.public_url.rstrip("/")
    return f"{public or str(request.base_url).rstrip('/')}/scim/v2"


def whole(resource: Resource, schema: str, *, id: Any, base: str, created: Any, changed: Any) -> Resource:
    """The resource with schemas, id and meta; the version is a digest of its content."""
    name = "User" if schema == USER else "Group"
    extra = [ENTERPRISE] if ENTERPRISE in resource else []
    digest = hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()[:16]
    meta = {
        "resourceType": name, "location": f"{base}/{name}s/{id}", "version": f'W/"{digest}"',
        "created": created.isoformat(), "lastModified": changed.isoformat(),
    }  # fmt: skip
    return {"schemas": [schema, *extra], "id": str(id), **resource, "meta": meta}


def answer(body: Any, *, status: int = 200, query: dict[str, str] | None = None) -> Response[bytes]:
    """One resource, cut to what `attributes` and `excludedAttributes` ask."""
    headers: dict[str, str] = {}
    meta = body.get("meta", {}) if isinstance(body, dict) else {}
    if "version" in meta:
        headers["ETag"] = meta["version"]
    if status == 201:
        headers["Location"] = meta["location"]
    shown = cut(body, query or {})
    return Response(
        json.dumps(shown, ensure_ascii=False).encode(), status_code=status, media_type=MEDIA, headers=headers
    )


def listed(resources: list[Resource], *, total: int, first: int, query: dict[str, str]) -> Response[bytes]:
    found = [cut(one, query) for one in resources]
    return answer(
        {"schemas": [LIST], "totalResults": total, "startIndex": first, "itemsPerPage": len(found), "Resources": found}
    )


def cut(resource: Resource, query: dict[str, str]) -> Resource:
    schema = GROUP if GROUP in resource.get("schemas", ()) else USER

    def named(text: str) -> set[str]:
        places = (parts_of(name.strip(), schema) for name in text.split(",") if name.strip())
        return {place[0] for place in places if place is not None}

    if wanted := query.get("attributes"):
        keep = named(wanted) | _ALWAYS
        return {key: value for key, value in resource.items() if key in keep}
    away = named(query.get("excludedattributes", ""))
    return {key: value for key, value in resource.items() if key not in away}


def refuse(request: Page, error: Exception) -> Response[Any]:
    """Every error as RFC 7644 3.12 writes it; never more than the sentence that we would show a person."""
    headers: dict[str, str] = {}
    kind: str | None = None
    if isinstance(error, Bad):
        status, detail, kind = error.status, error.detail, error.kind
    elif isinstance(error, NotSignedIn):
        status, detail, headers = 401, "A bearer token of `teams scim token` is needed.", {"WWW-Authenticate": "Bearer"}
    else:
        status, reasons, _ = read_error(request, error)
        detail = " ".join(reason.text.format(**reason.values) for reason in reasons) or f"HTTP {status}"
        if isinstance(error, Invalid):
            status, kind = 400, "invalidValue"
        elif isinstance(error, Conflict):
            kind = "uniqueness"
        elif isinstance(error, NotFound):
            status = 404
        elif isinstance(error, DBAPIError) and status == 409:
            status = 503  # something else was written at the same moment: the same request is good a moment later
        elif isinstance(error, Refused):
            if error.field == OUTSIDE:
                detail = "Your address is not in TEAMS_SCIM_NETWORKS."
            headers = {name.decode(): value.decode() for name, value in error.headers}
            kind = "invalidSyntax" if status == 400 else None
        elif isinstance(error, HTTPException) and error.headers:
            headers = {name: value for name, value in error.headers.items() if name.lower() == "allow"}
        if status == 503:
            headers["Retry-After"] = "2"
    body = {"schemas": [ERROR], "status": str(status), "detail": detail, **({"scimType": kind} if kind else {})}
    return Response(
        json.dumps(body, ensure_ascii=False).encode(), status_code=status, media_type=MEDIA, headers=headers
    )
