"""Decisions as they are read, and who may read which: own, of own roles, of the own organ, all for secretary and controller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.models import Decision
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_

# Own: who decided, confirmed, or fills the role now. Confidential powers: the own role and the controller; for others the number only.
_OWN = """
    (d.person_id = :me or d.second_id = :me or exists (select from role_filling f where f.role_id = d.role_id
        and f.person_id = :me and upper_inf(f.recorded) and f.valid @> now())
    or exists (select from information_request r where r.decision_id = d.id and :me in (r.asked_by, r.asked_of)))
"""
_ORGAN = """
    exists (select from organ o join organ_member m on m.organ_id = o.id where o.code = d.organ and m.person_id = :me
        and upper_inf(m.recorded) and range_contains_elem(m.valid, cast(:today as date)))
"""
LEVEL = f"""
    case when {_OWN} or :controller then 'alles'
        when :secretary or {_ORGAN} then case when d.confidential then 'nummer' else 'alles' end end
"""
ROLE = "(select v.name from role_version v where v.role_id = d.role_id and upper_inf(v.recorded) order by range_contains_elem(v.valid, cast(:today as date)) desc, lower(v.valid) desc limit 1)"
_DEFECT = "exists (select from decision_act a where a.decision_id = d.id and a.kind = 'gebrek')"
# Every defect that was found has been ratified; or else an objection settled it (M27, Awb 7:11).
_EACH = """
    exists (select from decision_act a where a.decision_id = d.id and a.kind = 'gebrek') and not exists (
        select from decision_act a where a.decision_id = d.id and a.kind = 'gebrek' and not exists (
            select from decision_act b where b.about_id = a.id and b.kind = any('{%s}')))
"""
RATIFIED, SETTLED = _EACH % "bekrachtiging", _EACH % "bekrachtiging,bezwaar"
_ONE = text(
    f"""
    select d.id, {LEVEL} as level, p.name as person, s.name as second, {ROLE} as role, o.name as organ_name,
        {_ORGAN} as of_organ, {_OWN} as own, {RATIFIED} as ratified
    from decision d join person p on p.id = d.person_id left join person s on s.id = d.second_id
    join organ o on o.code = d.organ where d.number = :number
    """
)
_AFTER = """d.id < coalesce((select b.id from decision b where b.number = cast(:below as text)), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    and (cast(:power as text) is null or d.power = :power) order by d.id desc limit :most"""
# Each way in which a decision is one's own is walked from the newest by its index, however many there are.
_LIST = text(
    f"""
    with mine as (
        (select d.id from decision d where d.person_id = :me and {_AFTER})
        union (select d.id from decision d where d.second_id = :me and {_AFTER})
        union select d.id from role_filling f cross join lateral (select d.id from decision d where d.role_id = f.role_id and {_AFTER}) d
            where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now()
        union (select d.id from information_request r join decision d on d.id = r.decision_id where :me in (r.asked_by, r.asked_of) and {_AFTER})
    ), d as (select d.* from mine join decision d on d.id = mine.id order by d.id desc limit :most)
    select d.id, d.number, d.power, d.power_title, d.act, d.confidential, d.outcome, d.cents, d.decided_at, d.person_id,
        p.name as person, {ROLE} as role, case when {LEVEL} = 'alles' then d.subject end as subject,
        case when {LEVEL} = 'alles' then d.case_number end as case_number, {_DEFECT} as defect, {RATIFIED} as ratified,
        d.entry_id
    from d join person p on p.id = d.person_id order by d.id desc
    """
)
_ACTS = text(
    """
    select a.id, a.kind, a.person_id, p.name as person, a.field, a.old_value, a.new_value, a.ground, a.reason, a.organ,
        o.name as organ_name, a.organ_decided_on, a.organ_decision, a.told_on, a.venue, a.effect, a.about_id, a.entry_id, a.at,
        exists (select from decision_act b where b.about_id = a.id and b.kind in ('bekrachtiging', 'bezwaar')) as repaired
    from decision_act a join person p on p.id = a.person_id left join organ o on o.code = a.organ
    where a.decision_id = :id order by a.id
    """
)
_INFORMATION = text(
    """
    select r.id, r.question, r.due, r.at, r.acting_as, r.asked_by, r.asked_of, p.name as asker, q.name as asked,
        w.answer, w.at as answered_at, w.person_id as answered_by
    from information_request r join person p on p.id = r.asked_by join person q on q.id = r.asked_of
    left join information_answer w on w.request_id = r.id where r.decision_id = :id order by r.id
    """
)
ASKED = text(
    """
    select r.id, r.due, r.acting_as, d.number, d.power_title, d.confidential, d.subject
    from information_request r join decision d on d.id = r.decision_id
    where r.asked_of = :me and not exists (select from information_answer w where w.request_id = r.id)
    order by r.due, r.id limit 50
    """
)
_ADVICE = text(
    """
    select a.text, a.given_on, a.condition, p.name as person from intent_act a left join person p on p.id = a.person_id
    where a.intent_id = :intent and a.kind = 'advies' order by a.id
    """
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One decision as this person may see it. `level` 'nummer': a confidential power, so number, case number and power only."""

    row: Decision
    level: str
    person: str
    second: str | None
    role: str | None
    organ: str
    of_organ: bool
    own: bool
    ratified: bool
    acts: list[Row[Any]]
    information: list[Row[Any]]
    advice: list[Row[Any]]

    @property
    def full(self) -> bool:
        return self.level == "alles"

    @property
    def defects(self) -> list[Row[Any]]:
        return [act for act in self.acts if act.kind == "gebrek"]

    @property
    def objections(self) -> list[Row[Any]]:
        return [act for act in self.acts if act.kind == "bezwaar"]

    @property
    def erased(self) -> Row[Any] | None:
        return next((act for act in self.acts if act.kind == "vernietigd"), None)


def who(by: Actor) -> dict[str, Any]:
    return {
        "me": by.person_id, "controller": by.has("controller"), "secretary": by.has("secretaris"),
        "today": day_of(datetime.now(UTC)),
    }  # fmt: skip


async def decision_for(session: AsyncSession, number: str, by: Actor) -> Seen:
    """One decision with everything that came after; or `NotFound`, also when it is not this person's to read."""
    found = (await session.execute(_ONE, {**who(by), "number": number[:20]})).one_or_none()
    if found is None or found.level is None or by.has("raad"):
        raise NotFound(
            Reason("onbekend", N_("Dit besluit bestaat niet, of het is niet van jou of je rol.")),
            then=(NextStep(N_("Bekijk je besluiten."), "/besluiten"),),
        )
    row = (await session.scalars(select(Decision).where(Decision.id == found.id))).one()
    acts = list((await session.execute(_ACTS, {"id": row.id})).all())
    asked = list((await session.execute(_INFORMATION, {"id": row.id})).all())
    advice = list((await session.execute(_ADVICE, {"intent": row.intent_id})).all()) if row.intent_id else []
    return Seen(
        row, found.level, found.person, found.second, found.role, found.organ_name, found.of_organ, found.own,
        found.ratified, acts, asked, advice,
    )  # fmt: skip


async def decisions_of(
    session: AsyncSession, by: Actor, *, below: str | None = None, power: str | None = None, most: int = 25
) -> list[Row[Any]]:
    """Own decisions and those of own roles, newest number first, under number `below`."""
    values = {**who(by), "below": below, "power": power, "most": most}
    return list((await session.execute(_LIST, values)).all())


async def asked_of(session: AsyncSession, me: UUID) -> list[Row[Any]]:
    """M15: questions that wait for this person's answer, the first to fall due on top."""
    return list((await session.execute(ASKED, {"me": me})).all())


def overdue(due: date, answered: datetime | None, today: date) -> bool:
    return answered is None and due < today
