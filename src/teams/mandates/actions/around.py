"""What stands around the grants: who replaces whom, and who has an interest where (M19, M23)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import end_of, start_of
from teams.kit.errors import Conflict, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register, may_change
from teams.mandates.forms import BelangForm, VervangingForm
from teams.people.queries import person_by_id

_ROLE = text(
    """
    select r.role_id, r.team_id, array(
        select distinct unnest(v.grantors) from grant_version v
        where upper_inf(v.recorded) and v.holder in ('rol:' || r.role_id, 'functie:' || r.office)) as grantors,
        exists (select from role_filling f where f.role_id = r.role_id and f.person_id = :person and upper_inf(f.recorded)
            and f.valid && tstzrange(:start, :end)) as fills,
        exists (select from replacement s where s.role_id = r.role_id and s.person_id = :person and upper_inf(s.recorded)
            and s.valid && tstzrange(:start, :end)) as known
    from role_version r where r.role_id = :role and upper_inf(r.recorded) order by lower(r.valid) desc limit 1
    """
)
_REPLACE = text(
    """
    insert into replacement (role_id, person_id, reason, decision, valid)
    values (:role, :person, :reason, :decision, tstzrange(:start, :end)) returning item_id
    """
)
_END = text(
    """
    with old as (
        update replacement set recorded = tstzrange(lower(recorded), now())
        where item_id = :item and upper_inf(recorded) and (upper_inf(valid) or upper(valid) > :end)
        returning item_id, role_id, person_id, reason, decision, valid
    ), kept as (
        insert into replacement (item_id, role_id, person_id, reason, decision, valid)
        select item_id, role_id, person_id, reason, decision, tstzrange(lower(valid), :end) from old where lower(valid) < :end
    ) select role_id, person_id from old
    """
)
_GRANTORS = text(
    """
    select array(select distinct unnest(v.grantors) from grant_version v join role_version r on upper_inf(r.recorded)
        and v.holder in ('rol:' || r.role_id, 'functie:' || r.office)
        where upper_inf(v.recorded) and r.role_id = s.role_id)
    from replacement s where s.item_id = :item and upper_inf(s.recorded)
    """
)
_INTEREST = text(
    """
    insert into interest (person_id, about, kind) select :person, :about, :kind
    where not exists (select from interest where person_id = :person and about = :about and kind = :kind
        and upper_inf(recorded)) returning id
    """
)


async def enter_replacement(session: AsyncSession, form: VervangingForm, *, by: Actor, at: datetime) -> UUID:
    """M23: someone replaces the holder of a role, in a period and by a decision; nobody appoints themselves. Returns its item id."""
    await lock_register(session)
    await person_by_id(session, form.vervangerId)
    start, end = start_of(form.van), end_of(form.tot) if form.tot else None
    values = {"role": form.rolId, "person": form.vervangerId, "start": start, "end": end}
    role = (await session.execute(_ROLE, values)).one_or_none()
    if role is None:
        raise NotFound(Reason("onbekend", N_("Deze rol bestaat niet.")))
    await may_change(session, role.grantors, every=False, by=by, at=at)
    reasons = []
    if by.person_id == form.vervangerId:
        reasons.append(Reason("eigen_aanvraag", N_("Je wijst jezelf niet aan als vervanger. Vraag het iemand anders.")))
    if role.fills:
        reasons.append(Reason("M23", N_("Wie de rol zelf vervult, kan haar niet ook vervangen.")))
    if role.known:
        reasons.append(Reason("bestaat", N_("Deze persoon vervangt deze rol dan al.")))
    if reasons:
        raise Conflict(*reasons)
    item: UUID = (
        await session.execute(_REPLACE, {**values, "reason": form.reden, "decision": form.besluit})
    ).scalar_one()
    facts = {
        "role": str(form.rolId),
        "person": str(form.vervangerId),
        "reason": form.reden,
        "from": form.van.isoformat(),
    }
    if form.tot:
        facts["until"] = form.tot.isoformat()
    about = (("role", form.rolId), ("team", role.team_id), ("person", form.vervangerId))
    note = Note("replacement.entered", about, facts, {"decision": form.besluit}, accountable=True)
    await record(session, note, by=by)
    return item


async def end_replacement(session: AsyncSession, item: UUID, *, by: Actor, at: datetime) -> None:
    """From this moment the replacement no longer holds."""
    await lock_register(session)
    grantors = await session.scalar(_GRANTORS, {"item": item})
    if grantors is None:
        raise NotFound(Reason("onbekend", N_("Deze vervanging kennen we niet.")))
    await may_change(session, grantors, every=False, by=by, at=at)
    row = (await session.execute(_END, {"item": item, "end": at})).one_or_none()
    if row is None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze vervanging is al voorbij.")))
    facts = {"role": str(row.role_id), "person": str(row.person_id), "until": at.isoformat()}
    about = (("role", row.role_id), ("person", row.person_id))
    await record(session, Note("replacement.ended", about, facts, accountable=True), by=by)


async def enter_interest(session: AsyncSession, form: BelangForm, *, by: Actor, at: datetime) -> None:
    """M19: a person reports an own interest; the secretary may do it for another."""
    person = form.persoonId or by.person_id
    if person is None or (person != by.person_id and not by.has("secretaris")):
        raise NotAllowed(Reason("geen_recht", N_("Je meldt alleen een eigen belang.")))
    await person_by_id(session, person)
    kind = form.soort or ""
    if (await session.execute(_INTEREST, {"person": person, "about": form.betreft, "kind": kind})).first() is None:
        raise Conflict(Reason("bestaat", N_("Dit belang is al gemeld.")))
    note = Note(
        "interest.entered", (("person", person),), {"person": str(person)}, {"about": form.betreft, "kind": kind},
        accountable=True,
    )  # fmt: skip
    await record(session, note, by=by)
