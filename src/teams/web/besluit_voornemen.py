"""A voornemen: what it waits for, and each step by who may take it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.decisions.actions.advice import advise, open_conditions
from teams.decisions.actions.decide import Refused, Taken
from teams.decisions.actions.intents import choose_second, confirm, hand_up, take, withdraw
from teams.decisions.actions.organ import edit_proposal, enter_outcome, put_to_organ
from teams.decisions.forms import (
    AdviceForm,
    ConfirmForm,
    HandUpForm,
    OrganForm,
    OutcomeForm,
    ProposalTextForm,
    SecondForm,
)
from teams.decisions.models import OrganProposal
from teams.decisions.queries.intents import acts_of, intent_for, proposal_of, question_of
from teams.decisions.queries.known import weigh
from teams.exchange.pdf import pdf
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.mandates.text import dutch_day
from teams.people.queries import person_by_email
from teams.web.answers import see_other
from teams.web.besluit_vorm import ACTS, INTENT_STATES
from teams.web.forms import Fields, form_of, iso_date
from teams.web.mag_ik_dit import shown_of
from teams.web.pages import page, sentences, steps
from teams.web.since import since

Step = Callable[[Any, UUID, Fields, Actor, datetime], Awaitable[Any]]


async def _advise(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("voorwaarde", "akkoord", "tekst", "gegevenDoor", "gegevenOp")
    given = {
        "voorwaarde": fields.one("voorwaarde"), "akkoord": _yes(fields), "tekst": fields.one("tekst"),
        "gegevenDoor": fields.one("gegevenDoor") or None, "gegevenOp": iso_date(fields.one("gegevenOp")),
    }  # fmt: skip
    return await advise(session, id, validated(AdviceForm, given), by=by, at=at)


async def _second(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("wie")
    form = SecondForm(tweedePersoonId=await _person(session, fields))
    return await choose_second(session, id, form, by=by, at=at)


async def _confirm(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("akkoord", "belangVerklaring", "tekst")
    given = {
        "akkoord": _yes(fields), "belangVerklaring": fields.one("belangVerklaring") == "1", "tekst": fields.one("tekst"),
    }  # fmt: skip
    return await confirm(session, id, validated(ConfirmForm, given), by=by, at=at)


async def _take(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    return await take(session, id, by=by, at=at)


async def _hand_up(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("naar", "reden")
    form = validated(HandUpForm, {"naar": fields.one("naar"), "reden": fields.one("reden")})
    return await hand_up(session, id, form, by=by, at=at)


async def _to_organ(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("orgaan")
    return await put_to_organ(session, id, validated(OrganForm, {"orgaan": fields.one("orgaan")}), by=by, at=at)


async def _edit(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("titel", "voorsteltekst", "versie", "stond")
    given = {"titel": fields.one("titel"), "tekst": fields.one("voorsteltekst"), "versie": fields.one("versie")}
    return await edit_proposal(session, id, validated(ProposalTextForm, given), by=by, at=at)


async def _outcome(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("uitkomst", "besloten", "besluitnummer", "opmerking")
    given = {
        "uitkomst": fields.one("uitkomst"), "besloten": iso_date(fields.one("besloten")),
        "besluitnummer": fields.one("besluitnummer") or None, "opmerking": fields.one("opmerking"),
    }  # fmt: skip
    return await enter_outcome(session, id, validated(OutcomeForm, given), by=by, at=at)


async def _withdraw(session: Any, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    return await withdraw(session, id, by=by, at=at)


STEPS: dict[str, Step] = {
    "advies": _advise, "tweede": _second, "bevestiging": _confirm, "besluit": _take, "doorgeleiding": _hand_up,
    "orgaanvoorstel": _to_organ, "voorsteltekst": _edit, "uitkomst": _outcome, "intrekking": _withdraw,
}  # fmt: skip


def _yes(fields: Fields) -> bool | None:
    return {"ja": True, "nee": False}.get(fields.one("akkoord"))


async def _person(session: Any, fields: Fields) -> UUID:
    found = await person_by_email(session, fields.one("wie"))
    if found is None:
        raise Invalid({"wie": Reason("wie", N_("We kennen niemand met dit e-mailadres."))})
    person: UUID = found.id
    return person


@get("/besluiten/voornemen/{id:uuid}", policy="employee")
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, id)


@post("/besluiten/voornemen/{id:uuid}/{step:str}", policy="employee")
async def act(request: Page, id: FromPath[UUID], step: FromPath[str], session: Session, me: Me) -> Response[Any]:
    if step not in STEPS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    fields, at = await form_of(request), await now(session)
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        async with session.begin_nested():
            done = await STEPS[step](session, id, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, id, step=step, typed=fields.typed(), refusal=refusal)
    if isinstance(done, Taken):
        return see_other(f"/besluiten/{done.number}?gelukt=1")
    if isinstance(done, Refused):
        return await _show(request, session, me, id, step=step, status=409)
    return see_other(f"/besluiten/voornemen/{id}")


@get("/besluiten/voornemen/{id:uuid}/pdf", policy="employee")
async def printed(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    proposal = await _proposal(session, id, me.actor())
    data = {
        "gemeente": request.app.state.settings.municipality, "titel": proposal.title or "", "nummer": proposal.number,
        "datum": dutch_day(proposal.made_at), "regels": (proposal.text or "").split("\n"),
        "besloten": dutch_day(proposal.decided_on) if proposal.decided_on else "", "besluit": proposal.decision_number or "",
    }  # fmt: skip
    made = await asyncio.to_thread(pdf, "orgaanvoorstel", data, at=proposal.made_at)
    return _file(made, "application/pdf", f"voorstel-{proposal.number}.pdf")


@get("/besluiten/voornemen/{id:uuid}/tekst", policy="employee")
async def editable(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    proposal = await _proposal(session, id, me.actor())
    text = f"# {proposal.title or ''}\n\n{proposal.text or ''}\n"
    return _file(text.encode(), "text/markdown", f"voorstel-{proposal.number}.md")


async def _proposal(session: Any, id: UUID, by: Actor) -> OrganProposal:
    await intent_for(session, id, by)
    proposal = await proposal_of(session, id)
    if proposal is None:
        raise NotFound(Reason("onbekend", N_("Van dit voornemen is geen voorstel gemaakt.")))
    return proposal


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _show(
    request: Page, session: Any, me: Any, id: UUID, *, step: str = "", typed: dict[str, str] | None = None,
    refusal: Refusal | None = None, status: int = 200,
) -> Response[str]:  # fmt: skip
    by, at = me.actor(), datetime.now(UTC)
    intent = await intent_for(session, id, by)
    acts, proposal = await acts_of(session, id), await proposal_of(session, id)
    weighed = await weigh(session, question_of(intent, acts, at), recording=True) if intent.waits else None
    shown = shown_of(weighed.answer, words(language_of(request)), ()) if weighed else None
    asked = {a.condition for a in acts if a.kind == "advies_gevraagd" and a.other_id == by.person_id}
    settled = {a.condition for a in acts if a.kind == "advies"}
    mine = intent.holder_id == by.person_id and intent.waits
    open_ = open_conditions(weighed) if weighed else []
    nobody = {a.condition for a in acts if a.kind == "advies_gevraagd" and a.other_id is None}
    above = [
        (one.id, f"{one.name}, {who.name}")
        for who in (weighed.answer.who_may if weighed else ()) for one in who.today if who.kind != "orgaan"
    ]  # fmt: skip
    organs = [(part.organ.id, part.organ.name) for part in weighed.judgement.parts] if weighed else []
    known = None
    if proposal is not None:
        stands = {"titel": proposal.title or "", "voorsteltekst": proposal.text or ""}
        known = since(proposal.version, stands, typed if step == "voorsteltekst" else None, refusal)
    return page(
        request, "besluiten/voornemen.html", status=status_of(refusal) if refusal else status, v=intent, acts=acts,
        voorstel=proposal, sinds=known, antwoord=shown, stand=INTENT_STATES[intent.state], zinnen=ACTS, mijn=mine, ik=by.person_id,
        adviseer=sorted(asked - settled), schrijf=sorted(nobody - settled) if mine else [], open=open_,
        bevestig=intent.state == "tweede" and intent.second_id == by.person_id, hogerop=above, organen=organs,
        titel=weighed.judgement.parts[0].view.power.title if weighed else intent.power, stap=step, typed=typed or {},
        uitkomst=proposal is not None and proposal.state == "concept" and not mine and intent.person_id != by.person_id,
        fouten={n: sentences(request, (r,))[0] for n, r in refusal.fields.items()} if isinstance(refusal, Invalid) else {},
        redenen=sentences(request, refusal.reasons) if refusal and not isinstance(refusal, Invalid) else [],
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, act, printed, editable])
