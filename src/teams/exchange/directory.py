"""What the directory (SCIM) says of accounts: who comes gets no rights, who moves is flagged, who leaves loses all at once."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.identities import link_identity, unlink_identity
from teams.auth.sessions import close_all
from teams.exchange.leaving import end_access
from teams.journal.batch import subjects
from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NotFound, Reason
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.people.actions import hire
from teams.people.forms import PersonForm

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_WHERE = """
    from account a left join scim_user s on s.account_id = a.id left join person p on p.id = a.person_id
    where s.deleted_at is null and (a.person_id is not null or s.account_id is not null)
        and (cast(:id as uuid) is null or a.id = :id) and (cast(:name as text) is null or lower(a.email) = lower(:name))
        and (cast(:external as text) is null or s.external_id = :external)
        and (cast(:active as boolean) is null or (a.disabled_at is null) = :active)
        and (cast(:mail as text) is null or lower(:mail) in (select lower(e->>'value') from jsonb_array_elements(
            case when s.said is null then jsonb_build_array(jsonb_build_object('value', p.email))
            else coalesce(s.said->'emails', '[]') end) e))
        and (cast(:number as text) is null
            or case when s.said is null then p.number else s.said->cast(:enterprise as text)->>'employeeNumber' end = :number)
"""
_COUNT = text(f"select count(*) {_WHERE}")
_USERS = text(
    f"""
    select a.id, a.person_id, a.email, a.disabled_at is null as active, s.external_id, s.said, p.number, p.name,
        p.email as mail, coalesce(s.created_at, a.created_at) as created,
        greatest(coalesce(s.changed_at, a.created_at), coalesce(a.disabled_at, a.created_at)) as changed
    {_WHERE} order by a.id limit :limit offset :first
    """
)
_HOLD = text("select pg_advisory_xact_lock(hashtextextended('scim:' || :key, 0))")
_TAKEN = text(
    """
    select a.id, a.person_id, p.number, s.deleted_at is not null as gone from account a
    left join scim_user s on s.account_id = a.id left join person p on p.id = a.person_id
    where lower(a.email) = lower(:name)
    """
)
_PERSON = text(
    """
    select p.id, a.id as account, s.account_id is not null as known,
        exists (select from account_right r where r.account_id = a.id) as has_rights
    from person p left join account a on a.person_id = p.id left join scim_user s on s.account_id = a.id
    where p.number = :number
    """
)
_MAKE = text("insert into account (person_id, email) values (:person, :name) returning id")
_SAY = text(
    """
    insert into scim_user (account_id, external_id, said) values (:id, :external, cast(:said as jsonb))
    on conflict (account_id) do update set external_id = excluded.external_id, said = excluded.said, changed_at = now(),
        deleted_at = null
    """
)
_NAME = text("update account set email = :name, version = version + 1 where id = :id")
_LINK = text("update account set person_id = :person, version = version + 1 where id = :id")
_OPEN = text("update account set disabled_at = null, version = version + 1 where id = :id and disabled_at is not null")
_DELETED = text(
    """
    insert into scim_user (account_id, deleted_at) values (:id, now())
    on conflict (account_id) do update set deleted_at = now(), changed_at = now(), said = '{}'
    """
)
_OUT_OF_GROUPS = text("delete from scim_member where account_id = :id")
_FILLS = text(
    """
    select distinct f.role_id, v.team_id from role_filling f join role_version v on v.role_id = f.role_id
        and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:day as date))
    join team_version t on t.team_id = v.team_id and upper_inf(t.recorded) and range_contains_elem(t.valid, cast(:day as date))
    join team c on c.id = t.team_id
    where f.person_id = :person and upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))
        and (cast(:left as text) is null or lower(:left) in (lower(t.name), lower(c.code)))
        and (cast(:stays as text) is null or lower(:stays) not in (lower(t.name), lower(c.code)))
    """
)


@dataclass(frozen=True)
class Rules:
    """How this installation wants it: `issuer` of the log-in service, and whether people who are unknown are added."""

    issuer: str | None = None
    new_people: bool = False


def resource_of(row: Row[Any]) -> dict[str, Any]:
    """An account as SCIM calls it. What the directory never said, is what Teams knows itself."""
    if row.said is None:
        found: dict[str, Any] = {"displayName": row.name, "emails": [{"value": row.mail, "type": "work", "primary": True}],
                                 ENTERPRISE: {"employeeNumber": row.number}, "active": row.active}  # fmt: skip
    else:
        found = {key: value for key, value in row.said.items() if key != "active"}
        if "active" in row.said:
            found["active"] = row.active
    found["userName"] = row.email
    if row.external_id:
        found["externalId"] = row.external_id
    return found


async def users(
    session: AsyncSession, *, first: int = 0, limit: int = 100, id: UUID | None = None, name: str | None = None,
    external: str | None = None, active: bool | None = None, mail: str | None = None, number: str | None = None,
) -> tuple[int, list[Row[Any]]]:  # fmt: skip
    """How many accounts fit, and a page of them."""
    given = {"id": id, "name": name, "external": external, "active": active, "mail": mail, "number": number,
             "enterprise": ENTERPRISE}  # fmt: skip
    total = await session.scalar(_COUNT, given) or 0
    rows = (await session.execute(_USERS, {**given, "first": first, "limit": limit})).all() if limit else []
    return total, list(rows)


async def user_for(session: AsyncSession, account_id: UUID, *, lock: bool = False) -> Row[Any]:
    if lock:
        await session.execute(_HOLD, {"key": str(account_id)})
    _, rows = await users(session, id=account_id, limit=1)
    if not rows:
        raise NotFound(Reason("onbekend", N_("Dit account bestaat niet.")))
    return rows[0]


async def create_user(session: AsyncSession, wanted: dict[str, Any], rules: Rules, *, by: Actor, at: datetime) -> UUID:
    """An account without rights, linked to the person with its employeeNumber; one that was deleted is used again."""
    name = wanted["userName"]
    await session.execute(_HOLD, {"key": name.lower()})
    taken = (await session.execute(_TAKEN, {"name": name})).one_or_none()
    if taken is not None and not taken.gone:
        raise _taken(N_("Er is al een account met de naam {name}."), name)
    number = _number(wanted)
    if taken is not None and taken.number is not None and number and number != taken.number:
        raise _taken(N_("Dit account is van een ander personeelsnummer dan {name}."), number)
    person, account_id = None, taken.id if taken else None
    if taken is None or taken.person_id is None:
        person, own = await _person(session, wanted, rules, by=by, at=at)
        account_id = account_id or own
    try:
        async with session.begin_nested():
            if account_id is None:
                account_id = UUID(str(await session.scalar(_MAKE, {"person": person, "name": name})))
                about = subjects(("account", account_id), ("person", person))
                await record(session, Note("account.added", about, {"source": "scim"}), by=by)
            elif taken is None:
                await session.execute(_NAME, {"id": account_id, "name": name})
            elif person is not None:
                await session.execute(_LINK, {"id": account_id, "person": person})
            assert account_id is not None
            await _say(session, account_id, wanted)
    except IntegrityError as error:
        raise _taken(N_("Er is al een account met de naam {name}."), name) from error
    await _open(session, account_id, wanted, rules, by=by, at=at)
    return account_id


async def change_user(
    session: AsyncSession, stands: Row[Any], wanted: dict[str, Any], rules: Rules, *, by: Actor, at: datetime
) -> None:
    """What the directory now says, beside what stood (`stands`, locked). Only what differs is done."""
    old, name = resource_of(stands), wanted["userName"]
    changed = sorted(key.rsplit(":", 1)[-1] for key in old.keys() | wanted.keys() if old.get(key) != wanted.get(key))
    if not changed:
        return
    number = _number(wanted)
    person: UUID | None = stands.person_id
    if person is None and number and number != _number(old):
        person, own = await _person(session, wanted, rules, by=by, at=at)
        if own is not None:
            raise _taken(N_("Personeelsnummer {name} heeft al een account."), number)
    elif person is not None and number and number != stands.number:
        raise _taken(N_("Dit account is van een ander personeelsnummer dan {name}."), number)
    try:
        async with session.begin_nested():
            if name != stands.email:
                await session.execute(_NAME, {"id": stands.id, "name": name})
            if person != stands.person_id:
                await session.execute(_LINK, {"id": stands.id, "person": person})
            await _say(session, stands.id, wanted)
    except IntegrityError as error:
        raise _taken(N_("Er is al een account met de naam {name}."), name) from error
    about = subjects(("account", stands.id), ("person", person))
    secure = not {"userName", "externalId"}.isdisjoint(changed)
    await record(session, Note("account.changed", about, {"fields": changed}, accountable=secure), by=by)
    active = wanted.get("active", False)
    if stands.active and not active:
        await end_access(session, stands.id, by=by, at=at)
        return
    if active and (not stands.active or "externalId" in changed):
        await _open(session, stands.id, wanted, rules, by=by, at=at)
    department = wanted.get(ENTERPRISE, {}).get("department")
    before = old.get(ENTERPRISE, {}).get("department")
    if person is not None and before is not None and department != before:
        await flag_roles(session, person, stays=department, by=by, at=at)


async def delete_user(session: AsyncSession, account_id: UUID, *, by: Actor, at: datetime) -> None:
    """Gone from the directory: all access ends, nothing is destroyed; its history stays."""
    stands = await user_for(session, account_id, lock=True)
    if stands.active:
        await end_access(session, account_id, by=by, at=at)
    await session.execute(_DELETED, {"id": account_id})
    await session.execute(_OUT_OF_GROUPS, {"id": account_id})
    about = subjects(("account", account_id), ("person", stands.person_id))
    await record(session, Note("account.removed", about, accountable=True), by=by)


async def flag_roles(
    session: AsyncSession, person: UUID, *, left: str | None = None, stays: str | None = None, by: Actor, at: datetime
) -> None:
    """Someone moved: every role still filled (in the team that was left, or outside the new one) is to be looked at."""
    given = {"person": person, "day": day_of(at), "at": at, "left": left, "stays": stays}
    for role, team in (await session.execute(_FILLS, given)).all():
        facts = {"role": str(role), "team": str(team), "person": str(person)}
        about = (("role", role), ("team", team), ("person", person))
        await record(session, Note("role.mover_flagged", about, facts, accountable=True), by=by)


async def _open(
    session: AsyncSession, account_id: UUID, wanted: dict[str, Any], rules: Rules, *, by: Actor, at: datetime
) -> None:
    """Open or shut as the directory says. An account that opens again has no role, right, token or claim of before."""
    if not wanted.get("active", False):
        await end_access(session, account_id, by=by, at=at)
        return
    person: UUID | None = await session.scalar(text("select person_id from account where id = :id"), {"id": account_id})
    about = subjects(("account", account_id), ("person", person))
    opened: Any = await session.execute(_OPEN, {"id": account_id})
    if opened.rowcount:
        await close_all(session, account_id)  # of who was logging in at the moment that access ended
        await record(session, Note("account.reopened", about, accountable=True), by=by)
    external = wanted.get("externalId")
    if rules.issuer is None:
        return
    if external:
        await link_identity(session, wanted["userName"], rules.issuer, external, by=by)
    else:
        await unlink_identity(session, account_id, rules.issuer)


async def _say(session: AsyncSession, account_id: UUID, wanted: dict[str, Any]) -> None:
    said = {key: value for key, value in wanted.items() if key not in ("userName", "externalId")}
    given = {"id": account_id, "external": wanted.get("externalId"), "said": json.dumps(said)}
    await session.execute(_SAY, given)


async def _person(
    session: AsyncSession, wanted: dict[str, Any], rules: Rules, *, by: Actor, at: datetime
) -> tuple[UUID | None, UUID | None]:
    """The person with this employeeNumber, and the account that it has and that the directory may take over."""
    number = _number(wanted)
    if not number:
        return None, None
    row = (await session.execute(_PERSON, {"number": number})).one_or_none()
    if row is not None:
        if row.account is not None and (row.known or row.has_rights):
            raise _taken(N_("Personeelsnummer {name} heeft al een account."), number)
        return row.id, row.account
    if not rules.new_people:
        return None, None
    mail = next((item["value"] for item in wanted.get("emails", []) if item.get("value")), wanted["userName"])
    names = wanted.get("name", {})
    full = " ".join(filter(None, (names.get("givenName"), names.get("familyName"))))
    given = {"personeelsnummer": number, "naam": wanted.get("displayName") or full or wanted["userName"], "email": mail,
             "contracturen": 0, "in_dienst": day_of(at)}  # fmt: skip
    return await hire(session, validated(PersonForm, given), by=by, at=at), None


def _number(resource: dict[str, Any]) -> str | None:
    number: str | None = resource.get(ENTERPRISE, {}).get("employeeNumber")
    return number


def _taken(sentence: str, name: str) -> Conflict:
    return Conflict(Reason("bestaat", sentence, {"name": name}))
