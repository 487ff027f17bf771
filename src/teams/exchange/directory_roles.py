"""Groups of the directory that this installation ties to a team or a role: who comes in gets it, who goes out loses it.

Only through the actions that people use, and only what no rule keeps for people: elected and other fixed roles, functions by
law and roles that hold a mandate are filled by a decision (G9, G15, G36), so a group never gives them.
"""

import csv
from collections.abc import Iterable, Set
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.fillers import grants_on, role_now, unfit
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Reason, Refusal
from teams.kit.text import N_
from teams.structure.actions.fillings import end_filling, fill_role, set_home_team
from teams.structure.forms import FillingForm

COLUMNS = ("groep", "team", "rol")
_TEAM = text(
    """
    select t.id from team t join team_version v on v.team_id = t.id and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:day as date)) where lower(t.code) = lower(:team)
    """
)
_ROLE = text(
    """
    select v.role_id from role_version v where v.team_id = :team and lower(v.name) = lower(:role)
        and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:day as date))
    """
)
_HOME = text(
    "select team_id from home_team where person_id = :person and upper_inf(recorded) and range_contains_elem(valid, cast(:day as date))"
)
_GAVE = text("insert into scim_filling (group_id, person_id, role_id) values (:group, :person, :role)")
_TOOK = text(
    "delete from scim_filling where group_id = :group and person_id = :person and role_id = :role returning role_id"
)


class Tie(NamedTuple):
    """Group `group` (its name) stands for the home team with code `team`, or for a role in it."""

    group: str
    team: str
    role: str = ""


def ties_in(path: Path | None) -> tuple[Tie, ...]:
    """The lines of the file that the setting names: `groep;team;rol`, without `rol` the home team. `ValueError` for another form."""
    if path is None:
        return ()
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))
    if not rows or tuple(cell.strip().lower() for cell in rows[0]) != COLUMNS:
        raise ValueError(f"{path}: the first line is {';'.join(COLUMNS)}")
    told = [[cell.strip() for cell in row] for row in rows[1:] if any(row)]
    if any(len(row) != len(COLUMNS) or not row[0] or not row[1] for row in told):
        raise ValueError(f"{path}: every line names a group and a team, and perhaps a role")
    return tuple(Tie(*row) for row in told)


def tied(ties: Iterable[Tie], group: str) -> set[Tie]:
    return {tie for tie in ties if tie.group.casefold() == group.casefold()}


async def follow(
    session: AsyncSession, group_id: UUID, *, came: Set[tuple[Tie, UUID]], left: Set[tuple[Tie, UUID]], by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Give and take what the ties say, person by person. What a rule refuses is left out and told to the secretary."""
    for tie, person in sorted(left):
        await _take(session, group_id, tie, person, by=by, at=at)
    for tie, person in sorted(came):
        try:
            async with session.begin_nested():
                await _give(session, group_id, tie, person, by=by, at=at)
        except Refusal as refusal:
            facts = {"group": str(group_id), "person": str(person), "codes": [one.code for one in refusal.reasons]}
            await record(session, Note("directory.role_refused", (("person", person),), facts), by=by)


async def _give(
    session: AsyncSession, group_id: UUID, tie: Tie, person: UUID, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    team, role_id = await _meant(session, tie, at)
    if role_id is None:
        if await session.scalar(_HOME, {"person": person, "day": day_of(at)}) != team:
            await set_home_team(session, person, team, first=day_of(at), by=by, at=at)
        return
    role = await role_now(session, role_id, at=at)
    reasons = await unfit(session, role, person, at=at)
    if role.core is not None or role.office is not None or (await grants_on(session, role))[0]:
        reasons.append(Reason("G9", N_("Wie deze rol vervult, is een besluit van mensen.")))
    if reasons:
        raise Conflict(*reasons)
    if person not in role.fillers:  # who has it already, does not have it by this group
        await fill_role(session, role_id, FillingForm(persoonId=person), start=at, by=by, at=at)
        await session.execute(_GAVE, {"group": group_id, "person": person, "role": role_id})


async def _take(
    session: AsyncSession, group_id: UUID, tie: Tie, person: UUID, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    try:
        team, role_id = await _meant(session, tie, at)
        if role_id is None:
            if await session.scalar(_HOME, {"person": person, "day": day_of(at)}) == team:
                await set_home_team(session, person, None, first=day_of(at), by=by, at=at)
        elif await session.scalar(_TOOK, {"group": group_id, "person": person, "role": role_id}) is not None:
            async with session.begin_nested():
                await end_filling(session, role_id, person, end=at, by=by, at=at)
    except Conflict:
        return  # it has ended already, or the team or role is no more


async def _meant(session: AsyncSession, tie: Tie, at: datetime) -> tuple[UUID, UUID | None]:
    team = await session.scalar(_TEAM, {"team": tie.team, "day": day_of(at)})
    role = (
        await session.scalar(_ROLE, {"team": team, "role": tie.role, "day": day_of(at)}) if team and tie.role else None
    )
    if team is None or (tie.role and role is None):
        raise Conflict(Reason("onbekend", N_("Het team of de rol bij deze groep bestaat niet (meer).")))
    return team, role
