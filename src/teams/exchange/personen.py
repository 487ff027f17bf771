"""`personen`: who comes, who leaves, hours, home team and skills; applied at once, and only what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange import cells
from teams.exchange.leaving import end_service
from teams.exchange.plan import Draft, changed
from teams.exchange.skills import plan_codes, plan_skills
from teams.exchange.tables import Shape, Table
from teams.journal.batch import iso, known, new_ids, subjects
from teams.journal.models import Actor, Note
from teams.kit.history import KEEP, Keep, Span, aim, at_moment, earliest, runs
from teams.people.models import Contract, Person
from teams.structure.actions.fillings import home_note
from teams.structure.models import HomeTeam

SHAPE = Shape(
    ("personeelsnummer", "naam", "email", "contracturen"),
    ("thuisteam", "in_dienst", "uit_dienst", "vaardigheden", "vaardigheidcodes"),
)
Teams = Mapping[str, tuple[UUID, Sequence[Span[date]]]]

_LOCK = text("select from person where number = any(:numbers) order by id for no key update")
_THERE = text(
    """
    select id, number, name, email from person
    where number = any(:numbers) or lower(email) in (select lower(e) from unnest(cast(:emails as text[])) e)
    """
)
_PARK_EMAIL = text("update person set email = id || '@wissel.invalid' where id = any(:people)")
_CHANGE = text("update person set name = :name, email = :email, version = version + 1 where id = :id")


@dataclass
class Wanted:
    """One row as it is meant; `last` is KEEP when the file has no such column."""

    row: cells.Row
    number: str
    name: str
    email: str
    hours: Decimal
    team: str | None
    first: date | None
    end: date | Keep | None
    skills: list[str]
    codes: dict[str, str]


@dataclass
class People:
    """What the plan knows of people, for the structure that is planned on top of it."""

    ids: dict[str, UUID] = field(default_factory=dict)
    contracts: dict[UUID, list[Span[date]]] = field(default_factory=dict)


async def lock_people(session: AsyncSession, table: Table) -> None:
    """All persons of the file, in order of id, before anything else is locked."""
    numbers = [row["personeelsnummer"].strip() for _, row in table.rows if "personeelsnummer" in row]
    await session.execute(_LOCK, {"numbers": numbers})


async def plan_people(
    session: AsyncSession, draft: Draft, table: Table, teams: Teams, *, later: frozenset[str] = frozenset()
) -> People:
    """Add to the draft what the file changes. `teams`: code → id and life; `later`: codes that a next import makes."""
    wanted = _read(table, draft)
    there = {"numbers": [w.number for w in wanted], "emails": [w.email for w in wanted]}
    rows = {row.number: row for row in await session.execute(_THERE, there)}
    _check_unique(wanted, rows, draft)
    new = [w for w in wanted if w.number not in rows]
    ids = {w.number: new_id for w, new_id in zip(new, await new_ids(session, len(new)), strict=True)}
    ids |= {number: row.id for number, row in rows.items()}
    mine = [ids[w.number] for w in wanted]
    contracts = await known(session, Contract, lambda f: f["person_id"], Contract.person_id.in_(mine))
    homes = await known(session, HomeTeam, lambda f: f["person_id"], HomeTeam.person_id.in_(mine))
    people = People(ids=ids)
    leaving: dict[UUID, date] = {}
    for w in wanted:
        person_id, row = ids[w.number], rows.get(w.number)
        draft.emails[w.email.lower()] = person_id
        old = contracts.get(person_id, [])
        given = {"person_id": person_id, "hours": w.hours}
        service = aim(old, given, {}, start=w.first, end=w.end, today=draft.today)
        people.contracts[person_id] = service
        if not service or (isinstance(w.end, date) and not any(span.end == w.end for span in service)):
            w.row.wrong("uit_dienst", "ligt voor de eerste dag in dienst")
            continue
        old_home = homes.get(person_id, [])
        home = _home(w, person_id, service, old_home, teams, later, draft)
        if not w.row.good:
            continue
        out = service[-1].end
        if out is not None and old and (old[-1].end is None or out < old[-1].end):
            leaving[person_id] = out
        _compare(w, person_id, row, old, service, old_home, home, teams, draft)
    good = [w for w in wanted if w.row.good]
    await plan_skills(session, {w.number: (ids[w.number], w.skills) for w in good}, draft)
    await plan_codes(session, [(w.number, w.row, w.codes) for w in good if w.codes], draft)
    if leaving:

        async def leave(session: AsyncSession, by: Actor, at: datetime) -> None:
            await end_service(session, leaving, by=by, at=at)

        draft.afterwards.append(leave)
    return people


def _read(table: Table, draft: Draft) -> list[Wanted]:
    wanted: list[Wanted] = []
    for number, row_cells in table.rows:
        row = cells.Row(table, number, row_cells, draft.errors)
        first, last = row.period("in_dienst", "uit_dienst")
        end: date | Keep | None = KEEP
        if row.has("uit_dienst"):
            end = last + timedelta(days=1) if last else None
        w = Wanted(
            row,
            row.must("personeelsnummer", cells.line(40), ""),
            row.must("naam", cells.line(), ""),
            row.must("email", cells.email, ""),
            row.must("contracturen", cells.hours, Decimal(0)),
            row.read("thuisteam", cells.line(40), None),
            first,
            end,
            row.read("vaardigheden", cells.listing(80, 40), []),
            _codes(row),
        )
        if row.good:
            wanted.append(w)
    return wanted


def _codes(row: cells.Row) -> dict[str, str]:
    """The code of an open list for each skill: as many as there are skills, in their order; one may be empty."""
    names = [part.strip() for part in row.read("vaardigheden", str, "").split("|")]
    codes = [part.strip() for part in row.read("vaardigheidcodes", str, "").split("|")]
    if codes == [""]:
        return {}
    if len(codes) != len(names):
        row.wrong("vaardigheidcodes", "geef bij elke vaardigheid één code, in dezelfde volgorde; een lege mag")
        return {}
    if any(len(code) > 80 for code in codes):
        row.wrong("vaardigheidcodes", "een code is hoogstens 80 tekens lang")
    return {name: code for name, code in zip(names, codes, strict=True) if name and code}


def _check_unique(wanted: list[Wanted], rows: Mapping[str, Any], draft: Draft) -> None:
    numbers: dict[str, int] = {}
    emails: dict[str, int] = {}
    owners = {row.email.lower(): number for number, row in rows.items()}
    given = {w.number for w in wanted}
    for w in list(wanted):
        email = w.email.lower()
        owner = owners.get(email)
        if w.number in numbers:
            w.row.wrong("personeelsnummer", f"{w.number} staat ook in rij {numbers[w.number]}")
        if email in emails:
            w.row.wrong("email", f"{w.email} staat ook in rij {emails[email]}")
        elif owner is not None and owner != w.number and owner not in given:
            w.row.wrong("email", f"{w.email} is van personeelsnummer {owner}")
        numbers.setdefault(w.number, w.row.number)
        emails.setdefault(email, w.row.number)
        if not w.row.good:
            wanted.remove(w)


def _home(
    w: Wanted,
    person_id: UUID,
    service: list[Span[date]],
    old: list[Span[date]],
    teams: Teams,
    later: frozenset[str],
    draft: Draft,
) -> list[Span[date]]:
    if w.team is None:
        return old
    if w.team not in teams:
        if w.team in later:
            draft.notices.append(f"personen:{w.row.number}:thuisteam: team {w.team} volgt bij 'import organisatie'")
        else:
            w.row.wrong("thuisteam", f"er is geen team met code '{w.team}'")
        return old
    team_id, life = teams[w.team]
    employed = runs(service)[-1]
    begin, end = employed[0].start, employed[-1].end
    moment = max(begin, draft.today) if end is None or draft.today < end else begin
    team_now = next((run for run in runs(life) if run[-1].end is None or moment < run[-1].end), None)
    if team_now is None or (end is not None and team_now[0].start >= end):
        w.row.wrong("thuisteam", f"het team '{w.team}' bestaat dan niet")
        return old
    start = None if old and (old[-1].end is None or old[-1].end > begin) else max(begin, team_now[0].start)
    until = earliest(end, team_now[-1].end)
    return aim(old, {"person_id": person_id, "team_id": team_id}, {}, start=start, end=until, today=draft.today)


def _compare(
    w: Wanted,
    person_id: UUID,
    row: Any,
    old: list[Span[date]],
    service: list[Span[date]],
    old_home: list[Span[date]],
    home: list[Span[date]],
    teams: Teams,
    draft: Draft,
) -> None:
    batch, today = draft.batch, draft.today
    home_span = at_moment(home, max(today, home[0].start)) if home else None
    home_id = home_span.fields["team_id"] if home_span else None
    about = subjects(("person", person_id), ("team", home_id))
    first, out = service[0].start, service[-1].end
    hours_changed, home_changed = batch.rewrite(Contract, old, service), batch.rewrite(HomeTeam, old_home, home)
    if row is None:
        batch.entities[Person].append({"id": person_id, "number": w.number, "name": w.name, "email": w.email})
        facts = iso((("person", person_id), ("from", first), ("hours", w.hours), ("team", home_id), ("until", out)))
        batch.notes.append(Note("person.hired", about, facts, {"name": w.name}))
        draft.difference.new("personen", w.number, w.name)
        return
    fields: dict[str, list[str]] = {}
    for name, value in (("naam", w.name), ("email", w.email)):
        stood = row.name if name == "naam" else row.email
        if stood != value:
            fields[name] = [stood, value]
    if fields:
        texts = {
            f"{side}_{name}": value
            for name, pair in fields.items()
            for side, value in zip(("old", "new"), pair, strict=True)
        }
        batch.notes.append(Note("person.changed", about, {"fields": sorted(fields)}, texts))
        _change(draft, person_id, w)
    if hours_changed:
        fields |= (
            changed(old, service, {"hours": "contracturen"}, today, lambda _, value: str(value))
            if old
            else {"contracturen": ["", str(w.hours)]}
        )
        left = out is not None and (not old or old[-1].end != out)
        facts = iso((("hours", w.hours), ("from", first), ("until", out)))
        batch.notes.append(Note("person.left" if left else "person.hours_changed", about, facts))
    if home_changed:
        before = at_moment(old_home, today)
        before_id = before.fields["team_id"] if before else None
        if before_id != home_id:
            stood = next((code for code, (team_id, _) in teams.items() if team_id == before_id), "")
            fields["thuisteam"] = [stood, w.team or ""]
            batch.notes.append(home_note(person_id, before_id, home_id, max(today, home[0].start)))
        elif not hours_changed:
            fields["thuisteam"] = [w.team or "", w.team or ""]
    if fields:
        draft.difference.changes("personen", w.number, fields)
    else:
        draft.difference.same("personen")


def _change(draft: Draft, person_id: UUID, w: Wanted) -> None:
    async def change(session: AsyncSession, by: Actor, at: datetime) -> None:
        await session.execute(_CHANGE, {"id": person_id, "name": w.name, "email": w.email})

    async def park(session: AsyncSession, by: Actor, at: datetime) -> None:
        await session.execute(_PARK_EMAIL, {"people": [person_id]})  # two people may trade addresses

    draft.beforehand.append(park)
    draft.afterwards.append(change)
