"""Reading the journal: what happened to one klus, team, role or person, newest first."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_ACTIVITY = text(
    """
    select j.id, j.at, j.actor, j.verb, j.facts,
        (select jsonb_agg(jsonb_build_array(o.kind, o.id) order by o.kind, o.id)
            from journal_subject o where o.entry = j.id) as subjects,
        (select coalesce(jsonb_object_agg(x.field, x.value), '{}') from journal_text x where x.entry = j.id) as texts
    from journal_subject s join journal j on j.id = s.entry
    where s.kind = :kind and s.id = :subject
        and (cast(:before as uuid) is null or s.entry < cast(:before as uuid))
        and (cast(:known as timestamptz) is null or j.at <= cast(:known as timestamptz))
        and (cast(:verbs as text[]) is null or j.verb = any(cast(:verbs as text[])))
    order by s.entry desc limit :limit
    """
)


@dataclass(frozen=True)
class EntrySeen:
    """One entry: who (None: the system itself), what, on whom; `texts` may have been erased."""

    id: UUID
    at: datetime
    actor: UUID | None
    verb: str
    facts: dict[str, Any]
    subjects: tuple[tuple[str, UUID], ...]
    texts: dict[str, str]

    def subject(self, kind: str) -> UUID | None:
        """The one subject of this kind; None when there is none, or more than one."""
        found = [subject for of, subject in self.subjects if of == kind]
        return found[0] if len(found) == 1 else None


async def activity_of(
    session: AsyncSession,
    kind: str,
    subject: UUID,
    *,
    verbs: Collection[str] | None = None,
    before: UUID | None = None,
    known: datetime | None = None,
    limit: int = 20,
) -> tuple[list[EntrySeen], UUID | None]:
    """Entries of these verbs, older than entry `before`, written at `known` at the latest; and `before` of the next page."""
    rows = await session.execute(
        _ACTIVITY,
        {
            "kind": kind,
            "subject": subject,
            "verbs": None if verbs is None else list(verbs),
            "before": before,
            "known": known,
            "limit": limit + 1,
        },
    )
    entries = [
        EntrySeen(
            row.id, row.at, row.actor, row.verb, row.facts,
            tuple((kind, UUID(subject)) for kind, subject in row.subjects), row.texts,
        )
        for row in rows
    ]  # fmt: skip
    return entries[:limit], entries[limit - 1].id if len(entries) > limit else None
