"""The journal: an entry says what happened; names, reasons and free text stand apart and can be erased."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, LargeBinary, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from teams.journal.heard import HEARD
from teams.kit.db import Model


@dataclass(frozen=True)
class Actor:
    """Who acts: a person through an account with its rights, or the system itself (no person)."""

    person_id: UUID | None
    name: str = ""
    rights: frozenset[str] = frozenset()
    account_id: UUID | None = None
    request_id: str | None = None
    origin: str | None = None

    def has(self, *rights: str) -> bool:
        return not self.rights.isdisjoint(rights)


SYSTEM = Actor(person_id=None, name="Teams")


class Entry(Model):
    """One journal row. `id`, `at` and `xid` are given by the database and cannot be set by the app."""

    __tablename__ = "journal"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=FetchedValue())
    at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    actor: Mapped[UUID | None]
    acting_role: Mapped[UUID | None]
    request_id: Mapped[str | None]
    origin: Mapped[str | None]
    verb: Mapped[str]
    schema_version: Mapped[int]
    accountable: Mapped[bool]
    facts: Mapped[dict[str, Any]]


class Subject(Model):
    """On whose page an entry stands: kind (klus, team, person, …) and id."""

    __tablename__ = "journal_subject"

    entry: Mapped[UUID] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


class EntryText(Model):
    """Names, reasons, free text of an entry; the only part that can be erased. `key`: 32 random bytes."""

    __tablename__ = "journal_text"

    entry: Mapped[UUID] = mapped_column(ForeignKey("journal.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    value: Mapped[str]


@dataclass(frozen=True)
class Note:
    """What is to be written down: verb, subjects (kind, id), facts (ids, numbers, codes), texts."""

    verb: str
    subjects: tuple[tuple[str, UUID], ...]
    facts: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    acting_role: UUID | None = None
    accountable: bool = False


WRITE = """
    e as (
        insert into journal (actor, acting_role, request_id, origin, verb, schema_version, accountable, facts)
        values (:j_actor, :j_role, :j_request, :j_origin, :j_verb, 1, :j_accountable, cast(:j_facts as jsonb))
        returning id
    ), es as (
        insert into journal_subject (entry, kind, id)
        select distinct e.id, s.kind, s.sid from e, unnest(cast(:j_kinds as text[]), cast(:j_ids as uuid[])) s(kind, sid)
    ), et as (
        insert into journal_text (entry, field, key, value)
        select e.id, t.field, t.key, t.value
        from e, unnest(cast(:j_fields as text[]), cast(:j_keys as bytea[]), cast(:j_values as text[])) t(field, key, value)
    ), eo as (
        insert into outbox (entry, consumer) select e.id, 'melding' from e where cast(:j_heard as boolean)
    )
"""
"""The journal's part of a writing statement: a hot act puts its own CTEs before it, so that act and entry are one."""

_RECORD = text(f"with {WRITE} select id from e")


def parameters(note: Note, by: Actor) -> dict[str, Any]:
    """The named parameters of `WRITE`."""
    return {
        "j_actor": by.person_id,
        "j_role": note.acting_role,
        "j_request": by.request_id,
        "j_origin": by.origin,
        "j_verb": note.verb,
        "j_accountable": note.accountable,
        "j_facts": json.dumps(note.facts, separators=(",", ":"), default=str),
        "j_kinds": [kind for kind, _ in note.subjects],
        "j_ids": [subject for _, subject in note.subjects],
        "j_fields": list(note.texts),
        "j_keys": [secrets.token_bytes(32) for _ in note.texts],
        "j_values": list(note.texts.values()),
        "j_heard": note.verb in HEARD,
    }


async def record(session: AsyncSession, note: Note, *, by: Actor) -> UUID:
    """Write one entry in the act's own transaction: no entry, no act. Returns its id."""
    entry: UUID = (await session.execute(_RECORD, parameters(note, by))).scalar_one()
    return entry


async def record_many(session: AsyncSession, notes: Sequence[Note], *, by: Actor) -> None:
    """The same for many entries, a thousand at a time."""
    for first in range(0, len(notes), 1000):
        await session.execute(_RECORD, [parameters(note, by) for note in notes[first : first + 1000]])
