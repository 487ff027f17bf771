"""What must be right before a grant is stored: every reason at once, each with its rule (M01-M08, M11, M12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from teams.kit.errors import Reason
from teams.kit.text import N_
from teams.mandates.chains import MAX_DEPTH, Broken, climb, covers
from teams.mandates.facts import Facts, Grant, Party, Power
from teams.mandates.terms import Form, Kind, Mandatable, PartyKind, Special, Sub
from teams.mandates.text import Euro, Value, text

NEVER = frozenset({Special.GENERAL_RULES, Special.QUALIFIED_MAJORITY, Special.OVERSIGHT})


@dataclass(frozen=True, slots=True)
class Draft:
    """The grant to store, between the rest of the register as known now."""

    facts: Facts
    grant: Grant
    others: dict[str, Grant]

    @property
    def parent(self) -> Grant | None:
        return self.others.get(self.grant.parent) if self.grant.parent else None

    @property
    def children(self) -> list[Grant]:
        mine = (grant for grant in self.others.values() if grant.parent == self.grant.number)
        return sorted((grant for grant in mine if grant.withdrawn_at is None), key=lambda grant: grant.number)

    @property
    def powers(self) -> list[Power]:
        return sorted((power for power in self.facts.powers if power.code in self.grant.powers), key=lambda p: p.code)

    def roles_of(self, party: Party) -> set[str]:
        if party.kind is PartyKind.OFFICE:
            return {role.id for role in self.facts.roles if role.office == party.id}
        return {party.id} if party.kind is PartyKind.ROLE else set()

    def same(self, one: Party, other: Party) -> bool:
        return one == other or bool(self.roles_of(one) & self.roles_of(other))

    @property
    def outside(self) -> bool:
        """Whether the holder does not work under the grantor (M05)."""
        holder = self.grant.holder
        if Kind.DELEGATION in self.grant.kinds or holder.kind in (PartyKind.EXTERNAL, PartyKind.ORGAN):
            return Kind.DELEGATION not in self.grant.kinds
        return any(role.outside for role in self.facts.roles if role.id in self.roles_of(holder))


Checks = Callable[[Draft], Iterator[Reason]]


def check_grant(facts: Facts, draft: Grant, *, at: datetime) -> list[Reason]:
    """Every reason (Dutch templates) why `draft` may not be stored; empty when it may. `at`: the version of the register that is compared with."""
    others = {g.number: g for g in facts.grants if g.recorded.holds(at) and g.number != draft.number}
    case = Draft(facts, draft, others)
    return [reason for check in CHECKS for reason in check(case)]


def _say(code: str, msgid: str, **values: Value) -> Reason:
    return text(msgid, **values).reason(code)


def _dates(d: Draft) -> Iterator[Reason]:
    grant = d.grant
    if grant.valid.start and grant.valid.end and grant.valid.end <= grant.valid.start:
        yield _say("verkeerd_moment", N_("De einddatum ligt voor de begindatum."))
    if grant.published_on and (grant.decided_on is None or grant.published_on < grant.decided_on):
        yield _say("verkeerd_moment", N_("Bekendmaken kan pas na het besluit."))


def _root(d: Draft) -> Iterator[Reason]:
    """M01: each power belongs to one of the grantors; M03: the first grantor is an organ."""
    if d.grant.parent is not None:
        return
    organs = {party.id for party in d.grant.grantors if party.kind is PartyKind.ORGAN}
    if not d.grant.grantors or len(organs) < len(set(d.grant.grantors)):
        yield _say("M03", N_("Een mandaat zonder mandaat erboven komt van een bestuursorgaan."))
    for power in d.powers if organs else ():
        if not organs & set(power.organs):
            yield _say("M01", N_("{power} is geen bevoegdheid van de gever."), power=power.code)


def _above(d: Draft) -> Iterator[Reason]:
    """M02: nothing goes further than the parent; a missing parent, a cycle and too many steps are refused."""
    if d.grant.parent is None:
        return
    if d.grant.parent == d.grant.number:
        yield _say("M02", N_("Een mandaat kan niet onder zichzelf hangen."))
        return
    path, broken = climb({**d.others, d.grant.number: d.grant}, d.grant)
    if broken is Broken.CYCLE:
        yield _say("M02", N_("De mandaten verwijzen in een kring naar elkaar."))
        return
    if broken is Broken.ORPHAN:
        yield _say("M02", N_("Het mandaat {parent} staat niet in het register."), parent=path[0].parent or "")
    if broken is Broken.TOO_DEEP or len(path) + _height(d) > MAX_DEPTH:
        yield _say("M02", N_("De keten is langer dan {most} stappen."), most=MAX_DEPTH)
    for parent in path[:-1]:
        yield from _inside(d, d.grant, parent)


def _inside(d: Draft, child: Grant, parent: Grant) -> Iterator[Reason]:
    for code in sorted(child.powers):
        if not covers(parent, code):
            yield _say("M02", N_("{power} staat niet in {parent}."), power=code, parent=parent.number)
    if child.all_except is not None and parent.all_except is None:
        yield _say(
            "M02",
            N_("{parent} noemt losse bevoegdheden; {number} kan niet 'alles behalve' zijn."),
            parent=parent.number,
            number=child.number,
        )
    if Kind.DELEGATION not in parent.kinds and not child.kinds <= parent.kinds:
        extra = ", ".join(sorted(kind.value for kind in child.kinds - parent.kinds))
        yield _say("M02", N_("{parent} geeft geen {kinds}."), parent=parent.number, kinds=extra)
    if child.ceiling is not None and parent.ceiling is not None and child.ceiling > parent.ceiling:
        yield _say(
            "M02", N_("De grens van {number}, {mine}, is hoger dan die van {parent}, {theirs}."),
            number=child.number, mine=Euro(child.ceiling), parent=parent.number, theirs=Euro(parent.ceiling),
        )  # fmt: skip
    if parent.valid.end is not None and (child.valid.end is None or child.valid.end > parent.valid.end):
        yield _say("M02", N_("{number} duurt langer dan {parent}."), number=child.number, parent=parent.number)
    if parent.valid.start is not None and (child.valid.start is None or child.valid.start < parent.valid.start):
        yield _say("M02", N_("{number} begint eerder dan {parent}."), number=child.number, parent=parent.number)


def _below(d: Draft) -> Iterator[Reason]:
    """M02, M04: what hangs below must still fit."""
    if d.grant.parent == d.grant.number:
        return
    height = _height(d)
    for child in d.children:
        yield from _inside(d, child, d.grant)
        yield from _sub(d, d.grant, child, height)


def _grantor(d: Draft) -> Iterator[Reason]:
    """M03, M04: who gives must have it, and the parent must allow it."""
    grant, parent = d.grant, d.parent
    if any(d.same(party, grant.holder) for party in grant.grantors):
        yield _say("M03", N_("De gever en de ontvanger zijn dezelfde."))
    if Kind.DELEGATION in grant.kinds and grant.holder.kind is not PartyKind.ORGAN:
        yield _say("M03", N_("Delegatie kan alleen naar een ander bestuursorgaan, nooit aan een ondergeschikte."))
    if parent is None:
        return
    if not any(d.same(party, parent.holder) for party in grant.grantors):
        yield _say("M03", N_("Alleen wie {parent} heeft, mag dit doorgeven."), parent=parent.number)
    path, broken = climb(d.others, parent)
    if broken is not Broken.CYCLE:
        height = _height(d)
        for steps, above in enumerate(reversed(path), start=1):
            yield from _sub(d, above, grant if steps == 1 else path[len(path) - steps + 1], steps + height)


def _circle(d: Draft) -> Iterator[Reason]:
    """M02: nobody gets back what they gave on themselves. Who delegated no longer has it, and may get a mandate (Awb 10:17)."""
    grants = {**d.others, d.grant.number: d.grant}
    mine, broken = climb(grants, d.grant)
    below = [] if broken else _levels(d)
    if broken or len(mine) + len(below) > MAX_DEPTH:
        return  # said by `_above`
    for number in (d.grant.number, *(number for level in below for number in sorted(level))):
        grant, path = grants[number], climb(grants, grants[number])[0]
        if len(path) < 2:
            continue
        givers = (path[0].grantors, *((above.holder,) for above in path[:-2]))
        for step, parties in enumerate(givers):
            lost = Kind.DELEGATION not in grant.kinds and any(Kind.DELEGATION in one.kinds for one in path[step:-1])
            if not lost and any(d.same(party, grant.holder) for party in parties):
                yield _say(
                    "M02", N_("De ontvanger van {number} gaf dit zelf door met {parent}. Zo gaat het in een kring rond."),
                    number=grant.number, parent=path[step].number,
                )  # fmt: skip


def _sub(d: Draft, parent: Grant, child: Grant, below: int) -> Iterator[Reason]:
    if parent.sub.kind is Sub.NO and Kind.DELEGATION not in parent.kinds:
        yield _say("M04", N_("{parent} mag niet worden doorgegeven."), parent=parent.number)
    if parent.sub.kind is Sub.DEPTH and below > parent.sub.depth:
        yield _say(
            "M04",
            N_("{parent} mag {depth} keer worden doorgegeven, en dit is dieper."),
            parent=parent.number,
            depth=parent.sub.depth,
        )
    if parent.sub.kind is Sub.ONLY_TO and not any(d.same(child.holder, party) for party in parent.sub.only_to):
        yield _say("M04", N_("{parent} mag niet aan deze ontvanger worden doorgegeven."), parent=parent.number)


def _height(d: Draft) -> int:
    """Steps below the draft."""
    return len(_levels(d))


def _levels(d: Draft) -> list[set[str]]:
    """What hangs below the draft, step by step, guarded against cycles; of more than are allowed no more than that."""
    levels, level, seen = [], {d.grant.number}, {d.grant.number}
    while level := {g.number for g in d.others.values() if g.parent in level and g.withdrawn_at is None} - seen:
        seen |= level
        levels.append(level)
        if len(levels) > MAX_DEPTH:
            break
    return levels


def _form(d: Draft) -> Iterator[Reason]:
    """M05, M06: consent before publication, on paper, and a single case is named."""
    grant = d.grant
    if not grant.kinds:
        yield _say("M02", N_("Kies mandaat, volmacht, machtiging, ondertekening of delegatie."))
    if d.outside and grant.published_on and not (d.powers and all(power.external_by_law for power in d.powers)):
        if grant.consent_holder_on is None:
            yield _say("M05", N_("De ontvanger werkt niet onder de gever en heeft nog niet ingestemd."))
        if grant.consent_employer_on is None and grant.holder.kind is not PartyKind.ORGAN:
            yield _say("M05", N_("De werkgever van de ontvanger heeft nog niet ingestemd."))
    if not grant.written and (grant.form is Form.GENERAL or d.outside):
        yield _say("M06", N_("Dit mandaat moet op schrift staan."))
    if grant.form is Form.SINGLE and not grant.case:
        yield _say("M06", N_("Noem de zaak waarvoor dit mandaat geldt."))


def _powers(d: Draft) -> Iterator[Reason]:
    """M07, M08, M11, M12: powers from the catalogue that may be mandated, to this holder."""
    grant, known = d.grant, {power.code for power in d.facts.powers}
    if grant.all_except is None and not grant.powers:
        yield _say("M12", N_("Kies ten minste één bevoegdheid uit de lijst. Alleen tekst is te vaag."))
    if grant.all_except is not None and grant.powers:
        yield _say("M12", N_("Kies losse bevoegdheden of 'alles behalve', niet allebei."))
    for code in sorted((grant.powers | (grant.all_except or frozenset())) - known):
        yield _say("M12", N_("De bevoegdheid {power} bestaat niet."), power=code)
    for power in d.powers:
        source = power.mandatable_source or "register"
        if power.mandatable is Mandatable.NO:
            yield _say("M07", N_("{power} kan niet worden gemandateerd ({source})."), power=power.code, source=source)
        if power.mandatable is Mandatable.ONLY_TO and not any(d.same(grant.holder, p) for p in power.only_to):
            yield _say("M07", N_("{power} mag niet aan deze ontvanger ({source})."), power=power.code, source=source)
        if power.specials & NEVER:
            yield _say("M08", N_("{power} is van een soort die de wet nooit in mandaat laat geven."), power=power.code)
        if Special.PUBLIC_ORDER in power.specials:
            yield _say(
                "M11", N_("{power} gaat over de openbare orde. Dat blijft bij de burgemeester."), power=power.code
            )


CHECKS: tuple[Checks, ...] = (_powers, _dates, _root, _above, _below, _grantor, _circle, _form)
