"""Mobility (klussen 3.4): M1 to M5, flows between teams, vacancies; each number with the rows that add up to it.

Units: people and places are counts, hours whole tenths, denominators whole person-days (or tenths of contract hours times days)
with the number to divide by. Groups under `SMALLEST` people are taken together, also where a total would give them away.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.parts import parts_of
from teams.reports import mobility_sql as sql
from teams.reports.few import PLACE, SMALLEST, small, small_on_any, whole_places

FLOWS = "stromen"
ALL = ("M1", "M2", "M3", "M4", "M5", FLOWS)
NO_TEAM = "-"
WEEK = 7
QUARTER = 92


class Row(NamedTuple):
    """One line under a number. No name: small teams taken together; NO_TEAM: people without one. `above` and `below` add up."""

    team: UUID | None
    name: str
    above: int
    below: int


@dataclass(frozen=True)
class Figure:
    """`above` / (`below` / `divide`). `rows` add up to both; `shown` is false where fewer than SMALLEST people stand behind it."""

    code: str
    above: int
    below: int
    divide: int
    rows: list[Row]
    shown: bool = True

    @property
    def percentage(self) -> int | None:
        """Tenths of a per cent, rounded half up; None without a denominator."""
        return (2000 * self.above * self.divide + self.below) // (2 * self.below) if self.below else None

    @property
    def mean(self) -> int:
        """The denominator in tenths, rounded half up; nothing over no days at all."""
        return (20 * self.below + self.divide) // (2 * self.divide) if self.divide else 0


class Flow(NamedTuple):
    """Places that people of `lends` had on klussen and roles of `borrows`; without a name: the small teams together."""

    lends: str
    borrows: str
    places: int


class Balance(NamedTuple):
    """Hours in tenths that a team lent out and borrowed; None as team for what was taken together."""

    team: UUID | None
    name: str
    lent: int
    borrowed: int


class Vacancy(NamedTuple):
    id: UUID
    number: int
    title: str
    team: str
    filled_from: str
    days: int
    filled: date
    decision: str


class Place(NamedTuple):
    """One place behind the flows: which teams, what work; a role has no klus."""

    lends: str
    borrows: str
    work: str
    klus: UUID | None
    number: int | None


@dataclass(frozen=True)
class Hours:
    """Hours for other teams: tenths and how many people are behind them, by the team that lent and the one that borrowed."""

    lent: dict[UUID, tuple[int, int]]
    borrowed: dict[UUID, tuple[int, int]]
    quarters: list[int]

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Hours":
        found = cls({}, {}, [])
        for row in rows:
            if row.lends:
                found.lent[row.lends] = row.tenths, row.people
            elif row.borrows:
                found.borrowed[row.borrows] = row.tenths, row.people
            else:
                found.quarters.append(row.people)
        return found

    @property
    def enough(self) -> bool:
        """In every quarter nobody or at least SMALLEST people: then no difference of two periods tells of a few."""
        return all(people >= SMALLEST for people in self.quarters)


@dataclass(frozen=True)
class Mobility:
    """`called`: the name that may be told of each team; none: it stands with the small ones."""

    first: date
    until: date
    since: date
    figures: dict[str, Figure]
    flows: list[Flow]
    balances: list[Balance]
    vacancies: list[Vacancy]
    called: dict[UUID, str]

    @property
    def days_to_fill(self) -> int | None:
        """The median; of an even number the lower one."""
        return median_low([row.days for row in self.vacancies]) if self.vacancies else None


async def mobility_of(session: AsyncSession, first: date, until: date, *, only: Collection[str] = ALL) -> Mobility:
    """The figures over `first` ≤ day < `until`, those of `only`. A fixed number of questions; work grows with what happened in
    the period, not with what came before it.

    A period begins at the earliest on the first day that anybody was in service: an average over days before it says nothing."""
    begin = (await session.execute(sql.BEGIN)).one()
    first = min(max(first, begin.service or until), until)
    since = min(max(begin.klussen or until, begin.service or until), until)
    span, days = {"first": first, "until": until}, (until - first).days

    async def rows(code: str, question: TextClause) -> list[Any]:
        return list((await session.execute(question, span)).all()) if code in only else []

    heads = await heads_of(session, span) if {*ALL} & {*only} - {"M4"} else {}
    away, moves = await rows(FLOWS, sql.AWAY), await rows("M1", sql.MOVES)
    out = away if FLOWS in only else await rows("M2", sql.PEOPLE_AWAY)
    hours, filled = Hours.of(await rows("M3", sql.HOURS)), await rows("M4", sql.VACANCIES)
    teams = None if ({*ALL} - {"M4"}) & {*only} else [row.team for row in filled]
    names = {
        row.team_id: row.name for row in (await session.execute(sql.TEAMS, {"until": until, "teams": teams})).all()
    }
    vacancies = [
        Vacancy(r.id, r.number, r.title, names.get(r.team, ""), r.filled_from, (r.filled - r.reported).days, r.filled, r.decision)
        for r in filled
    ]  # fmt: skip
    apart = days > QUARTER
    hidden = _hidden(heads, hours)
    balances = _balances(hours, names, hidden) if apart and hours.enough else []
    sizes: dict[UUID | None, int] = defaultdict(int)
    for head in heads.values():
        sizes[head.team] += 1
    few = small(sizes)
    called = {team: "" if team in few else name for team, name in names.items()}
    people = {row.person_id for row in out if row.person_id}
    figures = {
        code: _people(code, heads, who, days, names)
        for code, who in (("M1", {row.person_id for row in moves}), ("M2", people))
        if code in only
    } | {
        "M3": _hours(heads, hours, days, names, hidden if apart else None),
        "M4": _filled(vacancies),
    }
    if "M5" in only:
        whole = {"first": since, "until": until}
        everyone = heads if since == first else await heads_of(session, whole)
        ever = people if since <= first and out else set[UUID]()
        more = await session.execute(sql.EVER, {**whole, "known": list(ever)})
        ever = ever | {row.person_id for row in more}
        figures["M5"] = _people("M5", everyone, ever, (until - since).days, names)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in away:
        if row.places:
            counts[called.get(row.lends, ""), called.get(row.borrows, "")] += row.places
    flows = [Flow(lends, borrows, count) for (lends, borrows), count in sorted(counts.items())]
    figures = {code: figure for code, figure in figures.items() if code in only}
    return Mobility(first, until, since, figures, flows, balances, vacancies, called)


async def places_of(
    session: AsyncSession,
    found: Mobility,
    *,
    lends: str | None = None,
    borrows: str | None = None,
    most: int | None = None,
) -> AsyncIterator[Sequence[Place]]:
    """The places behind the flows, a part at a time: never all of them in memory. Without names of people: the page of the klus
    or role says who works there. `lends`, `borrows`: the name as it is told; empty: the small teams together."""
    values = {
        "first": found.first, "until": found.until, "teams": list(found.called), "names": list(found.called.values()),
        "uit": lends, "in": borrows, "most": most,
    }  # fmt: skip
    async with parts_of(session, sql.PLACES, values) as parts:
        async for part in parts:
            yield [Place._make(row) for row in part]


async def heads_of(session: AsyncSession, span: Mapping[str, date]) -> dict[UUID, Any]:
    """By person in service: days and tenths of contract hours times days, to the hour, and the team of the last day. Not for a page."""
    return {row.person_id: row for row in (await session.execute(sql.HEADS, span)).all()}


def _people(code: str, heads: dict[UUID, Any], who: set[UUID], days: int, names: dict[UUID, str]) -> Figure:
    """A person counts once, in the team of the last day; who had no contract in the period does not count."""
    above: dict[UUID | None, int] = defaultdict(int)
    below: dict[UUID | None, int] = defaultdict(int)
    people: dict[UUID | None, int] = defaultdict(int)
    for person, row in heads.items():
        above[row.team] += person in who
        below[row.team] += row.days
        people[row.team] += 1
    rows = _rows(people, small(people), above, below, names)
    return Figure(code, sum(above.values()), sum(below.values()), days, rows, len(heads) >= SMALLEST)


def _hidden(heads: dict[UUID, Any], hours: Hours) -> set[UUID | None]:
    """Teams to take together in every number that has hours in it: contracts, lent and borrowed."""
    sides: list[dict[UUID | None, int]] = [defaultdict(int)]
    for head in heads.values():
        sides[0][head.team] += 1
    for side in (hours.lent, hours.borrowed):
        sides.append({team: people for team, (_, people) in side.items()})
    return small_on_any(sides)


def _hours(
    heads: dict[UUID, Any], hours: Hours, days: int, names: dict[UUID, str], hidden: set[UUID | None] | None
) -> Figure:
    """M3: tenths of hours against contract tenths a week times days, a seventh of which are contract hours.

    Contracts are whole places on average over the period. By team only over whole years, with `hidden` taken together: a year
    minus three quarters would tell of the fourth."""
    above: dict[UUID | None, int] = defaultdict(int)
    below: dict[UUID | None, int] = defaultdict(int)
    for row in heads.values():
        below[row.team] += row.tenth_days
    for team, (tenths, _) in hours.lent.items():
        above[team] = tenths
    teams = {*above, *below}
    rows = _rows(teams, teams if hidden is None else hidden, above, below, names)
    places = whole_places({number: row.below for number, row in enumerate(rows)}, PLACE * days or 1)
    rows = [row._replace(below=places[number]) for number, row in enumerate(rows)]
    shown = hours.enough and len(heads) >= SMALLEST
    return Figure("M3", sum(above.values()), sum(row.below for row in rows), WEEK, rows, shown)


def _filled(vacancies: list[Vacancy]) -> Figure:
    inside = sum(row.filled_from == "intern" for row in vacancies)
    rows = [Row(None, row.title, int(row.filled_from == "intern"), 1) for row in vacancies]
    return Figure("M4", inside, len(vacancies), 1, rows)


def _rows(
    teams: Iterable[UUID | None], hidden: set[UUID | None], above: Mapping[UUID | None, int], below: Mapping[UUID | None, int],
    names: dict[UUID, str],
) -> list[Row]:  # fmt: skip
    rows = [
        Row(team, names.get(team, NO_TEAM) if team else NO_TEAM, above[team], below[team])
        for team in teams
        if team not in hidden
    ]
    rows.sort(key=lambda row: (row.name == NO_TEAM, row.name, str(row.team)))
    rest = [team for team in teams if team in hidden]
    if rest:
        rows.append(Row(None, "", sum(above[team] for team in rest), sum(below[team] for team in rest)))
    return rows


def _balances(hours: Hours, names: dict[UUID, str], hidden: set[UUID | None]) -> list[Balance]:
    """Lent and borrowed by team, those in `hidden` together."""
    teams = {*hours.lent, *hours.borrowed}
    sums = {team: (hours.lent.get(team, (0, 0))[0], hours.borrowed.get(team, (0, 0))[0]) for team in teams}
    rows = [Balance(team, names.get(team, ""), *sums[team]) for team in teams if team not in hidden]
    rows.sort(key=lambda row: (row.name, str(row.team)))
    rest = [sums[team] for team in teams if team in hidden]
    if rest:
        rows.append(Balance(None, "", sum(lent for lent, _ in rest), sum(borrowed for _, borrowed in rest)))
    return rows
