"""Policies that the software follows (G18, G19): which one holds for a team, from its own and those of the teams above."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from teams.governance.models import PolicyKind

FLAGS = frozenset({"ook_onder", "dwingend"})


@dataclass(frozen=True)
class Parameter:
    """A policy's kind taken apart: `vervulling:rol:…:ook_onder` is (`rol`, …). `distance`: 0 the team's own, 1 of the team above."""

    policy_id: UUID
    name: str
    args: tuple[str, ...]
    distance: int
    below: bool
    forced: bool


def read(policy_id: UUID, kind: str, distance: int) -> Parameter | None:
    """None: it says nothing to the software, or nothing to this team."""
    name, *rest = kind.split(":")
    args = tuple(part for part in rest if part not in FLAGS)
    below = "ook_onder" in rest or name == PolicyKind.CORE
    if not args or (distance and not below):
        return None
    return Parameter(policy_id, name, args, distance, below, below and "dwingend" in rest)


def in_force(policies: Iterable[tuple[UUID, str, int]], name: str) -> list[Parameter]:
    """G19: the first one holds. One from above that forbids another choice, the highest first; then the nearest."""
    found = [one for one in (read(*policy) for policy in policies) if one is not None and one.name == name]
    return sorted(
        found, key=lambda one: (not one.forced, -one.distance if one.forced else one.distance, str(one.policy_id))
    )
