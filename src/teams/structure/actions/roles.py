"""A role begins, changes with its accountabilities and domains as rows, and ends with its fillings."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.batch import Batch, iso, known, lock_structure, new_ids
from teams.journal.models import Actor, Note
from teams.kit.clock import start_of
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.kit.history import Span, covers, cut, overlay
from teams.kit.text import N_
from teams.people.models import days
from teams.structure.actions.fillings import end_note, fillings_of
from teams.structure.actions.teams import team_timeline
from teams.structure.forms import RoleForm
from teams.structure.models import ItemKind, Role, RoleFilling, RoleItem, RoleVersion

_SAME_NAME = text(
    """
    select 1 from role_version where team_id = :team and plain(name) = plain(:name) and role_id <> :role
        and upper_inf(recorded) and valid && daterange(cast(:first as date), cast(:end as date)) limit 1
    """
)


async def create_role(
    session: AsyncSession, form: RoleForm, *, first: date, last: date | None = None, by: Actor, at: datetime
) -> UUID:
    """A role of a team from the day `first` up to and including `last`; its name is unique in the team."""
    await lock_structure(session)
    end = days(first, last).upper
    if not covers(await team_timeline(session, form.teamId), first, end):
        raise Conflict(_NO_TEAM)
    (role_id,) = await new_ids(session, 1)
    await _name_is_free(session, form.teamId, role_id, form.naam, first, end)
    fields = {
        "role_id": role_id, "team_id": form.teamId, "name": form.naam, "purpose": form.doel or "",
        "core": form.kernrol, "office": form.functie,
    }  # fmt: skip
    batch = Batch()
    batch.entities[Role].append({"id": role_id})
    batch.rewrite(RoleVersion, [], [Span(fields, first, end)])
    await add_items(session, batch, role_id, form.items(), first, end)
    batch.notes.append(role_note("role.created", role_id, form.teamId, name=form.naam, first=first, last=last))
    await batch.write(session, by=by)
    return role_id


async def change_role(
    session: AsyncSession,
    role_id: UUID,
    *,
    first: date,
    name: str | None = None,
    purpose: str | None = None,
    add: Sequence[tuple[ItemKind, str]] = (),
    remove: Collection[UUID] = (),
    by: Actor,
    at: datetime,
) -> None:
    """Another name or purpose, more or fewer items (`remove`: item ids) from `first` on."""
    await lock_structure(session)
    old = await role_timeline(session, role_id)
    ahead = [span for span in old if span.end is None or span.end > first]
    if not ahead:
        raise Conflict(_NO_ROLE)
    start, end = max(first, ahead[0].start), ahead[-1].end
    team_id: UUID = ahead[-1].fields["team_id"]
    given = {field: value for field, value in (("name", name), ("purpose", purpose)) if value is not None}
    if name is not None:
        await _name_is_free(session, team_id, role_id, name, start, end)
    batch = Batch()
    changed = batch.rewrite(RoleVersion, old, overlay(old, given, start))
    items = await items_of(session, role_id)
    unknown = [item for item in remove if item not in items]
    if unknown:
        raise NotFound(Reason("onbekend", N_("Deze verantwoordelijkheid of dit domein hoort niet bij de rol.")))
    for item in remove:
        changed |= batch.rewrite(RoleItem, items[item], cut(items[item], start))
    await add_items(session, batch, role_id, add, start, end, after=len(items))
    if not (changed or add):
        return
    fields = {**given, **({"items": None} if add or remove else {})}
    label = {**ahead[-1].fields, **given}["name"]
    batch.notes.append(role_note("role.changed", role_id, team_id, name=label, first=start, fields=fields))
    await batch.write(session, by=by)


async def move_role(
    session: AsyncSession, role_id: UUID, team_id: UUID, *, first: date, by: Actor, at: datetime
) -> None:
    """From `first` on it is a role of another team, with its items and who fills it."""
    await lock_structure(session)
    old = await role_timeline(session, role_id)
    ahead = [span for span in old if span.end is None or span.end > first]
    if not ahead:
        raise Conflict(_NO_ROLE)
    start, end = max(first, ahead[0].start), ahead[-1].end
    if not covers(await team_timeline(session, team_id), start, end):
        raise Conflict(_NO_TEAM)
    before, name = ahead[-1].fields["team_id"], ahead[-1].fields["name"]
    await _name_is_free(session, team_id, role_id, name, start, end)
    batch = Batch()
    if batch.rewrite(RoleVersion, old, overlay(old, {"team_id": team_id}, start)):
        note = role_note("role.moved", role_id, team_id, name=name, first=start)
        batch.notes.append(replace(note, subjects=(*note.subjects, ("team", before))))
        await batch.write(session, by=by)


async def end_role(session: AsyncSession, role_id: UUID, *, last: date, by: Actor, at: datetime) -> None:
    """`last` is the role's last day; its items and fillings end at that midnight."""
    await lock_structure(session)
    old = await role_timeline(session, role_id)
    end = last + timedelta(days=1)
    if old[0].start >= end:
        raise Invalid({"tot": Reason("tot", N_("De laatste dag ligt voor de eerste dag."))})
    batch = Batch()
    if not batch.rewrite(RoleVersion, old, cut(old, end)):
        raise Conflict(_NO_ROLE)
    for spans in (await items_of(session, role_id)).values():
        batch.rewrite(RoleItem, spans, cut(spans, end))
    team_id: UUID = old[-1].fields["team_id"]
    for (_, person), timeline in (await fillings_of(session, role_id)).items():
        if batch.rewrite(RoleFilling, timeline, cut(timeline, start_of(end))):
            batch.notes.append(end_note(role_id, team_id, person, start_of(end)))
    batch.notes.append(role_note("role.ended", role_id, team_id, name=old[-1].fields["name"], last=last))
    await batch.write(session, by=by)


async def role_timeline(session: AsyncSession, role_id: UUID) -> list[Span[date]]:
    """What is known of one role, or `NotFound`."""
    found = await known(session, RoleVersion, lambda f: f["role_id"], RoleVersion.role_id == role_id)
    if role_id not in found:
        raise NotFound(Reason("onbekend", N_("Deze rol bestaat niet.")))
    return found[role_id]


async def items_of(session: AsyncSession, role_id: UUID) -> dict[UUID, list[Span[date]]]:
    return await known(session, RoleItem, lambda f: f["item_id"], RoleItem.role_id == role_id)


async def add_items(
    session: AsyncSession,
    batch: Batch,
    role_id: UUID,
    items: Sequence[tuple[ItemKind, str]],
    first: date,
    end: date | None,
    *,
    after: int = 0,
) -> None:
    ids = await new_ids(session, len(items))
    for position, (item_id, (kind, words)) in enumerate(zip(ids, items, strict=True), after):
        fields = {"item_id": item_id, "role_id": role_id, "kind": kind, "text": words, "position": position}
        batch.rewrite(RoleItem, [], [Span(fields, first, end)])


def role_note(
    verb: str,
    role_id: UUID,
    team_id: UUID,
    *,
    name: str,
    first: date | None = None,
    last: date | None = None,
    fields: dict[str, Any] | None = None,
) -> Note:
    facts = iso((("role", role_id), ("team", team_id), ("from", first), ("last", last)))
    if fields is not None:
        facts["fields"] = sorted(fields)
    return Note(verb, (("role", role_id), ("team", team_id)), facts, {"name": name}, accountable=True)


async def _name_is_free(
    session: AsyncSession, team_id: UUID, role_id: UUID, name: str, first: date, end: date | None
) -> None:
    given = {"team": team_id, "role": role_id, "name": name, "first": first, "end": end}
    if await session.scalar(_SAME_NAME, given):
        raise Invalid({"naam": Reason("bezet", N_("Dit team heeft al een rol {naam}."), {"naam": name})})


_NO_TEAM = Reason("verkeerd_moment", N_("Het team bestaat niet in de hele periode van de rol."))
_NO_ROLE = Reason("verkeerd_moment", N_("Deze rol bestaat dan niet meer."))
