"""Besluiten: own decisions and what waits, and recording one after 'Mag ik dit?' said yes."""

import secrets
from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get, post

from teams.auth.form_keys import OtherRequest, keep_answer, take_key
from teams.decisions.actions.decide import Taken, decide
from teams.decisions.actions.intents import prepare
from teams.decisions.forms import DecisionForm
from teams.decisions.queries.intents import open_intents, waiting_for
from teams.decisions.queries.known import Weighed, weigh
from teams.decisions.queries.seen import asked_of, decisions_of
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import now
from teams.kit.errors import Invalid, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.ledger.queries import covered
from teams.mandates.queries.powers import powers_found
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict
from teams.structure.moment import Moment
from teams.web.answers import see_other
from teams.web.besluit_vorm import INTENT_STATES, OUTCOMES, TASKS, standing_of
from teams.web.forms import Fields, form_of, query_of, readable
from teams.web.mag_ik_dit import AMOUNTS, FIELDS, WRITTEN, YES_NO, cents_of, moment_of, people_of, question_of, shown_of
from teams.web.once import incomplete, sent_before
from teams.web.pages import page, sentences, steps

PAGE = 25
OWN = ("onderwerp", "motivering", "belangVerklaring", "instructieReden", "tegenInstructie", "sleutel", "doe")
_MOST = {"zaak": 120, "wederpartij": 120, "bestredenBesluit": 60, "gebied": 60, "zaaktype": 60}


@get("/besluiten", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("voor")
    below, by = query.one("voor"), me.actor()
    year, _, serial = below.partition("-")
    fits = len(year) == 4 and f"{year}{serial}".isascii() and f"{year}{serial}".isdigit() and 0 < len(serial) < 10
    rows = await decisions_of(session, by, below=below if fits else None, most=PAGE + 1)
    person = by.person_id
    shown = rows[:PAGE]
    places = await covered(session, [row.entry_id for row in shown], quorum=request.app.state.settings.witness_quorum)
    return page(
        request, "besluiten/index.html", rows=[(row, standing_of(places.get(row.entry_id))) for row in shown],
        wacht=await waiting_for(session, person) if person else [], lopend=await open_intents(session, person) if person else [],
        vragen=await asked_of(session, person) if person else [], taken=TASKS, standen=INTENT_STATES, uitkomsten=OUTCOMES,
        meer=shown[-1].number if len(rows) > PAGE else None,
    )  # fmt: skip


@get("/besluiten/nieuw", policy="employee")
async def begin(request: Page, session: Session, me: Me) -> Response[Any]:
    """It begins with the question; a question is asked by POST, so that it stands in no address."""
    return page(request, "besluiten/begin.html")


@post("/besluiten/nieuw", policy="employee")
async def new(request: Page, session: Session, me: Me) -> Response[Any]:
    """The form to record it, with the answer on top; nothing is kept yet."""
    fields = await form_of(request)
    fields.only(*FIELDS, *OWN)
    return await _form(request, session, me, fields)


@post("/besluiten", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    """Once per form, however often it is sent: going back and sending again leads to the same decision."""
    fields, at = await form_of(request), await now(session)
    fields.only(*FIELDS, *OWN)
    key = fields.one("sleutel")
    if not (16 <= len(key) <= 64 and key.isascii()):
        fields.all.pop("sleutel", None)
        return await _form(request, session, me, fields, refusal=incomplete(), status=422)
    try:
        kept = await take_key(session, me.account_id, key, fields.print())
    except OtherRequest as other:
        del fields.all["sleutel"]
        return await _form(request, session, me, fields, refusal=sent_before(other), status=422)
    if kept is not None:
        return see_other(str(kept.answer))
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        question = await _question(request, session, me, fields, at)
        form = validated(DecisionForm, _values(fields))
        async with session.begin_nested():
            if fields.one("doe") == "voornemen":
                url = f"/besluiten/voornemen/{await prepare(session, question, form, by=by, at=at)}"
            else:
                done = await decide(session, question, form, by=by, at=at, key=key)
                if isinstance(done, Taken):
                    url = f"/besluiten/{done.number}?gelukt=1"
                elif done.needs_second:
                    url = f"/besluiten/voornemen/{await prepare(session, question, form, by=by, at=at)}"
                else:
                    return await _form(request, session, me, fields, weighed=done.weighed, status=409)
    except Refusal as refusal:
        return await _form(request, session, me, fields, refusal=refusal)
    await keep_answer(session, me.account_id, key, fields.print(), status=303, answer=url)
    return see_other(url)


def _values(fields: Fields) -> dict[str, Any]:
    return {
        "onderwerp": fields.one("onderwerp") or None, "motivering": fields.one("motivering"),
        "belangVerklaring": fields.one("belangVerklaring") == "1", "instructieReden": fields.one("instructieReden"),
    }  # fmt: skip


async def _question(request: Page, session: Any, me: Any, fields: Fields, at: datetime) -> Question:
    """The question as it was typed; `Invalid` names every field that cannot be read."""
    speak, faults = words(language_of(request)), dict[str, str]()
    fields = readable(fields, WRITTEN, faults, speak)
    cents, moment = cents_of(fields, faults, speak), moment_of(fields, faults, speak, at)
    people = await people_of(session, fields)
    bad = {name: Reason(name, sentence) for name, sentence in faults.items()}
    for name, found in people.items():
        if found is None:
            bad[name] = Reason(name, N_("We kennen niemand met dit e-mailadres."))
    for name, most in _MOST.items():
        if len(fields.one(name)) > most:
            bad[name] = Reason(name, N_("Gebruik hoogstens {max_length} tekens."), {"max_length": most})
    for name in YES_NO:
        if fields.one(name) not in ("", "ja", "nee"):
            bad[name] = Reason(name, N_("Kies ja of nee."))
    if bad:
        raise Invalid(bad)
    given = question_of(fields, me, fields.one("bevoegdheid")[:40], cents, moment, at, people)
    against = fields.one("tegenInstructie") == "1"
    return Question(**{name: getattr(given, name) for name in given.__slots__} | {"against_instruction": against})


async def _form(
    request: Page, session: Any, me: Any, fields: Fields, *, weighed: Weighed | None = None, refusal: Refusal | None = None,
    status: int = 200,
) -> Response[Any]:  # fmt: skip
    at, speak = datetime.now(UTC), words(language_of(request))
    typed: dict[str, Any] = {**fields.typed(), "bevestigd": fields.many("bevestigd")}
    code = fields.one("bevoegdheid")[:40] or fields.one("zin")[:200]
    found = await powers_found(session, code, Moment(at, at, at), limit=5)
    power = next((one for one in found if one.code == code), found[0] if found else None)
    if power is None:
        return see_other("/mag-ik-dit")
    typed["bevoegdheid"] = power.code
    shown = None
    if weighed is None and (refusal is None or isinstance(refusal, Invalid)):
        try:
            chosen = Fields(
                [
                    *((n, v) for n, vs in fields.all.items() if n != "bevoegdheid" for v in vs),
                    ("bevoegdheid", power.code),
                ]
            )
            weighed = await weigh(session, await _question(request, session, me, chosen, at))
        except Refusal as fault:
            refusal = refusal or fault
    if weighed is not None:
        shown = shown_of(weighed.answer, speak, ())
    wrong = isinstance(refusal, Invalid)
    return page(
        request, "besluiten/nieuw.html", status=status_of(refusal) if refusal and status == 200 else status, typed=typed, bevoegdheid=power,
        antwoord=shown, sleutel=fields.one("sleutel") or secrets.token_urlsafe(18), vraagvelden=[n for n in FIELDS if n in typed],
        fouten={n: sentences(request, (r,))[0] for n, r in refusal.fields.items()} if isinstance(refusal, Invalid) else {},
        redenen=sentences(request, refusal.reasons) if refusal and not wrong else [],
        vervolg=steps(request, refusal.then) if refusal else [], mag=bool(shown and shown.answer.verdict is Verdict.YES),
        instructie=bool(weighed and any(g.instructions for p in weighed.judgement.parts if p.chain for g in p.chain.grants)),
        bedrag_label=AMOUNTS[weighed.judgement.parts[0].view.power.ceiling_base] if weighed else N_("Bedrag"),
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, begin, new, create])
