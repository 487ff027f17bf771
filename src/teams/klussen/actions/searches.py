"""Keeping a search, dropping it, and looking what was placed since; each klus is told once to a person."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.listing import COUNTED, Wish, list_klussen
from teams.klussen.searches import MOST, read, written

AT_ONCE = 20
"""So many klussen are told in one day; the others follow the next day."""

_LOCK = text("select from person where id = :me for no key update")
_COUNT = text("select count(*) from saved_search where person_id = :me")
_SAVE = text(
    """
    insert into saved_search (person_id, name, wish) values (:me, :name, cast(:wish as jsonb))
    on conflict (person_id, wish) do nothing returning id
    """
)
_DROP = text("delete from saved_search where id = :id and person_id = :me returning id")
_TAKE = text(
    """
    select id, wish, seen_at from saved_search
    where person_id = :me and (seen_at at time zone 'Europe/Amsterdam')::date < cast(:today as date)
        and not exists (select from saved_search_told t where t.person_id = :me
            and (t.at at time zone 'Europe/Amsterdam')::date >= cast(:today as date))
    order by id for update
    """
)
_TOLD = text(
    """
    insert into saved_search_told (person_id, klus_id, at) select :me, unnest(cast(:klussen as uuid[])), :at
    on conflict do nothing returning klus_id
    """
)
_KNOWN = text(
    """
    select klus_id from saved_search_told where person_id = :me and klus_id = any(cast(:klussen as uuid[]))
    union select klus_id from claim where person_id = :me and ended_at is null and klus_id = any(cast(:klussen as uuid[]))
    """
)
_SEEN = text("update saved_search set seen_at = :at where id = any(cast(:ids as uuid[]))")


async def save_search(session: AsyncSession, name: str, wish: Wish, *, by: Actor, at: datetime) -> None:
    """Told of what is placed from now on. The same search twice is one; at most `MOST` of them."""
    me = _me(by)
    await session.execute(_LOCK, {"me": me})
    given = {"me": me, "name": name, "wish": json.dumps(written(wish))}
    if (await session.execute(_SAVE, given)).first() is None:
        return
    if (await session.scalar(_COUNT, {"me": me}) or 0) > MOST:
        raise Conflict(
            Reason("te_veel", N_("Je bewaart al {most} zoekopdrachten."), {"most": MOST}),
            then=(NextStep(N_("Haal er een weg."), "/profiel#zoekopdrachten"),),
        )
    await record(session, Note("search.saved", (("person", me),)), by=by)


async def drop_search(session: AsyncSession, search_id: UUID, *, by: Actor, at: datetime) -> None:
    me = _me(by)
    if (await session.execute(_DROP, {"id": search_id, "me": me})).first() is None:
        raise NotFound(
            Reason("onbekend", N_("Deze zoekopdracht is er niet meer.")),
            then=(NextStep(N_("Bekijk je zoekopdrachten."), "/profiel#zoekopdrachten"),),
        )
    await record(session, Note("search.dropped", (("person", me),)), by=by)


async def found_since(session: AsyncSession, person: UUID, *, at: datetime) -> list[UUID]:
    """Klussen placed since this person's searches were last looked at, that fit one of them and were never told; newest first.

    Not one's own, nor one that the person is on already. More than `AT_ONCE` wait for the next day.
    """
    mine = (await session.execute(_TAKE, {"me": person, "today": day_of(at)})).all()
    found: dict[UUID, int] = {}
    done: list[UUID] = []
    for search in mine:
        wish = replace(read(search.wish), placed_after=search.seen_at, size=COUNTED)
        page = await list_klussen(session, wish, Actor(person_id=person), at=at)
        fresh = [row for row in page.rows if row.posted_by != person and not page.alike]
        found |= {row.id: row.number for row in fresh}
        done.append(search.id)
    if not done:
        return []
    known = set(await session.scalars(_KNOWN, {"me": person, "klussen": list(found)}))
    new = sorted(found.keys() - known, key=lambda klus: -found[klus])
    told = set(await session.scalars(_TOLD, {"me": person, "klussen": new[:AT_ONCE], "at": at}))
    if len(new) <= AT_ONCE:
        await session.execute(_SEEN, {"at": at, "ids": done})
    return [klus for klus in new[:AT_ONCE] if klus in told]


def _me(by: Actor) -> UUID:
    assert by.person_id is not None
    return by.person_id
