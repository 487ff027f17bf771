"""Rules about the person: same-person bans, interest, four eyes, replacement, role, klus (M09, M10, M19, M20, M23, M24, M28, M30)."""

from __future__ import annotations

from teams.kit.text import N_
from teams.mandates.chains import Book, Capacity
from teams.mandates.facts import Interest
from teams.mandates.question import Question
from teams.mandates.rules.base import RULES, Finding, Verdict, View, na, no, note, ok, rule
from teams.mandates.same import same_case, same_party
from teams.mandates.terms import Absence, ConditionKind, Special

SECOND_NEEDS = ("M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M11", "M13", "M16", "M17", "M23", "M24", "M26")


@rule(
    "M09",
    N_("Wie het besluit nam, beslist niet op het bezwaar"),
    source="Awb 10:3 lid 3",
    personal=True,
    concerns=lambda book, q: Special.OBJECTION in book.power.specials or q.contested is not None,
)
def not_own_objection(v: View) -> Finding:
    contested = v.q.contested
    if Special.OBJECTION not in v.power.specials and contested is None:
        return na(N_("Dit gaat niet over een bezwaar."))
    if contested is None or contested.taken_by is None:
        return no(
            N_("Zeg tegen welk besluit het bezwaar is. Zonder te weten wie dat nam, mag je niet beslissen."),
            todo="bestredenBesluit",
        )
    if own := v.bound & contested.taken_by:
        return no(N_("{name} nam het besluit waartegen het bezwaar is."), name=v.book.name(min(own)))
    above = {p for grant in v.grants[:-1] for role in v.book.roles_of(grant.holder) for p in v.book.holders(role.id)}
    if (clash := above & contested.taken_by) and "M09" not in v.q.confirmed:
        return note(
            N_("Het besluit is genomen door {name}, van wie je mandaat komt. Leg het eerst hogerop voor."),
            effect=Verdict.CONSULT,
            todo="M09",
            name=v.book.name(min(clash)),
        )
    return ok(N_("Iemand anders nam besluit {number}."), number=contested.number)


@rule(
    "M10",
    N_("Wie het rapport opmaakte, legt de boete niet op"),
    source="Awb 10:3 lid 4, 5:53",
    personal=True,
    concerns=lambda book, q: (
        Special.FINE in book.power.specials or "rapporteur" in book.power.asks or q.reporter is not None
    ),
)
def not_own_report(v: View) -> Finding:
    needed = Special.FINE in v.power.specials or "rapporteur" in v.power.asks
    if not needed and v.q.reporter is None:
        return na(N_("Hier is geen rapport voor nodig."))
    if v.q.reporter is None:
        return no(N_("Zeg wie het rapport opmaakte."), todo="rapporteur")
    if v.q.reporter in v.bound:
        return no(N_("{name} maakte zelf het rapport op."), name=v.book.name(v.q.reporter))
    return ok(N_("Iemand anders maakte het rapport op."))


@rule(
    "M19",
    N_("Wie een eigen belang heeft, beslist niet"),
    source="Awb 2:4; Gemeentewet 28, 58",
    unsure=True,
    personal=True,
    grants_only=False,
    concerns=lambda book, q: q.interest is not False or bool(book.facts.interests),
)
def no_interest(v: View) -> Finding:
    if v.q.interest is True:
        return no(N_("Je hebt zelf een belang. De zaak gaat een stap omhoog."))
    rows = [
        row
        for row in v.book.facts.interests
        if row.person in v.bound and _about(row, v.q) and row.recorded.holds(v.q.known_at)
    ]
    if rows:
        row = min(rows, key=lambda row: (row.person, row.about, row.kind))
        return no(N_("Van {name} is een belang bekend bij {about}."), name=v.book.name(row.person), about=row.about)
    if v.q.interest is None and "belang" in v.power.asks:
        return no(N_("Zeg of je zelf een belang hebt."), todo="belang")
    if v.q.interest is None:
        return na(N_("Er is geen belang bekend. Je verklaart dit als je het besluit vastlegt."))
    return ok(N_("Je verklaart dat je geen belang hebt."))


def _about(row: Interest, q: Question) -> bool:
    return same_case(row.about, q.case) or same_party(row.about, q.counterparty)


def four_eyes_line(v: View) -> int | None:
    """The lowest amount above which a second person is needed: -1 always, None never."""
    lines = [c.cents for grant in v.grants for c in grant.conditions if c.kind is ConditionKind.FOUR_EYES]
    if v.power.four_eyes_above is not None:
        lines.append(v.power.four_eyes_above)
    return min(lines, default=None)


def _may_need_four_eyes(book: Book, _: Question) -> bool:
    return book.power.four_eyes_above is not None or any(
        c.kind is ConditionKind.FOUR_EYES for grant in book.grants.values() for c in grant.conditions
    )


@rule(
    "M20",
    N_("Vier ogen"),
    source="eigen regel van de gemeente",
    personal=True,
    concerns=_may_need_four_eyes,
)
def four_eyes(v: View) -> Finding:
    line = four_eyes_line(v)
    if line is None or (v.total is not None and v.total <= line):
        return na(N_("Een tweede persoon is niet nodig."))
    second = v.q.second
    if second is None:
        return note(N_("Een tweede persoon moet meebeslissen."), effect=Verdict.TOGETHER, todo="tweedePersoonId")
    if second == v.person:
        return no(N_("Je kunt niet zelf de tweede persoon zijn, ook niet met een andere rol."), todo="tweedePersoonId")
    name = v.book.name(second)
    if second in v.bound or second in _stand_ins(v):
        return no(N_("{name} en jij vervangen elkaar. Kies iemand anders."), todo="tweedePersoonId", name=name)
    if second in _barred(v):
        return no(
            N_("{name} mag hier zelf niet over beslissen. Kies iemand anders."), todo="tweedePersoonId", name=name
        )
    if not _may_look(v, second):
        return no(N_("{name} heeft geen eigen mandaat en geen controlerol."), todo="tweedePersoonId", name=name)
    return ok(N_("{name} beslist mee."), name=name)


def _stand_ins(v: View) -> set[str]:
    role = v.role
    if role is None or v.person not in v.book.holders(role.id):
        return set()
    return {row.substitute for row in v.book.substitutes(role.id)} - set(v.book.holders(role.id))


def _barred(v: View) -> frozenset[str]:
    """Persons whom M09, M10 or M19 keep out, whoever decides."""
    taken = v.q.contested.taken_by if v.q.contested else None
    known = frozenset(
        row.person for row in v.book.facts.interests if _about(row, v.q) and row.recorded.holds(v.q.known_at)
    )
    return (taken or frozenset()) | known | (frozenset({v.q.reporter}) if v.q.reporter else frozenset())


def _may_look(v: View, second: str) -> bool:
    if any(role.control and second in v.book.holders(role.id) for role in v.book.facts.roles):
        return True
    if v.book.is_member(v.organ.id, second):
        return True
    for chain in v.book.chains(second, None):
        if not _barred(v) & set(chain.post.absent):
            view = View(v.book, v.q, v.power, v.organ, chain, second, v.before)
            if all(RULES[code].check(view).effect is not Verdict.NO for code in SECOND_NEEDS):
                return True
    return False


@rule(
    "M23",
    N_("Vervangen mag alleen met een besluit, in die periode"),
    source="eigen regel van de gemeente",
    personal=True,
    concerns=lambda book, q: bool(book.replacements),
)
def replacement_holds(v: View) -> Finding:
    row = v.chain.post.replacement if v.chain else None
    if row is None:
        return na(N_("Je vervangt hier niemand."))
    role = v.role.name if v.role else ""
    if not row.valid.holds(v.q.moment):
        return no(N_("Je vervanging als {role} geldt niet op dit moment."), role=role)
    if not row.decision:
        return no(N_("Er is geen besluit dat jou als vervanger van {role} aanwijst."), role=role)
    if not v.book.stands(row):
        if row.reason is Absence.VACANT:
            return no(N_("De rol {role} is weer vervuld. Je vervanging is voorbij."), role=role)
        return no(N_("De rol {role} is leeg. Je besluit gaat alleen over afwezigheid."), role=role)
    return ok(N_("Je vervangt {role} volgens {decision}."), role=role, decision=row.decision)


@rule(
    "M24",
    N_("Een mandaat hoort bij een rol, en een rol bij een persoon"),
    source="eigen regel van de gemeente",
    grants_only=False,
)
def fills_role(v: View) -> Finding:
    if v.chain is None and v.person is None:
        return no(N_("Dit ambt heeft geen mandaat voor {power}."), power=v.power.code)
    if v.chain is None:
        return no(N_("Je hebt geen rol met een mandaat voor {power}."), power=v.power.code)
    if v.itself:
        return ok(N_("Je hoort bij {organ}."), organ=v.organ.name)
    post, leaf = v.chain.post, v.grants[-1]
    if post.capacity is Capacity.OFFICE:
        return na(N_("De vraag gaat over het ambt, niet over een persoon."))
    if post.capacity is Capacity.PERSON:
        return ok(N_("{number} is op jouw naam gegeven."), number=leaf.number)
    if post.capacity is Capacity.MEMBER:
        return ok(N_("Je hoort bij het orgaan dat {number} kreeg."), number=leaf.number)
    role = v.role.name if v.role else ""
    if post.capacity is Capacity.SUBSTITUTE:
        return na(N_("Je bent vervanger van {role}."), role=role)
    if post.filling is None:
        return no(N_("Je vervult de rol {role} niet."), role=role)
    if not post.now:
        return no(N_("Je vervult de rol {role} niet op dit moment."), role=role)
    return ok(N_("Je vervult de rol {role}."), role=role)


@rule(
    "M28",
    N_("Een klacht handel je niet af als die over jou gaat"),
    source="Awb 9:7",
    unsure=True,
    personal=True,
    grants_only=False,
    concerns=lambda book, q: Special.COMPLAINT in book.power.specials,
)
def not_own_complaint(v: View) -> Finding:
    if Special.COMPLAINT not in v.power.specials:
        return na(N_("Dit gaat niet over een klacht."))
    if v.q.complained_of is None:
        return no(N_("Zeg over wie de klacht gaat."), todo="beklaagde")
    if v.q.complained_of in v.bound:
        return no(N_("De klacht gaat over {name}."), name=v.book.name(v.q.complained_of))
    return ok(N_("De klacht gaat over iemand anders."))


@rule(
    "M30",
    N_("Meedoen aan een klus geeft geen mandaat"),
    source="Awb 10:1",
    personal=True,
    grants_only=False,
    concerns=lambda book, q: False,
)
def claim_gives_nothing(v: View) -> Finding:
    rows = [
        row
        for row in v.book.facts.claims
        if row.person == v.person
        and v.power.code in row.powers
        and row.valid.holds(v.q.moment)
        and row.recorded.holds(v.q.known_at)
    ]
    if not rows:
        return na(N_("Je vraagt dit niet vanuit een klus."))
    klus = min(row.klus for row in rows)
    if v.chain is None:
        return no(N_("Je doet mee aan {klus}. Dat geeft je geen mandaat."), klus=klus)
    return ok(N_("Je doet mee aan {klus}, maar je besluit vanuit je mandaat."), klus=klus)
