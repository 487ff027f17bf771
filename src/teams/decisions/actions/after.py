"""What comes after a decision, each as a new entry: correction, defect found, ratification, a question for information (M15, M27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.common import RULES, decider, refused, write_entry
from teams.decisions.forms import AnswerForm, CorrectionForm, DefectForm, InformationForm, RatificationForm
from teams.decisions.queries.seen import Seen, decision_for
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_, clean, one_line
from teams.mandates.queries.posts import posts_of

LOCK = text("select pg_advisory_xact_lock(hashtextextended('besluit|' || cast(:number as text), 4))")
_ACT = text(
    """
    insert into decision_act (decision_id, kind, person_id, role_id, about_id, field, old_value, new_value, ground, reason, organ,
        organ_decided_on, organ_decision, told_on, venue, effect, entry_id)
    values (:decision, :kind, :person, :role, :about, :field, :old, :new, :ground, :reason, :organ, :decided_on, :organ_decision,
        :told_on, :venue, :effect, :entry) returning id
    """
)
_REQUEST = text(
    """
    insert into information_request (decision_id, asked_by, acting_as, asked_of, question, due, entry_id)
    values (:decision, :me, :acting_as, :asked_of, :question, :due, :entry) returning id
    """
)
_ANSWER = text(
    "insert into information_answer (request_id, person_id, answer, entry_id) values (:request, :me, :answer, :entry)"
)
_GRANTORS = text(
    """
    select distinct g from power_grant p join grant_version v on v.grant_id = p.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
    cross join unnest(v.grantors) g where p.number = any(:grants)
    """
)
COLUMNS = {
    "zaak": "case_number",
    "wederpartij": "counterparty",
    "onderwerp": "subject",
    "motivering": "reasons",
}
_MOST = {"zaak": 120, "wederpartij": 120, "onderwerp": 200, "motivering": 20_000}


async def correct(session: AsyncSession, number: str, form: CorrectionForm, *, by: Actor, at: datetime) -> UUID:
    """A slip of the pen, by who decided or fills the role. The old entry stays; amount and power are no slips: those are another decision."""
    me = decider(by)
    await session.execute(LOCK, {"number": number})
    seen = await decision_for(session, number, by)
    if not (seen.own and (me in (seen.row.person_id, seen.row.second_id) or seen.role)) or _only_asked(seen, me):
        raise refused(N_("Een correctie maakt wie besliste, of wie de rol nu vervult."), _url(number))
    value = form.waarde if form.veld == "motivering" else one_line(clean(form.waarde))
    if len(value) > _MOST[form.veld]:
        raise Invalid(
            {"waarde": Reason("waarde", N_("Gebruik hoogstens {max_length} tekens."), {"max_length": _MOST[form.veld]})}
        )
    if seen.row.confidential and form.veld == "onderwerp":
        raise Conflict(
            Reason("vertrouwelijk", N_("Bij deze bevoegdheid hoort geen onderwerp: het zaaknummer is genoeg.")),
            then=(NextStep(N_("Bekijk het besluit."), _url(number)),),
        )
    old = current(seen, form.veld)
    if value == old:
        raise Conflict(
            Reason("verouderd", N_("Dat staat er al zo.")), then=(NextStep(N_("Bekijk het besluit."), _url(number)),)
        )
    texts = {"reden": form.reden, "inhoud": f"{form.veld}: {old or ''} → {value}"}
    return await add_act(
        session, seen, "correctie", "decision.corrected", by=by, facts={"soort": form.veld}, texts=texts,
        field=form.veld, old=old, new=value, reason=form.reden,
    )  # fmt: skip


def current(seen: Seen, field: str) -> str | None:
    """The value as it is after the corrections so far."""
    corrected = [act.new_value for act in seen.acts if act.kind == "correctie" and act.field == field]
    held: str | None = getattr(seen.row, COLUMNS[field])
    return corrected[-1] if corrected else held


def _only_asked(seen: Seen, me: UUID) -> bool:
    """Someone who reads along because of a question for information."""
    asker = any(row.asked_by == me for row in seen.information)
    return asker and me not in (seen.row.person_id, seen.row.second_id)


async def report_defect(session: AsyncSession, number: str, form: DefectForm, *, by: Actor, at: datetime) -> UUID:
    """M27: found afterwards that authority was lacking; by who decided, the secretary, the controller or the organ. It stays on record."""
    me = decider(by)
    await session.execute(LOCK, {"number": number})
    seen = await decision_for(session, number, by)
    may = by.has("secretaris", "controller") or seen.of_organ or me == seen.row.person_id
    if not may:
        raise refused(
            N_("Een gebrek meldt wie besliste, de gemeentesecretaris, de controller of het orgaan."), _url(number)
        )
    if any(not act.repaired for act in seen.defects):
        raise Conflict(
            Reason("M27", N_("Bij dit besluit is al een gebrek gemeld dat nog niet is hersteld.")),
            then=(NextStep(N_("Bekijk het besluit."), _url(number)),),
        )
    facts = {"grond": form.grond, "uitkomst": "gebrek"}
    return await add_act(
        session, seen, "gebrek", "decision.defect_found", by=by, facts=facts, texts={"reden": form.reden},
        ground=form.grond, reason=form.reden,
    )  # fmt: skip


async def ratify(session: AsyncSession, number: str, form: RatificationForm, *, by: Actor, at: datetime) -> UUID:
    """M27: the competent organ takes it over, by a new entry; a member or the secretary enters the organ's decision, never who decided.

    Private law: the other party is told (BW 3:69)."""
    me = decider(by)
    await session.execute(LOCK, {"number": number})
    seen = await decision_for(session, number, by)
    if not (by.has("secretaris") or seen.of_organ):
        raise refused(
            N_("Bekrachtigen doet het bevoegde orgaan. Een lid of de gemeentesecretaris legt het vast."), _url(number)
        )
    if me in (seen.row.person_id, seen.row.second_id):
        raise Conflict(
            Reason("eigen_aanvraag", N_("Je bekrachtigt niet je eigen besluit. Vraag het iemand anders.")), then=RULES
        )
    open_defects = [act for act in seen.defects if not act.repaired]
    if not open_defects:
        raise Conflict(
            Reason("M27", N_("Er is geen gebrek gemeld dat nog hersteld moet worden.")),
            then=(NextStep(N_("Bekijk het besluit."), _url(number)),),
        )
    today, faults = day_of(at), {}
    if form.besloten > today or form.besloten < day_of(seen.row.decided_at):
        faults["besloten"] = Reason("besloten", N_("Bekrachtigen kan na het besluit zelf, en niet in de toekomst."))
    if seen.row.act == "privaatrecht" and form.meegedeeldOp is None:
        faults["meegedeeldOp"] = Reason(
            "meegedeeldOp",
            N_("Vul in wanneer de andere partij het hoorde (BW 3:69). Zonder mededeling werkt het niet."),
        )
    if form.meegedeeldOp and not form.besloten <= form.meegedeeldOp <= today:
        faults["meegedeeldOp"] = Reason(
            "meegedeeldOp", N_("Deze dag ligt na het besluit van het orgaan, en niet later dan vandaag.")
        )
    if faults:
        raise Invalid(faults)
    facts = {"uitkomst": "bekrachtigd", "soort": "bw3:69" if seen.row.act == "privaatrecht" else "awb"}
    texts = {"reden": form.reden, "inhoud": f"{form.besluitnummer}, {form.besloten.isoformat()}"}
    return await add_act(
        session, seen, "bekrachtiging", "decision.ratified", by=by, facts=facts, texts=texts,
        betreft=open_defects[0].entry_id, about=open_defects[0].id, reason=form.reden, organ=seen.row.organ,
        decided_on=form.besloten, organ_decision=form.besluitnummer, told_on=form.meegedeeldOp,
    )  # fmt: skip


async def ask_information(
    session: AsyncSession, number: str, form: InformationForm, *, by: Actor, at: datetime
) -> UUID:
    """M15 (Awb 10:6 lid 2): who gave the power asks, with a term; for an organ its members, or the secretary as grantor."""
    me = decider(by)
    seen = await decision_for(session, number, by)
    grantors = frozenset(
        await session.scalars(_GRANTORS, {"grants": seen.row.grants, "known": seen.row.decided_at})
    ) | {f"orgaan:{seen.row.organ}"}
    mine = sorted(await posts_of(session, by, at) & grantors)
    if not mine or me == seen.row.person_id:
        raise refused(N_("Inlichtingen vraagt wie het mandaat gaf (Awb 10:6)."), _url(number))
    if form.uiterlijk < day_of(at):
        raise Invalid({"uiterlijk": Reason("uiterlijk", N_("Kies een dag die nog komt."))})
    facts = {
        "betreft": seen.row.entry_id, "nummer": number, "tot": form.uiterlijk.isoformat(), "uitkomst": "gevraagd",
    }  # fmt: skip
    about = (("decision", seen.row.id), ("person", seen.row.person_id), ("person", me))
    texts = {"actor": str(me), "reden": form.vraag}
    entry = await write_entry(session, "information.asked", about, facts, texts, by=by)
    values = {
        "decision": seen.row.id, "me": me, "acting_as": mine[0], "asked_of": seen.row.person_id, "question": form.vraag,
        "due": form.uiterlijk, "entry": entry,
    }  # fmt: skip
    made: UUID = (await session.execute(_REQUEST, values)).scalar_one()
    return made


async def answer_information(
    session: AsyncSession, number: str, request: UUID, form: AnswerForm, *, by: Actor, at: datetime
) -> None:
    """By who decided, once."""
    me = decider(by)
    await session.execute(LOCK, {"number": number})
    seen = await decision_for(session, number, by)
    asked = next((row for row in seen.information if row.id == request), None)
    if asked is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag kennen we niet.")))
    if asked.asked_of != me:
        raise refused(N_("Dit beantwoordt wie het besluit nam."), _url(number))
    if asked.answered_at is not None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze vraag is al beantwoord.")),
            then=(NextStep(N_("Bekijk het besluit."), _url(number)),),
        )
    facts = {"betreft": seen.row.entry_id, "nummer": number, "uitkomst": "beantwoord"}
    about = (("decision", seen.row.id), ("person", asked.asked_by), ("person", me))
    texts = {"actor": str(me), "reden": form.antwoord}
    entry = await write_entry(session, "information.answered", about, facts, texts, by=by)
    await session.execute(_ANSWER, {"request": request, "me": me, "answer": form.antwoord, "entry": entry})


async def add_act(
    session: AsyncSession,
    seen: Seen,
    kind: str,
    verb: str,
    *,
    by: Actor,
    facts: dict[str, Any],
    texts: Mapping[str, str | None],
    betreft: UUID | None = None,
    **row: Any,
) -> UUID:
    """A new entry about an earlier one, and its row."""
    assert by.person_id is not None
    told = {"betreft": betreft or seen.row.entry_id, "nummer": seen.row.number, "bevoegdheid": seen.row.power, **facts}
    about = (("decision", seen.row.id), ("person", seen.row.person_id), ("person", by.person_id))
    entry = await write_entry(session, verb, about, told, {"actor": str(by.person_id), **texts}, by=by)
    values = {
        **dict.fromkeys(_OPTIONAL),
        **row,
        "decision": seen.row.id,
        "kind": kind,
        "person": by.person_id,
        "entry": entry,
    }
    made: UUID = (await session.execute(_ACT, values)).scalar_one()
    return made


_OPTIONAL = (
    "about", "field", "old", "new", "ground", "reason", "organ", "decided_on", "organ_decision", "told_on", "role",
    "venue", "effect",
)  # fmt: skip


def _url(number: str) -> str:
    return f"/besluiten/{number}"
