"""Mag ik dit? One sentence and an amount: verdict first, reasons folded below. A question is never kept."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post

from teams.decisions.queries.known import weigh
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import AMSTERDAM, day_of
from teams.kit.money import AmountError, format_euro, parse_amount
from teams.kit.text import N_
from teams.mandates.answer import Answer
from teams.mandates.queries.powers import known_power, powers_found
from teams.mandates.question import Contested, Question
from teams.mandates.questions import WhatIf, what_if
from teams.mandates.rules.base import Verdict
from teams.mandates.terms import Base
from teams.mandates.text import Euro, LastDay, Text, Value
from teams.people.queries import person_by_email
from teams.structure.moment import Moment
from teams.web.forms import Fields, form_of, iso_date, readable
from teams.web.pages import is_htmx, page

LOOK = {Verdict.YES: "ja", Verdict.NO: "nee"}
AMOUNTS = {
    Base.DECISION: N_("Bedrag van dit besluit"),
    Base.EXCL_VAT: N_("Bedrag zonder btw, hele looptijd"),
    Base.TOTAL: N_("Totale waarde, met opties en verlengingen"),
    Base.PER_YEAR: N_("Bedrag per jaar"),
    Base.PER_CASE: N_("Bedrag voor deze zaak"),
}
ASKED = {
    "zaak": N_("Om welke zaak gaat het?"),
    "wederpartij": N_("Wie is de wederpartij?"),
    "rapporteur": N_("Wie maakte het rapport op? (e-mailadres)"),
    "beklaagde": N_("Over wie gaat de klacht? (e-mailadres)"),
    "bestredenBesluit": N_("Tegen welk besluit is het bezwaar? (nummer)"),
    "genomenDoor": N_("Wie nam dat besluit? (e-mailadres)"),
    "gebied": N_("Om welk gebied gaat het?"),
    "zaaktype": N_("Om welk zaaktype gaat het?"),
    "duur": N_("Hoeveel uur duurt het?"),
    "tweedePersoonId": N_("Wie beslist met je mee? (e-mailadres)"),
}
NO_AMOUNT = N_("Schrijf een bedrag als 7500 of 7.500,00.")
_NOBODY = N_("We kennen niemand met dit e-mailadres.")
WRITTEN = ("zin", "zaak", "wederpartij", "bestredenBesluit", "gebied", "zaaktype")
YES_NO = {"belang": N_("Heb je zelf een belang?"), "gevoelig": N_("Ligt dit gevoelig, of is het een precedent?")}
FIELDS = ("zin", "bedrag", "bevoegdheid", "rol", "datum", "bevestigd", *ASKED, *YES_NO)
ORGANS = frozenset(
    {N_("de raad"), N_("het college"), N_("de burgemeester"), N_("de heffingsambtenaar"), N_("de leerplichtambtenaar")}
)
SIGNS = {"ok": "ja", "nee": "nee", "let_op": "let", "nvt": ""}


@dataclass(frozen=True)
class Shown:
    """An answer in the reader's words, ready to draw."""

    answer: Answer
    head: str
    look: str
    lines: list[str]
    rules: list[tuple[str, str, str, str, bool, str]]
    others: list[tuple[str, str, bool]]
    ask: list[str]
    confirm: list[tuple[str, str]]
    steps: list[str]
    chains: list[list[tuple[str, str, str, str]]]
    if_only: list[str]


@get("/mag-ik-dit", policy="employee")
async def ask(request: Page) -> Response[str]:
    return page(request, "mandaten/mag-ik-dit.html", **_empty({}))


@post("/mag-ik-dit", policy="employee")
async def reply(request: Page, session: Session, me: Me) -> Response[str]:
    """The answer stands in the response itself: no address, no history, no journal entry."""
    fields = await form_of(request)
    fields.only(*FIELDS)
    speak, now = words(language_of(request)), datetime.now(UTC)
    typed: dict[str, Any] = {**fields.typed(), "bevestigd": fields.many("bevestigd")}
    faults: dict[str, str] = {}
    fields = readable(fields, WRITTEN, faults, speak)
    cents = cents_of(fields, faults, speak)
    moment = moment_of(fields, faults, speak, now)
    phrase = fields.one("zin")[:200]
    if not phrase and not fields.one("bevoegdheid") and "zin" not in faults:
        faults["zin"] = speak.say(N_("Schrijf in één zin wat je wilt besluiten."))
    people = await people_of(session, fields)
    faults |= {name: speak.say(_NOBODY) for name in people if people[name] is None}
    if (hours := fields.one("duur")) and _hours(hours) is None:
        faults["duur"] = speak.say(N_("Vul een heel aantal uren in, zoals 24."))
    code = fields.one("bevoegdheid")
    if code and not await known_power(session, code, now):
        faults["zin"] = speak.say(N_("De bevoegdheid {power} bestaat niet."), {"power": code[:40]})
        code = ""
    found = await powers_found(session, phrase or code, Moment(moment, now, now), limit=5)
    found.sort(key=lambda power: power.code != code)
    power = found[0] if found else None
    if faults:
        kept = [name for name in (*ASKED, *YES_NO) if name in faults or fields.one(name)]
        return _drawn(request, typed, status=422, fouten=faults, gekozen=power, gevonden=found, vragen=kept)
    if power is None:
        return _drawn(request, typed, onbekend=True)
    question = question_of(fields, me, power.code, cents, moment, now, people)
    weighed = await weigh(session, question)
    facts, given, question = weighed.facts, weighed.answer, weighed.question
    known = next(p for p in facts.powers if p.code == power.code)
    shown = shown_of(given, speak, what_if(facts, question) if given.verdict is Verdict.NO else ())
    return _drawn(
        request, typed, gekozen=power, gevonden=found, antwoord=shown, bedrag_label=AMOUNTS[known.ceiling_base],
        wanneer=None if moment == now else moment, bedrag_gelezen=format_euro(cents) if cents is not None else "",
        vragen=[name for name in (*ASKED, *YES_NO) if name in shown.ask or fields.one(name)],
    )  # fmt: skip


def _empty(typed: dict[str, Any]) -> dict[str, Any]:
    return {
        "typed": typed, "fouten": {}, "gekozen": None, "gevonden": [], "antwoord": None, "onbekend": False,
        "bedrag_label": N_("Bedrag"), "vragen": [], "asked": ASKED, "yes_no": YES_NO, "wanneer": None,
        "bedrag_gelezen": "", "signs": SIGNS,
    }  # fmt: skip


def _drawn(request: Page, typed: dict[str, Any], *, status: int = 200, **context: Any) -> Response[str]:
    template = "mandaten/_vraag.html" if is_htmx(request) else "mandaten/mag-ik-dit.html"
    return page(request, template, status=status, **{**_empty(typed), **context})


def cents_of(fields: Fields, faults: dict[str, str], speak: Words) -> int | None:
    written = fields.one("bedrag")
    if not written:
        return None
    try:
        return parse_amount(written)
    except AmountError:
        faults["bedrag"] = speak.say(NO_AMOUNT)
        return None


def moment_of(fields: Fields, faults: dict[str, str], speak: Words, now: datetime) -> datetime:
    """Noon of the day that was asked; now when it is today or nothing was filled in."""
    written = iso_date(fields.one("datum"))
    if written is None:
        return now
    try:
        day = date.fromisoformat(written)
        if not 1990 <= day.year <= 2199:
            raise ValueError
    except ValueError:
        faults["datum"] = speak.say(N_("Vul een dag in die bestaat, als dd-mm-jjjj."))
        return now
    return now if day == day_of(now) else datetime.combine(day, time(12), AMSTERDAM).astimezone(UTC)


async def people_of(session: Any, fields: Fields) -> dict[str, UUID | None]:
    """The people named by e-mail address; None for one we do not know."""
    found: dict[str, UUID | None] = {}
    for name in ("rapporteur", "beklaagde", "tweedePersoonId", "genomenDoor"):
        if fields.one(name):
            person = await person_by_email(session, fields.one(name))
            found[name] = None if person is None else person.id
    return found


def question_of(
    fields: Fields,
    me: Any,
    power: str,
    cents: int | None,
    moment: datetime,
    now: datetime,
    people: dict[str, UUID | None],
) -> Question:
    def who(name: str) -> str | None:
        return str(people[name]) if people.get(name) else None

    contested = None
    if fields.one("bestredenBesluit"):
        taken_by = who("genomenDoor")
        contested = Contested(fields.one("bestredenBesluit")[:60], frozenset({taken_by}) if taken_by else None)
    answers = {"ja": True, "nee": False}
    return Question(
        power=power, moment=moment, known_at=now, person=str(me.person_id), role=fields.one("rol") or None, cents=cents,
        case=fields.one("zaak")[:120] or None, counterparty=fields.one("wederpartij")[:120] or None, contested=contested,
        reporter=who("rapporteur"), complained_of=who("beklaagde"), second=who("tweedePersoonId"),
        interest=answers.get(fields.one("belang")), sensitive=answers.get(fields.one("gevoelig")),
        area=fields.one("gebied")[:60] or None, case_type=fields.one("zaaktype")[:60] or None,
        hours=_hours(fields.one("duur")),
        confirmed=frozenset(fields.many("bevestigd")[:20]),
    )  # fmt: skip


def _hours(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else None


def show_value(speak: Words) -> Any:
    """How a value stands in a sentence of the engine, in the reader's language."""

    def show(value: Value) -> str:
        if isinstance(value, Euro):
            return format_euro(value.cents)
        if isinstance(value, LastDay):
            return speak.day(
                day_of(value.end) if value.end.astimezone(AMSTERDAM).time() != time() else _before(value.end)
            )
        return speak.day(day_of(value)) if isinstance(value, datetime) else called(str(value), speak)

    return show


def called(name: str, speak: Words) -> str:
    """An organ as it runs in a sentence has a name in each language; all other names are their own."""
    return speak.translate(name) if name in ORGANS else name


def _before(end: datetime) -> date:
    return date.fromordinal(day_of(end).toordinal() - 1)


def shown_of(given: Answer, speak: Words, if_only: tuple[WhatIf, ...]) -> Shown:
    show = show_value(speak)

    def write(line: Text) -> str:
        return line.render(speak.translate, show)

    head, *lines = [write(line) for line in given.sentences]
    ask = [step.about for step in given.next_steps if step.kind == "vul_aan"]
    ask += ["genomenDoor"] if "bestredenBesluit" in ask else []
    ask += ["tweedePersoonId"] if any(step.kind == "tweede_persoon" for step in given.next_steps) else []
    chains = [
        [
            (
                called(link.name, speak),
                _link_under(link, speak),
                _link_limit(link, speak),
                " ".join(x for x in (link.number or "", link.article) if x),
            )
            for link in chain
        ]
        for chain in given.chains
    ]
    return Shown(
        answer=given, head=head.removesuffix("."), look=LOOK.get(given.verdict, "let"),
        lines=lines, ask=ask, chains=chains,
        rules=[(r.code, speak.translate(r.title), write(r.fact), r.source, r.unsure, r.outcome.value) for r in given.rules],
        others=[_other(who, speak) for who in given.who_may],
        confirm=[(step.about, write(step.text)) for step in given.next_steps if step.kind == "bevestig"],
        steps=[write(s.text) for s in given.next_steps if s.kind not in ("vul_aan", "bevestig", "vastleggen", "tweede_persoon")],
        if_only=[write(change.change) for change in if_only],
    )  # fmt: skip


def _other(who: Any, speak: Words) -> tuple[str, str, bool]:
    """Who may: name, who is there today, and up to where."""
    today = ", ".join(
        speak.say(N_("{name} (vervangt)"), {"name": one.name}) if one.capacity == "vervanger" else one.name
        for one in who.today
    )
    limit = (
        speak.say(N_("tot en met {amount}"), {"amount": format_euro(who.ceiling)}) if who.ceiling is not None else ""
    )
    return (
        ", ".join(part for part in (called(who.name, speak), limit) if part),
        today,
        bool(who.today) or who.kind == "orgaan",
    )


def _link_under(link: Any, speak: Words) -> str:
    kinds = ", ".join(link.kinds)
    if link.kind == "persoon":
        return speak.say(N_("plaatsvervangend")) if link.substitute else speak.say(N_("vervult deze rol"))
    return kinds


def _link_limit(link: Any, speak: Words) -> str:
    if link.ceiling is not None:
        return speak.say(N_("tot en met {amount}"), {"amount": format_euro(link.ceiling)})
    return speak.say(N_("t/m {day}"), {"day": _before(link.until)}) if link.until else ""


router = Router(path="/", route_handlers=[ask, reply])
