"""From an act to the people who should hear of it: one statement for each kind of hearer in a batch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.fillers import grantors_of, role_now
from teams.kit.clock import day_of
from teams.kit.errors import NotFound
from teams.klussen.consents import deciders
from teams.notices.hears import Who

_NOW = "upper_inf({0}.recorded) and range_contains_elem({0}.valid, cast(:today as date))"
_FILLS = "upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))"


@dataclass(frozen=True)
class Case:
    """One act or reminder: what it names, whom it is about, which teams, and who did it."""

    facts: dict[str, str]
    people: tuple[UUID, ...]
    teams: tuple[UUID, ...]
    actor: UUID | None

    def ids(self, who: Who) -> list[UUID]:
        """What the statement of this hearer starts from."""
        match who:
            case Who.LENDERS | Who.LEADS | Who.TEAM | Who.FACILITATOR:
                return list(self.teams)
            case Who.MANAGERS | Who.CLAIMANTS:
                return self._fact("klus")
            case Who.ELECTORS | Who.ROUND | Who.PROPOSER:
                return self._fact("proposal")
            case Who.HOLDERS:
                return self._fact("role")
            case Who.IMPORTER:
                return self._fact("import")
            case _:
                return [UUID(int=0)]

    def _fact(self, name: str) -> list[UUID]:
        return [UUID(self.facts[name])] if name in self.facts else []

    def beside(self, who: Who) -> str:
        return self.facts.get("klus" if who is Who.LENDERS else "version", "")


def _from(query: str) -> TextClause:
    return text(
        f"select u.n, x.person_id from unnest(cast(:ns as int[]), cast(:ids as uuid[]), cast(:also as text[])) u(n, id, also)"
        f" cross join lateral ({query}) x"
    )


def _core(core: str, extra: str = "") -> TextClause:
    return _from(
        f"select f.person_id from role_version v join role_filling f on f.role_id = v.role_id and {_FILLS}"
        f" where v.team_id = u.id and v.core = '{core}' and {_NOW.format('v')} {extra}"
    )


_STATEMENTS = {
    Who.MANAGERS: _from(
        f"""
        select k.posted_by as person_id from klus k where k.id = u.id
        union select o.person_id from klus_owner o where o.klus_id = u.id and o.ended_at is null
        union select f.person_id from klus k join role_filling f on f.role_id = k.role_id and {_FILLS}
            where k.id = u.id and not exists (
                select from account a where a.person_id = k.posted_by and a.disabled_at is null)
        """
    ),
    Who.CLAIMANTS: _from(
        "select c.person_id from claim c where c.klus_id = u.id and c.ended_at is null and c.person_id is not null"
    ),
    Who.LENDERS: _core("rolverdeler", "and u.id::text <> (select k.team_id::text from klus k where k.id::text = u.also)"),
    Who.LEADS: _core("rolverdeler"),
    Who.FACILITATOR: _core("begeleider"),
    Who.TEAM: _from(
        f"""
        select h.person_id from home_team h where h.team_id = u.id and {_NOW.format("h")}
        union select f.person_id from role_version v join role_filling f on f.role_id = v.role_id and {_FILLS}
            where v.team_id = u.id and {_NOW.format("v")}
        union select f.person_id from team_version t join role_version v on v.team_id = t.team_id and v.core = 'afgevaardigde'
            and {_NOW.format("v")} join role_filling f on f.role_id = v.role_id and {_FILLS}
            where t.parent_id = u.id and {_NOW.format("t")}
        union select f.person_id from policy y join policy_version x on x.policy_id = y.id and x.kind like 'koppeling:%'
            and {_NOW.format("x")} join role_filling f on f.role_id = substr(x.kind, 11)::uuid and {_FILLS} where y.team_id = u.id
        """
    ),
    Who.ELECTORS: _from(
        "select e.person_id from proposal_elector e where e.proposal_id = u.id and e.version::text = u.also"
    ),
    Who.ROUND: _from(
        """
        select e.person_id from proposal_elector e where e.proposal_id = u.id and e.version::text = u.also
        union select p.proposer_id from proposal p where p.id = u.id
        """
    ),
    Who.PROPOSER: _from("select p.proposer_id as person_id from proposal p where p.id = u.id"),
    Who.HOLDERS: _from(f"select f.person_id from role_filling f where f.role_id = u.id and {_FILLS}"),
    Who.SECRETARY: _from(
        """
        select a.person_id from account a join account_right r on r.account_id = a.id and r."right" = 'secretaris'
        where a.disabled_at is null and a.person_id is not null
        """
    ),
    Who.IMPORTER: _from("select i.offered_by as person_id from pending_import i where i.id = u.id and i.offered_by is not null"),
}  # fmt: skip


async def hearers(session: AsyncSession, who: Who, cases: list[Case], *, at: datetime) -> list[set[UUID]]:
    """For each case the people of this kind; who did it is left out, but for the safety of an own account."""
    found: list[set[UUID]] = [set() for _ in cases]
    if who in (Who.PERSON, Who.SELF):
        found = [set(case.people) for case in cases]
    elif who is Who.DECIDERS:
        for number, case in enumerate(cases):
            if "consent" in case.facts:
                found[number] = set(await deciders(session, UUID(case.facts["consent"]), at=at))
    elif who is Who.GRANTORS:
        for number, case in enumerate(cases):
            found[number] = await _grantors(session, case, at)
    else:
        rows = await session.execute(_STATEMENTS[who], _given(who, cases, at))
        for row in rows:
            found[row.n].add(row.person_id)
        if who is Who.HOLDERS:  # a grant to a person
            found = [people | set(case.people) for people, case in zip(found, cases, strict=True)]
    if who is Who.SELF:
        return found
    return [people - {case.actor} for people, case in zip(found, cases, strict=True)]


def _given(who: Who, cases: Iterable[Case], at: datetime) -> dict[str, Any]:
    rows = [(number, id, case.beside(who)) for number, case in enumerate(cases) for id in case.ids(who)]
    given: dict[str, Any] = {
        "ns": [n for n, _, _ in rows],
        "ids": [i for _, i, _ in rows],
        "also": [a for _, _, a in rows],
    }
    used = _STATEMENTS[who].text
    return given | {name: value for name, value in (("today", day_of(at)), ("at", at)) if f":{name} " in used}


async def _grantors(session: AsyncSession, case: Case, at: datetime) -> set[UUID]:
    if "role" not in case.facts:
        return set()
    try:
        role = await role_now(session, UUID(case.facts["role"]), at=at)
    except NotFound:
        return set()
    return set(await grantors_of(session, role, at=at))
