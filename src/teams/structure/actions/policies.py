"""Policies of a team: made, changed by a new text from a day, and ended."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, known, lock_structure, new_ids
from teams.journal.models import Actor, Note
from teams.kit.errors import Conflict, NotFound, Reason
from teams.kit.history import Span, covers, cut, overlay
from teams.kit.text import N_
from teams.people.models import days
from teams.structure.actions.teams import team_timeline
from teams.structure.forms import PolicyForm
from teams.structure.models import Policy, PolicyVersion


async def create_policy(
    session: AsyncSession, form: PolicyForm, *, first: date, last: date | None = None, by: Actor, at: datetime
) -> UUID:
    """A policy of a team that exists in that whole period."""
    await lock_structure(session)
    end = days(first, last).upper
    if not covers(await team_timeline(session, form.teamId), first, end):
        raise Conflict(Reason("verkeerd_moment", N_("Dit team bestaat dan niet.")))
    (policy_id,) = await new_ids(session, 1)
    fields = {"policy_id": policy_id, "kind": form.soort, "title": form.titel, "text": form.tekst}
    batch = Batch()
    batch.entities[Policy].append({"id": policy_id, "team_id": form.teamId})
    batch.rewrite(PolicyVersion, [], [Span(fields, first, end)])
    batch.notes.append(policy_note("policy.created", policy_id, form.teamId, form.titel, first=first, last=last))
    await batch.write(session, by=by)
    return policy_id


async def change_policy(
    session: AsyncSession, policy_id: UUID, *, first: date, words: str, by: Actor, at: datetime
) -> None:
    """Another text from `first` on."""
    await lock_structure(session)
    team_id, old = await _policy(session, policy_id, first)
    batch = Batch()
    if batch.rewrite(PolicyVersion, old, overlay(old, {"text": words}, first)):
        batch.notes.append(policy_note("policy.changed", policy_id, team_id, old[-1].fields["title"], first=first))
        await batch.write(session, by=by)


async def end_policy(session: AsyncSession, policy_id: UUID, *, last: date, by: Actor, at: datetime) -> None:
    """`last` is the last day on which it holds."""
    await lock_structure(session)
    end = last + timedelta(days=1)
    team_id, old = await _policy(session, policy_id, end)
    batch = Batch()
    batch.rewrite(PolicyVersion, old, cut(old, end))
    batch.notes.append(policy_note("policy.ended", policy_id, team_id, old[-1].fields["title"], last=last))
    await batch.write(session, by=by)


async def move_policy(
    session: AsyncSession, policy_id: UUID, team_id: UUID, *, first: date, by: Actor, at: datetime
) -> UUID:
    """From `first` on it is a policy of another team, with the same words."""
    await lock_structure(session)
    _, old = await _policy(session, policy_id, first)
    words = old[-1].fields
    await end_policy(session, policy_id, last=first - timedelta(days=1), by=by, at=at)
    form = PolicyForm(teamId=team_id, soort=words["kind"], titel=words["title"], tekst=words["text"])
    return await create_policy(session, form, first=first, by=by, at=at)


def policy_note(
    verb: str, policy_id: UUID, team_id: UUID, title: str, *, first: date | None = None, last: date | None = None
) -> Note:
    facts = iso((("policy", policy_id), ("team", team_id), ("from", first), ("last", last)))
    return Note(verb, (("policy", policy_id), ("team", team_id)), facts, {"title": title}, accountable=True)


async def _policy(session: AsyncSession, policy_id: UUID, day: date) -> tuple[UUID, list[Span[date]]]:
    team_id = await session.scalar(select(Policy.team_id).where(Policy.id == policy_id))
    if team_id is None:
        raise NotFound(Reason("onbekend", N_("Deze afspraak bestaat niet.")))
    old = (await known(session, PolicyVersion, lambda f: f["policy_id"], PolicyVersion.policy_id == policy_id))[
        policy_id
    ]
    if not any(span.end is None or day < span.end for span in old):
        raise Conflict(Reason("verkeerd_moment", N_("Deze afspraak is dan al vervallen.")))
    return team_id, old
