"""A breakdown of deciding (G34): declared, taken over by the team above, and over when deciding works again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.appointing import close_offer
from teams.governance.breakdowns import breakdown_now, declares_as, role_of, takers
from teams.governance.direction_forms import BreakdownForm
from teams.governance.models import OfferState
from teams.journal.batch import lock_structure
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.structure.actions.fillings import end_filling
from teams.structure.moment import Moment
from teams.structure.queries import team_for

_DECLARE = text(
    """
    insert into process_breakdown (team_id, declared_by, acting_as, text) values (:team, :me, :acting, :text) returning id
    """
)
_TAKE = text("update process_breakdown set taken_by = :me, taken_role = :role, taken_at = now() where id = :id")
_END = text("update process_breakdown set ended_by = :me, ended_text = :text, ended_at = now() where id = :id")
_ASKED = text(
    """
    select o.id from filling_offer o where o.team_id = :team and o.way = 'rol' and o.decider_id = :role
        and o.state in ('gevraagd','aanvaard')
    """
)
# Who came as one more rolverdeler by the word of who took over.
_ADDED = text(
    """
    select o.role_id, o.person_id from filling_offer o
    join filling_offer_act a on a.offer_id = o.id and a.kind = 'vervuld' and a.at >= :taken
    join role_filling f on f.role_id = o.role_id and f.person_id = o.person_id and upper_inf(f.recorded)
        and range_contains_elem(f.valid, cast(:at as timestamptz)) and not f.elected
    join role_version v on v.role_id = o.role_id and v.team_id = :team and v.core = 'rolverdeler' and upper_inf(v.recorded)
        and upper_inf(v.valid)
    where o.team_id = :team and o.way = 'rol' and o.decider_id = :role and o.state = 'vervuld'
    """
)


async def declare_breakdown(
    session: AsyncSession, team_id: UUID, form: BreakdownForm, *, by: Actor, at: datetime
) -> UUID:
    """By facilitator or secretary, here or in the team above, or by the proposer of what lapsed unresolved."""
    await lock_structure(session)
    await team_for(session, team_id, by, Moment(at, at, at))
    reasons = []
    acting = await declares_as(session, team_id, by.person_id, at=at)
    if acting is None:
        said = N_(
            "Dat het roloverleg vastloopt, zegt de begeleider of de teamsecretaris, van dit team of van het team erboven,"
            " of wie een voorstel zag vervallen waarvan het bezwaar niet werd opgelost."
        )
        reasons.append(Reason("G34", said))
    if await breakdown_now(session, team_id) is not None:
        reasons.append(Reason("verkeerd_moment", N_("Dat het roloverleg vastloopt, is al gemeld.")))
    if reasons:
        raise Conflict(*reasons, then=_look(team_id))
    given = {"team": team_id, "me": by.person_id, "acting": acting, "text": form.tekst}
    made: UUID = (await session.execute(_DECLARE, given)).scalar_one()
    _, _, able = await takers(session, team_id, by.person_id or made, at=at)
    await _tell(
        session, "breakdown.declared", team_id, made, *sorted(able), by=by, acting=str(acting), reason=form.tekst
    )
    return made


async def take_over(session: AsyncSession, team_id: UUID, *, by: Actor, at: datetime) -> None:
    """From now on this person guides the deciding of the team, tests objections, and may add a rolverdeler."""
    await lock_structure(session)
    now = await breakdown_now(session, team_id)
    if now is None or now.taken_at is not None:
        said = N_("Een ander begeleidt dit team al.") if now else N_("Van dit team is niet gemeld dat het vastloopt.")
        raise Conflict(Reason("verkeerd_moment", said), then=_look(team_id))
    parent, acting, able = await takers(session, team_id, now.declared_by, at=at)
    if by.person_id == now.declared_by:
        said = N_("Wie het meldde, neemt niet zelf over. Dat doet een ander uit het team erboven.")
        raise Conflict(Reason("eigen_aanvraag", said), then=_look(team_id))
    role = None
    if parent is not None and by.person_id is not None and by.person_id in able:
        role = await role_of(session, parent, by.person_id, acting, at=at)
    if role is None:
        said = N_("Overnemen doet de begeleider van het team erboven, of wie die vervangt.")
        raise Conflict(Reason("G34", said), then=_look(team_id))
    await session.execute(_TAKE, {"id": now.id, "me": by.person_id, "role": role})
    await _tell(session, "breakdown.taken", team_id, now.id, by=by, acting=acting)


async def end_breakdown(session: AsyncSession, team_id: UUID, form: BreakdownForm, *, by: Actor, at: datetime) -> None:
    """By who took over; while nobody did, by whoever may declare. Every power that it gave ends with it."""
    await lock_structure(session)
    now = await breakdown_now(session, team_id)
    if now is None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Van dit team is niet gemeld dat het vastloopt.")), then=_look(team_id)
        )
    if now.guides:
        acting = "begeleider" if by.person_id == now.taken_by else None
    else:
        acting = await declares_as(session, team_id, by.person_id, at=at)
    if acting is None:
        said = N_("Dat het weer gaat, zegt wie de begeleiding overnam. Zolang niemand dat deed: wie het mocht melden.")
        raise Conflict(Reason("G34", said), then=_look(team_id))
    await session.execute(_END, {"id": now.id, "me": by.person_id, "text": form.tekst})
    if now.taken_at is not None:
        given = {"team": team_id, "role": now.taken_role, "taken": now.taken_at, "at": at}
        for offer in await session.scalars(_ASKED, {"team": team_id, "role": now.taken_role}):
            await close_offer(session, offer, OfferState.CANCELLED, by=by)
        for row in (await session.execute(_ADDED, given)).all():
            await end_filling(session, row.role_id, row.person_id, end=at, by=by, at=at)
    await _tell(session, "breakdown.ended", team_id, now.id, by=by, acting=acting, reason=form.tekst)


async def _tell(
    session: AsyncSession,
    verb: str,
    team_id: UUID,
    breakdown: UUID,
    *people: UUID,
    by: Actor,
    acting: str,
    reason: str = "",
) -> None:
    facts = {"team": str(team_id), "breakdown": str(breakdown), "acting": acting}
    words = {"reason": reason} if reason else {}
    on = (("team", team_id), *(("person", one) for one in people))
    await record(session, Note(verb, on, facts, words, accountable=True), by=by)


def _look(team_id: UUID) -> tuple[NextStep, ...]:
    return (NextStep(N_("Bekijk hoe het nu staat."), f"/teams/{team_id}/vastgelopen"),)
