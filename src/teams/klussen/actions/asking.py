"""Asking a team to lend somebody out (R6), what follows from yes, from silence, and from a move to another team."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.klussen.actions.line import weigh
from teams.klussen.actions.steps import end_claim, subjects
from teams.klussen.consents import deciders
from teams.klussen.lending import Lending, term
from teams.klussen.models import Claim, ClaimState, Klus, KlusState

_ASK = text(
    """
    with asked as (
        insert into consent (claim_id, team_id, role_id, policy, on_expiry, hours, starts, ends, terms, due_at)
        values (:claim, :team, (select v.role_id from role_version v where v.team_id = :team and v.core = :core
            and upper_inf(v.recorded) and range_contains_elem(v.valid, cast(:today as date)) order by v.role_id limit 1),
            :policy, :rule, :hours, :starts, :ends, :terms, :due)
        returning id
    )
    update claim set due_at = :due from asked where claim.id = :claim returning asked.id
    """
)
_NAMED = text(
    """
    insert into consent
        (claim_id, team_id, policy, on_expiry, hours, starts, ends, terms, due_at, state, answered_at, answered_by)
    values (:claim, :team, '', 'vervalt', :hours, :starts, :ends, :terms, now(), 'gegeven', now(), :by)
    """
)
_ON = text(
    "update claim set state = :to, due_at = null, version = version + 1 where id = :claim and state = 'wacht_op_instemming'"
)
_BACK = text(
    "update claim set state = 'wacht_op_instemming', version = version + 1 where id = :claim and state = 'bevestigd'"
)
_OVERDUE = text(
    """
    update consent set state = case when on_expiry = 'stil' then 'gegeven' else 'verlopen' end, answered_at = now(),
        version = version + 1
    where claim_id = :claim and state = 'gevraagd' returning id, team_id, on_expiry
    """
)
_VOID_ALL = text(
    """
    update consent set state = 'vervallen', answered_at = coalesce(answered_at, now()), version = version + 1
    where claim_id = :claim and state in ('gevraagd', 'gegeven')
    """
)
_VOID = text(
    """
    update consent set state = 'vervallen', answered_at = coalesce(answered_at, now()), version = version + 1
    where id = :id and state in ('gevraagd', 'gegeven') returning id
    """
)

_RATE = text("select rate_cents from klus_baseline where klus_id = :klus")


async def ask_consent(
    session: AsyncSession, claim: Claim, klus: Klus, *, team: UUID, policy: Lending, by: Actor, at: datetime
) -> None:
    """Ask the home team; the place is held meanwhile. `Conflict` when nobody there may answer."""
    due = term(at, policy.days)
    given = {
        **_covers(claim, klus), "team": team, "core": policy.core, "today": day_of(at), "policy": policy.kind,
        "rule": "stil" if policy.silent and not await decided_on(session, policy, claim, klus) else "vervalt", "due": due,
    }  # fmt: skip
    asked: UUID = (await session.execute(_ASK, given)).scalar_one()
    if not await deciders(session, asked, at=at):
        raise Conflict(
            Reason("uren_te_veel", N_("Dit past niet in je eigen uren, en in je team kan niemand anders instemmen.")),
            then=(NextStep(N_("Kies minder uren, of bespreek het in je team."), f"/klussen/{klus.id}"),),
        )
    await tell(session, "consent.asked", claim, klus, (team,), by=by, consent=str(asked), due=due.isoformat())


async def ask_anew(
    session: AsyncSession, claim: Claim, klus: Klus, *, team: UUID, policy: Lending, by: Actor, at: datetime
) -> None:
    """Other hours or dates need a new consent: what was said of the old ones is void (R6, R8)."""
    await session.execute(_VOID_ALL, {"claim": claim.id})
    await session.execute(_BACK, {"claim": claim.id})
    await ask_consent(session, claim, klus, team=team, policy=policy, by=by, at=at)


async def named_consent(session: AsyncSession, claim: Claim, klus: Klus, *, team: UUID, namer: UUID) -> None:
    """A team that names somebody has consented by that (R16)."""
    await session.execute(_NAMED, {**_covers(claim, klus), "team": team, "by": namer})
    await tell(session, "consent.given", claim, klus, (team,), by=Actor(person_id=namer), named=True)


async def go_on(session: AsyncSession, claim: Claim, klus: Klus, *, at: datetime) -> None:
    """From waiting for consent to confirmed, or to work when the klus has begun."""
    begun = klus.state == KlusState.RUNNING or klus.starts <= day_of(at)
    to = ClaimState.RUNNING if begun else ClaimState.CONFIRMED
    await session.execute(_ON, {"claim": claim.id, "to": to})


async def consent_overdue(session: AsyncSession, claim: Claim, klus: Klus, *, at: datetime) -> bool:
    """R6: silence does what the policy says, and the log says so. Whether the place came free."""
    row = (await session.execute(_OVERDUE, {"claim": claim.id})).one_or_none()
    silent = row is not None and row.on_expiry == "stil"
    if row is not None:
        verb = "consent.silent" if silent else "consent.expired"
        await tell(session, verb, claim, klus, (row.team_id,), by=SYSTEM, consent=str(row.id))
    if silent:
        await go_on(session, claim, klus, at=at)
        return False
    await end_claim(session, claim, klus, ClaimState.LAPSED, "claim.lapsed", by=SYSTEM, on=day_of(at))
    return True


async def moved_home(session: AsyncSession, claim: Claim, klus: Klus, consent: Row[Any], *, at: datetime) -> None:
    """R13: what the old home team said is void, both teams are told; the new one is asked when its policy wants that."""
    if (await session.execute(_VOID, {"id": consent.id})).first() is None:
        return
    teams = tuple(team for team in (consent.team_id, consent.home) if team)
    await tell(session, "consent.voided", claim, klus, teams, by=SYSTEM, consent=str(consent.id))
    if claim.state == ClaimState.RUNNING or claim.person_id is None:
        return
    found = (await weigh(session, klus, [(claim.person_id, claim.hours)], at=at))[claim.person_id]
    if found.home is not None and found.room.consent:
        await session.execute(_BACK, {"claim": claim.id})
        await ask_consent(session, claim, klus, team=found.home, policy=found.policy, by=SYSTEM, at=at)
    elif claim.state == ClaimState.AWAITING:
        await go_on(session, claim, klus, at=at)


async def tell(
    session: AsyncSession, verb: str, claim: Claim, klus: Klus, teams: tuple[UUID, ...], *, by: Actor,
    role: UUID | None = None, texts: dict[str, str] | None = None, **facts: Any,
) -> None:  # fmt: skip
    """An accountable entry on klus, person, the team that offers and the teams that lend."""
    about = subjects(klus.id, claim.person_id, klus.team_id, None) + tuple(("team", team) for team in teams)
    note = Note(
        verb, tuple(dict.fromkeys(about)), {"claim": str(claim.id), **facts}, texts or {}, acting_role=role, accountable=True
    )  # fmt: skip
    await record(session, note, by=by)


async def decided_on(session: AsyncSession, policy: Lending, claim: Claim, klus: Klus) -> bool:
    """R7: yes to this claim is a decision of who holds the mandate."""
    rate = await session.scalar(_RATE, {"klus": klus.id}) if policy.euros else None
    return policy.decided(claim.hours, klus.starts, klus.ends, total=klus.hours_total is not None, rate=rate)


def _covers(claim: Claim, klus: Klus) -> dict[str, Any]:
    return {
        "claim": claim.id, "hours": claim.hours, "starts": klus.starts, "ends": klus.ends, "terms": klus.terms,
    }  # fmt: skip
