"""What an import would do: the faults, the difference that people read and confirm, and the changes themselves."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.cells import Errors
from teams.journal.batch import Batch
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.history import Span, Timeline, at_moment

Show = Callable[[str, Any], str]
Applier = Callable[[AsyncSession, Actor, datetime], Awaitable[None]]
_TAKE_TIME = text(
    "select set_config('transaction_timeout', '0', true), set_config('transaction_timeout', '180s', true),"
    " set_config('idle_in_transaction_session_timeout', '180s', true), set_config('statement_timeout', '60s', true)"
)


@dataclass
class Difference:
    """Per file: what is new, what changes (field: from, to) and how many stay. JSON, and the same for the same outcome."""

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _of(self, table: str) -> dict[str, Any]:
        return self.tables.setdefault(table, {"nieuw": {}, "wijzigt": {}, "blijft": 0})

    def new(self, table: str, key: str, label: str) -> None:
        self._of(table)["nieuw"][key] = label

    def changes(self, table: str, key: str, fields: dict[str, list[str]]) -> None:
        self._of(table)["wijzigt"].setdefault(key, {}).update(fields)

    def same(self, table: str) -> None:
        self._of(table)["blijft"] += 1

    @property
    def empty(self) -> bool:
        return not any(part["nieuw"] or part["wijzigt"] for part in self.tables.values())


def lines_of(difference: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The difference for the command line."""
    lines: list[str] = []
    for table, part in difference.items():
        lines.append(
            f"{table}: {len(part['nieuw'])} nieuw, {len(part['wijzigt'])} anders, {part['blijft']} blijven gelijk"
        )
        lines += [f"  + {key}" + (f" ({label})" if label else "") for key, label in part["nieuw"].items()]
        for key, fields in part["wijzigt"].items():
            what = "; ".join(f"{name}: {old or 'leeg'} → {new or 'leeg'}" for name, (old, new) in fields.items())
            lines.append(f"  ~ {key}: {what}")
    return lines


@dataclass
class Draft:
    """A plan in the making. `today`: from when differing fields hold; `emails`: who the personnel file names."""

    today: date
    errors: Errors = field(default_factory=Errors)
    difference: Difference = field(default_factory=Difference)
    batch: Batch = field(default_factory=Batch)
    notices: list[str] = field(default_factory=list)
    emails: dict[str, UUID] = field(default_factory=dict)
    beforehand: list[Applier] = field(default_factory=list)
    afterwards: list[Applier] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        return [*self.notices, *lines_of(self.difference.tables)]

    async def apply(self, session: AsyncSession, *, by: Actor, at: datetime) -> None:
        """Write everything in the caller's transaction."""
        for step in self.beforehand:
            await step(session, by, at)
        await self.batch.write(session, by=by)
        for step in self.afterwards:
            await step(session, by, at)


async def take_time(session: AsyncSession) -> None:
    """A large municipality takes longer to read than a page may take."""
    await session.execute(_TAKE_TIME)


def changed(
    old: Timeline[Any], new: Timeline[Any], names: Mapping[str, str], moment: Any, show: Show
) -> dict[str, Any]:
    """What differs between two timelines, in the words of the file: fields at `moment`, first and last day."""
    before, after = _near(old, moment), _near(new, moment)
    fields = {
        word: [show(name, before.fields[name]), show(name, after.fields[name])]
        for name, word in names.items()
        if before.fields[name] != after.fields[name]
    }
    if old[0].start != new[0].start:
        fields["van"] = [_first(old[0].start), _first(new[0].start)]
    if old[-1].end != new[-1].end:
        fields["tot"] = [_last(old[-1].end), _last(new[-1].end)]
    if not fields:
        fields["periode"] = [_periods(old), _periods(new)]
    return fields


def _near(timeline: Timeline[Any], moment: Any) -> Span[Any]:
    return at_moment(timeline, moment) or (timeline[0] if moment < timeline[0].start else timeline[-1])


def _periods(timeline: Timeline[Any]) -> str:
    return ", ".join(f"{_first(span.start)} tot {_last(span.end)}" for span in timeline)


def _first(moment: Any) -> str:
    return (day_of(moment) if isinstance(moment, datetime) else moment).isoformat()


def _last(moment: Any) -> str:
    """The last day, of an end that is exclusive."""
    if moment is None:
        return ""
    day: date = day_of(moment) if isinstance(moment, datetime) else moment
    return (day - timedelta(days=1)).isoformat()
