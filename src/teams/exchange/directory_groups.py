"""Groups of the directory: kept as they are told. One with a team's name flags who moved; one that is tied gives and takes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.directory import flag_roles
from teams.exchange.directory_roles import Tie, follow, tied
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NotFound, Reason
from teams.kit.text import N_

_WHERE = """
    from scim_group g where (cast(:id as uuid) is null or g.id = :id)
        and (cast(:name as text) is null or lower(g.name) = lower(:name))
        and (cast(:external as text) is null or g.external_id = :external)
        and (cast(:member as uuid) is null or exists (select from scim_member m where m.group_id = g.id and m.account_id = :member))
"""
_COUNT = text(f"select count(*) {_WHERE}")
_GROUPS = text(
    f"""
    select g.id, g.name, g.external_id, g.created_at as created, g.changed_at as changed,
        array(select m.account_id::text from scim_member m
            left join scim_user s on s.account_id = m.account_id
            where m.group_id = g.id and s.deleted_at is null order by 1) as members
    {_WHERE} order by g.id limit :limit offset :first
    """
)
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('scim:' || :key, 0))")
_MAKE = text("insert into scim_group (name, external_id) values (:name, :external) returning id")
_CHANGE = text("update scim_group set name = :name, external_id = :external, changed_at = now() where id = :id")
_DELETE = text("delete from scim_group where id = :id")
_KNOWN = text(
    """
    select a.id, a.person_id from account a left join scim_user s on s.account_id = a.id
    where a.id = any(cast(:ids as uuid[])) and s.deleted_at is null
    """
)
_IN = text(
    "insert into scim_member (group_id, account_id) select :id, unnest(cast(:ids as uuid[])) on conflict do nothing"
)
_OUT = text("delete from scim_member where group_id = :id and account_id = any(cast(:ids as uuid[]))")
_PEOPLE = text(
    "select person_id from account where id = any(cast(:ids as uuid[])) and person_id is not null order by 1"
)
_ACTIVE = text(
    """
    select person_id from account where id = any(cast(:ids as uuid[])) and person_id is not null and disabled_at is null
    """
)


def resource_of(row: Row[Any], base: str) -> dict[str, Any]:
    """A group as SCIM calls it."""
    found: dict[str, Any] = {"displayName": row.name}
    if row.external_id:
        found["externalId"] = row.external_id
    if row.members:
        found["members"] = [{"value": id_, "$ref": f"{base}/Users/{id_}"} for id_ in row.members]
    return found


async def groups(
    session: AsyncSession, *, first: int = 0, limit: int = 100, id: UUID | None = None, name: str | None = None,
    external: str | None = None, member: UUID | None = None,
) -> tuple[int, list[Row[Any]]]:  # fmt: skip
    given = {"id": id, "name": name, "external": external, "member": member}
    total = await session.scalar(_COUNT, given) or 0
    rows = (await session.execute(_GROUPS, {**given, "first": first, "limit": limit})).all() if limit else []
    return total, list(rows)


async def group_for(session: AsyncSession, group_id: UUID, *, lock: bool = False) -> Row[Any]:
    if lock:
        await session.execute(_HOLD, {"key": str(group_id)})
    _, rows = await groups(session, id=group_id, limit=1)
    if not rows:
        raise NotFound(Reason("onbekend", N_("Deze groep bestaat niet.")))
    return rows[0]


async def create_group(
    session: AsyncSession, wanted: dict[str, Any], ties: Sequence[Tie] = (), *, by: Actor, at: datetime
) -> UUID:
    members = await _members(session, wanted)
    given = {"name": wanted["displayName"], "external": wanted.get("externalId")}
    try:
        async with session.begin_nested():
            group_id: UUID = (await session.execute(_MAKE, given)).scalar_one()
    except IntegrityError as error:
        raise _taken(given["name"]) from error
    await session.execute(_IN, {"id": group_id, "ids": list(members)})
    facts = {"group": str(group_id), "came": len(members), "left": 0}
    await record(session, Note("directory.group_changed", (), facts), by=by)
    await _follow(session, group_id, set(), await _pairs(session, ties, given["name"], members), by=by, at=at)
    return group_id


async def change_group(
    session: AsyncSession,
    stands: Row[Any],
    wanted: dict[str, Any],
    ties: Sequence[Tie] = (),
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Name and members as the directory now says; who is no longer in the group of a team has those roles flagged."""
    members, before = await _members(session, wanted), {UUID(id_) for id_ in stands.members}
    given = {"id": stands.id, "name": wanted["displayName"], "external": wanted.get("externalId")}
    came, left = members - before, before - members
    if not came and not left and (given["name"], given["external"]) == (stands.name, stands.external_id):
        return
    try:
        async with session.begin_nested():
            await session.execute(_CHANGE, given)
    except IntegrityError as error:
        raise _taken(given["name"]) from error
    await session.execute(_OUT, {"id": stands.id, "ids": list(left)})
    await session.execute(_IN, {"id": stands.id, "ids": list(came)})
    await _told(session, stands, came, left, by=by, at=at)
    old = await _pairs(session, ties, stands.name, before, all_of_them=True)
    new = await _pairs(session, ties, given["name"], members, all_of_them=True)
    fit = await _pairs(session, ties, given["name"], members)
    await _follow(session, stands.id, old - new, fit - old, by=by, at=at)


async def delete_group(
    session: AsyncSession, group_id: UUID, ties: Sequence[Tie] = (), *, by: Actor, at: datetime
) -> None:
    stands = await group_for(session, group_id, lock=True)
    members = {UUID(id_) for id_ in stands.members}
    gone = await _pairs(session, ties, stands.name, members, all_of_them=True)
    await _follow(session, group_id, gone, set(), by=by, at=at)
    await session.execute(_DELETE, {"id": group_id})
    await _told(session, stands, set(), members, by=by, at=at)


async def _pairs(
    session: AsyncSession, ties: Sequence[Tie], name: str, accounts: set[UUID], *, all_of_them: bool = False
) -> set[tuple[Tie, UUID]]:
    """What being in a group of this name means, for each person; unless asked otherwise only of accounts that are open."""
    mine = tied(ties, name)
    if not mine or not accounts:
        return set()
    people = (await session.scalars(_PEOPLE if all_of_them else _ACTIVE, {"ids": list(accounts)})).all()
    return {(tie, person) for tie in mine for person in people}


async def _follow(
    session: AsyncSession, group_id: UUID, left: set[tuple[Tie, UUID]], came: set[tuple[Tie, UUID]], *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    if left or came:
        await follow(session, group_id, came=came, left=left, by=by, at=at)


async def _told(
    session: AsyncSession, stands: Row[Any], came: set[UUID], left: set[UUID], *, by: Actor, at: datetime
) -> None:
    facts = {"group": str(stands.id), "came": len(came), "left": len(left)}
    await record(session, Note("directory.group_changed", (), facts), by=by)
    for person in await session.scalars(_PEOPLE, {"ids": list(left)}):
        await flag_roles(session, person, left=stands.name, by=by, at=at)


async def _members(session: AsyncSession, wanted: dict[str, Any]) -> set[UUID]:
    """The accounts that are named; a member that we do not know is refused."""
    ids = set(_ids(wanted.get("members", [])))
    known = {row.id for row in await session.execute(_KNOWN, {"ids": list(ids)})}
    if known != ids:
        raise Invalid({"members": Reason("members", N_("Een lid van deze groep kennen we niet."))})
    return known


def _ids(members: Iterable[dict[str, Any]]) -> Iterable[UUID]:
    for member in members:
        try:
            yield UUID(str(member.get("value")))
        except ValueError:
            raise Invalid({"members": Reason("members", N_("Een lid van deze groep kennen we niet."))}) from None


def _taken(name: str) -> Conflict:
    return Conflict(Reason("bestaat", N_("Er is al een groep met de naam {name}."), {"name": name}))
