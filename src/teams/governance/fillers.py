"""Reading who may fill a role and who decides: offers, deciders, grantors, and what keeps someone from a role."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.models import Offer, PolicyKind, Proposal
from teams.governance.policies import in_force
from teams.governance.queries import members_at, policies_of
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.structure.models import CoreRole

_NOW = "upper_inf({0}.recorded) and range_contains_elem({0}.valid, cast(:today as date))"
_FILLS = "upper_inf(f.recorded) and range_contains_elem(f.valid, cast(:at as timestamptz))"
_ROLE = text(
    f"""
    select v.role_id as id, v.name, v.core, v.office, v.team_id, t.parent_id,
        array(select f.person_id from role_filling f where f.role_id = v.role_id and {_FILLS}) as fillers
    from role_version v left join team_version t on t.team_id = v.team_id and {_NOW.format("t")}
    where v.role_id = :role and {_NOW.format("v")}
    """
)
_CORE = text(
    f"""
    select v.role_id, v.core, array(select f.person_id from role_filling f where f.role_id = v.role_id and {_FILLS}) as fillers
    from role_version v where v.team_id = :team and v.core is not null and {_NOW.format("v")}
    """
)
_PARENT = text(f"select parent_id from team_version t where t.team_id = :team and {_NOW.format('t')}")
_GUIDE = text(
    f"""
    select b.taken_role, b.taken_by from process_breakdown b
    join role_filling f on f.role_id = b.taken_role and f.person_id = b.taken_by and {_FILLS}
    where b.team_id = :team and b.ended_at is null
    """
)
_FOCUS = text(
    f"""
    select f.role_id, v.name as role, p.id as person_id, p.name as person, f.focus from role_filling f join person p on p.id = f.person_id
    join role_version v on v.role_id = f.role_id and {_NOW.format("v")}
    where f.role_id = any(cast(:roles as uuid[])) and f.focus <> '' and {_FILLS} order by v.name, p.name
    """
)
_IN_SERVICE = text(
    """
    select exists (select from contract c where c.person_id = :person and upper_inf(c.recorded)
        and range_contains_elem(c.valid, cast(:today as date)))
    """
)
_ELECTED = text("select person_id as id, role_id from election_elector where election_id = :election")
_GRANTS = text(
    """
    select g.number, v.grantors from grant_version v join power_grant g on g.id = v.grant_id
    where upper_inf(v.recorded) and v.withdrawn_at is null and (upper_inf(v.valid) or upper(v.valid) > now())
        and (v.holder = 'rol:' || cast(:role as text) or v.holder = 'functie:' || cast(:office as text))
    order by g.number
    """
)
_GRANTORS = text(
    f"""
    select m.person_id from unnest(cast(:grantors as text[])) g join organ o on g = 'orgaan:' || o.code
        join organ_member m on m.organ_id = o.id and {_NOW.format("m")}
    union select f.person_id from role_version v join role_filling f on f.role_id = v.role_id and {_FILLS}
        where {_NOW.format("v")} and ('rol:' || v.role_id = any(:grantors) or 'functie:' || v.office = any(:grantors))
    union select p.id from person p where 'persoon:' || p.id = any(:grantors)
    """
)


async def role_now(session: AsyncSession, role_id: UUID, *, at: datetime) -> Row[Any]:
    """Id, name, core, office, team_id, parent_id and who fills it; or `NotFound`."""
    row = (await session.execute(_ROLE, {"role": role_id, "at": at, "today": day_of(at)})).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Deze rol bestaat niet, of niet meer.")),
            then=(NextStep(N_("Bekijk de organisatie."), "/organisatie"),),
        )
    return row


async def in_service(session: AsyncSession, person_id: UUID, *, at: datetime) -> bool:
    return bool(await session.scalar(_IN_SERVICE, {"person": person_id, "today": day_of(at)}))


async def focuses_of(session: AsyncSession, roles: list[UUID], *, at: datetime) -> list[Row[Any]]:
    """G10: who fills these roles with a focus of their own: role_id, role, person_id, person, focus."""
    if not roles:
        return []
    return list((await session.execute(_FOCUS, {"roles": roles, "at": at, "today": day_of(at)})).all())


async def focus_of(session: AsyncSession, role_id: UUID, person_id: UUID, *, at: datetime) -> str:
    found = await focuses_of(session, [role_id], at=at)
    return next((str(row.focus) for row in found if row.person_id == person_id), "")


async def unfit(session: AsyncSession, role: Row[Any], person_id: UUID, *, at: datetime) -> list[Reason]:
    """G14: the rolverdeler of a team is not its afgevaardigde. Only who is in service fills a role.

    G4: the team that has none above it has no rolverdeler, unless it agreed so.
    """
    found = []
    if not await in_service(session, person_id, at=at):
        found.append(Reason("niet_in_dienst", N_("Deze persoon is niet in dienst.")))
    if role.core == CoreRole.CIRCLE_LEAD and role.parent_id is None:
        policies = await policies_of(session, role.team_id, at=at)
        if not any(kind == f"{PolicyKind.LEAD}:anker" and not distance for _, kind, distance in policies):
            said = N_(
                "Het team dat geen team boven zich heeft, heeft geen rolverdeler. Het team kan dat wel afspreken."
            )
            found.append(Reason("G4", said))
    other = {
        CoreRole.CIRCLE_LEAD.value: CoreRole.CIRCLE_REP.value, CoreRole.CIRCLE_REP.value: CoreRole.CIRCLE_LEAD.value,
    }.get(role.core or "")  # fmt: skip
    if other is not None and person_id in (await core_roles(session, role.team_id, at=at)).get(other, (None, ()))[1]:
        found.append(Reason("G14", N_("Wie rolverdeler is, kan niet ook de afgevaardigde van dit team zijn.")))
    return found


async def core_roles(session: AsyncSession, team_id: UUID, *, at: datetime) -> dict[str, tuple[UUID, list[UUID]]]:
    """Per core role of the team its id and who fills it."""
    rows = await session.execute(_CORE, {"team": team_id, "at": at, "today": day_of(at)})
    return {row.core: (row.role_id, list(row.fillers)) for row in rows}


async def decider_of(
    session: AsyncSession, role: Row[Any], person_id: UUID, *, at: datetime
) -> tuple[UUID | None, frozenset[UUID]]:
    """G9: the role that the team's policy names, with who fills it; (None, …) when the team decides together.

    G34: while somebody from above guides a team that broke down, that person may add a rolverdeler.
    Nobody decides on themself: a role that only the candidate fills, or nobody, leaves it to the team.
    """
    if role.core == CoreRole.CIRCLE_LEAD:
        guide = (await session.execute(_GUIDE, {"team": role.team_id, "at": at})).one_or_none()
        if guide is not None and guide.taken_by != person_id:
            return guide.taken_role, frozenset({guide.taken_by})
    found = in_force(await policies_of(session, role.team_id, at=at), PolicyKind.FILLING)
    args = found[0].args if found else ("team",)
    named: UUID | None = None
    if args[0] == "rolverdeler":
        named = (await core_roles(session, role.team_id, at=at)).get(CoreRole.CIRCLE_LEAD, (None, []))[0]
    elif args[0] == "rol" and len(args) > 1:
        named = UUID(args[1])
    if named is None:
        return None, frozenset()
    row = (await session.execute(_ROLE, {"role": named, "at": at, "today": day_of(at)})).one_or_none()
    able = frozenset(row.fillers if row else ()) - {person_id}
    return (named, able) if able else (None, frozenset())


async def candidates_rule(session: AsyncSession, team_id: UUID, core: str | None, *, at: datetime) -> str:
    """G14, G15: whom the team may elect: its members, unless its policy says otherwise; an afgevaardigde is always a member."""
    found = in_force(await policies_of(session, team_id, at=at), PolicyKind.CANDIDATES)
    rule = found[0].args[0] if found else "leden"
    known = rule if rule in ("leden", "organisatie", "niet_zittend") else "leden"
    return "leden" if core == CoreRole.CIRCLE_REP and known == "organisatie" else known


async def electors_of(session: AsyncSession, proposal: Proposal, *, at: datetime) -> list[Row[Any]]:
    """G20: who answers. On an election everyone who could vote; on an offer the team without whom it is about.

    A team in which nobody is left to answer leaves an offer to the team above it.
    """
    outside = {proposal.proposer_id}
    if proposal.offer_id is None:
        return [one for one in await members_at(session, proposal.team_id, at=at) if one.id not in outside]
    offer = await session.get_one(Offer, proposal.offer_id)
    if offer.election_id is not None:
        return list((await session.execute(_ELECTED, {"election": offer.election_id})).all())
    team: UUID | None = proposal.team_id
    outside.add(offer.person_id)
    while team is not None:
        found = [one for one in await members_at(session, team, at=at) if one.id not in outside]
        if found:
            return found
        team = await session.scalar(_PARENT, {"team": team, "today": day_of(at)})
    return []


async def parties_of(session: AsyncSession, proposal: Proposal, objector: UUID) -> frozenset[UUID]:
    """Who has a stake and so does not judge an objection: objector and proposer; in an election objector and candidate."""
    return parties(
        objector, proposal.proposer_id, await session.get(Offer, proposal.offer_id) if proposal.offer_id else None
    )


def parties(objector: UUID, proposer: UUID, offer: Any) -> frozenset[UUID]:
    if offer is None:
        return frozenset({objector, proposer})
    return frozenset({objector, offer.person_id, *([] if offer.election_id else [proposer])})


async def grants_on(session: AsyncSession, role: Row[Any]) -> tuple[list[str], list[str]]:
    """What law hangs on who fills this role: numbers of its grants, and who gave them."""
    rows = (await session.execute(_GRANTS, {"role": str(role.id), "office": role.office})).all()
    return [row.number for row in rows], sorted({one for row in rows for one in row.grantors})


async def grantors_of(session: AsyncSession, role: Row[Any], *, at: datetime) -> frozenset[UUID]:
    """Who acts for those that gave the role its grants: members of an organ, fillers of a role or function, a person."""
    _, given_by = await grants_on(session, role)
    if not given_by:
        return frozenset()
    rows = await session.scalars(_GRANTORS, {"grantors": given_by, "at": at, "today": day_of(at)})
    return frozenset(rows)
