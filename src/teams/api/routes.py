"""How a call is declared, read and answered: its papers, its body and query, and a key that makes a repeat harmless."""

import base64
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import litestar
from litestar import Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.form_keys import fingerprint, keep_answer, take_key
from teams.auth.models import Visitor
from teams.http.gate import SAFE
from teams.http.readable import Refused
from teams.http.wants import Page
from teams.journal.models import Actor
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated, validated_json
from teams.kit.text import N_
from teams.structure.moment import Moment, moment_from

M = TypeVar("M", bound=BaseModel)
Handler = Callable[..., Awaitable[Response[bytes]]]

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_UNKNOWN_PLACE = N_("Deze plek in de lijst kennen we niet. Begin vooraan.")


@dataclass(frozen=True)
class Doc:
    """The papers of a call, from which the OpenAPI document is made."""

    summary: str
    answer: type[BaseModel]
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    example: dict[str, Any] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    media: str = "application/json"


class Query(BaseModel):
    """A query: each name at most once, unknown names refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Leeg(BaseModel):
    """Geen velden; de inhoud mag wegblijven."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AsOf(Query):
    """Structure as of a moment (`op`), as known at a moment (`bekend`)."""

    op: Annotated[
        str | None, Field(max_length=40, description="dag of tijdstip met tijdzone", examples=["2026-03-01"])
    ] = None
    bekend: Annotated[
        str | None, Field(max_length=40, description="zoals toen bekend", examples=["2026-03-02T12:00:00Z"])
    ] = None

    def moment(self) -> Moment:
        return moment_from(self.op, self.bekend, datetime.now(UTC))


class Paged(Query):
    """Where a page begins and how long it is."""

    vanaf: Annotated[str, Field(max_length=400, description="uit `volgende`")] = ""
    aantal: Annotated[int, Field(ge=1, le=100)] = 25


def get(path: str, *, policy: str, doc: Doc) -> Callable[[Handler], HTTPRouteHandler]:
    return litestar.get(path, policy=policy, doc=doc)


def patch(path: str, *, policy: str, doc: Doc) -> Callable[[Handler], HTTPRouteHandler]:
    return litestar.patch(path, policy=policy, doc=doc, status_code=doc.status)


def post(path: str, *, policy: str, doc: Doc) -> Callable[[Handler], HTTPRouteHandler]:
    """A call that may carry an Idempotency-Key. Its handler asks for `request`, `session` and `me`."""

    def route(handler: Handler) -> HTTPRouteHandler:
        return litestar.post(path, policy=policy, doc=doc, status_code=doc.status)(_once(handler))

    return route


def _once(handler: Handler) -> Handler:
    """With a key the act happens once: its answer is kept beside it and given again."""

    @wraps(handler)
    async def once(*, request: Page, session: AsyncSession, me: Visitor, **rest: Any) -> Response[bytes]:
        key = request.headers.get("idempotency-key")
        if key is None:
            return await handler(request=request, session=session, me=me, **rest)
        if not _KEY.fullmatch(key):
            raise Refused(400, "Idempotency-Key")
        print_ = fingerprint(request.method.encode(), request.url.path.encode(), await request.body())
        kept = await take_key(session, me.account_id, key, print_)
        if kept is not None:
            return Response(
                json.dumps(kept.answer["body"], ensure_ascii=False).encode(), status_code=kept.status,
                media_type="application/json", headers=kept.answer["headers"],
            )  # fmt: skip
        answer = await handler(request=request, session=session, me=me, **rest)
        stored = {"body": json.loads(answer.content), "headers": dict(answer.headers)}
        await keep_answer(session, me.account_id, key, print_, status=answer.status_code or 200, answer=stored)
        return answer

    return once


def acceptable(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """404 to an address that ends with a slash, 406 to who wants no JSON, 415 to who sends no JSON in UTF-8."""
    if connection.scope["raw_path"].endswith(b"/"):
        raise HTTPException(status_code=404)
    accept = connection.headers.get("accept", "").strip()
    doc = handler.opt.get("doc")
    media = doc.media if isinstance(doc, Doc) else "application/json"
    if accept and not any(_wants(part, media) for part in accept.lower().split(",")):
        raise HTTPException(status_code=406)
    kind, _, rest = connection.headers.get("content-type", "").lower().partition(";")
    if dict(connection.scope)["method"] in SAFE or not kind:
        return
    charset = re.search(r"charset=\"?([^\s\";]+)", rest)
    if kind.strip() != "application/json" or (charset and charset[1] not in ("utf-8", "utf8")):
        raise Refused(415, "Content-Type")


def _wants(part: str, media: str) -> bool:
    kind, *parameters = (piece.strip() for piece in part.split(";"))
    never = any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)
    return kind in (media, "application/json", "application/problem+json", "application/*", "*/*") and not never


async def body_of(request: Page, model: type[M]) -> M:
    """The body as a form; no body is an empty object. `Invalid` with every field that is wrong."""
    return validated_json(model, await request.body() or b"{}")


def query_of(request: Page, model: type[M]) -> M:
    """The query as a model; a name that stands twice is refused."""
    raw = request.scope["query_string"].decode("utf-8")
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise Refused(400, "vraag") from None
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        raise Refused(400, next(name for name in names if names.count(name) > 1)[:60])
    return validated(model, values)


def actor(request: Page, me: Visitor) -> Actor:
    state = request.scope["state"]
    return me.actor(state["request_id"], state["address"])


def answer(model: BaseModel, *, status: int = 200, at: str | None = None) -> Response[bytes]:
    """The model as JSON; `at`: where a new thing is."""
    return Response(
        model.model_dump_json().encode(), status_code=status, media_type="application/json",
        headers={"Location": at} if at else {},
    )  # fmt: skip


def next_page(request: Page, cursor: str | None) -> str | None:
    """The address of the next page: this one's, with another beginning."""
    if cursor is None:
        return None
    pairs = [pair for pair in parse_qsl(request.scope["query_string"].decode("utf-8")) if pair[0] != "vanaf"]
    return f"{request.url.path}?{urlencode([*pairs, ('vanaf', cursor)])}"


def cursor_of(place: tuple[str, UUID] | None) -> str | None:
    if place is None:
        return None
    return base64.urlsafe_b64encode(json.dumps([place[0], str(place[1])]).encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[str, UUID] | None:
    """Name and id at which an earlier page ended; `Invalid` on `vanaf` when it is not ours."""
    if not cursor:
        return None
    try:
        name, last = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(name, str) or "\x00" in name:
            raise ValueError
        name.encode()
        return name, UUID(last)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Invalid({"vanaf": Reason("vanaf", _UNKNOWN_PLACE)}) from None
