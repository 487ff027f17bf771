"""The rules of consent as pure functions: which form holds, who judges, when a proposal is settled."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from teams.governance.forms import CriteriaForm
from teams.governance.models import CLOSED, ConsentForm, ObjectionState
from teams.kit.clock import day_of, end_of
from teams.kit.workdays import after, between
from teams.structure.models import CoreRole

LIGHT_DAYS = 5
LAPSE_DAYS = 90
_POLICY = re.compile(r"besluitvorm:(licht|gewoon|streng)(?::([1-9][0-9]?))?(:ook_onder(:dwingend)?)?")
_STRICTNESS = {form: level for level, form in enumerate(ConsentForm)}


@dataclass(frozen=True)
class ChosenForm:
    """The form of consent and the term in working days after which silence counts; both from a policy, if there is one.

    `quorum`: the percentage of electors who must have answered before silence counts.
    """

    form: ConsentForm = ConsentForm.USUAL
    days: int | None = None
    policy_id: UUID | None = None
    quorum: int | None = None


def chosen_form(policies: Iterable[tuple[UUID, str, int]]) -> ChosenForm:
    """G19, G22: the policy of the nearest team; one from above (`distance` > 0) only when it says so, first when it forces.

    Without a policy every member answers and silence never counts. Of several policies the strictest holds.
    """
    found: list[tuple[int, int, int, int, UUID, ChosenForm]] = []
    for policy, kind, distance in policies:
        match = _POLICY.fullmatch(kind)
        if match is None or (distance and not match[3]):
            continue
        form = ConsentForm(match[1])
        days = int(match[2]) if match[2] else (LIGHT_DAYS if form is ConsentForm.LIGHT else None)
        patience = 99 if days is None else days
        rank = (0, -distance) if match[4] else (1, distance)
        found.append((*rank, -_STRICTNESS[form], -patience, policy, ChosenForm(form, days, policy)))
    return min(found)[-1] if found else ChosenForm()


def due_at(chosen: ChosenForm, opened: datetime) -> datetime | None:
    """The end of the last working day of the term; None when silence does not count (G22)."""
    return None if chosen.days is None else end_of(after(day_of(opened), chosen.days))


def extended(due: datetime, opened: datetime, days: int, absences: Iterable[Collection[tuple[date, date]]]) -> datetime:
    """The term once more when some elector is away on all its working days; else `due` (2.9b). Last days are inclusive."""
    last = day_of(due - timedelta(microseconds=1))
    term = between(day_of(opened), last)
    for away in absences:
        if all(any(first <= day <= end for first, end in away) for day in term):
            return end_of(after(last, days))
    return due


def lapses_at(opened: datetime) -> datetime:
    """A version that is not settled by then lapses: silence is no consent, and nothing hangs for ever."""
    return end_of(day_of(opened) + timedelta(days=LAPSE_DAYS))


@dataclass(frozen=True)
class Standing:
    """How the version that lies before the team stands. `silent`: electors who gave no answer."""

    electors: int
    silent: int
    objections: tuple[ObjectionState, ...]
    days: int | None
    policy_id: UUID | None
    due: datetime | None
    lapses: datetime
    quorum: int | None = None

    @property
    def enough(self) -> bool:
        """G28: as many answered as the team's policy asks."""
        return (self.electors - self.silent) * 100 >= (self.quorum or 0) * self.electors


class Outcome(Enum):
    WAIT = auto()
    OBJECTED = auto()
    ADOPT = auto()
    LAPSE = auto()


def outcome(standing: Standing, at: datetime) -> Outcome:
    """G22: adopted when every member answered without objection, or a policy's term passed in silence; never otherwise."""
    term_passed = standing.policy_id is not None and standing.due is not None and standing.due <= at
    if any(state not in CLOSED for state in standing.objections):
        return Outcome.LAPSE if standing.lapses <= at else Outcome.OBJECTED
    if standing.electors and not standing.silent:
        return Outcome.ADOPT
    if term_passed and standing.enough:
        return Outcome.ADOPT
    return Outcome.LAPSE if standing.lapses <= at else Outcome.WAIT


_JUDGES = (CoreRole.FACILITATOR, CoreRole.CIRCLE_SECRETARY, CoreRole.CIRCLE_LEAD)


def judges(
    fillers: Mapping[str, Collection[UUID]], members: Collection[UUID], parties: Collection[UUID], *, breach: bool
) -> tuple[str, frozenset[UUID]]:
    """G15, G16, G25: who tests an objection, and as what. Never objector or proposer themselves.

    The facilitator; of a claimed breach of rules the circle secretary; else the other of the two, the rolverdeler, any
    member. `fillers`: who fills the team's core roles and is there today.
    """
    order = (_JUDGES[1], _JUDGES[0], _JUDGES[2]) if breach else _JUDGES
    for core in order:
        able = frozenset(fillers.get(core, ())) - frozenset(parties)
        if able:
            return core.value, able
    return "lid", frozenset(members) - frozenset(parties)


def is_valid(test: CriteriaForm) -> bool:
    """G24, G25: all four criteria can be argued, or adoption breaks the rules. Logic is judged, not truth or weight."""
    return bool(test.regelbreuk) or (bool(test.criteria) and all(one.ja for one in test.criteria))
