"""Answering for a team: it lends somebody out, or it does not (R6)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.decisions.actions.after import LOCK as DECISION
from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.klussen.actions.asking import decided_on, go_on, moved_home, tell
from teams.klussen.actions.claim import held_claim
from teams.klussen.actions.line import promote
from teams.klussen.actions.steps import end_claim, unknown, wrong_moment
from teams.klussen.consents import deciders
from teams.klussen.lending import lending
from teams.klussen.models import Claim, ClaimState, ConsentState, Klus
from teams.klussen.queries import klus_for
from teams.klussen.vacancies import appointing

_LAST = text(
    """
    select co.*, h.team_id as home from consent co join claim c on c.id = co.claim_id
    left join home_team h on h.person_id = c.person_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    where co.claim_id = :claim order by co.asked_at desc, co.id desc limit 1
    """
)
_ANSWER = text(
    """
    update consent set state = :to, answered_at = now(), answered_by = :by, acting_role = :role, reason = :reason,
        decision = :decision, version = version + 1
    where id = :id and state = 'gevraagd' returning id
    """
)
_USED = text("select exists (select from consent where decision = :number)")
_MOVED = text(
    """
    select co.id, co.claim_id, co.team_id, h.team_id as home
    from consent co join claim c on c.id = co.claim_id
    left join home_team h on h.person_id = c.person_id and upper_inf(h.recorded) and range_contains_elem(h.valid, cast(:today as date))
    where co.state in ('gevraagd', 'gegeven') and c.ended_at is null and h.team_id is distinct from co.team_id
    order by c.klus_id, co.id limit 1
    """
)
_OF_TEAM = text(
    """
    select exists (select from home_team h where h.person_id = :me and h.team_id = :team and upper_inf(h.recorded)
        and range_contains_elem(h.valid, cast(:today as date))) or exists (
        select from role_filling f join role_version v on v.role_id = f.role_id and upper_inf(v.recorded)
            and range_contains_elem(v.valid, cast(:today as date)) and v.team_id = :team
        where f.person_id = :me and upper_inf(f.recorded) and f.valid @> now())
    """
)


async def answer_consent(
    session: AsyncSession, claim_id: UUID, *, agrees: bool, by: Actor, at: datetime, reason: str | None = None,
    decision: str | None = None,
) -> Claim:  # fmt: skip
    """Yes, or no with a reason (for the person who asked, not for the history of the klus: R21). Accountable.

    Never by the one who goes, who posted the klus or who chose this person: four eyes. R7: above what the team's policy says,
    yes names the decision of who holds the mandate, by its number; the log has its text and ground.
    """
    claim, klus = await held_claim(session, claim_id, at=at)
    asked = (await session.execute(_LAST, {"claim": claim.id, "today": day_of(at)})).one_or_none()
    acting = None
    if asked is not None and asked.state == ConsentState.ASKED and by.person_id:
        acting = (await deciders(session, asked.id, at=at)).get(by.person_id)
    if asked is None or asked.state != ConsentState.ASKED or acting is None:
        team = asked.team_id if asked is not None else None
        raise await _not_now(session, claim, klus, team, open_=claim.state == ClaimState.AWAITING, by=by, at=at)
    if not agrees and not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf op waarom het niet kan. Alleen je collega leest dit."))})
    number = None
    if agrees and await decided_on(session, lending(asked.policy), claim, klus):
        number = await _lent_by(session, (decision or "").strip(), claim, klus)
    to = ConsentState.GIVEN if agrees else ConsentState.REFUSED
    given = {
        "id": asked.id, "to": to, "by": by.person_id, "role": acting.role_id, "reason": "" if agrees else reason,
        "decision": number,
    }  # fmt: skip
    if (await session.execute(_ANSWER, given)).first() is None:
        raise wrong_moment(claim)
    await tell(
        session, "consent.given" if agrees else "consent.refused", claim, klus, (asked.team_id,), by=by,
        role=acting.role_id, texts={} if agrees or not reason else {"reason": reason}, consent=str(asked.id),
        **({"decision": number} if number else {}),
    )  # fmt: skip
    if agrees:
        await go_on(session, claim, klus, at=at)
    else:
        await end_claim(session, claim, klus, ClaimState.REFUSED, "claim.refused", by=by, on=day_of(at), reason=reason)
        await session.refresh(klus)
        await promote(session, klus, at=at, by=by)
    await session.refresh(claim)
    return claim


async def _lent_by(session: AsyncSession, number: str, claim: Claim, klus: Klus) -> str:
    """The number, when it is a decision under an HRM power within mandate, by no party, that lends out nobody else yet."""
    found = await appointing(session, number)
    if found is None or found.person_id in (claim.person_id, klus.posted_by, claim.chosen_by):
        say = N_("Vul het nummer in van een besluit binnen mandaat over personeel, van iemand die hier geen partij is.")
        raise Invalid({"besluit": Reason("R7", say)})
    await session.execute(DECISION, {"number": number})
    if await session.scalar(_USED, {"number": number}):
        raise Invalid({"besluit": Reason("R7", N_("Met dit besluit is al iemand anders uitgeleend."))})
    return number


async def void_moved(session: AsyncSession, *, at: datetime) -> bool:
    """The next consent of a team that is no longer somebody's home team (R13); False when there is none left."""
    row = (await session.execute(_MOVED, {"today": day_of(at)})).one_or_none()
    if row is None:
        return False
    claim, klus = await held_claim(session, row.claim_id, at=at)
    await moved_home(session, claim, klus, row, at=at)
    return True


async def _not_now(
    session: AsyncSession, claim: Claim, klus: Klus, team: UUID | None, *, open_: bool, by: Actor, at: datetime
) -> Exception:
    """Why not, as far as this person may know that the claim exists."""
    parties = (claim.person_id, klus.posted_by, claim.chosen_by)
    member = team and await session.scalar(_OF_TEAM, {"me": by.person_id, "team": team, "today": day_of(at)})
    if by.person_id in parties and open_:
        return NotAllowed(
            Reason("eigen_aanvraag", N_("Over deze instemming beslist een ander: wie uitleent, vraagt niet ook zelf.")),
            then=(NextStep(N_("Vraag een collega in het team."), f"/klussen/{klus.id}"),),
        )
    if not member and claim.person_id != by.person_id and not (await klus_for(session, klus.id, by, at=at)).may_manage:
        return unknown()
    if not open_:
        return wrong_moment(claim)
    return NotAllowed(
        Reason("geen_recht", N_("Instemmen doet de rol die het team daarvoor koos.")),
        then=(NextStep(N_("Bekijk wie die rol vervult."), f"/teams/{team}"),),
    )
