"""The rules of meetings as pure functions: notice, who runs them, which step follows, who may speak when."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from teams.governance.meeting_models import ItemStep, MeetingKind, MeetingStep
from teams.kit.errors import Reason
from teams.kit.text import N_
from teams.kit.workdays import after
from teams.structure.models import CoreRole

NOTICE_DAYS = 2
_POLICY = re.compile(r"overleg:([0-9]|[12][0-9]|30)(?::quorum:([1-9][0-9]{0,2}))?(:ook_onder)?(?::dwingend)?")
STEPS = {
    MeetingKind.GOVERNANCE: (MeetingStep.CHECK_IN, MeetingStep.AGENDA, MeetingStep.ITEMS, MeetingStep.CHECK_OUT),
    MeetingKind.TACTICAL: tuple(MeetingStep),
}
_PAIR = (CoreRole.FACILITATOR, CoreRole.CIRCLE_SECRETARY)
_OWNER_ONLY = (ItemStep.PRESENT, ItemStep.CLARIFY)


@dataclass(frozen=True)
class MeetingTerms:
    """G28: working days of notice that are reasonable, and how many must be there; `NOTICE_DAYS` and nobody without a policy."""

    days: int = NOTICE_DAYS
    quorum: int | None = None


def terms(policies: Iterable[tuple[str, int]]) -> MeetingTerms:
    """G19: the policy `overleg:DAYS[:quorum:N]` of the nearest team; from above only with `:ook_onder`. The longest notice holds."""
    found: list[tuple[int, int, int]] = []
    for kind, distance in policies:
        match = _POLICY.fullmatch(kind)
        if match and (not distance or match[3]):
            found.append((distance, -int(match[1]), int(match[2] or 0)))
    if not found:
        return MeetingTerms()
    _, days, quorum = min(found)
    return MeetingTerms(-days, quorum or None)


def in_time(told: date, starts: date, days: int) -> bool:
    """G28: reasonable notice is at least `days` working days between the day of the notice and the day itself."""
    return after(told, days) <= starts


def acting_as(
    core: CoreRole, fillers: Mapping[str, Collection[UUID]], named: Mapping[str, UUID], members: Collection[UUID],
    here: Collection[UUID] | None,
) -> tuple[str, frozenset[UUID]]:  # fmt: skip
    """G16: who does today what this core role does, and as what.

    Its fillers; else whom an absent one named; the other of facilitator and secretary; the rolverdeler; any member.
    `here`: who is present, once the meeting should have begun; before that None, and everyone counts who is not away.
    """
    other = _PAIR[core is _PAIR[0]]
    order: list[tuple[str, Collection[UUID]]] = [
        (core, fillers.get(core, ())), (core, [named[core]] if core in named else []), (other, fillers.get(other, ())),
        (CoreRole.CIRCLE_LEAD, fillers.get(CoreRole.CIRCLE_LEAD, ())),
    ]  # fmt: skip
    for role, people in order:
        able = frozenset(people) if here is None else frozenset(people) & frozenset(here)
        if able:
            return str(role.value if isinstance(role, CoreRole) else role), able
    return "lid", frozenset(members if here is None else here)


def step_after(kind: MeetingKind, step: MeetingStep) -> MeetingStep | None:
    order = STEPS[kind]
    place = order.index(step) + 1
    return order[place] if place < len(order) else None


def item_step_after(step: ItemStep, *, objections: bool) -> ItemStep | None:
    """G27: integration only while there is an objection, and then back to the objection round."""
    match step:
        case ItemStep.OBJECTIONS:
            return ItemStep.INTEGRATION if objections else None
        case ItemStep.INTEGRATION:
            return ItemStep.OBJECTIONS
        case _:
            order = list(ItemStep)
            return order[order.index(step) + 1]


def speaking_fault(step: ItemStep, *, owner: bool, spoke: bool) -> Reason | None:
    """G27: who presents and clarifies is the proposer; questions are free; reactions go one by one, without the proposer."""
    if step in _OWNER_ONLY and not owner:
        return Reason("G27", N_("In deze stap is alleen wie het punt inbracht aan het woord."))
    if step is ItemStep.REACTIONS and owner:
        return Reason("G27", N_("In de reactieronde luistert wie het punt inbracht."))
    if step is ItemStep.REACTIONS and spoke:
        return Reason("G27", N_("Deze persoon heeft al gereageerd. De ronde gaat één keer rond."))
    if step is ItemStep.OBJECTIONS:
        return Reason("G27", N_("In deze stap geeft iedereen antwoord op het voorstel, zonder gesprek."))
    return None
