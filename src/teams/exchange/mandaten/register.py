"""What all parts of the plan share: the register as it becomes, and how one thing goes into batch and difference."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from teams.exchange.cells import Row
from teams.exchange.mandaten.rows import Meant
from teams.exchange.mandaten.state import Moments, State
from teams.exchange.mandaten.words import shown
from teams.exchange.plan import Draft, changed
from teams.journal.models import Note
from teams.kit.clock import day_of, start_of
from teams.kit.db import Model
from teams.kit.history import Keep, Span, at_moment, runs

_M = TypeVar("_M", bound=Meant)
_PARTIES = frozenset({"grantors", "holder", "sub_only_to", "only_to"})


@dataclass
class Thing:
    """One row of one file: the entity and its versions as they were and become. `extra`: what differs besides."""

    file: str
    key: str
    label: str
    entity: type[Model] | None
    identity: dict[str, Any]
    versions: type[Model]
    old: Moments
    new: Moments
    words: Mapping[str, str]
    note: Note | None
    extra: dict[str, list[str]] = field(default_factory=dict)


class Register:
    """`powers`, `grants`, `frameworks`, `power_versions`, `bases` and `grant_versions` are as they become. Changes hold from `at` on."""

    def __init__(self, draft: Draft, state: State, at: datetime, since: datetime, ids: Iterator[UUID]) -> None:
        self.draft, self.state, self.at, self.since, self.ids = draft, state, at, since, ids
        self.names = state.names
        self.powers, self.grants, self.frameworks = dict(state.powers), dict(state.grants), dict(state.frameworks)
        self.power_versions, self.grant_versions = dict(state.power_versions), dict(state.grant_versions)
        self.bases = {power: dict(items) for power, items in state.bases.items()}
        self.touched_powers: set[str] = set()
        self.touched_grants: list[UUID] = []

    def once(self, rows: Iterable[_M], column: str) -> list[_M]:
        """The rows with a key of their own; a second row with the same key is a fault."""
        seen: dict[str, int] = {}
        fresh: list[_M] = []
        for row in rows:
            if row.key in seen:
                row.row.wrong(column, f"staat ook in rij {seen[row.key]}")
            else:
                seen[row.key] = row.row.number
                fresh.append(row)
        return fresh

    def parties(self, row: Meant, column: str) -> list[str]:
        """The parties of a cell as the tables have them; who does not exist is a fault."""
        found = []
        for party in row.parties[column]:
            known = self.names.read(party)
            if known is None:
                row.row.wrong(column, f"'{party[:80]}' bestaat niet")
            else:
                found.append(known)
        return found

    def codes(self, row: Row, column: str, codes: Iterable[str]) -> None:
        for code in codes:
            if code not in self.powers:
                row.wrong(column, f"de bevoegdheid '{code[:40]}' bestaat niet")

    def settle(self, thing: Thing) -> bool:
        """Into batch, journal and difference: new, changed or the same. True: there is a change."""
        moved = self.draft.batch.rewrite(thing.versions, thing.old, thing.new)
        if not thing.old:
            if thing.entity is not None:
                self.draft.batch.entities[thing.entity].append(thing.identity)
            self.draft.difference.new(thing.file, thing.key, thing.label)
        else:
            fields = changed(thing.old, thing.new, thing.words, self.at, self.show) if moved else {}
            fields |= thing.extra
            if not fields:
                self.draft.difference.same(thing.file)
                return False
            self.draft.difference.changes(thing.file, thing.key, fields)
        if thing.note is not None:
            self.draft.batch.notes.append(thing.note)
        return True

    def show(self, name: str, value: Any) -> str:
        if name in _PARTIES:
            return "|".join(map(self.names.show, [value] if isinstance(value, str) else value))
        if name == "parent_id":
            return next((number for number, id_ in self.grants.items() if id_ == value), "")
        if name == "framework_id":
            return next((code for code, id_ in self.frameworks.items() if id_ == value), "")
        return shown(name, value)


def now_of(timeline: Moments, at: datetime) -> Span[datetime]:
    """What holds at the moment, or on the first or last day."""
    return at_moment(timeline, at) or (timeline[0] if at < timeline[0].start else timeline[-1])


def period(old: Moments, row: Meant) -> tuple[datetime | None, datetime | Keep | None]:
    """The stated period as moments; a day on which it began or ended already keeps its hour."""
    start = start_of(row.first) if row.first else None
    begins = (part[0].start for part in runs(old)) if row.first else ()
    start = next((begin for begin in begins if day_of(begin) == row.first), start)
    if row.end is None or isinstance(row.end, Keep):
        return start, row.end
    ends = [span.end for span in old if span.end is not None]
    last = row.end - timedelta(days=1)
    kept = next((end for end in ends if day_of(end - timedelta(microseconds=1)) == last), None)
    return start, kept or start_of(row.end)


def fits(row: Meant, target: Moments, end: datetime | Keep | None) -> bool:
    """A period was found; if not, the stated end lies before the beginning."""
    if not target or (isinstance(end, datetime) and not any(span.end == end for span in target)):
        row.row.wrong("tot", "ligt voor het begin; vul ook 'van' in")
        return False
    return True


def alike(given: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields, where the same list in another order is no change."""
    return {
        name: before[name]
        if isinstance(value, list) and isinstance(before.get(name), list) and sorted(value) == sorted(before[name])
        else value
        for name, value in given.items()
    }
