"""The skills of `personen`: added, never taken away, so that what someone wrote on the own profile stays."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.plan import Draft
from teams.journal.models import Actor, Note

_PLAIN = text("select n, plain(n) from unnest(cast(:names as text[])) n")
_SKILLS = text(
    "select ps.person_id, s.name from person_skill ps join skill_name s on s.id = ps.skill_id where ps.person_id = any(:people)"
)
_NEW_SKILLS = text(
    "insert into skill (name) select distinct on (plain(n)) n from unnest(cast(:names as text[])) n"
    " where not exists (select from skill_name k where k.name = plain(n)) on conflict do nothing"
)
_GIVE_SKILLS = text(
    """
    insert into person_skill (person_id, skill_id)
    select g.person, s.id from unnest(cast(:people as uuid[]), cast(:names as text[])) g(person, name)
    join skill_name s on s.name = plain(g.name) on conflict do nothing
    """
)


async def plan_skills(session: AsyncSession, people: Mapping[str, tuple[UUID, list[str]]], draft: Draft) -> None:
    """`people`: personnel number → person and the skills of the file."""
    names = sorted({name for _, skills in people.values() for name in skills})
    if not names:
        return
    plain = {row[0]: row[1] for row in await session.execute(_PLAIN, {"names": names})}
    ids = [person for person, _ in people.values()]
    have = {(row[0], row[1]) for row in await session.execute(_SKILLS, {"people": ids})}
    part = draft.difference.tables["personen"]
    given: list[tuple[UUID, str]] = []
    for number, (person, skills) in people.items():
        added = [name for name in skills if (person, plain[name]) not in have]
        if not added:
            continue
        given += [(person, name) for name in added]
        facts = {"added": len(added), "dropped": 0}
        draft.batch.notes.append(Note("person.skills_changed", (("person", person),), facts))
        if number not in part["nieuw"]:
            part["blijft"] -= number not in part["wijzigt"]
            draft.difference.changes("personen", number, {"vaardigheden": ["", "|".join(added)]})

    async def give(session: AsyncSession, by: Actor, at: datetime) -> None:
        pairs = {"people": [person for person, _ in given], "names": [name for _, name in given]}
        await session.execute(_NEW_SKILLS, {"names": pairs["names"]})
        await session.execute(_GIVE_SKILLS, pairs)

    if given:
        draft.afterwards.append(give)
