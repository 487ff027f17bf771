"""One decision as it was then: facts, rules, chain, signature, receipt, and what came after."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.decisions.actions.after import (
    answer_information,
    ask_information,
    correct,
    current,
    ratify,
    report_defect,
)
from teams.decisions.actions.objections import objection_lost
from teams.decisions.forms import (
    AnswerForm,
    CorrectionForm,
    DefectForm,
    InformationForm,
    ObjectionLostForm,
    RatificationForm,
)
from teams.decisions.queries.receipts import file_headers, receipt_for
from teams.decisions.queries.seen import decision_for
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.ledger.queries import Standing, covered, newest_head
from teams.mandates.rules.after import AFTER
from teams.mandates.rules.base import RULES
from teams.mandates.terms import Base
from teams.web.answers import see_other
from teams.web.besluit_vorm import (
    EFFECTS,
    FIELD_NAMES,
    GROUNDS,
    KINDS,
    OUTCOMES,
    VENUES,
    chains_of,
    letter,
    rules_of,
    standing_of,
)
from teams.web.forms import form_of, iso_date, query_of
from teams.web.mag_ik_dit import AMOUNTS
from teams.web.once import once
from teams.web.pages import page, sentences, steps

VERBS: dict[str, tuple[Any, tuple[str, ...], Any]] = {
    "correctie": (CorrectionForm, ("veld", "waarde", "reden"), correct),
    "gebrek": (DefectForm, ("grond", "reden"), report_defect),
    "bekrachtiging": (RatificationForm, ("besloten", "besluitnummer", "meegedeeldOp", "reden"), ratify),
    "bezwaar": (ObjectionLostForm, ("instantie", "gevolg", "besloten", "kenmerk", "grond", "reden"), objection_lost),
    "inlichtingen": (InformationForm, ("vraag", "uiterlijk"), ask_information),
}
DATES = ("besloten", "meegedeeldOp", "uiterlijk")
TITLES = {code: rule.title for code, rule in RULES.items()} | {rule.code: rule.title for rule in AFTER}


@get("/besluiten/{number:str}", policy="employee")
async def show(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, number)


@get("/besluiten/{number:str}/bewijs", policy="employee")
async def receipt(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    made = await receipt_for(session, number, me.actor(), quorum=request.app.state.settings.witness_quorum)
    return Response(made, media_type="text/plain", headers=file_headers(number))


@post("/besluiten/{number:str}/{verb:str}", policy="employee")
async def act(request: Page, number: FromPath[str], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _act(request, number, verb, session, me))


async def _act(request: Page, number: str, verb: str, session: Session, me: Me) -> Response[Any]:
    if verb not in VERBS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    model, names, action = VERBS[verb]
    fields, at = await form_of(request), await now(session)
    fields.only(*names)
    values = {name: iso_date(fields.one(name)) if name in DATES else fields.one(name) or None for name in names}
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        form = validated(model, {name: value for name, value in values.items() if value is not None})
        async with session.begin_nested():
            await action(session, number, form, by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, number, verb=verb, typed=fields.typed(), refusal=refusal)
    return see_other(f"/besluiten/{number}#daarna")


@post("/besluiten/{number:str}/antwoord/{request_id:uuid}", policy="employee")
async def reply(
    request: Page, number: FromPath[str], request_id: FromPath[UUID], session: Session, me: Me
) -> Response[Any]:
    return await once(request, session, me, lambda: _reply(request, number, request_id, session, me))


async def _reply(request: Page, number: str, request_id: UUID, session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("antwoord")
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        form = validated(AnswerForm, {"antwoord": fields.one("antwoord")})
        async with session.begin_nested():
            await answer_information(session, number, request_id, form, by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, number, verb="antwoord", typed=fields.typed(), refusal=refusal)
    return see_other(f"/besluiten/{number}#inlichtingen")


async def _show(
    request: Page, session: Any, me: Any, number: str, *, verb: str = "", typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response[str]:  # fmt: skip
    by = me.actor()
    seen = await decision_for(session, number, by)
    row = seen.row
    quorum = request.app.state.settings.witness_quorum
    place = (await covered(session, [row.entry_id], quorum=quorum)).get(row.entry_id)
    recorded = place is not None and place.standing is Standing.RECORDED
    head = await newest_head(session, log=place.log, quorum=quorum) if place and recorded else None
    speak = words(language_of(request))
    open_defect = next((one for one in seen.defects if not one.repaired), None)
    deciders = (row.person_id, row.second_id)
    may = {
        "correctie": seen.full and seen.own and (by.person_id in deciders or bool(seen.role)),
        "gebrek": open_defect is None and (by.has("secretaris", "controller") or seen.of_organ or by.person_id == row.person_id),
        "bekrachtiging": open_defect is not None and (by.has("secretaris") or seen.of_organ) and by.person_id not in deciders,
        "bezwaar": (by.has("secretaris") or seen.of_organ) and by.person_id not in deciders,
        "inlichtingen": seen.full and seen.of_organ and by.person_id != row.person_id,
    }  # fmt: skip
    return page(
        request, "besluiten/show.html", status=status_of(refusal) if refusal else 200, s=seen, d=row, mag=may,
        uitkomst=OUTCOMES["gebrek" if open_defect else row.outcome], stand=standing_of(place), plek=place, hoofd=head, soort=KINDS[row.act],
        bedrag_label=AMOUNTS[Base(row.base)], regels=rules_of(seen), titels=TITLES, ketens=chains_of(seen),
        brief=letter(seen) if seen.full and not seen.erased else "", gronden=GROUNDS, instanties=VENUES, gevolgen=EFFECTS, velden=FIELD_NAMES, zaak=current(seen, "zaak"),
        gelukt=query_of(request).one("gelukt") == "1", verb=verb, typed=typed or {}, ik=by.person_id, speak=speak,
        fouten={n: sentences(request, (r,))[0] for n, r in refusal.fields.items()} if isinstance(refusal, Invalid) else {},
        redenen=sentences(request, refusal.reasons) if refusal and not isinstance(refusal, Invalid) else [],
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, receipt, act, reply])
