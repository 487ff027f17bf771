"""How a proposal is written on a page: its title, what changes beside what stands, and its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

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
from teams.governance.seen import ProposalSeen
from teams.http.words import Words
from teams.kit.clock import day_of
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.web.voorstel_words import CANDIDATES, DECIDERS, FORMS, POLICIES, STATES


@dataclass(frozen=True)
class Line:
    """One row of what changes: `now` and `then` are (sign, text), with sign '', 'del' or 'ins'."""

    head: str
    now: list[tuple[str, str]]
    then: list[tuple[str, str]]


@dataclass(frozen=True)
class Drawn:
    """One change: its heading, and its rows; `mandate`: it only asks."""

    head: str
    lines: list[Line]
    mandate: bool = False


def title_of(
    changes: Sequence[Mapping[str, Any]], names: Mapping[str, str], speak: Words, role: str, person: str | None = None
) -> str:
    """The first change in words, with how many more; `person`: whom it is about."""
    first = changes[0]
    if first["soort"] == "rolvervulling":
        return speak.say(N_("{persoon} voor de rol {naam}"), {"persoon": person or "", "naam": role})
    name = first.get("naam") or names.get(str(first.get("rolId"))) or role
    sentences = {
        "rol_nieuw": N_("Nieuwe rol: {naam}"), "rol_wijzigen": N_("Wijziging van de rol {naam}"),
        "rol_einde": N_("De rol {naam} vervalt"), "afspraak_nieuw": N_("Nieuwe afspraak: {naam}"),
        "rol_verplaatsen": N_("De rol {naam} verhuist"), "afspraak_verplaatsen": N_("Een afspraak verhuist"),
        "afspraak_einde": N_("Een afspraak vervalt"), "mandaatverzoek": N_("Mandaatverzoek voor de rol {naam}"),
    }  # fmt: skip
    if first["soort"] in ("rol_wijzigen", "rol_verplaatsen"):
        name = names.get(str(first["rolId"])) or name
    if first["soort"] == "afspraak_nieuw":
        name = first.get("naam") or str(first["tekst"])[:60]
    said = speak.say(sentences[first["soort"]], {"naam": name})
    return said if len(changes) == 1 else speak.say(N_("{wat} (en nog {n})"), {"wat": said, "n": len(changes) - 1})


def drawn(change: Change, seen: ProposalSeen, speak: Words) -> Drawn:
    """What one change does, beside what stood when it was submitted."""
    say = speak.say
    role = seen.roles.get(str(getattr(change, "rolId", None) or seen.role_id)) or {"naam": seen.role, "onderdelen": {}}
    match change:
        case RoleNew():
            lines = [Line(say(N_("Naam")), [], [("ins", change.naam)])]
            lines += [Line(say(N_("Doel")), [], [("ins", change.doel)])] if change.doel else []
            lines += _added(change, {}, say)
            return Drawn(say(N_("Nieuwe rol")), lines)
        case RoleChange():
            lines = _texts(change, role, say) + _added(change, role["onderdelen"], say)
            return Drawn(say(N_("Rol {naam}"), {"naam": role["naam"]}), lines)
        case RoleEnd():
            gone = [("del", words[1]) for words in role["onderdelen"].values()]
            return Drawn(say(N_("Rol {naam}"), {"naam": role["naam"]}), [
                Line(say(N_("Naam")), [("del", role["naam"])], []), *([Line(say(N_("Taken en domeinen")), gone, [])] if gone else []),
            ])  # fmt: skip
        case RoleMove():
            there = seen.teams.get(str(change.teamId), "")
            return Drawn(
                say(N_("Rol {naam}"), {"naam": role["naam"]}),
                [Line(say(N_("Team")), [("del", seen.team or "")], [("ins", there)])],
            )
        case Filling():
            return Drawn(say(N_("Rol {naam}"), {"naam": seen.role or ""}), _terms(change, seen, speak))
        case PolicyNew():
            return Drawn(
                say(N_("Nieuwe afspraak")),
                [Line(change.title, [], [("ins", change.tekst)]), *_policy(change, seen, say)],
            )
        case PolicyMove():
            old = seen.policies.get(str(change.afspraakId)) or {"titel": "", "tekst": ""}
            there = seen.teams.get(str(change.teamId), "")
            return Drawn(
                say(N_("Afspraak ‘{titel}’"), {"titel": old["titel"]}),
                [Line(say(N_("Team")), [("del", seen.team or "")], [("ins", there)])],
            )
        case PolicyEnd():
            old = seen.policies.get(str(change.afspraakId)) or {"titel": "", "tekst": ""}
            return Drawn(say(N_("Afspraak")), [Line(old["titel"], [("del", old["tekst"])], [])])
        case MandateRequest():
            return Drawn(
                say(N_("Mandaatverzoek voor {naam}"), {"naam": role["naam"]}),
                [Line(say(N_("Gevraagd")), [], [("ins", change.tekst)])], mandate=True,
            )  # fmt: skip


def _policy(change: PolicyNew, seen: ProposalSeen, say: Any) -> list[Line]:
    """What the policy sets for the software, each in words."""
    rows = [(N_("Soort"), say(POLICIES[change.afspraaksoort]))]
    rows += [(N_("Vorm"), say(FORMS[change.vorm]))] if change.vorm else []
    rows += [(N_("Rol"), seen.roles[str(change.koppelRolId)]["naam"])] if str(change.koppelRolId) in seen.roles else []
    rows += [(N_("Termijn"), say(N_("{n} werkdagen"), {"n": change.termijn}))] if change.termijn else []
    rows += [(N_("Wie beslist"), say(DECIDERS[change.wie]))] if change.wie else []
    rows += [(N_("Wanneer"), say(N_("Bij elke klus van een ander team")))] if change.altijd else []
    rows += [(N_("Zonder antwoord"), say(N_("Dan is het ja")))] if change.stil else []
    rows += (
        [(N_("Boven"), say(N_("{n} uur per week besluit wie het mandaat heeft"), {"n": change.besluitUren}))]
        if change.besluitUren
        else []
    )
    rows += (
        [(N_("Langer dan"), say(N_("{n} weken besluit wie het mandaat heeft"), {"n": change.besluitWeken}))]
        if change.besluitWeken
        else []
    )
    rows += (
        [
            (
                N_("Meer dan"),
                say(N_("{bedrag} besluit wie het mandaat heeft"), {"bedrag": format_euro(100 * change.besluitEuro)}),
            )
        ]
        if change.besluitEuro
        else []
    )
    rows += [(N_("Aanwezig"), say(N_("minstens {n} leden"), {"n": change.aantal}))] if change.aantal else []
    rows += [(N_("Kandidaten"), say(CANDIDATES[change.kandidaten]))] if change.kandidaten else []
    rows += [(N_("Minstens"), say(N_("{n} procent antwoordt"), {"n": change.percentage}))] if change.percentage else []
    rows += [(N_("Kader"), change.kader)] if change.kader else []
    below = N_("Hier en in teams eronder, zonder uitzondering") if change.dwingend else N_("Hier en in teams eronder")
    rows += [(N_("Geldt"), say(below))] if change.ookOnder else []
    return [Line(say(head), [], [("ins", words)]) for head, words in rows]


def _terms(change: Filling, seen: ProposalSeen, speak: Words) -> list[Line]:
    say = speak.say
    rows = [(N_("Wie"), seen.candidate or "")]
    rows += [(N_("Uren per week"), speak.number(change.uren))] if change.uren is not None else []
    rows += [(N_("Aandacht"), change.focus)] if change.focus else []
    rows += [(N_("Tot en met"), speak.day(change.tot))] if change.tot else []
    return [Line(say(head), [], [("ins", words)]) for head, words in rows]


def _texts(change: RoleChange, role: Mapping[str, Any], say: Any) -> list[Line]:
    pairs = ((N_("Naam"), change.naam, role["naam"]), (N_("Doel"), change.doel, role.get("doel", "")))
    return [
        Line(say(head), [("del", old)] if old else [], [("ins", new)]) for head, new, old in pairs if new and new != old
    ]


def _added(change: RoleNew | RoleChange, stood: Mapping[str, Sequence[str]], say: Any) -> list[Line]:
    found = []
    for kind, head, items in (
        ("verantwoordelijkheid", N_("Verantwoordelijk voor"), change.verantwoordelijkheden),
        ("domein", N_("Domein"), change.domeinen),
    ):
        gone = {str(item) for item in items.weg}
        here = [(item, words[1]) for item, words in stood.items() if words[0] == kind]
        if items.some:
            now = [("del" if item in gone else "", words) for item, words in here]
            then = [("", words) for item, words in here if item not in gone] + [("ins", words) for words in items.bij]
            found.append(Line(say(head), now, then))
    return found


def steps(seen: ProposalSeen, speak: Words) -> list[tuple[str, str, str]]:
    """The steps above the page: words, what stands below, and 'klaar', 'nu' or ''."""
    say, state = speak.say, seen.state
    until = speak.short(last_day(seen.due_at), year=False) if seen.due_at else ""
    sent = speak.short(day_of(seen.submitted_at), year=False) if seen.submitted_at else ""
    middle = say(N_("Overleg")) if state == "overleg" else say(N_("Consent"))
    done = {"concept": 0, "consent": 1, "bezwaar": 1, "overleg": 1}.get(state, 3)
    words = [
        (say(N_("Ingediend")) if done else say(N_("Concept")), sent),
        (middle, say(N_("t/m {dag}"), {"dag": until}) if until else ""),
        (say(N_(STATES[state])) if done == 3 else say(N_("Besloten")), speak.short(day_of(seen.adopted_at), year=False) if seen.adopted_at else ""),
    ]  # fmt: skip
    found = [(*pair, "klaar" if n < done else "nu" if n == done else "") for n, pair in enumerate(words)]
    if any(isinstance(change, MandateRequest) for change in seen.changes) and state not in ("ingetrokken", "vervallen"):
        found.append((say(N_("Mandaatbesluit")), say(N_("door wie de bevoegdheid heeft")), "nu" if done == 3 else ""))
    return found


def last_day(due: datetime) -> date:
    """The last day on which one can answer."""
    return day_of(due - timedelta(microseconds=1))
