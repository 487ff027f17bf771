"""The waiting list: one function gives free places to whoever is next, for hand and clock alike (R3, R4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Actor, Note, record_many
from teams.kit.clock import day_of
from teams.kit.errors import Reason
from teams.klussen.actions.steps import subjects
from teams.klussen.hours import hours_from, klus_end
from teams.klussen.lending import Lending, Room, lending, room, term
from teams.klussen.models import LIVE, Klus
from teams.klussen.weighing import asked_hours, nearest

FIRST = 20
_LINE = text(
    """
    select c.id, c.person_id, c.hours, c.skipped,
        (select coalesce(array_agg(s.seat), '{}') from claim s where s.klus_id = :klus and s.seat is not null) as taken
    from claim c where c.klus_id = :klus and c.state = 'wachtlijst' order by c.lined_at, c.id
    """
)
_LOCK = text("select id from person where id = any(cast(:people as uuid[])) order by id for no key update skip locked")
_WEIGH = text(
    """
    select p.id, person_hours(p.id, :klus) as hours, h.team_id as home, (
        select v.kind from policy y join policy_version v on v.policy_id = y.id
        where y.team_id = h.team_id and v.kind like 'instemming:%' and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date)) order by lower(v.valid) desc, v.id limit 1) as policy,
        (select b.rate_cents from klus_baseline b where b.klus_id = :klus) as rate
    from unnest(cast(:people as uuid[])) p(id)
    left join home_team h on h.person_id = p.id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    """
)
_OFFER = text(
    """
    update claim c set state = 'aangeboden', seat = o.seat, due_at = :due, version = c.version + 1,
        chosen_by = coalesce(cast(:chosen_by as uuid), c.chosen_by)
    from unnest(cast(:claims as uuid[]), cast(:seats as int[])) o(id, seat)
    where c.id = o.id and c.state in ('wachtlijst', 'aangemeld') returning c.id
    """
)
_SKIP = text(
    """
    update claim c set skipped = o.why, version = c.version + 1
    from unnest(cast(:claims as uuid[]), cast(:whys as text[])) o(id, why) where c.id = o.id
    """
)


@dataclass(frozen=True)
class Weighed:
    """One person against one klus: home team, and whether the hours fit (R5, R6)."""

    home: UUID | None
    room: Room
    policy: Lending


async def weigh(
    session: AsyncSession, klus: Klus, people: Iterable[tuple[UUID, Decimal]], *, at: datetime
) -> dict[UUID, Weighed]:
    """People (locked) with the hours that they asked; one statement."""
    wanted = dict(people)
    given = {"people": list(wanted), "klus": klus.id, "today": day_of(at)}
    found = {}
    for row in (await session.execute(_WEIGH, given)).all():
        asked = asked_hours(
            nearest(wanted[row.id], klus.hours_min, klus.hours_max), klus.hours_min, klus.hours_max, klus.hours_total
        )
        policy = lending(row.policy)
        weighed = room(
            hours_from(row.hours), asked, starts=klus.starts, ends=klus.ends, total=klus.hours_total is not None,
            today=day_of(at), policy=policy, has_home=row.home is not None, abroad=row.home != klus.team_id, rate=row.rate,
        )  # fmt: skip
        found[row.id] = Weighed(row.home, weighed, policy)
    return found


async def promote(session: AsyncSession, klus: Klus, *, at: datetime, by: Actor = SYSTEM, again: bool = True) -> int:
    """Offer every free place to the first in line who can take it; returns how many. Call it with the klus locked.

    R4: hours are weighed anew, an offer has a term and holds the place; who no longer fits stays in line and is told,
    with `again` also when told before. Six statements for any length of the list. Whoever is at work elsewhere at this
    very moment is not passed over: then the list stops there, and the next turn of the clock goes on.
    """
    if klus.state not in LIVE or not klus.accepting or _over(klus, at):
        return 0
    line = (await session.execute(_LINE, {"klus": klus.id})).all()
    free = free_seats(klus, line[0].taken) if line else []
    if not free:
        return 0
    held = set((await session.execute(_LOCK, {"people": [row.person_id for row in line]})).scalars())
    ready = list(_until_busy(line, held))
    offers, skips = await _walk(session, klus, ready, free, at=at, again=again)
    if offers:
        await offer(session, offers, at=at)
    if skips:
        await session.execute(
            _SKIP, {"claims": [row.id for row, _, _ in skips], "whys": [why.code for _, _, why in skips]}
        )
    notes = [_note("claim.offered", klus, row, home, seat=seat) for row, home, seat in offers]
    notes += [_note("claim.skipped", klus, row, home, why=why.code) for row, home, why in skips]
    await record_many(session, notes, by=by)
    return len(offers)


async def offer(
    session: AsyncSession, offers: list[tuple[Any, UUID | None, int]], *, at: datetime, chosen_by: UUID | None = None
) -> int:
    """Claim rows (in line or applied) get their seats, for three working days. Returns how many still could."""
    given = {
        "claims": [row.id for row, _, _ in offers], "seats": [seat for _, _, seat in offers], "due": term(at),
        "chosen_by": chosen_by,
    }  # fmt: skip
    return len((await session.execute(_OFFER, given)).all())


def free_seats(klus: Klus, taken: Iterable[int]) -> list[int]:
    return sorted(set(range(1, klus.places + 1)) - set(taken))


async def _walk(
    session: AsyncSession, klus: Klus, line: list[Row[Any]], free: list[int], *, at: datetime, again: bool
) -> tuple[list[tuple[Row[Any], UUID | None, int]], list[tuple[Row[Any], UUID | None, Reason]]]:
    offers: list[tuple[Row[Any], UUID | None, int]] = []
    skips: list[tuple[Row[Any], UUID | None, Reason]] = []
    first = len(free) + FIRST
    for part in (line[:first], line[first:]):
        if not part or len(offers) == len(free):
            break
        weighed = await weigh(session, klus, [(row.person_id, row.hours) for row in part], at=at)
        for row in part:
            found = weighed[row.person_id]
            if not found.room.reasons:
                offers.append((row, found.home, free[len(offers)]))
            elif again or not row.skipped:
                skips.append((row, found.home, found.room.reasons[0]))
            if len(offers) == len(free):
                break
    return offers, skips


def _until_busy(line: Iterable[Row[Any]], held: set[UUID]) -> Iterable[Row[Any]]:
    for row in line:
        if row.person_id not in held:
            return
        yield row


def _over(klus: Klus, at: datetime) -> bool:
    end = klus_end(klus.starts.toordinal(), klus.ends, total=klus.hours_total is not None)
    return end <= day_of(at).toordinal()


def _note(verb: str, klus: Klus, row: Any, home: UUID | None, **facts: Any) -> Note:
    return Note(verb, subjects(klus.id, row.person_id, klus.team_id, home), {"claim": str(row.id), **facts})
