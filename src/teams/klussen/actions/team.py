"""Team claims (R16): a team holds places, names people within three working days, and each of them says yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record, record_many
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.actions.line import free_seats, promote, weigh
from teams.klussen.actions.settle import hold
from teams.klussen.actions.steps import end_claim, note_of
from teams.klussen.lending import term
from teams.klussen.models import LIVE, Claim, ClaimState, Klus, Way
from teams.klussen.queries import klus_for

_SPEAKS = text(
    """
    select v.role_id from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date))
    where f.person_id = :me and v.team_id = :team and v.core is not null and upper_inf(f.recorded) and f.valid @> now()
    order by v.core = 'rolverdeler' desc, v.role_id limit 1
    """
)
_SEATS = text("select seat from claim where klus_id = :klus and seat is not null")
_TEAM_CLAIM = text(
    "insert into team_claim (klus_id, team_id, made_by, places, due_at) values (:klus, :team, :by, :places, :due) returning id"
)
_RESERVE = text(
    """
    insert into claim (klus_id, team_claim_id, state, seat, hours, terms, due_at)
    select :klus, :claim, 'gereserveerd', s, :hours, :terms, :due from unnest(cast(:seats as int[])) s
    """
)
_FIND = text("select id, klus_id, team_id from team_claim where id = :id")
_PEOPLE = text(
    """
    select p.id, p.name, exists (select from home_team h where h.person_id = p.id and h.team_id = :team
            and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))) as ours,
        exists (select from claim c where c.klus_id = :klus and c.person_id = p.id and c.ended_at is null) as active
    from person p where p.id = any(:people)
    """
)
_NAME = text(
    """
    update claim c set person_id = n.person, state = 'aangeboden', due_at = :due, chosen_by = :by, version = c.version + 1
    from unnest(cast(:claims as uuid[]), cast(:people as uuid[])) n(id, person)
    where c.id = n.id and c.state = 'gereserveerd' returning c.id
    """
)


@dataclass(frozen=True)
class TeamClaim:
    id: UUID
    places: int
    due_at: datetime


async def claim_for_team(
    session: AsyncSession, klus_id: UUID, team_id: UUID, places: int, *, by: Actor, at: datetime
) -> TeamClaim:
    """Hold so many places for a team, for three working days. By a core role of that team."""
    await klus_for(session, klus_id, by, at=at)
    role = await _speaks(session, team_id, by, at=at)
    klus = await hold(session, klus_id, at=at)
    _takes(klus, at)
    free = free_seats(klus, (await session.execute(_SEATS, {"klus": klus.id})).scalars())
    if places > len(free):
        raise Conflict(
            Reason("vol", N_("Er zijn nog {free} plekken vrij."), {"free": len(free)}),
            then=(NextStep(N_("Kies minder plekken."), f"/klussen/{klus.id}#team"),),
        )
    due = term(at)
    given = {"klus": klus.id, "team": team_id, "by": by.person_id, "places": places, "due": due}
    team_claim: UUID = (await session.execute(_TEAM_CLAIM, given)).scalar_one()
    await session.execute(
        _RESERVE,
        {"klus": klus.id, "claim": team_claim, "hours": klus.hours_total or klus.hours_min, "terms": klus.terms,
         "due": due, "seats": free[:places]},
    )  # fmt: skip
    about = (("klus", klus.id), ("team", klus.team_id), ("team", team_id))
    note = Note(
        "claim.reserved",
        tuple(dict.fromkeys(about)),
        {"team_claim": str(team_claim), "places": places},
        acting_role=role,
    )
    await record(session, note, by=by)
    await session.refresh(klus)
    return TeamClaim(team_claim, places, due)


async def name_people(
    session: AsyncSession, team_claim_id: UUID, people: Sequence[UUID], *, by: Actor, at: datetime
) -> int:
    """Offer the held places to people of the team, all or none; hours must fit, of which only 'past niet' is said."""
    klus, team, reserved = await _reserved(session, team_claim_id, by=by, at=at, people=people)
    wanted = list(dict.fromkeys(people))
    found = {row.id: row for row in await session.execute(_PEOPLE, {
        "people": wanted, "team": team, "klus": klus.id, "today": day_of(at)})}  # fmt: skip
    if any(person not in found or not found[person].ours for person in wanted):
        raise Invalid({"personen": Reason("personen", N_("Kies mensen van je eigen team."))})
    if len(wanted) > len(reserved):
        raise Conflict(
            Reason("vol", N_("Je team houdt nog {places} plekken vast."), {"places": len(reserved)}),
            then=(NextStep(N_("Noem minder mensen."), f"/klussen/{klus.id}#team"),),
        )
    asked = klus.hours_total or klus.hours_min
    assert asked is not None
    weighed = await weigh(session, klus, [(person, asked) for person in wanted], at=at)
    reasons = [
        Reason("al_ingeschreven", N_("{name} staat al op deze klus."), {"name": found[person].name})
        for person in wanted if found[person].active
    ] + [
        Reason("uren_te_veel", N_("Voor {name} past deze klus niet."), {"name": found[person].name})
        for person in wanted if weighed[person].room.reasons
    ]  # fmt: skip
    if reasons:
        raise Conflict(*reasons, then=(NextStep(N_("Noem iemand anders van je team."), f"/klussen/{klus.id}#team"),))
    pairs = list(zip(reserved, wanted, strict=False))
    given = {"claims": [c.id for c, _ in pairs], "people": wanted, "due": term(at), "by": by.person_id}
    await session.execute(_NAME, given)
    for claim, _ in pairs:
        await session.refresh(claim)
    await record_many(session, [note_of("claim.named", claim, klus, team) for claim, _ in pairs], by=by)
    return len(pairs)


async def release_places(session: AsyncSession, team_claim_id: UUID, *, by: Actor, at: datetime) -> int:
    """Places for which the team has nobody are free again, for the first in line (R3)."""
    klus, _, reserved = await _reserved(session, team_claim_id, by=by, at=at)
    for claim in reserved:
        await end_claim(session, claim, klus, ClaimState.WITHDRAWN, "claim.reservation_released", by=by, on=day_of(at))
    await session.refresh(klus)
    await promote(session, klus, at=at, by=by)
    return len(reserved)


async def _reserved(
    session: AsyncSession, team_claim_id: UUID, *, by: Actor, at: datetime, people: Sequence[UUID] = ()
) -> tuple[Klus, UUID, list[Claim]]:
    """Klus, team and the places that still have no name, for who speaks for that team."""
    row = (await session.execute(_FIND, {"id": team_claim_id})).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Deze teamclaim bestaat niet.")),
            then=(NextStep(N_("Zoek in de klussen."), "/klussen"),),
        )
    await _speaks(session, row.team_id, by, at=at)
    klus = await hold(session, row.klus_id, at=at, people=people)
    wanted = select(Claim).where(Claim.team_claim_id == row.id, Claim.state == ClaimState.RESERVED)
    reserved = list(await session.scalars(wanted.order_by(Claim.seat).with_for_update()))
    if not reserved:
        raise Conflict(
            Reason("verkeerd_moment", N_("Je team houdt hier geen plekken meer vast.")),
            then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{klus.id}"),),
        )
    return klus, row.team_id, reserved


async def _speaks(session: AsyncSession, team_id: UUID, by: Actor, *, at: datetime) -> UUID:
    given = {"me": by.person_id, "team": team_id, "today": day_of(at)}
    role: UUID | None = await session.scalar(_SPEAKS, given)
    if role is None:
        raise NotAllowed(
            Reason("geen_recht", N_("Voor een team claimt wie daar een kernrol vervult.")),
            then=(NextStep(N_("Bekijk wie in het team een kernrol vervult."), f"/teams/{team_id}"),),
        )
    return role


def _takes(klus: Klus, at: datetime) -> None:
    if klus.way != Way.CLAIM:
        reason = Reason("verkeerd_moment", N_("Hier wordt iemand gekozen; een team kan geen plekken vasthouden."))
    elif klus.state not in LIVE or not klus.accepting:
        reason = Reason("gesloten", N_("De inschrijving voor deze klus is gesloten."))
    elif klus.apply_until is not None and klus.apply_until < day_of(at):
        reason = Reason("te_laat", N_("Claimen kan niet meer: de laatste dag is voorbij."))
    else:
        return
    raise Conflict(reason, then=(NextStep(N_("Zoek een andere klus met een vrije plek."), "/klussen?vrij=1"),))
