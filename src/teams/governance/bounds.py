"""What a change may not take from elsewhere: a domain of another role, a name in a decree, a role of another team, what is the anchor's."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from teams.governance.changes import Change, RoleChange, RoleEnd, RoleMove, RoleNew
from teams.governance.models import ANCHOR
from teams.kit.errors import Reason
from teams.kit.text import N_


def domains(changes: Sequence[Change]) -> list[str]:
    """What the change set adds as exclusive control."""
    return [text for change in changes if isinstance(change, RoleNew | RoleChange) for text in change.domeinen.bij]


def doubled(changes: Sequence[Change], held: Iterable[Any]) -> list[Reason]:
    """G1, G3: a domain is exclusive, so within a team one role has it.

    `held`: the domains of the team's roles now, each with item_id, role_id, text and the role's name. A domain that the
    same change set takes away, alone or with its role, is free again.
    """
    gone: set[UUID] = set()
    for change in changes:
        if isinstance(change, RoleChange):
            gone.update(change.domeinen.weg)
        elif isinstance(change, RoleEnd | RoleMove):
            gone.add(change.rolId)
    taken: dict[str, tuple[UUID | None, str]] = {
        one.text.casefold(): (one.role_id, one.name) for one in held if not {one.item_id, one.role_id} & gone
    }
    found = []
    for change in changes:
        if isinstance(change, RoleNew | RoleChange):
            role = change.rolId if isinstance(change, RoleChange) else None
            for text in change.domeinen.bij:
                other, name = taken.setdefault(text.casefold(), (role, change.naam or ""))
                if other != role or (role is None and name != change.naam):
                    said = N_("Het domein ‘{domein}’ is al van een andere rol van dit team. Een domein heeft één rol.")
                    found.append(Reason("G3", said, {"domein": text}))
    return found


def renamed(role: Any, name: str | None) -> list[Reason]:
    """G36: law and grants name a role; under another name they would silently be another role's. `role`: its facts."""
    if not name or name == role.name:
        return []
    if role.office is not None:
        said = N_("De rol {rol} is een wettelijke functie. Daarover beslist een team niet.")
        return [Reason("G36", said, {"rol": role.name})]
    grants = [one for one in role.legal if one.startswith("mandaat ")]
    if not grants:
        return []
    said = N_("De rol {rol} staat met die naam in: {wat}. Eerst beslist wie dat gaf, dan pas kan de naam veranderen.")
    return [Reason("G36", said, {"rol": role.name, "wat": ", ".join(grants)})]


def linked(role_id: UUID, scope: Any, ended: Collection[UUID]) -> list[Reason]:
    """G5: a role of another team takes part by a policy of this one; once, and none of the four core roles."""
    role = scope.roles.get(role_id)
    if role is None:
        return [Reason("onbekend", N_("Een rol in dit voorstel bestaat niet."))]
    found = []
    if role.team_id == scope.team_id:
        found.append(Reason("G5", N_("De rol {rol} is al van dit team."), {"rol": role.name}))
    if role.core is not None:
        said = N_("{rol} is een vaste rol. Een ander team doet mee via zijn afgevaardigde.")
        found.append(Reason("G5", said, {"rol": role.name}))
    if role.last is not None:
        found.append(Reason("verkeerd_moment", N_("De rol {rol} houdt al op te bestaan."), {"rol": role.name}))
    if scope.linked.get(role_id, frozenset()) - set(ended):
        found.append(
            Reason("G5", N_("De rol {rol} doet hier al mee. Laat eerst die afspraak vervallen."), {"rol": role.name})
        )
    return found


def stays(policy: Any) -> list[Reason]:
    """G4: what only the team without one above it may agree does not move down."""
    if policy is None or policy.kind.partition(":")[0] not in {kind.value for kind in ANCHOR}:
        return []
    said = N_("De afspraak ‘{titel}’ hoort bij het team dat geen team boven zich heeft. Die verhuist niet.")
    return [Reason("G4", said, {"titel": policy.title})]
