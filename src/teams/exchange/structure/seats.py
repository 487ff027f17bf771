"""Fillings, organs and policies of `organisatie`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.structure.changes import Changes, Thing
from teams.exchange.structure.rows import FillingRow, OrganRow, PolicyRow
from teams.exchange.structure.state import Days, Moments
from teams.journal.models import Actor, Note
from teams.kit.clock import day_of, start_of
from teams.kit.history import Keep, Span, aim, cut, earliest, overlaps, put, runs, within
from teams.structure.actions.fillings import end_note, filling_note, moments, run_end
from teams.structure.actions.organs import member_note, organ_note
from teams.structure.actions.policies import policy_note
from teams.structure.models import Organ, OrganMember, Policy, PolicyVersion, RoleFilling

FILLING_WORDS = {"hours": "uren", "focus": "focus", "elected": "gekozen"}
POLICY_WORDS = {"kind": "soort", "title": "titel", "text": "tekst"}
_RENAME = text("update organ set name = :name where id = :organ")
Key = tuple[UUID, UUID]


def plan_fillings(changes: Changes, rows: list[FillingRow]) -> None:
    """Also ends the fillings of roles that end."""
    targets: dict[Key, Moments] = {}
    stated: dict[Key, list[tuple[FillingRow, Span[datetime]]]] = {}
    for row in rows:
        key = _key(changes, row)
        if key is None:
            continue
        target = _aim_filling(changes, row, key, targets.get(key, changes.state.fillings.get(key, [])))
        if target is None:
            continue
        span = _stated(row, target)
        for other, taken in stated.get(key, []):
            if overlaps(taken, span.start, span.end):
                row.row.wrong("van", f"overlapt met rij {other.row.number}: dezelfde rol en persoon")
        stated.setdefault(key, []).append((row, span))
        targets[key] = target
    for key, old in changes.state.fillings.items():
        if key[0] in changes.role_rows:
            targets[key] = within(targets.get(key, old), moments(changes.roles[key[0]]))
    for key, target in targets.items():
        _settle_filling(changes, key, target, stated.get(key, []))


def _key(changes: Changes, row: FillingRow) -> Key | None:
    team = changes.team(row.row, row.team)
    person = changes.state.people.get(row.number)
    role = changes.role_keys.get((team, changes.state.plain[row.role])) if team is not None else None
    if team is not None and role is None:
        row.row.wrong("rol", f"team '{row.team}' heeft geen rol '{row.role}'")
    if person is None:
        row.row.wrong("personeelsnummer", f"er is niemand met personeelsnummer '{row.number}'")
    return (role, person) if role is not None and person is not None else None


def _aim_filling(changes: Changes, row: FillingRow, key: Key, old: Moments) -> Moments | None:
    """The filling at most as long as the role and the service last; None and a fault when it does not fit."""
    life, service = moments(changes.roles[key[0]]), moments(changes.state.contracts.get(key[1], []))
    today = changes.midnight()
    start = start_of(row.first) if row.first else None
    begin = start or (runs(old)[-1][0].start if old else max(today, life[0].start))
    if not any(span.holds(begin) for span in life):
        row.row.wrong("van", f"valt buiten de looptijd van rol '{row.role}'")
    if not any(span.holds(begin) for span in service):
        row.row.wrong("van", f"personeelsnummer {row.number} is dan niet in dienst")
    if not row.row.good:
        return None
    last = earliest(run_end(life, begin), run_end(service, begin))
    end: datetime | Keep | None = last
    if isinstance(row.end, Keep):
        end = row.end if old else last
    elif row.end is not None:
        end = start_of(row.end)
        if last is not None and end > last:
            row.row.wrong("tot", "ligt na het einde van de rol of van het dienstverband")
        if end <= begin:
            row.row.wrong("tot", "ligt voor het begin van de rolvervulling")
        if not row.row.good:
            return None
    defaults = {"role_id": key[0], "person_id": key[1], "hours": None, "focus": "", "elected": False}
    return aim(old, row.given, defaults, start=begin, end=end, today=today, several=True)


def _stated(row: FillingRow, target: Moments) -> Span[datetime]:
    """The run of the target that this row speaks of."""
    parts = runs(target)
    start = start_of(row.first) if row.first else parts[-1][0].start
    part = next(part for part in parts if part[0].start <= start and (part[-1].end is None or start < part[-1].end))
    end = start_of(row.end) if isinstance(row.end, date) else part[-1].end
    return Span(row.given, start, end)


def _settle_filling(
    changes: Changes, key: Key, target: Moments, stated: list[tuple[FillingRow, Span[datetime]]]
) -> None:
    role, person = key
    batch, difference = changes.draft.batch, changes.draft.difference
    old, team = changes.state.fillings.get(key, []), changes.roles[role][-1].fields["team_id"]
    number = changes.state.numbers.get(person, str(person))
    name = f"{changes.code(team)}/{changes.roles[role][-1].fields['name']}/{number}"
    if not batch.rewrite(RoleFilling, old, target):
        for _ in stated:
            difference.same("rolvervulling")
        return
    if not old:
        for _, span in stated:
            when = f" vanaf {day_of(span.start).isoformat()}" if len(stated) > 1 else ""
            difference.new("rolvervulling", name + when, "")
            batch.notes.append(filling_note("role.filled", role, team, person, start=span.start, end=span.end))
        return
    if not target:
        difference.changes("rolvervulling", name, {"rol": ["vervuld", "bestaat dan niet"]})
        batch.notes.append(end_note(role, team, person, old[0].start))
        return
    difference.changes("rolvervulling", name, changes.compared(old, target, FILLING_WORDS, changes.midnight()))
    end = target[-1].end
    if end is not None and end != old[-1].end:
        batch.notes.append(end_note(role, team, person, end))
    else:
        batch.notes.append(filling_note("role.filling_changed", role, team, person, start=target[0].start, end=end))


def plan_organs(changes: Changes, rows: list[OrganRow]) -> None:
    batch, difference = changes.draft.batch, changes.draft.difference
    for row in changes.once(rows, "orgaan", lambda row: row.code):
        stood = changes.state.organs.get(row.code)
        organ = stood[0] if stood else next(changes.ids)
        fields: dict[str, list[str]] = {}
        if stood is None:
            batch.entities[Organ].append({"id": organ, "code": row.code, "name": row.name})
            batch.notes.append(organ_note("organ.created", organ, row.code, row.name))
        elif stood[1] != row.name:
            fields["naam"] = [stood[1], row.name]
            batch.notes.append(organ_note("organ.renamed", organ, row.code, row.name))
            _rename(changes, organ, row.name)
        gone, come = _plan_members(changes, organ, row)
        if gone or come:
            fields["leden"] = ["|".join(gone), "|".join(come)]
        if stood is None:
            difference.new("organen", row.code, row.name)
        elif fields:
            difference.changes("organen", row.code, fields)
        else:
            difference.same("organen")


def _plan_members(changes: Changes, organ: UUID, row: OrganRow) -> tuple[list[str], list[str]]:
    """The list is whole: who is not in it leaves today, who is new joins today."""
    if row.members is None:
        return [], []
    today, batch = changes.today, changes.draft.batch
    wanted: dict[UUID, str] = {}
    for number in row.members:
        if number in changes.state.people:
            wanted[changes.state.people[number]] = number
        else:
            row.row.wrong("leden", f"er is niemand met personeelsnummer '{number}'")
    now: dict[UUID, Days] = {
        person: spans for (which, person), spans in changes.state.members.items() if which == organ
    }
    inside = {person for person, spans in now.items() if any(span.end is None or today < span.end for span in spans)}
    for person in inside - set(wanted):
        batch.rewrite(OrganMember, now[person], cut(now[person], today))
        batch.notes.append(member_note("organ.member_ended", organ, person, today))
    for person in set(wanted) - inside:
        old = now.get(person, [])
        batch.rewrite(OrganMember, old, put(old, {"organ_id": organ, "person_id": person}, today))
        batch.notes.append(member_note("organ.member_added", organ, person, today))
    gone = sorted(changes.state.numbers.get(person, str(person)) for person in inside - set(wanted))
    return gone, sorted(wanted[person] for person in set(wanted) - inside)


def _rename(changes: Changes, organ: UUID, name: str) -> None:
    async def rename(session: AsyncSession, by: Actor, at: datetime) -> None:
        await session.execute(_RENAME, {"organ": organ, "name": name})

    changes.draft.afterwards.append(rename)


def plan_policies(changes: Changes, rows: list[PolicyRow]) -> None:
    plain = changes.state.plain
    for row in changes.once(rows, "titel", lambda row: (row.team, plain[row.title])):
        team = changes.team(row.row, row.team)
        if team is not None:
            _plan_policy(changes, row, team)


def _plan_policy(changes: Changes, row: PolicyRow, team: UUID) -> None:
    known = changes.state.policy_keys.get((team, changes.state.plain[row.title]))
    policy = known or next(changes.ids)
    old, life = changes.state.policies.get(policy, []), changes.teams[team]
    first = row.first or (None if old else max(changes.today, life[0].start))
    end = row.end
    if end is None or (isinstance(end, Keep) and not old):
        end = runs(life)[-1][-1].end
    target = aim(old, row.given, {"policy_id": policy}, start=first, end=end, today=changes.today)
    if not changes.stands(row.row, target, end) or not changes.inside(row.row, row, target, team, row.team):
        return

    def note(verb: str, day: date | None) -> Note:
        return policy_note(f"policy.{verb}", policy, team, row.title, first=day)

    changes.settle(
        Thing(
            "afspraken", f"{row.team}/{row.title}", row.row, Policy, {"id": policy, "team_id": team}, PolicyVersion,
            old, target, POLICY_WORDS, note,
        )
    )  # fmt: skip
