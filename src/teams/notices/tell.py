"""From the outbox to notices: rows are taken, told and deleted in one transaction."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import new_ids
from teams.notices.choices import choices_of
from teams.notices.hears import Hears, Mail, Who, heard_of
from teams.notices.people import Case, hearers

BATCH, TRIES = 50, 5
MAIL_WITHIN = timedelta(days=14)
_NAMED = ("klus", "person", "role", "team", "proposal", "meeting", "grant")
_KEPT = ("number", "election", "offer", "import", "consent", "version", "until")
_CHANNEL = "teams_live"
_TAKE = text(
    """
    select o.entry from outbox o
    where o.consumer = 'melding' and o.tries < :tries and (cast(:only as uuid) is null or o.entry = cast(:only as uuid))
    order by o.entry limit :limit for update skip locked
    """
)
_ENTRIES = text(
    """
    select j.id, j.at, j.actor, j.verb, j.facts,
        (select coalesce(jsonb_agg(jsonb_build_array(s.kind, s.id)), '[]') from journal_subject s where s.entry = j.id) as subjects
    from journal j where j.id = any(cast(:ids as uuid[])) order by j.id
    """
)
_DELETE = text("delete from outbox where consumer = 'melding' and entry = any(cast(:ids as uuid[]))")
_FAILED = text("update outbox set tries = tries + 1 where consumer = 'melding' and entry = :entry")
_INSERT = text(
    """
    insert into notice (person_id, said, facts, entry, at, mail)
    select u.person, u.said, cast(u.facts as jsonb), u.entry, u.at, u.mail
    from unnest(cast(:people as uuid[]), cast(:said as text[]), cast(:facts as text[]), cast(:entries as uuid[]),
        cast(:moments as timestamptz[]), cast(:mails as text[])) u(person, said, facts, entry, at, mail)
    on conflict (person_id, entry, said) where entry is not null do nothing returning id, person_id, mail
    """
)
_MAIL = text(
    """
    with m as (
        insert into mail (id, person_id, sort, next_at)
        select u.id, u.person, 'direct', u.at
        from unnest(cast(:ids as uuid[]), cast(:people as uuid[]), cast(:moments as timestamptz[])) u(id, person, at)
    )
    update notice n set mail_id = u.id
    from unnest(cast(:ids as uuid[]), cast(:notices as uuid[])) u(id, notice) where n.id = u.notice
    """
)
_LIVE = text("select pg_notify(:channel, :topics)")


@dataclass(frozen=True)
class Told:
    """A notice to write."""

    person: UUID
    hears: Hears
    facts: dict[str, str]
    entry: UUID | None
    at: datetime


async def tell(session: AsyncSession, *, at: datetime, mail: bool, only: UUID | None = None) -> int:
    """At most one batch of the outbox; how many rows. `mail`: whether mail can be sent at all."""
    ids = list(await session.scalars(_TAKE, {"tries": TRIES, "only": only, "limit": BATCH}))
    if not ids:
        return 0
    entries = (await session.execute(_ENTRIES, {"ids": ids})).all()
    groups: dict[Who, list[tuple[Row[Any], Case, Hears]]] = defaultdict(list)
    for entry in entries:
        case = case_of(entry)
        for hears in heard_of(entry.verb):
            groups[hears.who].append((entry, case, hears))
    told: list[Told] = []
    for who, rows in groups.items():
        found = await hearers(session, who, [case for _, case, _ in rows], at=at)
        for (entry, case, hears), people in zip(rows, found, strict=True):
            told += [Told(person, hears, case.facts, entry.id, entry.at) for person in sorted(people)]
    await write(session, told, at=at, mail=mail)
    await session.execute(_DELETE, {"ids": ids})
    return len(ids)


async def waiting(session: AsyncSession) -> list[UUID]:
    """The batch as it would be taken now, to try one by one."""
    return list(await session.scalars(_TAKE, {"tries": TRIES, "only": None, "limit": BATCH}))


async def failed(session: AsyncSession, entry: UUID) -> None:
    """Told in vain; after `TRIES` times the row waits for somebody to look at it."""
    await session.execute(_FAILED, {"entry": entry})


def case_of(entry: Any) -> Case:
    """What an entry names; ids and numbers only."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, id in entry.subjects:
        by_kind[kind].append(id)
    facts = {kind: ids[0] for kind in _NAMED if len(ids := by_kind[kind]) == 1}
    for name in ("role", "team", "person"):
        if isinstance(entry.facts.get(name), str) and _is_id(entry.facts[name]):
            facts[name] = entry.facts[name]
    number = entry.facts.get("number", entry.facts.get("nummer"))
    facts |= {name: str(entry.facts[name]) for name in _KEPT if entry.facts.get(name) is not None}
    facts |= {"number": str(number)} if number is not None else {}
    facts |= {"actor": str(entry.actor)} if entry.actor else {}
    people = tuple(UUID(id) for id in ([facts["person"]] if _one_person(entry, facts) else by_kind["person"]))
    return Case(facts, people, tuple(UUID(id) for id in by_kind["team"]), entry.actor)


async def write(session: AsyncSession, told: Iterable[Told], *, at: datetime, mail: bool) -> int:
    """Notices, what of them is mailed at once, and a sign to the open pages of those people. How many."""
    rows = list({(one.person, one.entry, one.hears.key, *sorted(one.facts.items())): one for one in told}.values())
    if not rows:
        return 0
    wishes = await choices_of(session, {one.person for one in rows}) if mail else {}

    def wish(one: Told) -> Mail:
        mine = wishes.get(one.person)
        return mine.mail(one.hears.kind) if mine and one.at > at - MAIL_WITHIN else Mail.NEVER

    given = {
        "people": [one.person for one in rows], "said": [one.hears.key for one in rows],
        "facts": [json.dumps(one.facts) for one in rows], "entries": [one.entry for one in rows],
        "moments": [one.at for one in rows], "mails": [wish(one).value for one in rows],
    }  # fmt: skip
    made = (await session.execute(_INSERT, given)).all()
    now = [row for row in made if row.mail == Mail.NOW]
    if now:
        await session.execute(
            _MAIL,
            {
                "ids": await new_ids(session, len(now)), "people": [row.person_id for row in now],
                "notices": [row.id for row in now], "moments": [wishes[row.person_id].send_at(at) for row in now],
            },
        )  # fmt: skip
    topics = [f"person:{person}" for person in sorted({row.person_id for row in made})]
    for first in range(0, len(topics), 100):
        await session.execute(_LIVE, {"channel": _CHANNEL, "topics": ",".join(topics[first : first + 100])})
    return len(made)


def _one_person(entry: Any, facts: dict[str, str]) -> bool:
    """The entry says itself whom it is about, beside others whose page it stands on."""
    return "person" in facts and entry.facts.get("person") == facts["person"]


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
