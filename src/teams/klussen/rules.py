"""The rules of claiming, as pure functions: from facts to a new claim, or to a refusal with every reason."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.klussen.hours import FOREVER, Hours, hours_from, klus_end, tenths, weekly
from teams.klussen.models import ClaimState, KlusState, Way


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

    @property
    def is_due(self) -> bool:
        """Somebody holds a place and the first day is here, but the klus has not been started yet."""
        return (
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
        )


@dataclass(frozen=True)
class NewClaim:
    """A claim that may be written: its state, its seat (1 to N), its hours, and the state the klus then has."""

    state: ClaimState
    seat: int
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


def decide_claim(facts: ClaimFacts, hours: Decimal | None) -> NewClaim:
    """R1, R5, R9, R17: the place, or a `Conflict` with all reasons.

    `hours` is a week's hours (or the total of a one-off); None takes the least that is asked.
    Raises `Invalid` on the field `uren` when it is outside what the klus asks.
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
    if free is None:
        reasons.append(Reason("vol", N_("Alle {places} plekken zijn bezet."), {"places": facts.places}))
    reasons += fits(
        facts.hours, asked, starts=facts.starts, ends=facts.ends, total=facts.hours_total is not None, today=today
    )
    if reasons or free is None:
        raise Conflict(*reasons, then=next_steps(reasons))
    begun = facts.starts <= today
    return NewClaim(
        state=ClaimState.RUNNING if begun else ClaimState.CONFIRMED,
        seat=free,
        hours=asked,
        terms=facts.terms,
        klus_state=KlusState.RUNNING if begun else state,
    )


def asked_hours(hours: Decimal | None, least: Decimal | None, most: Decimal | None, total: Decimal | None) -> Decimal:
    """The hours of a claim: within the klus's bounds, one decimal; a one-off is done whole."""
    if total is not None:
        if hours is not None and hours != total:
            raise Invalid({"uren": Reason("uren", N_("Deze klus is in totaal {total} uur."), {"total": plain(total)})})
        return total
    assert least is not None and most is not None
    if hours is None:
        return least
    if not least <= hours <= most:
        raise Invalid(
            {
                "uren": Reason(
                    "uren",
                    N_("Vul een getal in van {least} tot en met {most}."),
                    {"least": plain(least), "most": plain(most)},
                )
            }
        )
    return hours


def fits(hours: Hours, asked: Decimal, *, starts: date, ends: date | None, total: bool, today: date) -> list[Reason]:
    """R5: in service all the time, and room in every week of the klus from today on."""
    first = starts.toordinal()
    end = klus_end(first, ends, total=total)
    start = max(first, today.toordinal())
    if start >= end:
        return []
    if not hours.in_service(start, end):
        return [Reason("niet_in_dienst", N_("Je bent niet in dienst in de hele periode van deze klus."))]
    need = weekly(tenths(asked), first, end, total=total)
    week = hours.tightest(start, end)
    if need <= week.free:
        return []
    return [
        Reason(
            "uren_te_veel",
            N_("In de week van {monday} heb je {free} uur vrij. Deze klus vraagt {need} uur."),
            {
                "monday": dutch_day(week.monday),
                "free": plain(Decimal(max(week.free, 0)) / 10),
                "need": plain(Decimal(need) / 10),
            },
        )
    ]


def _open(facts: ClaimFacts, state: KlusState) -> list[Reason]:
    if facts.way is not Way.CLAIM:
        return [Reason("verkeerd_moment", N_("Deze plek krijg je niet met een claim: hier wordt iemand gekozen."))]
    if state is KlusState.DRAFT:
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
    return (NextStep(N_("Zoek een andere klus met een vrije plek."), "/klussen?vrij=1"),)


def dutch_day(day: int) -> date:
    """A day among a reason's values; the face writes it in the reader's language."""
    return date.fromordinal(min(day, FOREVER))


def plain(hours: Decimal) -> Decimal:
    """Hours without needless zeros: 6, 6.5."""
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _hours(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
