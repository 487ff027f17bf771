"""Teams and roles of `organisatie`: their periods, their place, their accountabilities and domains."""

from datetime import date
from uuid import UUID

from teams.exchange.structure.changes import Changes, Thing
from teams.exchange.structure.rows import RoleRow, TeamRow
from teams.exchange.structure.state import Days
from teams.journal.models import Note
from teams.kit.history import Keep, Span, aim, at_moment, covers, cut, runs, within
from teams.structure.actions.roles import role_note
from teams.structure.actions.teams import team_note
from teams.structure.actions.tree import faults
from teams.structure.models import Role, RoleItem, RoleVersion, Team, TeamVersion

TEAM_WORDS = {"name": "naam", "purpose": "doel", "cluster": "cluster", "parent_id": "bovenliggend"}
ROLE_WORDS = {"name": "rol", "purpose": "doel", "core": "kernrol", "office": "functie"}


def plan_teams(changes: Changes, rows: list[TeamRow]) -> None:
    fresh = changes.once(rows, "code", lambda row: row.code)
    for row in fresh:
        if row.code not in changes.codes:
            changes.codes[row.code] = next(changes.ids)
    for row in fresh:
        _aim_team(changes, row)
    for team, reason in faults(changes.teams).items():
        words = reason.text.format(**reason.values).rstrip(".").lower()
        if team in changes.team_rows:
            changes.team_rows[team].row.wrong("bovenliggend", words)
        else:
            changes.draft.errors.add("teams", 1, "bovenliggend", f"team '{changes.code(team)}': {words}")
    for team, row in changes.team_rows.items():
        if row.row.good:
            changes.settle(_team_thing(changes, team, row))


def _aim_team(changes: Changes, row: TeamRow) -> None:
    team = changes.codes[row.code]
    if not isinstance(row.parent, Keep):
        if row.parent is not None and row.parent not in changes.codes:
            row.row.wrong("bovenliggend", f"er is geen team met code '{row.parent}'")
        row.given["parent_id"] = changes.codes.get(row.parent) if row.parent else None
    old = changes.state.teams.get(team, [])
    first = row.first or (None if old else min(changes.today, changes.since.get(row.code, changes.today)))
    defaults = {"team_id": team, "purpose": "", "cluster": "", "parent_id": None}
    target = aim(old, row.given, defaults, start=first, end=row.end, today=changes.today)
    changes.team_rows[team] = row
    if changes.stands(row.row, target, row.end):
        changes.teams[team] = target


def _team_thing(changes: Changes, team: UUID, row: TeamRow) -> Thing:
    def note(verb: str, first: date | None) -> Note:
        return team_note(f"team.{verb}", team, row.given.get("parent_id"), name=row.given["name"], first=first)

    return Thing(
        "teams", row.code, row.row, Team, {"id": team, "code": row.code}, TeamVersion,
        changes.state.teams.get(team, []), changes.teams[team], TEAM_WORDS, note,
    )  # fmt: skip


def plan_roles(changes: Changes, rows: list[RoleRow]) -> None:
    plain = changes.state.plain
    for row in changes.once(rows, "rol", lambda row: (row.team, plain[row.name])):
        team = changes.team(row.row, row.team)
        if team is not None:
            _plan_role(changes, row, team)


def _plan_role(changes: Changes, row: RoleRow, team: UUID) -> None:
    key = team, changes.state.plain[row.name]
    role = changes.role_keys.get(key) or next(changes.ids)
    old, life = changes.state.roles.get(role, []), changes.teams[team]
    first, end = row.first, row.end
    if first is None and not old:
        first = max(min(changes.today, changes.since.get(row.team, changes.today)), life[0].start)
    if end is None or (isinstance(end, Keep) and not old):
        end = runs(life)[-1][-1].end
    defaults = {"role_id": role, "team_id": team, "purpose": "", "core": None, "office": None}
    target = aim(old, row.given, defaults, start=first, end=end, today=changes.today)
    if not changes.stands(row.row, target, end) or not changes.inside(row.row, row, target, team, row.team):
        return
    changes.role_keys[key], changes.roles[role], changes.role_rows[role] = role, target, row

    def note(verb: str, day: date | None) -> Note:
        return role_note(f"role.{verb}", role, team, name=row.name, first=day)

    changes.settle(
        Thing(
            "rollen", f"{row.team}/{row.name}", row.row, Role, {"id": role}, RoleVersion, old, target, ROLE_WORDS, note,
            _plan_items(changes, role, row, old, target),
        )
    )  # fmt: skip


def _plan_items(changes: Changes, role: UUID, row: RoleRow, old: Days, target: Days) -> dict[str, list[str]]:
    """Items that the file no longer names end, new ones begin; all go along with the period of the role."""
    stood = changes.state.items.get(role, {})
    today = changes.today
    moment = today if at_moment(target, today) else (target[0].start if today < target[0].start else target[-1].start)
    fields: dict[str, list[str]] = {}
    outcome = {item: _along(spans, old, target) for item, spans in stood.items()}
    for kind, texts in row.items.items():
        now = {
            span.fields["text"]: item
            for item, spans in outcome.items()
            if (span := at_moment(spans, moment)) is not None and span.fields["kind"] == kind
        }
        gone, come = [text for text in now if text not in texts], [text for text in texts if text not in now]
        for text in gone:
            outcome[now[text]] = cut(outcome[now[text]], moment)
        start = moment if stood else target[0].start
        for text in come:
            item = next(changes.ids)
            said = {"item_id": item, "role_id": role, "kind": kind, "text": text, "position": texts.index(text)}
            outcome[item] = [Span(said, start, target[-1].end)]
        if stood and (gone or come):
            fields[kind] = ["|".join(gone), "|".join(come)]
    for item, spans in outcome.items():
        changes.draft.batch.rewrite(RoleItem, stood.get(item, []), spans)
    return fields


def _along(spans: Days, old: Days, target: Days) -> Days:
    """An item that began or ended with its role goes on doing so."""
    moved = list(spans)
    if old and moved and moved[0].start == old[0].start and target[0].start < old[0].start:
        moved[0] = Span(moved[0].fields, target[0].start, moved[0].end)
    if old and moved and moved[-1].end is not None and moved[-1].end == old[-1].end:
        moved[-1] = Span(moved[-1].fields, moved[-1].start, target[-1].end)
    return within(moved, target)


def check_roles(changes: Changes) -> None:
    """A team that ends takes no role along: each must have its own end."""
    for role, timeline in changes.roles.items():
        if role in changes.role_rows or not timeline:
            continue
        team = timeline[-1].fields["team_id"]
        row = changes.team_rows.get(team)
        if row is not None and any(not covers(changes.teams[team], span.start, span.end) for span in timeline):
            row.row.wrong("tot", f"rol '{timeline[-1].fields['name']}' van dit team bestaat dan; beëindig die ook")
