"""What grantors and the secretary do beside granting: take a case back, set what an unpublished grant does, answer a team's request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register, may_change
from teams.mandates.actions.grants import draft_grant
from teams.mandates.actions.versions import known_grant
from teams.mandates.forms import InstellingForm, MandaatForm, TerugnameForm
from teams.mandates.queries.parties import party_names
from teams.structure.moment import Moment

_TAKE = text(
    """
    insert into taken_back (grant_id, case_number, taken_by, at)
    select :grant, :case, :by, :at where not exists (
        select from taken_back where grant_id = :grant and case_number = :case and upper_inf(recorded))
    returning id
    """
)
_SET = text(
    """
    insert into register_setting (unpublished_refuses, decision, set_by) select :refuses, :decision, :by
    where :refuses is distinct from coalesce(
        (select unpublished_refuses from register_setting order by at desc, id desc limit 1), true)
    returning id
    """
)
_ANSWER = text(
    """
    insert into mandate_request_draft (request_id, grant_id)
    select r.id, g.id from mandate_request r, power_grant g where r.id = :request and g.number = :number
    on conflict do nothing returning request_id
    """
)


async def take_back(session: AsyncSession, number: str, form: TerugnameForm, *, by: Actor, at: datetime) -> None:
    """M16: a grantor decides this case himself; the grant does not hold for it from now on (Awb 10:7)."""
    await lock_register(session)
    grant = await known_grant(session, number)
    givers = list(grant.at(at)["grantors"])
    await may_change(session, givers, every=False, by=by, at=at)
    names = await party_names(session, givers, Moment(at, at, at), nameless=True)
    who = ", ".join(names[giver].name for giver in sorted(givers))
    values = {"grant": grant.id, "case": form.zaak, "by": who, "at": at}
    if (await session.execute(_TAKE, values)).first() is None:
        raise Conflict(
            Reason("bestaat", N_("Deze zaak is al teruggenomen.")),
            then=(NextStep(N_("Bekijk het mandaat."), f"/mandaten/{number}"),),
        )
    note = Note("grant.taken_back", (("grant", grant.id),), {"number": number}, {"case": form.zaak}, accountable=True)
    await record(session, note, by=by)


async def set_unpublished(session: AsyncSession, form: InstellingForm, *, by: Actor, at: datetime) -> None:
    """M13: whether a grant that is not published refuses or only warns, from now on; earlier moments keep what held then."""
    if not by.has("secretaris"):
        raise NotAllowed(
            Reason("geen_recht", N_("Alleen de gemeentesecretaris verandert deze instelling.")),
            then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),),
        )
    await lock_register(session)
    values = {"refuses": form.nietBekendgemaakt == "weigert", "decision": form.besluit, "by": by.person_id}
    found = (await session.execute(_SET, values)).first()
    if found is None:
        raise Conflict(Reason("bestaat", N_("Zo staat de instelling al.")))
    facts = {"unpublished": form.nietBekendgemaakt}
    note = Note("register.set", (("setting", found.id),), facts, {"decision": form.besluit}, accountable=True)
    await record(session, note, by=by)


async def draft_for(session: AsyncSession, request: UUID, form: MandaatForm, *, by: Actor, at: datetime) -> str:
    """A draft in answer to what a team asked for; each request is answered once."""
    number = await draft_grant(session, form, by=by, at=at)
    if (await session.execute(_ANSWER, {"request": request, "number": number})).first() is None:
        exists = await session.scalar(text("select 1 from mandate_request where id = :id"), {"id": request})
        if not exists:
            raise NotFound(Reason("onbekend", N_("Dit verzoek bestaat niet.")))
        raise Conflict(
            Reason("verkeerd_moment", N_("Voor dit verzoek is al een mandaat gemaakt.")),
            then=(NextStep(N_("Bekijk de verzoeken."), "/mandaten/verzoeken"),),
        )
    return number
