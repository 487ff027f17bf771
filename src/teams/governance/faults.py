"""What a change set may contain (G17), and whether it still fits what stands: every fault with its rule."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from teams.governance import bounds
from teams.governance.changes import (
    Change,
    Filling,
    MandateRequest,
    PolicyEnd,
    PolicyMove,
    PolicyNew,
    RoleChange,
    RoleEnd,
    RoleMove,
    RoleNew,
)
from teams.governance.models import ANCHOR, DEFAULTS
from teams.governance.scope import Json, RoleFacts, Scope, names, policy_ids
from teams.kit.errors import Reason
from teams.kit.text import N_


def faults(changes: Sequence[Change], scope: Scope, tension_role: UUID, offer: UUID | None = None) -> list[Reason]:
    """Everything that keeps the change set from being governance of this team; empty: it is valid.

    `offer`: the change set fills a role, as that offer says, and nothing else.
    """
    if offer is not None:
        same = [isinstance(one, Filling) and (one.aanbodId, one.rolId) == (offer, tension_role) for one in changes]
        return (
            [] if same == [True] else [Reason("G17", N_("Bij deze rol gaat het alleen om uren, aandacht en termijn."))]
        )
    found: list[Reason] = []
    for change in changes:
        match change:
            case RoleNew():
                found += _name(change.naam, None, scope)
            case RoleChange():
                found += _own_role(change.rolId, scope, partial(_changes, change, scope))
            case RoleEnd():
                found += _own_role(change.rolId, scope, _ends)
            case MandateRequest():
                found += _own_role(change.rolId or tension_role, scope, lambda _: [])
            case PolicyEnd():
                found += _own_policy(change.afspraakId, scope)
            case PolicyNew():
                if change.wieRolId is not None and change.wieRolId not in scope.own_roles:
                    found.append(Reason("G17", N_("De rol die beslist, is een gewone rol van dit team.")))
                if change.afspraaksoort in ANCHOR and scope.parent is not None:
                    found.append(Reason("G4", N_("Dit spreekt alleen het team af dat geen team boven zich heeft.")))
                if change.koppelRolId is not None:
                    found += bounds.linked(change.koppelRolId, scope, policy_ids(changes))
                if change.kader is not None and change.kader not in scope.frameworks:
                    said = N_("Het kader {code} staat niet in het register.")
                    found.append(Reason("G17", said, {"code": change.kader}))
            case RoleMove():
                found += _own_role(change.rolId, scope, partial(_moves, change.teamId, scope))
            case PolicyMove():
                found += _own_policy(change.afspraakId, scope) or _near(change.teamId, scope)
                found += bounds.stays(scope.policies.get(change.afspraakId))
            case Filling():
                found.append(
                    Reason("G17", N_("Wie een rol vervult, beslis je bij de rol zelf, niet met een voorstel."))
                )
    return _once([*found, *_together(changes, scope), *bounds.doubled(changes, scope.domains)])


def conflicts(before: Json, scope: Scope) -> list[Reason]:
    """Which values of newer governance are no longer as the proposal found them."""
    now = scope.before()
    found = []
    for role_id, stood in before["rollen"].items():
        if now["rollen"].get(role_id) != stood:
            found.append(Reason("verouderd", N_("De rol {rol} is intussen veranderd."), {"rol": stood["naam"]}))
    for policy_id, stood in before["afspraken"].items():
        if now["afspraken"].get(policy_id) != stood:
            found.append(
                Reason("verouderd", N_("De afspraak ‘{titel}’ is intussen veranderd."), {"titel": stood["titel"]})
            )
    return found


def _once(found: list[Reason]) -> list[Reason]:
    said: list[Reason] = []
    for reason in found:
        if reason not in said:
            said.append(reason)
    return said


def _own_role(role_id: UUID, scope: Scope, rest: Callable[[RoleFacts], list[Reason]]) -> list[Reason]:
    role = scope.roles.get(role_id)
    if role is None:
        return [Reason("onbekend", N_("Een rol in dit voorstel bestaat niet."))]
    if role.team_id != scope.team_id:
        return [
            Reason(
                "G17",
                N_("De rol {rol} is van een ander team. Een team beslist alleen over eigen rollen."),
                {"rol": role.name},
            )
        ]
    if role.last is not None:
        return [Reason("verkeerd_moment", N_("De rol {rol} houdt al op te bestaan."), {"rol": role.name})]
    return rest(role)


def _changes(change: RoleChange, scope: Scope, role: RoleFacts) -> list[Reason]:
    found = _core(role) + bounds.renamed(role, change.naam)
    if change.naam:
        found += _name(change.naam, role.id, scope)
    for kind, items in (("verantwoordelijkheid", change.verantwoordelijkheden), ("domein", change.domeinen)):
        stands = {item for item, words in role.items.items() if words[0] == kind}
        if any(str(item) not in stands for item in items.weg) or len(set(items.weg)) < len(items.weg):
            found.append(
                Reason(
                    "G17",
                    N_("Bij de rol {rol} hoort niet alles wat dit voorstel wil laten vervallen."),
                    {"rol": role.name},
                )
            )
        here = {
            words[1].casefold()
            for item, words in role.items.items()
            if words[0] == kind and UUID(item) not in items.weg
        }
        if any(text.casefold() in here for text in items.bij):
            found.append(Reason("G1", N_("De rol {rol} heeft al wat dit voorstel wil toevoegen."), {"rol": role.name}))
    gone = {str(item) for item in (*change.verantwoordelijkheden.weg, *change.domeinen.weg)}
    kept = set(role.items) - gone or change.verantwoordelijkheden.bij or change.domeinen.bij
    if not (kept or change.doel or role.purpose):
        found.append(
            Reason(
                "G1", N_("De rol {rol} houdt zo geen doel, verantwoordelijkheid of domein over."), {"rol": role.name}
            )
        )
    return found


def _ends(role: RoleFacts) -> list[Reason]:
    found = _core(role)
    if role.office is not None:
        found.append(
            Reason(
                "G36", N_("De rol {rol} is een wettelijke functie. Daarover beslist een team niet."), {"rol": role.name}
            )
        )
    if role.legal:
        found.append(
            Reason("G36", N_("Aan de rol {rol} hangt nog: {wat}. Eerst beslist wie dat gaf, dan pas kan de rol vervallen."),
                   {"rol": role.name, "wat": ", ".join(role.legal)})
        )  # fmt: skip
    return found


def _moves(team: UUID, scope: Scope, role: RoleFacts) -> list[Reason]:
    """G17c, G17d; what law and register hang on a role does not move with a decision of a team (G36)."""
    found = _near(team, scope) + _core(role)
    if role.office is not None or role.legal:
        found.append(
            Reason("G36", N_("Aan de rol {rol} hangt een functie of mandaat. Een team verplaatst die niet."), {"rol": role.name})
        )  # fmt: skip
    return found


def _near(team: UUID, scope: Scope) -> list[Reason]:
    if team == scope.parent or team in scope.below:
        return []
    return [Reason("G17", N_("Verplaatsen kan alleen naar het team direct erboven of direct eronder."))]


def _core(role: RoleFacts) -> list[Reason]:
    """G2, G7, G14, G15: the four core roles are the same in every team."""
    if role.core is None:
        return []
    return [Reason("G15", N_("{rol} is een vaste rol. Die is in elk team gelijk."), {"rol": role.name})]


def _name(name: str, own: UUID | None, scope: Scope) -> list[Reason]:
    if scope.taken.get(name, frozenset()) - {own}:
        return [Reason("bezet", N_("Dit team heeft al een rol {naam}."), {"naam": name})]
    return []


def _own_policy(policy_id: UUID, scope: Scope) -> list[Reason]:
    policy = scope.policies.get(policy_id)
    if policy is None:
        return [Reason("onbekend", N_("Een afspraak in dit voorstel bestaat niet."))]
    if policy.team_id != scope.team_id:
        return [Reason("G17", N_("De afspraak ‘{titel}’ is van een ander team."), {"titel": policy.title})]
    if policy.last is not None:
        return [Reason("verkeerd_moment", N_("De afspraak ‘{titel}’ houdt al op."), {"titel": policy.title})]
    return []


def _together(changes: Sequence[Change], scope: Scope) -> list[Reason]:
    """What the changes say of one another."""
    found = []
    given = [name.casefold() for name in names(changes)]
    touched = [change.rolId for change in changes if isinstance(change, RoleChange | RoleEnd | RoleMove)]
    ended = [change.afspraakId for change in changes if isinstance(change, PolicyEnd | PolicyMove)]
    if len(set(given)) < len(given) or len(set(touched)) < len(touched) or len(set(ended)) < len(ended):
        found.append(Reason("G17", N_("Dit voorstel noemt een rol of afspraak twee keer. Neem die samen.")))
    gone = {change.rolId for change in changes if isinstance(change, RoleEnd)}
    if any(isinstance(change, MandateRequest) and change.rolId in gone for change in changes):
        found.append(Reason("G17", N_("Voor een rol die vervalt, kun je geen mandaat vragen.")))
    made = [change.afspraaksoort for change in changes if isinstance(change, PolicyNew)]
    links = [change.koppelRolId for change in changes if isinstance(change, PolicyNew) and change.koppelRolId]
    if len(set(links)) < len(links):
        found.append(Reason("G5", N_("Dit voorstel koppelt een rol twee keer. Eén keer is genoeg.")))
    for kind in (*DEFAULTS, *ANCHOR):
        if made.count(kind) > 1 or (kind in made and scope.rules.get(kind, frozenset()) - set(ended)):
            found.append(
                Reason("G19", N_("Er is al zo’n afspraak. Laat die in hetzelfde voorstel vervallen."), {"soort": kind.value})
            )  # fmt: skip
    return found
