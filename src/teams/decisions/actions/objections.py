"""An objection or appeal that was lost because the authority was lacking: an entry about the decision (Awb 7:11, 6:22, 8:72)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.after import LOCK, add_act
from teams.decisions.actions.common import RULES, decider, refused
from teams.decisions.forms import ObjectionLostForm
from teams.decisions.queries.seen import decision_for
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_

_THERE = text(
    """
    select exists (select from decision_act where decision_id = :id and kind = 'bezwaar' and venue = :venue and organ_decision = :mark)
    """
)


async def objection_lost(
    session: AsyncSession, number: str, form: ObjectionLostForm, *, by: Actor, at: datetime
) -> UUID:
    """What the organ decided on an objection, or a court on appeal, once it found that the authority was lacking.

    Entered by a member of the organ or the secretary, never by who took the decision (M09, Awb 10:3 lid 3). Was no
    defect known yet, then this is where it is found (M27): that is an entry of its own. The outcome settles it."""
    me = decider(by)
    await session.execute(LOCK, {"number": number})
    seen = await decision_for(session, number, by)
    if not (by.has("secretaris") or seen.of_organ):
        raise refused(
            N_("Een lid van het orgaan of de gemeentesecretaris legt vast hoe een bezwaar afliep."), f"/besluiten/{number}"
        )  # fmt: skip
    if me in (seen.row.person_id, seen.row.second_id):
        raise Conflict(
            Reason("M09", N_("Het is je eigen besluit. Iemand anders legt vast hoe het bezwaar afliep (Awb 10:3).")),
            then=RULES,
        )
    if form.besloten > day_of(at) or form.besloten < day_of(seen.row.decided_at):
        raise Invalid(
            {"besloten": Reason("besloten", N_("De uitspraak komt na het besluit zelf, en niet in de toekomst."))}
        )
    values = {"id": seen.row.id, "venue": form.instantie, "mark": form.kenmerk}
    if await session.scalar(_THERE, values):
        raise Conflict(
            Reason("verouderd", N_("Deze uitspraak is al vastgelegd.")),
            then=(NextStep(N_("Bekijk het besluit."), f"/besluiten/{number}"),),
        )
    about, entry = await _defect(session, number, form, by=by)
    facts = {"grond": form.grond, "uitkomst": form.gevolg, "soort": form.instantie}
    texts = {"reden": form.reden, "inhoud": f"{form.kenmerk}, {form.besloten.isoformat()}"}
    return await add_act(
        session, seen, "bezwaar", "decision.objection_lost", by=by, facts=facts, texts=texts, betreft=entry, about=about,
        ground=form.grond, reason=form.reden, organ=seen.row.organ if form.instantie == "bezwaar" else None,
        decided_on=form.besloten, organ_decision=form.kenmerk, venue=form.instantie, effect=form.gevolg,
    )  # fmt: skip


async def _defect(session: AsyncSession, number: str, form: ObjectionLostForm, *, by: Actor) -> tuple[UUID, UUID]:
    """The defect that this is about, and its entry: the open one, else the last one, else found here."""
    seen = await decision_for(session, number, by)
    known = sorted(seen.defects, key=lambda act: act.repaired)
    if known:
        return known[0].id, known[0].entry_id
    await add_act(
        session, seen, "gebrek", "decision.defect_found", by=by, facts={"grond": form.grond, "uitkomst": "gebrek"},
        texts={"reden": form.reden}, ground=form.grond, reason=form.reden,
    )  # fmt: skip
    return await _defect(session, number, form, by=by)
