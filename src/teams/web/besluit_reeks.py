"""A reeks of like decisions on one page, and the list of what was decided without authority."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.form_keys import OtherRequest, keep_answer, take_key
from teams.auth.models import Visitor
from teams.decisions.actions.batch import MOST, NotAll, decide_batch
from teams.decisions.forms import DecisionForm
from teams.decisions.queries.lacking import batch_of, lacking
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import cleaned, validated
from teams.kit.money import AmountError, parse_amount
from teams.kit.text import N_
from teams.mandates.queries.powers import powers_found
from teams.mandates.question import Question
from teams.structure.moment import Moment
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, query_of
from teams.web.once import incomplete, sent_before
from teams.web.pages import page, sentences, steps

FIELDS = ("bevoegdheid", "onderwerp", "motivering", "regels", "gevoelig", "belangVerklaring", "sleutel")
SOURCES = {
    "scherm": N_("op het scherm"), "api": N_("via de koppeling"), "reeks": N_("in een reeks"), "invoer": N_("uit een bestand"),
    "zaaksysteem": N_("uit het zaaksysteem"),
}  # fmt: skip
PAGE = 25


@get("/besluiten/reeks", policy="employee")
async def new(request: Page) -> Response[str]:
    return _drawn(request, {})


@post("/besluiten/reeks", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    """Once per form, however often it is sent."""
    fields, at = await form_of(request), await now(session)
    fields.only(*FIELDS)
    key = fields.one("sleutel")
    if not (16 <= len(key) <= 64 and key.isascii()):
        return _drawn(request, {**fields.typed(), "sleutel": ""}, refusal=incomplete(), status=422)
    try:
        kept = await take_key(session, me.account_id, key, fields.print())
    except OtherRequest as other:
        return _drawn(request, {**fields.typed(), "sleutel": ""}, refusal=sent_before(other), status=422)
    if kept is not None:
        return see_other(str(kept.answer))
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        rows = await _rows(session, me, fields, at)
        async with session.begin_nested():
            done = await decide_batch(session, rows, by=by, at=at)
    except Refusal as refusal:
        return _drawn(request, fields.typed(), refusal=refusal, status=status_of(refusal))
    if isinstance(done, NotAll):
        return _drawn(request, fields.typed(), redenen=_told(done, words(language_of(request))), status=409)
    url = f"/besluiten/reeks/{done.id}"
    await keep_answer(session, me.account_id, key, fields.print(), status=303, answer=url)
    return see_other(url)


@get("/besluiten/reeks/{batch:uuid}", policy="employee")
async def show(request: Page, batch: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    rows = await batch_of(session, batch, me.actor())
    if not rows:
        raise NotFound(Reason("onbekend", N_("Deze reeks kennen we niet, of zij is niet van jou.")))
    return page(request, "besluiten/reeks-klaar.html", rows=rows)


@get("/besluiten/zonder-bevoegdheid", policy="employee")
async def without(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("voor")
    year, _, serial = query.one("voor").partition("-")
    fits = len(year) == 4 and f"{year}{serial}".isascii() and f"{year}{serial}".isdigit() and 0 < len(serial) < 10
    rows = await lacking(session, me.actor(), below=query.one("voor") if fits else None, most=PAGE + 1)
    more = rows[PAGE - 1].number if len(rows) > PAGE else None
    return page(request, "besluiten/zonder.html", rows=rows[:PAGE], bronnen=SOURCES, meer=more)


async def _rows(
    session: AsyncSession, me: Visitor, fields: Fields, at: datetime
) -> list[tuple[Question, DecisionForm]]:
    """A question and a form for each line; `Invalid` names the fields, and the lines that cannot be read."""
    code = fields.one("bevoegdheid")[:40]
    if not any(one.code == code for one in await powers_found(session, code, Moment(at, at, at), limit=5)):
        raise Invalid(
            {
                "bevoegdheid": Reason(
                    "bevoegdheid", N_("Deze code staat niet in het register. Een code is bijvoorbeeld SUB-01.")
                )
            }
        )
    given = {"onderwerp": fields.one("onderwerp") or None, "motivering": fields.one("motivering")}
    declared = fields.one("belangVerklaring") == "1"
    shared = validated(DecisionForm, {**given, "belangVerklaring": declared})
    lines = [(n, line) for n, line in enumerate(fields.one("regels").splitlines(), 1) if line.strip()]
    if not 1 <= len(lines) <= MOST:
        raise Invalid(
            {"regels": Reason("regels", N_("Schrijf 1 tot en met {most} regels, één per besluit."), {"most": MOST})}
        )
    rows = []
    for n, line in lines:
        case, amount, party, subject, *more = [*(cleaned("regels", part) for part in line.split(";")), "", "", "", ""][
            : max(4, line.count(";") + 1)
        ]
        if more or not case or max(len(case), len(party)) > 120 or len(subject) > 200:
            raise Invalid(
                {"regels": Reason("regels", N_("Regel {n}: schrijf zaak; bedrag; wederpartij; onderwerp."), {"n": n})}
            )
        try:
            cents = parse_amount(amount) if amount else None
        except AmountError:
            raise Invalid(
                {"regels": Reason("regels", N_("Regel {n}: schrijf een bedrag als 7500 of 7.500,00."), {"n": n})}
            ) from None
        q = Question(
            code, at, at, str(me.person_id), None, cents, case, party or None, interest=False if declared else None,
            sensitive=fields.one("gevoelig") == "1",
        )  # fmt: skip
        rows.append((q, shared.model_copy(update={"onderwerp": subject or shared.onderwerp})))
    return rows


def _told(done: NotAll, speak: Words) -> list[str]:
    told = [
        (n, speak.say(N_("Besluit {n}: {zin}"), {"n": n, "zin": str(line.text)}))
        for n, one in done.refused
        for line in one.answer.reasons
    ]
    told += [
        (n, speak.say(N_("Besluit {n}: hier beslist een tweede persoon mee. Leg het apart vast."), {"n": n}))
        for n in done.together
    ]
    return [sentence for _, sentence in sorted(told)]


def _drawn(
    request: Page,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
    redenen: list[str] | None = None,
    status: int = 200,
) -> Response[Any]:
    wrong = isinstance(refusal, Invalid)
    return page(
        request, "besluiten/reeks.html", status=status, typed=typed, sleutel=typed.get("sleutel") or secrets.token_urlsafe(18),
        fouten={n: sentences(request, (r,))[0] for n, r in refusal.fields.items()} if isinstance(refusal, Invalid) else {},
        redenen=redenen or (sentences(request, refusal.reasons) if refusal and not wrong else []),
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[new, create, show, without])
