"""How a proposal is written on a page: its title, what changes beside what stands, its steps, and its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from teams.governance.forms import (
    Change,
    MandateRequest,
    PolicyEnd,
    PolicyNew,
    RoleChange,
    RoleEnd,
    RoleNew,
)
from teams.governance.models import PolicyKind
from teams.governance.seen import ProposalSeen
from teams.http.words import Words
from teams.kit.clock import day_of
from teams.kit.text import N_
from teams.web.forms import Fields

KINDS = {
    "rol_wijzigen": N_("Een rol veranderen"),
    "rol_nieuw": N_("Een nieuwe rol maken"),
    "rol_einde": N_("Een rol laten vervallen"),
    "afspraak_nieuw": N_("Een afspraak maken"),
    "afspraak_einde": N_("Een afspraak laten vervallen"),
    "mandaatverzoek": N_("Een mandaat vragen"),
}
POLICIES = {
    PolicyKind.LIMIT: N_("Wat rollen niet of alleen zo mogen doen"),
    PolicyKind.AUTHORITY: N_("Wat een rol namens het team mag doen"),
    PolicyKind.DOMAIN: N_("Hoe anderen ons domein mogen gebruiken"),
    PolicyKind.CONSENT: N_("Hoe wij over voorstellen besluiten"),
}
FORMS = {
    "licht": N_("Licht: wie niets zegt, heeft geen overwegend bezwaar"),
    "gewoon": N_("Gewoon: iedereen antwoordt"),
    "streng": N_("Streng: iedereen antwoordt en elk bezwaar wordt getoetst"),
}
STATES = {
    "concept": N_("Concept"),
    "consent": N_("Wacht op antwoord"),
    "bezwaar": N_("Overwegend bezwaar"),
    "overleg": N_("Naar het overleg"),
    "aangenomen": N_("Aangenomen"),
    "ingetrokken": N_("Ingetrokken"),
    "vervallen": N_("Vervallen"),
}
COLOURS = {"consent": "info", "bezwaar": "let", "overleg": "let", "aangenomen": "goed"}
OBJECTION_STATES = {
    "ingebracht": N_("Ingebracht"),
    "toets": N_("Wordt getoetst"),
    "geldig": N_("Getoetst: geldig"),
    "ongeldig": N_("Getoetst: niet geldig"),
    "verwerking": N_("Wacht op bevestiging"),
    "opgelost": N_("Opgelost"),
    "ingetrokken": N_("Ingetrokken"),
}
QUESTIONS = {
    "schade": N_("Ontstaat er schade voor het team of een rol?"),
    "nieuw": N_("Komt de schade door dit voorstel?"),
    "zeker": N_("Is die schade zeker, of is het later te laat om te herstellen?"),
    "rol": N_("Raakt het een rol die de indiener van het bezwaar vervult?"),
}
LINES: dict[str, str] = {
    "proposal.drafted": N_("{actor} begon dit voorstel."),
    "proposal.submitted": N_("{actor} diende versie {version} in."),
    "proposal.amended": N_("Versie {version} kwam er. Alle antwoorden vervielen."),
    "proposal.extended": N_("De termijn werd langer, omdat niet iedereen er is."),
    "proposal.meeting_called": N_("{actor} wil dit in een overleg bespreken."),
    "proposal.sent_back": N_("Versie {version} ging terug: wat zij verandert, was intussen veranderd."),
    "proposal.adopted": N_("Versie {version} is aangenomen."),
    "proposal.withdrawn": N_("{actor} trok het voorstel in."),
    "proposal.lapsed": N_("Het voorstel is vervallen."),
    "objection.raised": N_("{actor} meldde een overwegend bezwaar."),
    "objection.test_asked": N_("{actor} vroeg om de toets."),
    "objection.tested": N_("{actor} toetste een overwegend bezwaar."),
    "objection.integration": N_("{actor} schreef op hoe een bezwaar is opgelost."),
    "objection.resolved": N_("Een overwegend bezwaar is opgelost."),
    "objection.withdrawn": N_("{actor} trok een overwegend bezwaar in."),
}


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


def title_of(changes: Sequence[Mapping[str, Any]], names: Mapping[str, str], speak: Words, role: str) -> str:
    """The first change in words, with how many more."""
    first = changes[0]
    name = first.get("naam") or names.get(str(first.get("rolId"))) or role
    sentences = {
        "rol_nieuw": N_("Nieuwe rol: {naam}"), "rol_wijzigen": N_("Wijziging van de rol {naam}"),
        "rol_einde": N_("De rol {naam} vervalt"), "afspraak_nieuw": N_("Nieuwe afspraak: {naam}"),
        "afspraak_einde": N_("Een afspraak vervalt"), "mandaatverzoek": N_("Mandaatverzoek voor de rol {naam}"),
    }  # fmt: skip
    if first["soort"] == "rol_wijzigen":
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
        case PolicyNew():
            kind = [Line(say(N_("Soort")), [], [("ins", say(POLICIES[change.afspraaksoort]))])]
            if change.vorm:
                kind.append(Line(say(N_("Vorm")), [], [("ins", say(FORMS[change.vorm]))]))
            if change.termijn:
                kind.append(Line(say(N_("Termijn")), [], [("ins", say(N_("{n} werkdagen"), {"n": change.termijn}))]))
            return Drawn(say(N_("Nieuwe afspraak")), [Line(change.title, [], [("ins", change.tekst)]), *kind])
        case PolicyEnd():
            old = seen.policies.get(str(change.afspraakId)) or {"titel": "", "tekst": ""}
            return Drawn(say(N_("Afspraak")), [Line(old["titel"], [("del", old["tekst"])], [])])
        case MandateRequest():
            return Drawn(
                say(N_("Mandaatverzoek voor {naam}"), {"naam": role["naam"]}),
                [Line(say(N_("Gevraagd")), [], [("ins", change.tekst)])], mandate=True,
            )  # fmt: skip


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


def change_from(fields: Fields, kind: str) -> list[dict[str, Any]]:
    """What was typed as a change set: one change of this kind, and a mandate that is asked for with it."""
    one = fields.one
    items = {
        name: {"bij": [line.strip() for line in one(name).splitlines() if line.strip()], "weg": fields.many(f"{name}_weg")}
        for name in ("verantwoordelijkheden", "domeinen")
    }  # fmt: skip
    text = {"naam": one("naam") or None, "doel": one("doel") or None}
    by_kind: dict[str, dict[str, Any]] = {
        "rol_nieuw": {**text, **items},
        "rol_wijzigen": {"rolId": one("doelrol"), **text, **items},
        "rol_einde": {"rolId": one("doelrol")},
        "afspraak_nieuw": {
            "naam": text["naam"], "tekst": one("tekst"), "afspraaksoort": one("afspraaksoort", "beperking") or "beperking",
            **({"vorm": one("vorm") or None, "termijn": one("termijn") or None} if one("afspraaksoort") == "besluitvorm" else {}),
        },
        "afspraak_einde": {"afspraakId": one("afspraak")},
        "mandaatverzoek": {"rolId": one("doelrol") or None, "tekst": one("mandaat")},
    }  # fmt: skip
    changes = [{"soort": kind, **by_kind.get(kind, {})}]
    if kind == "rol_wijzigen" and one("mandaat"):
        changes.append({"soort": "mandaatverzoek", "rolId": one("doelrol"), "tekst": one("mandaat")})
    return changes


def typed_from(seen: ProposalSeen) -> dict[str, Any] | None:
    """The form of a change set that a page can show: one change, with at most a mandate beside a changed role."""
    first, rest = seen.row.changes[0], seen.row.changes[1:]
    if len(rest) > 1 or (rest and (first["soort"], rest[0]["soort"]) != ("rol_wijzigen", "mandaatverzoek")):
        return None
    typed: dict[str, Any] = {
        "soort": first["soort"], "naam": first.get("naam") or "", "doel": first.get("doel") or "",
        "doelrol": first.get("rolId") or "", "tekst": first.get("tekst") or "", "afspraak": first.get("afspraakId") or "",
        "afspraaksoort": first.get("afspraaksoort") or "", "vorm": first.get("vorm") or "", "termijn": first.get("termijn") or "",
        "mandaat": rest[0]["tekst"] if rest else first.get("tekst") or "",
    }  # fmt: skip
    for name in ("verantwoordelijkheden", "domeinen"):
        items = first.get(name) or {"bij": [], "weg": []}
        typed[name], typed[f"{name}_weg"] = "\n".join(items["bij"]), items["weg"]
    return typed
