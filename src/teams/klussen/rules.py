"""The rules of claiming, as pure functions: from facts to a new claim, or to a refusal with every reason."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from teams.kit.clock import day_of
from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_
from teams.klussen.hours import Hours, hours_from, klus_end
from teams.klussen.lending import UNSAID, Lending, Room, lending, room
from teams.klussen.models import ClaimState, Kind, KlusState, Way
from teams.klussen.weighing import asked_hours, dutch_day


@dataclass(frozen=True)
class ClaimFacts:
    """What is true at the moment that person and klus are locked."""

    at: datetime
    state: KlusState
    way: Way
    accepting: bool
    places: int
    taken_seats: frozenset[int]
    starts: date
    ends: date | None
    apply_until: date | None
    hours_min: Decimal | None
    hours_max: Decimal | None
    hours_total: Decimal | None
    terms: int
    team_id: UUID
    home_team: UUID | None
    mine: str | None
    hours: Hours
    number: int = 0
    late: bool = False
    clock: datetime | None = None
    policy: Lending = UNSAID
    rate: int | None = None
    kind: Kind = Kind.KLUS

    @property
    def is_due(self) -> bool:
        """A term has passed, or somebody holds a place on the first day, and nobody has done what follows."""
        return self.late or (
            self.state in (KlusState.OPEN, KlusState.CLOSED)
            and bool(self.taken_seats)
            and self.starts <= day_of(self.at)
        )

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> "ClaimFacts":
        k = row["klus"]
        return cls(
            at=datetime.fromisoformat(row["at"]),
            state=KlusState(k["state"]),
            way=Way(k["way"]),
            accepting=k["accepting"],
            places=k["places"],
            taken_seats=frozenset(row["seats"]),
            starts=date.fromisoformat(k["starts"]),
            ends=_day(k["ends"]),
            apply_until=_day(k["apply_until"]),
            hours_min=_hours(k["hours_min"]),
            hours_max=_hours(k["hours_max"]),
            hours_total=_hours(k["hours_total"]),
            terms=k["terms"],
            team_id=UUID(k["team_id"]),
            home_team=UUID(row["home_team"]) if row["home_team"] else None,
            mine=row["mine"],
            hours=hours_from(row),
            number=k["number"],
            late=row["late"],
            clock=datetime.fromisoformat(row["clock"]),
            policy=lending(row["consent"]),
            rate=row["rate"],
            kind=Kind(k["kind"]),
        )

    def room(self, asked: Decimal) -> Room:
        """R5, R6: whether these hours fit, or fit with the home team's consent. A vacancy asks nothing of the hours of
        today: an appointment replaces them (R17)."""
        if self.kind is Kind.VACANCY:
            today = day_of(self.at).toordinal()
            serves = self.hours.in_service(today, today + 1)
            return Room() if serves else Room((Reason("niet_in_dienst", N_("Je bent nu niet in dienst.")),))
        return room(
            self.hours, asked, starts=self.starts, ends=self.ends, total=self.hours_total is not None,
            today=day_of(self.at), policy=self.policy, has_home=self.home_team is not None,
            abroad=self.home_team != self.team_id, rate=self.rate,
        )  # fmt: skip

    def begun(self) -> bool:
        return self.starts <= day_of(self.at)


@dataclass(frozen=True)
class NewClaim:
    """A claim that may be written: its state, its seat (1 to N) if it has one, its hours, the state the klus then has."""

    state: ClaimState
    seat: int | None
    hours: Decimal
    terms: int
    klus_state: KlusState


def due_state(
    state: KlusState, *, starts: date, ends: date | None, apply_until: date | None, taken: int, today: date
) -> KlusState:
    """The state a klus should have today (klussen 3.2): it starts with somebody on it, it expires with nobody."""
    if state in (KlusState.OPEN, KlusState.CLOSED):
        if taken and starts <= today:
            return KlusState.RUNNING
        last_day = min(day for day in (apply_until, ends, date.max) if day is not None)
        if state is KlusState.OPEN and not taken and last_day < today:
            return KlusState.EXPIRED
    return state


def decide_claim(facts: ClaimFacts, hours: Decimal | None, *, line: bool = False) -> NewClaim:
    """R1, R5, R6, R9, R17: a place, a place that waits for consent, or an application; or a `Conflict` with all reasons.

    `hours` is a week's hours (or the total of a one-off); None takes the least that is asked. `line`: on the waiting list
    when the klus is full. Raises `Invalid` on the field `uren` when it is outside what the klus asks.
    """
    today = day_of(facts.at)
    asked = asked_hours(hours, facts.hours_min, facts.hours_max, facts.hours_total)
    state = due_state(
        facts.state,
        starts=facts.starts,
        ends=facts.ends if facts.hours_total is None else facts.ends or facts.starts,
        apply_until=facts.apply_until,
        taken=len(facts.taken_seats),
        today=today,
    )
    reasons = [*_open(facts, state), *_on_time(facts, state, today), *_not_twice(facts)]
    free = next((n for n in range(1, facts.places + 1) if n not in facts.taken_seats), None)
    first_come = facts.way is Way.CLAIM
    if first_come and free is None and not line:
        full = N_("Alle {places} plekken zijn bezet.") if facts.places > 1 else N_("De enige plek is bezet.")
        reasons.append(Reason("vol", full, {"places": facts.places}))
    found = facts.room(asked)
    reasons += found.reasons
    if reasons:
        raise Conflict(*reasons, then=next_steps(reasons))
    if not first_come:
        return NewClaim(ClaimState.APPLIED, None, asked, facts.terms, state)
    if free is None:
        return NewClaim(ClaimState.WAITING, None, asked, facts.terms, state)
    return NewClaim(
        state=taken_state(facts, found), seat=free, hours=asked, terms=facts.terms,
        klus_state=KlusState.RUNNING if facts.begun() else state,
    )  # fmt: skip


def taken_state(facts: ClaimFacts, found: Room) -> ClaimState:
    """What somebody who takes a place becomes (klussen 3.2)."""
    if found.consent:
        return ClaimState.AWAITING
    return ClaimState.RUNNING if facts.begun() else ClaimState.CONFIRMED


def _open(facts: ClaimFacts, state: KlusState) -> list[Reason]:
    if state in (KlusState.DRAFT, KlusState.REVIEWED):
        return [Reason("gesloten", N_("Deze klus is nog niet geplaatst."))]
    if state is KlusState.CANCELLED:
        return [Reason("gesloten", N_("Deze klus is ingetrokken."))]
    if state is KlusState.COMPLETED:
        return [Reason("gesloten", N_("Deze klus is klaar."))]
    if state is KlusState.CLOSED or (state in (KlusState.OPEN, KlusState.RUNNING) and not facts.accepting):
        return [Reason("gesloten", N_("De inschrijving voor deze klus is gesloten."))]
    return []


def _on_time(facts: ClaimFacts, state: KlusState, today: date) -> list[Reason]:
    """R9: the last day counts until 24.00 in Amsterdam."""
    if facts.apply_until is not None and facts.apply_until < today:
        return [
            Reason("te_laat", N_("Claimen kon tot en met {day}."), {"day": dutch_day(facts.apply_until.toordinal())})
        ]
    end = klus_end(facts.starts.toordinal(), facts.ends, total=facts.hours_total is not None)
    if end <= today.toordinal() or state is KlusState.EXPIRED:
        return [Reason("te_laat", N_("De periode van deze klus is voorbij."))]
    return []


def _not_twice(facts: ClaimFacts) -> list[Reason]:
    if facts.mine is None:
        return []
    if facts.mine == ClaimState.WAITING:
        return [Reason("al_ingeschreven", N_("Je staat al op de wachtlijst van deze klus."))]
    if facts.mine == ClaimState.APPLIED:
        return [Reason("al_ingeschreven", N_("Je hebt je al aangemeld voor deze klus."))]
    return [Reason("al_ingeschreven", N_("Je doet al mee aan deze klus."))]


def next_steps(reasons: list[Reason]) -> tuple[NextStep, ...]:
    """What to do after a refused claim; never nothing."""
    codes = {reason.code for reason in reasons}
    if "al_ingeschreven" in codes:
        return (NextStep(N_("Bekijk je klussen in Mijn week."), "/"),)
    if codes & {"uren_te_veel", "niet_in_dienst"}:
        return (
            NextStep(N_("Zoek een klus die in je uren past."), "/klussen?vrij=1&volgorde=past"),
            NextStep(N_("Bekijk je uren in Mijn week."), "/"),
        )
    if codes == {"vol"}:
        return (
            NextStep(N_("Ga op de wachtlijst van deze klus.")),
            NextStep(N_("Zoek een andere klus met een vrije plek."), "/klussen?vrij=1"),
        )
    return (NextStep(N_("Zoek een andere klus met een vrije plek."), "/klussen?vrij=1"),)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _hours(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
