"""The klussenbank as a few plain Python objects: what claims and klussen must look like after every act."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.world import TODAY

OVER = ("afgerond", "ingetrokken", "verlopen")
FULL_WEEK = 360


class No(Exception):
    """The model's refusal, with its reasons."""

    def __init__(self, *codes: str) -> None:
        self.codes = set(codes)


@dataclass
class Place:
    id: UUID
    person: int
    seat: int | None
    state: str
    tenths: int
    terms: int


@dataclass
class Klus:
    id: UUID
    places: int
    tenths: int
    total: bool
    starts: date
    ends: date | None
    until: date | None
    state: str = "open"
    accepting: bool = True
    terms: int = 1
    claims: list[Place] = field(default_factory=list)

    @property
    def held(self) -> list[Place]:
        return sorted((c for c in self.claims if c.seat is not None), key=lambda c: c.seat or 0)

    def of(self, person: int) -> Place | None:
        return next((c for c in self.held if c.person == person), None)

    @property
    def last(self) -> date:
        return self.ends or self.starts

    def on(self, day: date, tenths: int) -> int:
        """What this many tenths ask in the week of a day; a total is shared by the weeks that it touches (R18)."""
        if not self.starts <= day <= self.last:
            return 0
        first = self.starts - timedelta(days=self.starts.weekday())
        return -(-tenths // ((self.last - first).days // 7 + 1)) if self.total else tenths


@dataclass
class Market:
    """All klussen, who is in service, and how often each verb stands in the journal."""

    people: int
    klussen: list[Klus] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    entries: Counter[str] = field(default_factory=Counter)

    def due(self, klus: Klus, *, only_start: bool = False) -> None:
        """Klussen 3.2: the calendar starts a klus with somebody on it, and ends one with nobody."""
        if klus.state in ("open", "gesloten") and klus.held and klus.starts <= TODAY:
            klus.state = "in_uitvoering"
            self.entries["klus.started"] += 1
            for claim in klus.held:
                claim.state = "lopend"
        late = min(day for day in (klus.until, klus.last) if day is not None) < TODAY
        if not only_start and klus.state == "open" and not klus.held and late:
            klus.state = "verlopen"
            self.entries["klus.expired"] += 1

    def crowded(self, person: int, klus: Klus, tenths: int) -> set[str]:
        """R5 day by day, from today on: service, and room beside all other klussen."""
        first, days = max(klus.starts, TODAY), []
        while first <= klus.last:
            days.append(first)
            first += timedelta(days=1)
        if not days:
            return set()
        if person in self.gone:
            return {"niet_in_dienst"}
        busy = max(self.load(person, day, but=klus) for day in days)
        return {"uren_te_veel"} if klus.on(days[0], tenths) + busy > FULL_WEEK else set()

    def load(self, person: int, day: date, *, but: Klus | None = None, agreed: bool = False) -> int:
        """Tenths a week on this day; `agreed` leaves out claims that still have to be confirmed again (R8)."""
        found = 0
        for klus in self.klussen:
            claim = klus.of(person)
            if claim is not None and klus is not but and not (agreed and claim.terms < klus.terms):
                found += klus.on(day, claim.tenths)
        return found

    def claim(self, klus: Klus, person: int, new: UUID | None = None) -> None:
        self.due(klus, only_start=True)
        codes = set()
        if klus.state in ("gesloten", "ingetrokken", "afgerond") or (klus.state != "verlopen" and not klus.accepting):
            codes.add("gesloten")
        expired = klus.state == "verlopen" or (
            klus.state == "open" and not klus.held and min(klus.until or klus.last, klus.last) < TODAY
        )
        if klus.last < TODAY or (klus.until is not None and klus.until < TODAY) or expired:
            codes.add("te_laat")
        if klus.of(person) is not None:
            codes.add("al_ingeschreven")
        free = sorted(set(range(1, klus.places + 1)) - {c.seat for c in klus.held})
        if not free:
            codes.add("vol")
        codes |= self.crowded(person, klus, klus.tenths)
        if codes:
            raise No(*codes)
        begun = klus.starts <= TODAY
        assert new is not None
        klus.claims.append(Place(new, person, free[0], "lopend" if begun else "bevestigd", klus.tenths, klus.terms))
        if begun:
            klus.state = "in_uitvoering"
        self.entries["claim.made"] += 1

    def finish(self, klus: Klus, claim: Place, verb: str) -> None:
        """Withdraw, hand back or complete: each from one state only (R2); the seat is free (R3)."""
        self.due(klus)
        came_from, to = {
            "claim.withdrawn": ("bevestigd", "ingetrokken"), "claim.handed_back": ("lopend", "teruggegeven"),
            "claim.completed": ("lopend", "afgerond"),
        }[verb]  # fmt: skip
        if claim.state != came_from:
            raise No("verkeerd_moment")
        claim.state, claim.seat = to, None
        self.entries[verb] += 1

    def reconfirm(self, klus: Klus, claim: Place) -> None:
        self.due(klus)
        if claim.seat is None:
            raise No("verkeerd_moment")
        if codes := self.crowded(claim.person, klus, klus.tenths):
            raise No(*codes)
        claim.terms, claim.tenths = klus.terms, klus.tenths
        self.entries["claim.confirmed_again"] += 1

    def change(self, klus: Klus, **new: Any) -> None:
        """R8: never below what is held, seats numbered anew, other hours or dates are other terms."""
        self.due(klus)
        if klus.state in OVER:
            raise No("verkeerd_moment")
        if klus.state == "in_uitvoering" and new.get("starts", klus.starts) > TODAY:
            raise No("van")
        if new.get("places", klus.places) < len(klus.held):
            raise No("R8")
        old = (klus.tenths, klus.starts, klus.ends)
        for name, value in new.items():
            setattr(klus, name, value)
        free = iter(sorted(set(range(1, klus.places + 1)) - {c.seat for c in klus.held}))
        for claim in [c for c in klus.held if (c.seat or 0) > klus.places]:
            claim.seat = next(free)
        klus.terms += old != (klus.tenths, klus.starts, klus.ends)
        self.entries["klus.changed"] += 1

    def manage(self, klus: Klus, verb: str) -> None:
        self.due(klus)
        state, closed = klus.state, not klus.accepting
        if verb == "klus.closed" and state in ("open", "in_uitvoering") and not closed:
            klus.state, klus.accepting = ("gesloten" if state == "open" else state), False
        elif verb == "klus.reopened" and (state == "gesloten" or (state == "in_uitvoering" and closed)):
            klus.state, klus.accepting = ("open" if state == "gesloten" else state), True
        elif verb == "klus.cancelled" and state not in OVER:
            self.end(klus.held)
            klus.state, klus.accepting = "ingetrokken", False
        elif verb == "klus.completed" and state not in OVER:
            if klus.held:
                raise No("R15")
            klus.state, klus.accepting = "afgerond", False
        else:
            raise No("verkeerd_moment")
        self.entries[verb] += 1
        self.due(klus)

    def leave(self, person: int) -> None:
        """R13."""
        self.gone.add(person)
        self.end([claim for klus in self.klussen for claim in klus.held if claim.person == person])

    def end(self, claims: list[Place]) -> None:
        for claim in claims:
            claim.state, claim.seat = "beeindigd", None
            self.entries["claim.ended"] += 1
