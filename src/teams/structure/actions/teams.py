"""A team begins, changes, moves in the tree and ends."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, known, lock_structure, new_ids, subjects
from teams.journal.models import Actor, Note
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.kit.history import KEEP, Keep, Span, cut, overlay
from teams.kit.text import N_
from teams.people.models import days
from teams.structure.actions.tree import faults
from teams.structure.forms import TeamForm
from teams.structure.models import HomeTeam, Policy, PolicyVersion, RoleVersion, Team, TeamVersion

LIGHT = {
    "kind": "besluitvorm:licht:5", "title": N_("Licht besluiten"),
    "text": N_("Een voorstel geldt na 5 werkdagen, als niemand een overwegend bezwaar heeft."),
}  # fmt: skip
"""The first policy of a new team (2.9b): the lightest form, until the team chooses another."""


async def create_team(
    session: AsyncSession, form: TeamForm, *, first: date, last: date | None = None, by: Actor, at: datetime
) -> UUID:
    """A team from the day `first` up to and including `last`, with the light form of consent. `Invalid` for a taken code, `Conflict` for its place."""
    await lock_structure(session)
    teams = await all_teams(session)
    if await session.scalar(select(Team.id).where(Team.code == form.code)) is not None:
        raise Invalid({"code": Reason("bezet", N_("Er is al een team met de code {code}."), {"code": form.code})})
    (team_id,) = await new_ids(session, 1)
    fields = {
        "team_id": team_id, "name": form.naam, "purpose": form.doel or "", "cluster": form.cluster or "",
        "parent_id": form.bovenliggendId,
    }  # fmt: skip
    new = [Span(fields, first, days(first, last).upper)]
    _placed({**teams, team_id: new}, since=first)
    batch = Batch()
    batch.entities[Team].append({"id": team_id, "code": form.code})
    batch.rewrite(TeamVersion, [], new)
    (policy_id,) = await new_ids(session, 1)
    batch.entities[Policy].append({"id": policy_id, "team_id": team_id})
    batch.rewrite(PolicyVersion, [], [Span({"policy_id": policy_id, **LIGHT}, first, new[0].end)])
    batch.notes.append(team_note("team.created", team_id, form.bovenliggendId, name=form.naam, first=first, last=last))
    await batch.write(session, by=by)
    return team_id


async def change_team(
    session: AsyncSession,
    team_id: UUID,
    *,
    first: date,
    name: str | None = None,
    purpose: str | None = None,
    cluster: str | None = None,
    parent_id: UUID | Keep | None = KEEP,
    by: Actor,
    at: datetime,
) -> None:
    """Another name, purpose, cluster or place in the tree from `first` on; what held before stays known."""
    await lock_structure(session)
    teams = await all_teams(session)
    old = _timeline(teams, team_id, first)
    given: dict[str, Any] = {
        field: value
        for field, value in (("name", name), ("purpose", purpose), ("cluster", cluster), ("parent_id", parent_id))
        if not (isinstance(value, Keep) or (value is None and field != "parent_id"))
    }
    new = overlay(old, given, first)
    _placed({**teams, team_id: new}, since=first)
    batch = Batch()
    if batch.rewrite(TeamVersion, old, new):
        parent = None if isinstance(parent_id, Keep) else parent_id
        verb = "team.changed" if isinstance(parent_id, Keep) else "team.moved"
        batch.notes.append(team_note(verb, team_id, parent, name=new[-1].fields["name"], first=first, fields=given))
        await batch.write(session, by=by)


async def end_team(session: AsyncSession, team_id: UUID, *, last: date, by: Actor, at: datetime) -> None:
    """`last` is the team's last day. Its roles and the teams below it must have ended; nobody is at home there after."""
    await lock_structure(session)
    teams = await all_teams(session)
    end = last + timedelta(days=1)
    old = _timeline(teams, team_id, last)
    reasons: list[Reason] = []
    roles = await known(session, RoleVersion, lambda f: f["role_id"], RoleVersion.team_id == team_id)
    open_roles = [spans[-1] for spans in roles.values() if any(s.end is None or s.end > end for s in spans)]
    if open_roles:
        names = ", ".join(sorted(span.fields["name"] for span in open_roles)[:5])
        reasons.append(
            Reason("rollen", N_("Dit team heeft dan nog {n} rollen: {namen}."), {"n": len(open_roles), "namen": names})
        )
    below = [t for t, spans in teams.items() if any(_under(span, team_id, end) for span in spans)]
    if below:
        reasons.append(Reason("teams", N_("Er hangen dan nog {n} teams onder dit team."), {"n": len(below)}))
    if reasons:
        raise Conflict(*reasons)
    batch = Batch()
    if not batch.rewrite(TeamVersion, old, cut(old, end)):
        return
    batch.notes.append(team_note("team.ended", team_id, None, name=old[-1].fields["name"], last=last))
    homes = await known(session, HomeTeam, lambda f: f["person_id"], HomeTeam.team_id == team_id)
    for person, spans in homes.items():
        if batch.rewrite(HomeTeam, spans, cut(spans, end)):
            facts = iso((("team", team_id), ("last", last)))
            batch.notes.append(Note("person.home_team_ended", (("person", person), ("team", team_id)), facts))
    await batch.write(session, by=by)


async def all_teams(session: AsyncSession) -> dict[UUID, list[Span[date]]]:
    return await known(session, TeamVersion, lambda f: f["team_id"])


async def team_timeline(session: AsyncSession, team_id: UUID) -> list[Span[date]]:
    """What is known of one team, or `NotFound`."""
    found = await known(session, TeamVersion, lambda f: f["team_id"], TeamVersion.team_id == team_id)
    if team_id not in found:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet.")))
    return found[team_id]


def team_note(
    verb: str,
    team_id: UUID,
    parent_id: UUID | None,
    *,
    name: str,
    first: date | None = None,
    last: date | None = None,
    fields: dict[str, Any] | None = None,
) -> Note:
    facts = iso((("team", team_id), ("parent", parent_id), ("from", first), ("last", last)))
    if fields is not None:
        facts["fields"] = sorted(fields)
    return Note(verb, subjects(("team", team_id), ("team", parent_id)), facts, {"name": name}, accountable=True)


def _timeline(teams: dict[UUID, list[Span[date]]], team_id: UUID, day: date) -> list[Span[date]]:
    spans = teams.get(team_id)
    if not spans:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet.")))
    if not any(span.holds(day) or span.start > day for span in spans):
        raise Conflict(Reason("verkeerd_moment", N_("Dit team bestaat dan niet meer.")))
    return spans


def _placed(teams: dict[UUID, list[Span[date]]], *, since: date) -> None:
    wrong = faults(teams, since=since)
    if wrong:
        raise Conflict(*{reason.code: reason for reason in wrong.values()}.values())


def _under(span: Span[date], team_id: UUID, end: date) -> bool:
    return span.fields["parent_id"] == team_id and (span.end is None or span.end > end)
