"""What the rules of a change set need to know: the roles and policies that it names, as they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from teams.governance.changes import (
    Change,
    MandateRequest,
    PolicyEnd,
    PolicyMove,
    PolicyNew,
    RoleChange,
    RoleEnd,
    RoleMove,
    RoleNew,
)

Json = dict[str, Any]


@dataclass(frozen=True)
class RoleFacts:
    """One role as it stands. `last`: its last day when it has one; `legal`: what law and register hang on it."""

    id: UUID
    team_id: UUID
    name: str
    purpose: str
    core: str | None
    office: str | None
    last: str | None
    items: Mapping[str, Sequence[str]]
    legal: tuple[str, ...] = ()

    def before(self) -> Json:
        """What a change of this role found, to be found again at adoption."""
        return {
            "naam": self.name, "doel": self.purpose, "tot": self.last,
            "onderdelen": {item: list(words) for item, words in sorted(self.items.items())},
        }  # fmt: skip


@dataclass(frozen=True)
class PolicyFacts:
    id: UUID
    team_id: UUID
    kind: str
    title: str
    text: str
    last: str | None

    def before(self) -> Json:
        return {"soort": self.kind, "titel": self.title, "tekst": self.text, "tot": self.last}


@dataclass(frozen=True)
class Scope:
    """What the rules need to know: the team, the roles and policies that the change set names, and names in use.

    `taken`: name as given → roles of the team that carry it; `rules`: per default rule the team's policies that change it;
    `parent`, `below`: the teams right above and right below; `own_roles`: the team's roles that are not core roles;
    `frameworks`: which of the codes that the change set names are in the register; `domains`: what the team's roles hold;
    `linked`: per role of another team the policies by which it takes part here.
    """

    team_id: UUID
    roles: Mapping[UUID, RoleFacts] = field(default_factory=dict)
    policies: Mapping[UUID, PolicyFacts] = field(default_factory=dict)
    taken: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    rules: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    parent: UUID | None = None
    below: frozenset[UUID] = frozenset()
    own_roles: frozenset[UUID] = frozenset()
    frameworks: frozenset[str] = frozenset()
    domains: Sequence[Any] = ()
    linked: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    def before(self) -> Json:
        """The values on which the change set rests, as they are now."""
        return {
            "rollen": {str(role.id): role.before() for role in self.roles.values()},
            "afspraken": {str(policy.id): policy.before() for policy in self.policies.values()},
        }


def role_ids(changes: Sequence[Change], tension_role: UUID) -> set[UUID]:
    named = {change.rolId for change in changes if isinstance(change, RoleChange | RoleEnd | RoleMove)}
    named |= {change.koppelRolId for change in changes if isinstance(change, PolicyNew) and change.koppelRolId}
    return named | {change.rolId or tension_role for change in changes if isinstance(change, MandateRequest)}


def policy_ids(changes: Sequence[Change]) -> set[UUID]:
    return {change.afspraakId for change in changes if isinstance(change, PolicyEnd | PolicyMove)}


def names(changes: Sequence[Change]) -> list[str]:
    return [change.naam for change in changes if isinstance(change, RoleNew | RoleChange) and change.naam]
