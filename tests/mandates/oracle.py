"""A slow second opinion on the mandate rules, written apart from the engine: it shares only the fact classes with it."""

from teams.mandates.facts import Facts, Grant, Party, Power
from teams.mandates.question import Question
from tests.mandates.oracle_persons import PersonRules
from tests.mandates.oracle_rules import NO, WORDS, YES, Codes, Way, inside

PERSONAL = {"M09", "M10", "M19", "M20", "M23", "M24", "M28", "M30"}
__all__ = ["NO", "WORDS", "Oracle"]


class Oracle(PersonRules):
    def __init__(self, facts: Facts, q: Question) -> None:
        self.f, self.q = facts, q
        self.power: Power = next(p for p in facts.powers if p.code == q.power)
        self.known = [g for g in facts.grants if inside(g.recorded, q.known_at)]
        self.total = self.sum_of_amounts()

    # -- persons and roles
    def filled(self, role: str) -> set[str]:
        return {
            x.person for x in self.f.fillings
            if x.role == role and inside(x.recorded, self.q.known_at) and inside(x.valid, self.q.moment)
        }  # fmt: skip

    def role_ids(self, party: Party) -> set[str]:
        if party.kind.value == "functie":
            return {r.id for r in self.f.roles if r.office == party.id}
        if party.kind.value == "rol":
            return {r.id for r in self.f.roles if r.id == party.id}
        return {party.id} if party.kind.value == "extern" else set()

    def equal(self, a: Party, b: Party) -> bool:
        return a == b or len(self.role_ids(a) & self.role_ids(b)) > 0

    def sits_in(self, organ: str, person: str | None) -> bool:
        for m in self.f.members:
            if (
                m.organ == organ
                and m.person == person
                and inside(m.valid, self.q.moment)
                and inside(m.recorded, self.q.known_at)
            ):
                return True
        return False

    def valid_stand_in(self, x: object) -> bool:
        empty = self.filled(x.role) == set()  # type: ignore[attr-defined]
        return x.decision != "" and (x.reason.value == "ontstentenis") == empty  # type: ignore[attr-defined]

    def stance(self, role: str, person: str, insisted: bool) -> tuple[str, set[str]] | None:
        if person in self.filled(role):
            return "holder", set()
        mine = [
            x
            for x in self.f.replacements
            if x.role == role and x.substitute == person and inside(x.recorded, self.q.known_at)
        ]
        if mine:
            good = [x for x in mine if inside(x.valid, self.q.moment) and self.valid_stand_in(x)]
            return ("substitute" if good else "bad substitute"), self.filled(role) - {person}
        ever = any(
            x.role == role and x.person == person and inside(x.recorded, self.q.known_at) for x in self.f.fillings
        )
        return ("gone", set()) if ever or insisted else None

    # -- ways
    def ways(self, person: str | None, role: str | None) -> list[Way]:
        found = []
        for leaf in self.known:
            if not self.names_power_somehow(leaf):
                continue
            kind, holder = leaf.holder.kind.value, leaf.holder.id
            if kind == "persoon" and holder == person and role is None:
                found.append(Way(leaf, "person", None, set()))
            if kind == "orgaan" and role is None and self.sits_in(holder, person):
                found.append(Way(leaf, "member", None, set()))
            for one in self.role_ids(leaf.holder):
                if role not in (None, one):
                    continue
                if person is None:
                    found.append(Way(leaf, "office", one, set()))
                elif (how := self.stance(one, person, role is not None)) is not None:
                    found.append(Way(leaf, how[0], one, how[1]))
        for way in found:
            self.walk_up(way)
        return found

    def walk_up(self, way: Way) -> None:
        at = way.leaf
        while at is not None:
            way.up.append(at)
            if at.parent is None:
                return
            above = [g for g in self.known if g.number == at.parent]  # type: ignore[union-attr]
            if not above or above[0].number in [g.number for g in way.up]:
                way.rooted = False
                return
            at = above[0]

    def names_power_somehow(self, leaf: Grant) -> bool:
        if leaf.all_except is None:
            return self.power.code in leaf.powers
        way = Way(leaf, "", None, set())
        self.walk_up(way)
        return any(p.kind.value == "orgaan" and p.id in self.power.organs for p in way.up[-1].grantors)

    # -- the verdict
    def verdict(self, person: str | None, role: str | None) -> tuple[int, list[set[frozenset[str]]]]:
        """The verdict, and per source organ the sets of refusing codes that the best ways have."""
        worst, choices = YES, []
        for organ in self.power.organs:
            ways: list[Way | None] = [*self.ways(person, role)]
            from_organ = [
                w for w in ways if w and any(p.kind.value == "orgaan" and p.id == organ for p in w.up[-1].grantors)
            ]
            ways = [*(from_organ or ways)]
            if role is None and self.sits_in(organ, person):
                ways.append(Way(None, "itself", None, set()))
            judged = [self.codes(organ, w, person) for w in (ways or [None])]
            graded = [
                (max(c.values()), sum(v == NO for v in c.values()), frozenset(k for k, v in c.items() if v == NO))
                for c in judged
            ]
            best = min(g[:2] for g in graded)
            choices.append({g[2] for g in graded if g[:2] == best})
            worst = max(worst, best[0])
        return worst, choices

    def codes(self, organ: str, way: Way | None, person: str | None) -> Codes:
        found: Codes = {"": YES}
        grants = way.up if way else []
        bound = ({person} if person else set()) | (way.absent if way else set())
        if way is None or way.leaf is None:
            self.without_grants(found, organ, way)
        else:
            self.m01(found, organ, way)
            self.m02(found, organ, grants, way)
            self.m03_m04(found, grants)
            self.m05_m06(found, grants)
            self.nature(found, grants)
            self.times(found, grants)
            self.money(found, grants)
            self.m25(found, grants)
            self.m26(found, grants)
            self.bans(found, grants, bound)
            self.m20(found, organ, way, person, bound)
            self.m23_m24(found, way)
        self.m19_m28_m30(found, bound, person, way)
        self.m22(found)
        if person is None:
            found = {k: v for k, v in found.items() if k not in PERSONAL or (way is None and k == "M24")}
        return found
