"""The words of an answer: the one sentence on top and what to do next, in plain Dutch."""

from __future__ import annotations

from teams.kit.text import N_
from teams.mandates.answer import NextStep, ReasonLine, WhoMay
from teams.mandates.chains import Book, Capacity
from teams.mandates.judge import Judgement
from teams.mandates.rules.base import Finding, Outcome, Rule, Verdict
from teams.mandates.terms import ActKind
from teams.mandates.text import Euro, Text, text
from teams.mandates.whocan import ceiling_of

TELLING = [
    "M30",
    "M24",
    "M23",
    "M17",
    "M06",
    "M13",
    "M26",
    "M11",
    "M08",
    "M07",
    "M01",
    "M03",
    "M04",
    "M02",
    "M05",
    "M16",
    "M09",
    "M10",
    "M28",
    "M19",
    "M20",
    "M25",
    "M21",
    "M22",
]

_YES = {
    ActKind.DECISION: (N_("Ja, jij mag dit besluiten, als {role}."), N_("Ja, jij mag dit besluiten, tot en met {ceiling}, als {role}.")),
    ActKind.PRIVATE: (N_("Ja, jij mag deze opdracht geven, als {role}."), N_("Ja, jij mag deze opdracht geven, tot en met {ceiling}, als {role}.")),
    ActKind.FACTUAL: (N_("Ja, jij mag dit doen, als {role}."), N_("Ja, jij mag dit doen, tot en met {ceiling}, als {role}.")),
}  # fmt: skip


def sentences(
    book: Book, judged: Judgement, reasons: tuple[ReasonLine, ...], who: tuple[WhoMay, ...]
) -> tuple[Text, ...]:
    """Verdict first, then the most telling reason, then who may and who is there."""
    verdict = judged.verdict
    if verdict is Verdict.NO:
        no = text(N_("Nee, dit ambt is niet bevoegd.")) if book.q.person is None else text(N_("Nee, dit mag jij niet."))
        return (no, primary(reasons), *_instead(who))
    if verdict is Verdict.CONSULT:
        return (text(N_("Nog niet: eerst overleg.")), primary(reasons))
    if verdict is Verdict.TOGETHER:
        return (text(N_("Ja, maar niet alleen.")), primary(reasons))
    if verdict is Verdict.RATIFY:
        return (text(N_("Toen nog niet: dit moet worden bekrachtigd.")), primary(reasons))
    return _yes(book, judged)


def primary(reasons: tuple[ReasonLine, ...]) -> Text:
    return min(reasons, key=lambda line: TELLING.index(line.code) if line.code in TELLING else len(TELLING)).text


def _yes(book: Book, judged: Judgement) -> tuple[Text, ...]:
    asked = (text(N_("Je vraagt {amount}."), amount=Euro(book.q.cents)),) if book.q.cents is not None else ()
    part = judged.parts[0]
    if part.view.itself:
        own = text(N_("Ja, {organ} mag dit zelf besluiten."), organ=part.organ.name)
        together = (
            (text(N_("Jij legt vast wat jullie samen besluiten.")),) if len(book.members_of(part.organ.id)) > 1 else ()
        )
        return (own, *together, *asked)
    post = part.chain.post if part.chain else None
    role = post.role.name if post and post.role else book.name(book.q.person)
    if book.q.person is None:
        return (text(N_("Ja, {role} is bevoegd."), role=role), *asked)
    if post and post.capacity is Capacity.MEMBER and part.chain and part.chain.leaf:
        holder = book.organs.get(part.chain.leaf.holder.id)
        return (text(N_("Ja, {organ} mag dit besluiten."), organ=holder.name if holder else ""), *asked)
    ceiling = ceiling_of(judged)
    plain, limited = _YES[book.power.act]
    first = text(plain, role=role) if ceiling is None else text(limited, role=role, ceiling=Euro(ceiling))
    return (first, *asked)


def _instead(who: tuple[WhoMay, ...]) -> tuple[Text, ...]:
    if not who:
        return ()
    first = who[0]
    if first.kind == "orgaan":
        return (text(N_("Dit beslist {organ}."), organ=first.name),)
    if first.kind == "persoon":
        return (text(N_("{name} mag dit wel."), name=first.name),)
    if not first.today:
        return (text(N_("{role} mag dit wel, maar daar is nu niemand."), role=first.name),)
    person = first.today[0]
    if person.capacity == Capacity.SUBSTITUTE:
        return (text(N_("{role} mag dit wel; nu vervangt {name}."), role=first.name, name=person.name),)
    return (text(N_("{role} mag dit wel; nu is dat {name}."), role=first.name, name=person.name),)


_TODO = {
    "bedrag": N_("Vul het bedrag in."),
    "gebied": N_("Zeg om welk gebied het gaat."),
    "zaaktype": N_("Zeg om welk zaaktype het gaat."),
    "duur": N_("Zeg hoeveel uur het duurt."),
    "zaak": N_("Zeg om welke zaak het gaat."),
    "wederpartij": N_("Zeg wie de wederpartij is."),
    "bestredenBesluit": N_("Zeg tegen welk besluit het bezwaar is."),
    "rapporteur": N_("Zeg wie het rapport opmaakte."),
    "beklaagde": N_("Zeg over wie de klacht gaat."),
    "belang": N_("Zeg of je zelf een belang hebt."),
    "gevoelig": N_("Zeg of dit gevoelig ligt of een precedent is."),
}  # fmt: skip


def next_steps(
    book: Book, judged: Judgement, found: tuple[tuple[Rule, Finding], ...], who: tuple[WhoMay, ...]
) -> tuple[NextStep, ...]:
    """What can be done now; a no is never without a step."""
    steps: list[NextStep] = []
    for _, finding in found:
        if finding.todo in _TODO and finding.outcome is Outcome.NO:
            steps.append(NextStep("vul_aan", text(_TODO[finding.todo]), finding.todo))
    verdict = judged.verdict
    if verdict is Verdict.NO:
        steps += _hand_over(who)
        if any(r.code == "M21" and f.outcome is Outcome.NO for r, f in found):
            steps.append(NextStep("hogere_grens", text(N_("Vraag een hogere grens aan."))))
    elif verdict is Verdict.RATIFY:
        steps.append(
            NextStep(
                "bekrachtiging",
                text(
                    N_("Leg het besluit van toen voor aan {organ} om te bekrachtigen."),
                    organ=judged.parts[0].organ.name,
                ),
            )
        )
    else:
        steps += [
            step
            for _, finding in found
            if finding.effect in (Verdict.CONSULT, Verdict.TOGETHER)
            for step in _open(book, finding)
        ]
        steps += [NextStep("vastleggen", text(N_("Leg je besluit vast.")))] if verdict is Verdict.YES else []
    return tuple(dict.fromkeys(steps))


def _hand_over(who: tuple[WhoMay, ...]) -> list[NextStep]:
    steps = []
    for one in who:
        if one.kind == "orgaan":
            steps.append(
                NextStep("orgaanvoorstel", text(N_("Maak een voorstel voor {organ}."), organ=one.name), one.id)
            )
        elif one.today and not steps:
            steps.append(
                NextStep(
                    "vraag_aan",
                    text(N_("Vraag het aan {name}, {role}."), name=one.today[0].name, role=one.name),
                    one.today[0].id,
                )
            )
    return steps


def _open(book: Book, finding: Finding) -> list[NextStep]:
    if finding.effect is Verdict.TOGETHER:
        return [NextStep("tweede_persoon", text(N_("Kies een tweede persoon die meebeslist.")))]
    target = finding.todo.partition(":")[2].partition(">")[0].strip()
    roles = [role for role in book.facts.roles if f"{role.team}/{role.name}" == target]
    people = [person for role in sorted(roles, key=lambda role: role.id) for person in book.holders(role.id)]
    if people:
        return [
            NextStep("advies", text(N_("Vraag {name}, {target}."), name=book.name(people[0]), target=target), people[0])
        ]
    return [NextStep("bevestig", finding.text, finding.todo)]
