"""What all parts of the plan share: the outcome so far, codes to ids, and how one thing goes into the batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from teams.exchange.cells import Row
from teams.exchange.plan import Draft, changed
from teams.exchange.structure.rows import Meant, RoleRow, TeamRow
from teams.exchange.structure.state import State, label
from teams.journal.models import Note
from teams.kit.clock import start_of
from teams.kit.db import Model
from teams.kit.history import Keep, Timeline, covers

_M = TypeVar("_M", bound=Meant)


@dataclass
class Thing:
    """One row of one file: the table of its entity, that of its versions, and what they were and become."""

    file: str
    key: str
    row: Row
    entity: type[Model]
    identity: dict[str, Any]
    versions: type[Model]
    old: Timeline[Any]
    new: Timeline[Any]
    words: Mapping[str, str]
    note: Callable[[str, date | None], Note]
    extra: dict[str, list[str]] = field(default_factory=dict)


class Changes:
    """`codes`, `teams`, `roles` and `role_keys` are as they become."""

    def __init__(self, draft: Draft, state: State, since: Mapping[str, date], ids: Iterator[UUID]) -> None:
        self.draft, self.state, self.since, self.ids = draft, state, since, ids
        self.today = draft.today
        self.codes, self.teams, self.roles = dict(state.codes), dict(state.teams), dict(state.roles)
        self.role_keys = dict(state.role_keys)
        self._code_of: dict[UUID, str] = {}
        self.team_rows: dict[UUID, TeamRow] = {}
        self.role_rows: dict[UUID, RoleRow] = {}

    def once(self, rows: Iterable[_M], column: str, key: Callable[[_M], Any]) -> list[_M]:
        """The rows with a key of their own; a second row with the same key is a fault."""
        seen: dict[Any, int] = {}
        fresh: list[_M] = []
        for row in rows:
            if key(row) in seen:
                row.row.wrong(column, f"staat ook in rij {seen[key(row)]}")
            else:
                seen[key(row)] = row.row.number
                fresh.append(row)
        return fresh

    def team(self, row: Row, code: str) -> UUID | None:
        """The team with this code and a life, or a fault."""
        team = self.codes.get(code)
        if team is None or not self.teams.get(team):
            row.wrong("team", f"er is geen team met code '{code}'")
            return None
        return team

    def code(self, team: UUID | None) -> str:
        if len(self._code_of) != len(self.codes):
            self._code_of = {known: code for code, known in self.codes.items()}
        return self._code_of.get(team, "") if team else ""

    def stands(self, row: Row, target: Timeline[date], end: date | Keep | None) -> bool:
        """A period was found; if not, the stated end lies before the beginning."""
        if not target or (isinstance(end, date) and not any(span.end == end for span in target)):
            row.wrong("tot", "ligt voor het begin; vul ook 'van' in")
            return False
        return True

    def inside(self, row: Row, meant: Meant, target: Timeline[date], team: UUID, code: str) -> bool:
        """The whole period lies within the life of the team."""
        if all(covers(self.teams[team], span.start, span.end) for span in target):
            return True
        row.wrong("van" if meant.first else "tot", f"valt buiten de looptijd van team '{code}'")
        return False

    def settle(self, thing: Thing) -> None:
        """Into the batch, the journal and the difference: new, changed or the same."""
        moved = self.draft.batch.rewrite(thing.versions, thing.old, thing.new)
        difference = self.draft.difference
        if not thing.old:
            self.draft.batch.entities[thing.entity].append(thing.identity)
            self.draft.batch.notes.append(thing.note("created", thing.new[0].start))
            difference.new(thing.file, thing.key, str(thing.new[-1].fields.get("name", "")))
            return
        fields = self.compared(thing.old, thing.new, thing.words, self.today) if moved else {}
        fields |= thing.extra
        if not fields:
            difference.same(thing.file)
            return
        ended = thing.new[-1].end is not None and thing.new[-1].end != thing.old[-1].end
        self.draft.batch.notes.append(thing.note("ended" if ended else "changed", self.today))
        difference.changes(thing.file, thing.key, fields)

    def compared(
        self, old: Timeline[Any], new: Timeline[Any], words: Mapping[str, str], moment: date | datetime
    ) -> dict[str, list[str]]:
        def show(name: str, value: Any) -> str:
            return self.code(value) if name == "parent_id" else label(value)

        return changed(old, new, words, moment, show)

    def midnight(self) -> datetime:
        return start_of(self.today)
