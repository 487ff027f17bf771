"""Who gives and who holds: from the register's text to a name as of a moment, and back from what people type."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.mandates.facts import Party
from teams.mandates.queries import rows as to
from teams.mandates.terms import PartyKind
from teams.structure.moment import Moment

_NAMES = text(
    """
    select 'rol' as kind, cast(x.id as text) as id, v.name, coalesce(t.name, '') as team
    from unnest(cast(:roles as uuid[])) x(id) cross join lateral (
        select v.* from role_version v where v.role_id = x.id and range_contains_elem(v.recorded, cast(:known as timestamptz))
        order by range_contains_elem(v.valid, cast(:day as date)) desc, lower(v.valid) <= cast(:day as date) desc,
            abs(lower(v.valid) - cast(:day as date)) limit 1) v
    left join team_version t on t.team_id = v.team_id and range_contains_elem(t.recorded, cast(:known as timestamptz))
        and range_contains_elem(t.valid, cast(:day as date))
    union all
    select 'persoon', cast(id as text), name, '' from person where id = any(:people)
    union all
    select 'orgaan', code, name, '' from organ where code = any(:organs)
    """
)
_ROLE = text(
    """
    select v.role_id from team t join role_version v on v.team_id = t.id
    where t.code = :team and v.name = :name and upper_inf(v.recorded) order by lower(v.valid) desc limit 1
    """
)
_PERSON = text("select id from person where number = :what or lower(email) = lower(:what)")


@dataclass(frozen=True)
class PartySeen:
    """`name` is empty for a person whose name is not shown."""

    kind: PartyKind
    id: str
    name: str
    team: str = ""

    @property
    def text(self) -> str:
        return f"{self.kind.value}:{self.id}"


async def party_names(
    session: AsyncSession, texts: Collection[str], moment: Moment, *, nameless: bool = False
) -> dict[str, PartySeen]:
    """Each party with its name at the moment; one query. `nameless`: without the names of persons."""
    parties = {line: to.party(line) for line in texts}
    ids = {kind: [p.id for p in parties.values() if p.kind is kind] for kind in PartyKind}
    found = await session.execute(
        _NAMES,
        {
            "known": moment.known, "day": moment.day, "roles": to.uuids(ids[PartyKind.ROLE]),
            "people": [] if nameless else to.uuids(ids[PartyKind.PERSON]), "organs": ids[PartyKind.ORGAN],
        },
    )  # fmt: skip
    names = {f"{row.kind}:{row.id}": (row.name, row.team) for row in found}
    hidden = (PartyKind.PERSON, PartyKind.ROLE)
    return {
        line: PartySeen(p.kind, p.id, *names.get(line, ("" if p.kind in hidden else p.id, "")))
        for line, p in parties.items()
    }


async def read_party(session: AsyncSession, typed: str) -> Party | None:
    """`orgaan:college`, `rol:TEAM/ROL` or `rol:UUID`, `functie:griffier`, `persoon:NR`, e-mail or UUID, `extern:NAME`; None when unknown."""
    kind, _, what = typed.strip().partition(":")
    what = what.strip()
    if kind not in list(PartyKind) or not what:
        return None
    found = Party(PartyKind(kind), what)
    if found.kind is PartyKind.ROLE and to.uuid(what) is None:
        team, _, name = what.partition("/")
        return _with(found, await session.scalar(_ROLE, {"team": team, "name": name}))
    if found.kind is PartyKind.PERSON and to.uuid(what) is None:
        return _with(found, await session.scalar(_PERSON, {"what": what}))
    known = await session.scalar(text("select party_exists(:party)"), {"party": to.party_text(found)})
    return found if known else None


def _with(party: Party, id_: UUID | None) -> Party | None:
    return None if id_ is None else Party(party.kind, str(id_))
