"""The skills of `personen`: added, never taken away, so that what someone wrote on the own profile stays.

Codes of an open list (ESCO, CompetentNL) are kept with a skill that has none yet; a code is one skill's.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.cells import Row
from teams.exchange.plan import Draft
from teams.journal.models import Actor, Note, record_many

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


_CODES = text(
    """
    select n.name, n.code as given, plain(n.name) as plain, s.code, plain(o.name) as owner
    from unnest(cast(:names as text[]), cast(:codes as text[])) n(name, code)
    left join skill_name k on k.name = plain(n.name) left join skill s on s.id = k.id
    left join skill o on o.code = n.code and o.id is distinct from s.id
    """
)
_SET_CODES = text(
    """
    update skill s set code = n.code from unnest(cast(:names as text[]), cast(:codes as text[])) n(name, code)
    join skill_name k on k.name = plain(n.name) where s.id = k.id and s.code is null returning s.id
    """
)


async def plan_codes(session: AsyncSession, rows: Sequence[tuple[str, Row, Mapping[str, str]]], draft: Draft) -> None:
    """`rows`: personnel number, the row of the file, and the code that it gives to each of its skills."""
    pairs = {(name, code): (number, row) for number, row, codes in rows for name, code in codes.items()}
    given = {"names": [name for name, _ in pairs], "codes": [code for _, code in pairs]}
    if not pairs:
        return
    known = {(row.name, row.given): row for row in await session.execute(_CODES, given)}
    by_code: dict[str, str] = {}
    by_name: dict[str, str] = {}
    part, new = draft.difference.tables["personen"], False
    for (name, code), (number, row) in pairs.items():
        there = known[name, code]
        if (has := there.code or by_name.setdefault(there.plain, code)) != code:
            row.wrong("vaardigheidcodes", f"'{name}' heeft al de code {has}")
        elif (owner := there.owner or by_code.setdefault(code, there.plain)) != there.plain:
            row.wrong("vaardigheidcodes", f"de code {code} hoort al bij '{owner}'")
        elif there.code is None:
            new = True
            if number not in part["nieuw"]:
                part["blijft"] -= number not in part["wijzigt"]
                draft.difference.changes("personen", number, {"vaardigheidcodes": ["", f"{name}: {code}"]})

    async def keep(session: AsyncSession, by: Actor, at: datetime) -> None:
        changed = (await session.execute(_SET_CODES, given)).all()
        await record_many(
            session, [Note("skill.changed", (("skill", row.id),), {"codes": 1}) for row in changed], by=by
        )

    if new:
        draft.afterwards.append(keep)


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
