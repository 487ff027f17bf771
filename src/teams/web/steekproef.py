"""The sample: drawn by a signed head, judged one decision at a time, with a working paper and the controller's finding."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.exports import record_export
from teams.account.actions.samples import draw_sample, find, judge
from teams.account.forms import FindingForm, JudgeForm
from teams.account.periods import past_quarters, period_of
from teams.account.queries.samples import sample_for, samples
from teams.auth.models import Visitor
from teams.exchange.pdf import pdf
from teams.http.readable import Refused
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.http.words import words
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import form_of
from teams.web.mandaatlogboek import FLAG_WORDS, OUTCOME_WORDS
from teams.web.pages import page

VERDICTS = {
    "in_orde": (N_("In orde"), "goed"), "met_punten": (N_("In orde, met punten"), "let"), "niet_in_orde": (N_("Niet in orde"), "fout"),
}  # fmt: skip


@get("/steekproef", policy="audit")
async def index(request: Page, session: Session) -> Response[str]:
    return await _index(request, session)


@post("/steekproef", policy="controller")
async def draw(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("periode")
    period = period_of(fields.one("periode"))
    try:
        async with session.begin_nested():
            made = await draw_sample(session, period, by=by_of(request, me), at=await now(session))
    except Refusal as refusal:
        return await _index(request, session, refusal)
    return see_other(f"/steekproef/{made}")


@get("/steekproef/{sample_id:uuid}", policy="audit")
async def show(request: Page, sample_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, sample_id)


@post("/steekproef/{sample_id:uuid}/werkpapier", policy="audit")
async def paper(request: Page, sample_id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    """The working paper as accessible PDF, to fill in by hand or to keep; a file that leaves the log is an entry."""
    by, at = by_of(request, me), await now(session)
    row, items = await sample_for(session, sample_id, by)
    made = await asyncio.to_thread(
        pdf, "werkpapier", _paper(row, items, request.app.state.settings.municipality), at=row.drawn_at
    )
    await record_export(session, "werkpapier", made, len(items), by=by, at=at)
    headers = {"Content-Disposition": f'attachment; filename="werkpapier-{row.period}.pdf"'}
    return Response(made, status_code=200, media_type="application/pdf", headers=headers)


@post("/steekproef/{sample_id:uuid}/{verb:str}", policy="controller")
async def act(request: Page, sample_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    by, at, back = by_of(request, me), await now(session), ""
    try:
        async with session.begin_nested():
            if verb == "oordeel":
                fields.only("plaats", "oordeel", "notitie")
                place = fields.one("plaats")
                if not (place.isascii() and place.isdigit() and len(place) < 7):
                    raise Refused(400, "plaats")
                form = validated(JudgeForm, {"oordeel": fields.one("oordeel"), "notitie": fields.one("notitie")})
                await judge(session, sample_id, int(place), form, by=by, at=at)
                back = f"#b-{place}"
            elif verb == "bevinding":
                fields.only("oordeel", "bevinding")
                finding = validated(
                    FindingForm, {"oordeel": fields.one("oordeel"), "bevinding": fields.one("bevinding")}
                )
                await find(session, sample_id, finding, by=by, at=at)
            else:
                raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, sample_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/steekproef/{sample_id}{back}")


async def _index(request: Page, session: AsyncSession, refusal: Refusal | None = None) -> Response[str]:
    rows = await samples(session)
    done, today = {row.period for row in rows}, day_of(datetime.now(UTC))
    periods = [one for one in past_quarters(today, 9)[1:] if str(one) not in done]
    return page(
        request, "mandaatlogboek/steekproeven.html", status=status_of(refusal) if refusal else 200, rows=rows, periods=periods,
        oordelen=VERDICTS, **told(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page, session: AsyncSession, me: Visitor, sample: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    row, items = await sample_for(session, sample, me.actor())
    return page(
        request, "mandaatlogboek/steekproef.html", status=status_of(refusal) if refusal else 200, v=row, items=items, oordelen=VERDICTS,
        vlaggen=FLAG_WORDS, uitkomsten=OUTCOME_WORDS, typed=typed or {}, euro=format_euro, open=sum(item.verdict is None for item in items),
        **told(request, refusal),
    )  # fmt: skip


def _paper(row: Row[Any], items: list[Row[Any]], municipality: str) -> dict[str, Any]:
    speak = words("nl")
    return {
        "gemeente": municipality, "periode": row.period, "bevolking": row.population, "hoofd": row.head_size, "root": row.root,
        "getrokken": speak.moment(row.drawn_at), "door": row.drawer,
        "bevinding": row.finding, "oordeel": VERDICTS[row.verdict][0] if row.verdict else "", "wie": row.finder or "",
        "besluiten": [
            {
                "plaats": str(item.position), "nummer": item.number, "datum": speak.short(day_of(item.decided_at)), "wat": item.subject or item.power_title,
                "bevoegdheid": item.power, "wie": item.person or "–", "bedrag": format_euro(item.cents) if item.cents is not None else "–",
                "grens": format_euro(item.ceiling) if item.ceiling is not None else "–",
                "signalen": ", ".join(FLAG_WORDS[flag] for flag in item.flags),
                "waarom": "loting" if item.why == "loting" else "secretaris",
                "oordeel": VERDICTS[item.verdict][0] if item.verdict else "", "notitie": item.note,
            }
            for item in items
        ],
    }  # fmt: skip


router = Router(path="/", route_handlers=[index, draw, show, paper, act])
