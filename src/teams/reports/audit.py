"""The mandate log as the auditor reads it: decisions newest first, each filter walked by its own index, so that cost does not grow with the log."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import Period
from teams.journal.models import Actor
from teams.structure.named import MANY

PAGE = 25
POWERS = 120
FLAGS = (
    "aandacht", "boven_grens", "bij_grens", "splitsing", "gebrek", "mandaat_gold_niet", "zelfde_persoon", "doorbroken",
    "informatie", "bekrachtigd", "bezwaar",
)  # fmt: skip
OUTCOMES = ("bevoegd", "doorbroken", "gebrek")
MOST_ATTENTION = 100
_EVER = {"start": datetime(1900, 1, 1, tzinfo=UTC), "end": datetime(2200, 1, 1, tzinfo=UTC)}


@dataclass(frozen=True)
class AuditWish:
    """What the auditor looks for; `after`: decided_at and id of the last row of the page before."""

    period: Period | None = None
    team: UUID | None = None
    power: str | None = None
    grant: str | None = None
    outcome: str | None = None
    flag: str | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = PAGE


@dataclass(frozen=True)
class Scope:
    """Which decisions someone may see. `everything`: all; else those of `organs`, of `roles`, or by the person.

    `opens`: also what is confidential outside the own roles (the controller); the others see its number only.
    """

    person: UUID | None
    everything: bool = False
    opens: bool = False
    organs: tuple[str, ...] = ()
    roles: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Line:
    """One decision. `hidden`: confidential for this reader, only the numbers are filled."""

    id: UUID
    number: str
    decided_at: datetime
    hidden: bool
    case: str | None
    power: str
    power_title: str
    act: str
    organ: str
    subject: str | None
    person_id: UUID | None
    person: str
    role: str
    team: str
    cents: int | None
    ceiling: int | None
    base: str
    outcome: str
    grants: tuple[str, ...]
    flags: tuple[str, ...]
    ratified_on: date | None
    batch: int
    seq: int | None
    covered: bool
    erased: bool
    entry: UUID
    source: str = ""
    counterparty: str | None = None
    recorded_at: datetime | None = None
    origin: str = ""
    confidential: bool = False


# The order of a page is (decided_at, id) from new to old; every driver walks an index in that order and stops when it is full.
_AFTER = "and (d.decided_at, d.id) < (cast(:after_at as timestamptz), cast(:after_id as uuid))"
_IN = "and d.decided_at >= cast(:start as timestamptz) and d.decided_at < cast(:end as timestamptz)"
_ROLES_OF_TEAM = """select distinct v.role_id from role_version v where v.team_id = :team"""
_NAMED = """
    select d.id, d.number, d.decided_at, d.recorded_at, d.case_number, d.power, d.power_title, d.act, d.organ, d.subject, d.person_id, d.second_id,
        p.name as person, coalesce(r.name, '') as role, coalesce(r.team, '') as team, d.role_id, d.cents, d.ceiling, d.base,
        d.outcome, d.grants, d.confidential, d.entry_id, d.source, d.counterparty, d.origin, d.batch_id,
        array(select f.flag from decision_flag f where f.decision_id = d.id and f.flag <> 'aandacht'
            and (f.from_day is null or f.from_day <= (now() at time zone 'Europe/Amsterdam')::date) order by f.flag) as flags,
        (select max(a.organ_decided_on) from decision_act a where a.decision_id = d.id and a.kind = 'bekrachtiging') as ratified_on,
        exists (select from decision_act a where a.decision_id = d.id and a.kind = 'vernietigd') as erased,
        case when d.batch_id is null then 0 else (select count(*) from decision b where b.batch_id = d.batch_id) end as batch,
        l.seq, coalesce(l.seq < h.size and l.log = h.log, false) or coalesce(l.log < h.log, false) as covered
    from page d cross join lateral (select name from person where id = d.person_id offset 0) p
    left join lateral (select l.log, l.seq from leaf l where l.entry = d.entry_id order by l.log limit 1) l on true
    cross join (select max(id) as log, head_size(max(id), cast(:quorum as int)) as size from log) h
    left join lateral (select v.name, t.name as team from (
            (select v.name, v.team_id from role_version v where v.role_id = d.role_id and upper_inf(v.recorded)
                and v.valid @> (d.decided_at at time zone 'Europe/Amsterdam')::date limit 1)
            union all
            (select v.name, v.team_id from role_version v where v.role_id = d.role_id and upper_inf(v.recorded)
                order by lower(v.valid) desc limit 1)
            limit 1) v
        left join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and t.valid @> (d.decided_at at time zone 'Europe/Amsterdam')::date
        limit 1) r on true
    order by d.decided_at desc, d.id desc
"""


async def audit_page(
    session: AsyncSession, wish: AuditWish, scope: Scope, *, quorum: int = 0
) -> tuple[list[Line], tuple[datetime, UUID] | None]:
    """Decisions within the scope, and `after` of the next page. One query."""
    values: dict[str, Any] = {"limit": wish.limit + 1, "person": scope.person, "quorum": quorum}
    flag, outcome = wish.flag, wish.outcome
    if flag is None and outcome in ("gebrek", "doorbroken"):
        flag, outcome = outcome, None  # also what was found later
    chosen = {
        "after": wish.after, "period": wish.period, "team": wish.team, "power": wish.power, "grant": wish.grant,
        "outcome": outcome, "flag": flag,
    }  # fmt: skip
    shape = tuple(name for name, value in chosen.items() if value is not None)
    if wish.after is not None:
        values |= {"after_at": wish.after[0], "after_id": wish.after[1]}
    if wish.period is not None:
        values |= wish.period.span()
    values |= {name: chosen[name] for name in ("team", "power", "grant", "outcome", "flag") if name in shape}
    sight = "all"
    if not scope.everything:
        sight = "own"
        values |= {"organs": list(scope.organs), "roles": list(scope.roles)}
    rows = (await session.execute(_statement(shape, sight), values)).all()
    lines = [_line(row, scope) for row in rows[: wish.limit]]
    more = (lines[-1].decided_at, lines[-1].id) if len(rows) > wish.limit else None
    return lines, more


@lru_cache(maxsize=512)
def _statement(shape: tuple[str, ...], sight: str) -> TextClause:
    """The page of one combination of filters: first who drives, then what else must hold."""
    where = "".join(part for name, part in (("after", _AFTER), ("period", _IN)) if name in shape)
    checks = []
    if "power" in shape:
        checks.append("d.power = :power")
    if "grant" in shape:
        checks.append(
            "exists (select from decision_grant n where n.number = :grant and n.decided_at = d.decided_at and n.decision_id = d.id)"
        )
    if "outcome" in shape:
        checks.append("d.outcome = :outcome")
    if "team" in shape:
        checks.append(f"d.role_id = any(array({_ROLES_OF_TEAM}))")
    if "flag" in shape:
        checks.append(
            "exists (select from decision_flag g where g.decision_id = d.id and g.flag = :flag"
            " and (g.from_day is null or g.from_day <= (now() at time zone 'Europe/Amsterdam')::date))"
        )
    also = "".join(f" and {check}" for check in checks)
    order = "order by d.decided_at desc, d.id desc limit :limit"
    if sight == "own":
        # Four small walks instead of one long one: what is one's own is rare in a long log.
        parts = [
            f"(select d.* from unnest(cast(:roles as uuid[])) o(id) cross join lateral (select d.* from decision d where d.role_id = o.id {where}{also} {order}) d)",
            f"(select d.* from unnest(cast(:organs as text[])) o(code) cross join lateral (select d.* from decision d where d.organ = o.code {where}{also} {order}) d)",
            f"(select d.* from decision d where d.person_id = :person {where}{also} {order})",
            f"(select d.* from decision d where d.second_id = :person {where}{also} {order})",
        ]
        inner = f"select distinct on (d.decided_at, d.id) d.* from ({' union all '.join(parts)}) d {order}"
    elif "grant" in shape:
        walk = where.replace("d.decided_at, d.id", "n.decided_at, n.decision_id").replace(
            "d.decided_at", "n.decided_at"
        )
        rest = "".join(f" and {check}" for check in checks if "decision_grant" not in check)
        inner = f"""select d.* from decision_grant n join decision d on d.id = n.decision_id
            where n.number = :grant {walk}{rest} order by n.decided_at desc, n.decision_id desc limit :limit"""
    elif "flag" in shape:
        walk = where.replace("d.decided_at, d.id", "g.decided_at, g.decision_id").replace(
            "d.decided_at", "g.decided_at"
        )
        rest = "".join(f" and {check}" for check in checks[:-1])
        inner = f"""select d.* from decision_flag g join decision d on d.id = g.decision_id
            where g.flag = :flag and (g.from_day is null or g.from_day <= (now() at time zone 'Europe/Amsterdam')::date) {walk}{rest}
            order by g.decided_at desc, g.decision_id desc limit :limit"""
    elif "team" in shape:
        rest = "".join(f" and {check}" for check in checks if not check.startswith("d.role_id"))
        inner = f"""select d.* from ({_ROLES_OF_TEAM}) o cross join lateral (
            select d.* from decision d where d.role_id = o.role_id {where}{rest} {order}) d {order}"""
    else:
        inner = f"select d.* from decision d where true {where}{also} {order}"
    return text(f"with page as materialized ({inner}) {_NAMED}")


def _line(row: Row[Any], scope: Scope) -> Line:
    own = row.role_id in scope.roles or scope.person in (row.person_id, row.second_id)
    hidden = row.confidential and not scope.opens and not own
    return Line(
        id=row.id, number=row.number, decided_at=row.decided_at, hidden=hidden, case=row.case_number, power=row.power,
        power_title=row.power_title, act=row.act, organ=row.organ, subject=None if hidden else row.subject,
        person_id=None if hidden else row.person_id, person="" if hidden else row.person, role="" if hidden else row.role,
        team="" if hidden else row.team, cents=None if hidden else row.cents, ceiling=None if hidden else row.ceiling, base=row.base,
        outcome=row.outcome, grants=() if hidden else tuple(row.grants), flags=tuple(row.flags), ratified_on=row.ratified_on,
        batch=row.batch, seq=row.seq, covered=row.covered, erased=row.erased, entry=row.entry_id, source=row.source,
        counterparty=None if hidden else row.counterparty, recorded_at=row.recorded_at, origin=row.origin,
        confidential=row.confidential,
    )  # fmt: skip


_STATE = text(
    """
    select h.log, h.size, h.root, h.at, head_size(h.log, cast(:quorum as int)) as trusted, (select max(l.seq) + 1 from leaf l where l.log = (select max(id) from log)) as leaves,
        (select coalesce(json_agg(json_build_array(c.name, c.at) order by c.name), '[]') from cosignature c where c.log = h.log and c.size = h.size) as witnesses,
        (select coalesce(json_agg(json_build_array(a.kind, a.size, a.at) order by a.id), '[]') from alarm a where a.settled_at is null) as alarms,
        (select count(*) from (select from checklist_item i where i.state = 'open' limit 1000) o) as open_items,
        (select count(*) from (select from checklist limit 1000) c) as lists,
        (select max(c.at) from checklist c) as list_at,
        (select count(*) from (select from decision_flag f where f.flag = 'aandacht'
            and f.decided_at >= cast(:start as timestamptz) and f.decided_at < cast(:end as timestamptz) limit 101) f) as attention
    from (select 1) x left join lateral (select * from checkpoint c order by c.log desc, c.size desc limit 1) h on true
    """
)


@dataclass(frozen=True)
class LogState:
    """How the log stands: the last signed head, who signed along, alarms that are open, and what is not in the log.

    `attention` counts decisions of the period with a serious flag, at most 101; `waiting` leaves no head covers yet;
    `unwitnessed` those that are signed and wait for witnesses.
    """

    size: int | None
    root: str
    at: datetime | None
    waiting: int
    unwitnessed: int
    witnesses: tuple[str, ...]
    alarms: tuple[tuple[str, int, str], ...]
    open_items: int
    lists: int
    list_at: datetime | None
    attention: int


async def log_state(session: AsyncSession, period: Period | None, *, quorum: int = 0) -> LogState:
    """One query; no tree is walked. `teams log verify` and the standalone verifier prove, this tells."""
    span = period.span() if period else _EVER
    row = (await session.execute(_STATE, {**span, "quorum": quorum})).one()
    return LogState(
        row.size, row.root.hex() if row.root else "", row.at, max((row.leaves or 0) - (row.size or 0), 0),
        (row.size or 0) - (row.trusted or 0),
        tuple(name for name, _ in row.witnesses), tuple((kind, size, at) for kind, size, at in row.alarms), row.open_items,
        row.lists, row.list_at, row.attention,
    )  # fmt: skip


_DESK = text(
    f"""
    select array(select o.code from organ_member m join organ o on o.id = m.organ_id where m.person_id = :person
            and upper_inf(m.recorded) and m.valid @> (now() at time zone 'Europe/Amsterdam')::date order by 1) as organs,
        array(select distinct f.role_id from role_filling f where f.person_id = :person and upper_inf(f.recorded)
            and f.valid @> now()) as roles,
        case when not {MANY} then (select coalesce(json_agg(json_build_array(t.team_id, t.name) order by plain(t.name)), '[]')
            from team_version t where upper_inf(t.recorded) and t.valid @> (now() at time zone 'Europe/Amsterdam')::date) end as teams,
        case when (select count(*) < :most from (select from power_version v where upper_inf(v.recorded) and range_contains_elem(v.valid, now())
                limit :most) x) then (select coalesce(json_agg(json_build_array(w.code, v.title) order by w.code), '[]')
            from power w join power_version v on v.power_id = w.id and upper_inf(v.recorded) and range_contains_elem(v.valid, now())) end as powers
    """
)


@dataclass(frozen=True)
class Desk:
    """What a reader of the log sees, and the teams (id, name) and powers (code, title) to choose from; None when there are more."""

    scope: Scope
    teams: list[tuple[str, str]] | None
    powers: list[tuple[str, str]] | None


async def desk_of(session: AsyncSession, by: Actor) -> Desk:
    """Secretary and controller see all, an officeholder the own organ's, everybody the own roles' and their own. One query."""
    row = (await session.execute(_DESK, {"person": by.person_id, "most": POWERS + 1})).one()
    controller = by.has("controller")
    scope = Scope(
        by.person_id, everything=controller or by.has("secretaris"), opens=controller, organs=tuple(row.organs), roles=tuple(row.roles),
    )  # fmt: skip
    teams = None if row.teams is None else [(team, name) for team, name in row.teams]
    return Desk(scope, teams, None if row.powers is None else [(code, title) for code, title in row.powers])
