"""M15: what was asked about a grant and answered, who may do so, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.mandates.models import GrantState
from teams.mandates.queries.parties import PartySeen, party_names
from teams.mandates.queries.posts import posts_of
from teams.mandates.queries.register import GrantSeen, chain_of, grant_by_number
from teams.mandates.terms import PartyKind
from teams.structure.moment import Moment

_ASKED = text(
    """
    select i.id, i.due, i.at, i.acting_as, p.name as asker, q.value as question, n.name as answerer, a.at as answered_at,
        r.value as answer
    from grant_inquiry i join power_grant g on g.id = i.grant_id join person p on p.id = i.asked_by
    left join journal_text q on q.entry = i.entry_id and q.field = 'reden'
    left join grant_inquiry_answer a on a.inquiry_id = i.id left join person n on n.id = a.person_id
    left join journal_text r on r.entry = a.entry_id and r.field = 'reden'
    where g.number = :number and i.at <= cast(:known as timestamptz) order by i.id desc limit 50
    """
)
_OPEN = """grant_inquiry i join power_grant g on g.id = i.grant_id
    where not exists (select from grant_inquiry_answer a where a.inquiry_id = i.id)"""
_LATE = text(f"select distinct g.number from {_OPEN} and i.due < :day order by g.number limit 200")
WAITING = text(
    f"""
    select i.id, i.due, g.number from {_OPEN} and exists (
        select from grant_version v where v.grant_id = i.grant_id and upper_inf(v.recorded) and (
            v.holder = 'persoon:' || cast(cast(:me as uuid) as text)
            or v.holder in (select 'orgaan:' || o.code from organ_member m join organ o on o.id = m.organ_id
                where m.person_id = :me and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:today as date)))
            or v.holder in (select unnest(array['rol:' || f.role_id, 'functie:' || r.office]) from role_filling f
                join role_version r on r.role_id = f.role_id and upper_inf(r.recorded) and range_contains_elem(r.valid, cast(:today as date))
                where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now())))
    order by i.due, i.id limit 50
    """
)
"""What waits for the person `me`: id, due, number."""


@dataclass(frozen=True)
class InquirySeen:
    """A question about a grant; `question` and `answer` None once they have been erased. `due`: the last day."""

    id: UUID
    asker: str
    acting_as: PartySeen
    question: str | None
    due: date
    at: datetime
    answerer: str | None
    answer: str | None
    answered_at: datetime | None

    def late(self, at: datetime) -> bool:
        return (day_of(self.answered_at) if self.answered_at else day_of(at)) > self.due


@dataclass(frozen=True)
class Desk:
    """What somebody sees and may do here: `asks` as which giver (None: may not), `answers`."""

    asks: str | None
    answers: bool
    inquiries: list[InquirySeen]


async def desk_about(session: AsyncSession, number: str, moment: Moment, *, by: Actor) -> Desk:
    """The questions about a grant, newest first, for who gave it, who holds it now, the secretary and the controller."""
    grant, chain = await grant_by_number(session, number, moment), await chain_of(session, number, moment)
    return await desk_of_grant(session, grant, chain, moment, by=by)


async def desk_of_grant(
    session: AsyncSession, grant: GrantSeen, chain: Sequence[GrantSeen], moment: Moment, *, by: Actor
) -> Desk:
    """The same for a grant with its chain that was fetched already."""
    posts = frozenset() if by.has("beheer") else await posts_of(session, by, moment.now)
    asks = may_ask(grant, chain, posts)
    answers = grant.holder.text in posts or (asks is not None and grant.holder.kind is PartyKind.EXTERNAL)
    if not (asks or answers or by.has("secretaris", "controller")):
        return Desk(None, False, [])
    rows = (await session.execute(_ASKED, {"number": grant.number, "known": moment.known})).all()
    names = await party_names(session, {row.acting_as for row in rows}, moment) if rows else {}
    found = [
        InquirySeen(
            row.id, row.asker, names[row.acting_as], row.question, row.due, row.at, row.answerer, row.answer, row.answered_at
        )
        for row in rows
    ]  # fmt: skip
    return Desk(asks if grant.state is not GrantState.DRAFTED else None, answers, found)


async def asked_too_long_ago(session: AsyncSession, at: datetime) -> list[str]:
    """Numbers of grants about which a question stands open after its last day."""
    return list(await session.scalars(_LATE, {"day": day_of(at)}))


def may_ask(grant: GrantSeen, chain: Sequence[GrantSeen], posts: Collection[str]) -> str | None:
    """As which giver of this grant, or of one above it, somebody with these posts asks; None for who holds it or gave nothing."""
    if grant.holder.text in posts:
        return None
    givers = [party.text for one in (grant, *reversed(chain)) for party in one.grantors]
    return next((giver for giver in givers if giver in posts), None)
