"""Erasing what may be erased: asked for on a ground, approved by a second person, told in the log (mandates 4.4)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.forms import ErasureForm, SettleForm, TermForm
from teams.account.rules import Ground, may_be_erased, need, refused
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_

MOST = 5_000
_CLOSE = text(
    "update retention_term set recorded = tstzrange(lower(recorded), now()) where kind = :kind and upper_inf(recorded)"
)
_TERM = text("insert into retention_term (kind, months, source, set_by) values (:kind, :months, :source, :by)")
_ENTRIES = text(
    """
    select j.id, j.verb, j.at, retention_kind(j.verb) as kind, retained_until(j.verb, j.at) as until,
        exists (select from journal_subject s where s.entry = j.id and s.kind = 'person' and s.id = :me) or j.actor = :me as mine
    from journal j where j.id = any(cast(:entries as uuid[]))
        and exists (select from journal_text t where t.entry = j.id) order by j.id
    """
)
_MAKE = text("insert into erasure (ground, reason, asked_by) values (:ground, :reason, :by) returning id, number")
_ITEMS = text("insert into erasure_item (erasure_id, entry) select :erasure, unnest(cast(:entries as uuid[]))")
_LOCK = text("select id, number, ground, state, asked_by from erasure where id = :id for update")
_ABOUT = text(
    """
    select exists (select from erasure_item i join journal_subject s on s.entry = i.entry and s.kind = 'person' and s.id = :me
        where i.erasure_id = :id)
    """
)
_NOT_YET = text(
    """
    select exists (select from erasure_item i join journal j on j.id = i.entry and j.accountable
        where i.erasure_id = :id and not exists (select from leaf l where l.entry = i.entry))
    """
)
_DECISIONS = text(
    """
    select distinct d.id, d.number from erasure_item i join journal_subject s on s.entry = i.entry and s.kind = 'decision'
    join decision d on d.id = s.id where i.erasure_id = :id order by d.id
    """
)
_ACT = text(
    """
    insert into decision_act (decision_id, kind, person_id, ground, approved_by, entry_id)
    values (:decision, 'vernietigd', :asked, :ground, :by, :entry) returning id
    """
)
_ERASE_DECISION = text("select erase_decision(:act)")
_ERASE = text("select erase(:id, :by)")
_REFUSE = text(
    "update erasure set state = 'geweigerd', settled_by = :by, settled_at = now(), answer = :answer where id = :id"
)
_OVERDUE = text(
    """
    select j.id from journal j
    where retention_kind(j.verb) = :kind and retained_until(j.verb, j.at) <= now()
        and exists (select from journal_text t where t.entry = j.id)
        and not exists (select from erasure_item i join erasure e on e.id = i.erasure_id and e.state = 'gevraagd' where i.entry = j.id)
    order by j.id limit :most
    """
)


async def set_term(session: AsyncSession, form: TermForm, *, by: Actor, at: datetime) -> None:
    """A new term for a kind of record; a setting with legal effect, so an accountable entry."""
    need(by, "secretaris")
    values = {"kind": form.soort, "months": form.maanden or None, "source": form.bron, "by": by.person_id}
    await session.execute(_CLOSE, values)
    await session.execute(_TERM, values)
    facts = {"code": f"bewaartermijn.{form.soort}", "kind": form.soort, "months": form.maanden}
    await record(session, Note("retention.set", (), facts, {"source": form.bron}, accountable=True), by=by)


async def ask_erasure(
    session: AsyncSession, entries: Collection[UUID], form: ErasureForm, *, by: Actor, at: datetime
) -> UUID:
    """Secretary and controller ask for any entry, everybody for entries about themselves; every text must be free to go."""
    found = (await session.execute(_ENTRIES, {"entries": list(entries), "me": by.person_id})).all()
    if not found or len(found) > MOST:
        raise NotFound(Reason("onbekend", N_("Hier is geen tekst om te vernietigen.")))
    if not by.has("secretaris", "controller") and not all(row.mine for row in found):
        raise NotFound(Reason("onbekend", N_("Hier is geen tekst om te vernietigen.")))
    if by.person_id is None:
        raise refused(N_("Een systeembeheerder vernietigt niets."))
    kept = [row for row in found if not may_be_erased(form.grond, row.kind, row.until, at)]
    if kept:
        raise Conflict(*_kept(form.grond, kept), then=(NextStep(N_("Bekijk de bewaartermijnen."), "/bewaartermijnen"),))
    made = (await session.execute(_MAKE, {"ground": form.grond.value, "reason": form.reden, "by": by.person_id})).one()
    await session.execute(_ITEMS, {"erasure": made.id, "entries": [row.id for row in found]})
    facts = {"number": made.number, "ground": form.grond.value, "count": len(found)}
    await record(session, Note("erasure.asked", (("erasure", made.id),), facts, {"reason": form.reden}), by=by)
    found_id: UUID = made.id
    return found_id


async def overdue(session: AsyncSession, kind: str) -> list[UUID]:
    """Entries of a kind whose texts are past their term, oldest first, at most 5,000 and not asked for already."""
    return list(await session.scalars(_OVERDUE, {"kind": kind, "most": MOST}))


async def approve_erasure(session: AsyncSession, erasure: UUID, *, by: Actor, at: datetime) -> int:
    """Rule 6: another person than who asked, and not about that person. Returns how many texts are gone."""
    row = await _settle(session, erasure, by)
    if await session.scalar(_ABOUT, {"id": erasure, "me": by.person_id}):
        raise refused(N_("Dit gaat over jou. Iemand anders keurt het goed."), "eigen_aanvraag")
    if await session.scalar(_NOT_YET, {"id": erasure}):
        raise Conflict(
            Reason("verkeerd_moment", N_("Dit staat nog niet in het logboek.")),
            then=(NextStep(N_("Probeer het over een minuut opnieuw.")),),
        )
    gone: int = 0
    for decision in (await session.execute(_DECISIONS, {"id": erasure})).all():
        told = {"nummer": decision.number, "grond": row.ground, "soort": "inhoud"}
        entry = await record(
            session, Note("decision.erased", (("decision", decision.id),), told, accountable=True), by=by
        )
        act = {"decision": decision.id, "asked": row.asked_by, "ground": row.ground, "by": by.person_id, "entry": entry}
        gone += await session.scalar(_ERASE_DECISION, {"act": await session.scalar(_ACT, act)}) or 0
    gone += (await session.execute(_ERASE, {"id": erasure, "by": by.person_id})).scalar_one()
    facts = {
        "number": row.number,
        "grond": row.ground,
        "aantal": gone,
        "soort": "inhoud",
        "asked_by": str(row.asked_by),
    }
    await record(session, Note("erasure.done", (("erasure", erasure),), facts, accountable=True), by=by)
    return gone


async def refuse_erasure(session: AsyncSession, erasure: UUID, form: SettleForm, *, by: Actor, at: datetime) -> None:
    """Nothing is erased; who asked reads why."""
    row = await _settle(session, erasure, by)
    await session.execute(_REFUSE, {"id": erasure, "by": by.person_id, "answer": form.antwoord})
    note = Note(
        "erasure.refused",
        (("erasure", erasure), ("person", row.asked_by)),
        {"number": row.number},
        {"reason": form.antwoord},
    )
    await record(session, note, by=by)


async def _settle(session: AsyncSession, erasure: UUID, by: Actor) -> "_Row":
    need(by, "secretaris", "controller")
    row = (await session.execute(_LOCK, {"id": erasure})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Dit verzoek bestaat niet.")))
    if row.state != "gevraagd":
        raise Conflict(Reason("verkeerd_moment", N_("Dit verzoek is al afgehandeld.")))
    if row.asked_by == by.person_id:
        raise refused(N_("Je keurt je eigen verzoek niet goed. Dat doet iemand anders."), "eigen_aanvraag")
    return _Row(row.number, row.ground, row.asked_by)


class _Row:
    def __init__(self, number: int, ground: str, asked_by: UUID) -> None:
        self.number, self.ground, self.asked_by = number, ground, asked_by


def _kept(ground: Ground, kept: Collection[object]) -> list[Reason]:
    """One reason for each kind that must stay, with the day until which."""
    reasons: dict[str, Reason] = {}
    for row in kept:
        until = getattr(row, "until", None)
        kind = str(getattr(row, "kind", ""))
        if until is None:
            reasons[kind] = Reason(
                "termijn", N_("Teksten van de soort {kind} blijven voor altijd bewaard."), {"kind": kind}
            )
        elif ground is Ground.REQUEST:
            sentence = N_(
                "Teksten van de soort {kind} bewaart de gemeente volgens de Archiefwet tot {until} (AVG artikel 17, lid 3)."
            )
            reasons[kind] = Reason("termijn", sentence, {"kind": kind, "until": day_of(until)})
        else:
            sentence = N_("De bewaartermijn van de soort {kind} loopt nog, tot {until}.")
            reasons[kind] = Reason("termijn", sentence, {"kind": kind, "until": day_of(until)})
    return list(reasons.values())
