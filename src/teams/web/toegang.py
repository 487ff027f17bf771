"""The access review: who may what, once a year and for special powers each quarter; signed by the secretary, checked by the controller."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.reviews import check_review, make_review, mark_line, sign_review
from teams.account.forms import FindingForm, MarkForm, SignForm
from teams.account.periods import period_of, reviewable
from teams.account.queries.reviews import review_for, reviews
from teams.exchange.mandaten.words import joined, safe
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.reports.access import is_special, who_may_what
from teams.structure.moment import Moment
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of, query_of
from teams.web.pages import page

PAGE = 100
COLUMNS = ("persoon", "nummer", "rol", "team", "mandaat", "bevoegdheden", "grens", "sinds", "vervangt", "bijzonder")


@get("/toegang", policy="audit")
async def index(request: Page, session: Session) -> Response[str]:
    return await _index(request, session)


@post("/toegang", policy="audit")
async def make(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("periode")
    period, at = period_of(fields.one("periode")), await now(session)
    try:
        async with session.begin_nested():
            content = await who_may_what(session, Moment(at, at, at), special=is_special(period))
            made = await make_review(session, period, content, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _index(request, session, refusal)
    return see_other(f"/toegang/{made}")


@get("/toegang/{review_id:uuid}", policy="audit")
async def show(request: Page, review_id: FromPath[UUID], session: Session) -> Response[str]:
    return await _show(request, session, review_id)


@get("/toegang/{review_id:uuid}/regels.csv", policy="audit")
async def as_csv(review_id: FromPath[UUID], session: Session) -> Response[bytes]:
    _, content, _ = await review_for(session, review_id)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("regel", *COLUMNS))
    for number, line in enumerate(content["mandaten"], 1):
        writer.writerow((number, *(_cell(line[column]) for column in COLUMNS)))
    headers = {"Content-Disposition": 'attachment; filename="toegang.csv"'}
    return Response(out.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


@post("/toegang/{review_id:uuid}/{verb:str}", policy="audit")
async def act(request: Page, review_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    by, at = by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            match verb:
                case "regels":
                    fields.only("regel", "oordeel", "toelichting")
                    form = validated(MarkForm, {name: fields.one(name) for name in ("regel", "oordeel", "toelichting")})
                    await mark_line(session, review_id, form, by=by, at=at)
                case "ondertekening":
                    fields.only("opmerkingen")
                    sign = validated(SignForm, {"opmerkingen": fields.one("opmerkingen")})
                    await sign_review(session, review_id, sign, by=by, at=at)
                case "controle":
                    fields.only("oordeel", "bevinding")
                    find = validated(FindingForm, {name: fields.one(name) for name in ("oordeel", "bevinding")})
                    await check_review(session, review_id, find, by=by, at=at)
                case _:
                    raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, review_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/toegang/{review_id}")


async def _index(request: Page, session: AsyncSession, refusal: Refusal | None = None) -> Response[str]:
    rows = await reviews(session)
    done = {row.period for row in rows}
    wanted = reviewable(day_of(datetime.now(UTC)))
    return page(
        request, "toegang/index.html", status=status_of(refusal) if refusal else 200, rows=rows,
        periods=[one for one in wanted if str(one) not in done], **told(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page, session: AsyncSession, review: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    row, content, marks = await review_for(session, review)
    query = query_of(request)
    query.only("vanaf", "regel")
    first = query.one("vanaf", "1")
    start = max(int(first), 1) if first.isascii() and first.isdigit() and len(first) < 7 else 1
    lines = list(enumerate(map(_dated, content["mandaten"]), 1))
    return page(
        request, "toegang/show.html", status=status_of(refusal) if refusal else 200, v=row, regels=lines[start - 1 : start - 1 + PAGE],
        rechten=map(_dated, content["rechten"]), marks=marks, typed=typed or {"regel": query.one("regel")[:6]}, euro=format_euro, vanaf=start,
        verder=start + PAGE if start + PAGE <= len(lines) else None, terug=max(start - PAGE, 1) if start > 1 else None,
        **told(request, refusal),
    )  # fmt: skip


def _dated(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "sinds": date.fromisoformat(line["sinds"])}


def _cell(value: Any) -> Any:
    """A text that a spreadsheet does not take for a formula; numbers and dates as they are."""
    if isinstance(value, list):
        return joined(value)
    return safe(value) if isinstance(value, str) else value


router = Router(path="/", route_handlers=[index, make, show, as_csv, act])
