"""A slow second opinion on the mandate rules, written apart from the engine: it shares only the fact classes with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from teams.mandates.facts import Condition, Exclusion, Facts, Grant, Party, Power, Role, Span, Trigger
from teams.mandates.question import Question

YES, RATIFY, TOGETHER, CONSULT, NO = range(5)
WORDS = ("ja", "bij_bekrachtiging", "samen_met", "eerst_overleg", "nee")
PERSONAL = {"M09", "M10", "M19", "M20", "M23", "M24", "M28", "M30"}
Codes = dict[str, int]


def inside(span: Span, at: datetime) -> bool:
    if span.start is not None and at < span.start:
        return False
    return span.end is None or at < span.end


def year(at: datetime) -> int:
    return at.astimezone(ZoneInfo("Europe/Amsterdam")).year


class Way:
    """One imaginable way for a person to the power: the grants from leaf up, and how the person stands."""

    def __init__(self, leaf: Grant | None, stance: str, role: str | None, absent: set[str]) -> None:
        self.leaf, self.stance, self.role, self.absent = leaf, stance, role, absent
        self.up: list[Grant] = []
        self.rooted = True


class Oracle:
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

    def without_grants(self, found: Codes, organ: str, way: Way | None) -> None:
        if way is None:
            found["M24"] = NO
            return
        for g in self.known:
            gives = [p.id for p in g.grantors if p.kind.value == "orgaan"]
            covers = self.power.code in g.powers if g.all_except is None else self.power.code not in g.all_except
            if organ in gives and "delegatie" in g.kinds and covers and self.names_power_somehow(g):
                ended = g.withdrawn_at is not None and g.withdrawn_at <= self.q.moment
                if inside(g.valid, self.q.moment) and g.decided_on and g.decided_on <= self.q.moment and not ended:
                    found["M01"] = NO

    def m01(self, found: Codes, organ: str, way: Way) -> None:
        top = way.up[-1]
        if (
            not way.rooted
            or top.parent is not None
            or Party(top.holder.kind.__class__("orgaan"), organ) not in top.grantors
        ):
            found["M01"] = NO

    def m02(self, found: Codes, organ: str, grants: list[Grant], way: Way) -> None:
        if not way.rooted:
            found["M02"] = NO
            return
        need = {"besluit": {"mandaat"}, "privaatrecht": {"volmacht"}, "feitelijk": {"machtiging"}}[self.power.act.value]
        kind = next(o.kind for o in self.f.organs if o.id == organ)
        if self.power.act.value == "privaatrecht" and len(self.power.organs) >= 2 and kind != "burgemeester":
            need = need | {"mandaat"}
        if self.q.organ_decided_on and self.q.organ_decided_on <= self.q.moment:
            need = need | {"ondertekening"}
        free: list[str] = []
        for g in grants:
            if g.all_except is None and self.power.code not in g.powers:
                found["M02"] = NO
            if "delegatie" not in g.kinds and not need & {k.value for k in g.kinds}:
                found["M02"] = NO
            for word, fact in (("gebied", self.q.area), ("zaaktype", self.q.case_type)):
                allowed = {c.target for c in g.conditions if c.kind.value == word}
                if allowed and fact not in allowed:
                    found["M02"] = NO
            for c in g.conditions:
                if c.kind.value == "duur" and (self.q.hours is None or self.q.hours > c.hours):
                    found["M02"] = NO
                if c.kind.value == "tekst":
                    free.append(c.text)
        if found.get("M02") != NO and not set(free) <= self.q.confirmed:
            found["M02"] = CONSULT

    def m03_m04(self, found: Codes, grants: list[Grant]) -> None:
        top_down = grants[::-1]
        for i, g in enumerate(top_down):
            if i == 0 and not all(p.kind.value == "orgaan" for p in g.grantors):
                found["M03"] = NO
            if i > 0 and not any(self.equal(p, top_down[i - 1].holder) for p in g.grantors):
                found["M03"] = NO
            moved = g.holder.kind.value == "orgaan" and (i == 0 or "delegatie" in top_down[i - 1].kinds)
            if "delegatie" in g.kinds and not moved:
                found["M03"] = NO
        for i in range(len(top_down) - 1):
            sub, child = top_down[i].sub, top_down[i + 1]
            if sub.kind.value == "nee" and "delegatie" not in top_down[i].kinds:
                found["M04"] = NO
            if sub.kind.value == "diepte" and len(top_down) - 1 - i > sub.depth:
                found["M04"] = NO
            if sub.kind.value == "alleen_aan" and not [p for p in sub.only_to if self.equal(p, child.holder)]:
                found["M04"] = NO

    def outsider(self, g: Grant) -> bool:
        if "delegatie" in g.kinds:
            return False
        if g.holder.kind.value in ("extern", "orgaan"):
            return True
        return any(r.outside and r.id in self.role_ids(g.holder) for r in self.f.roles)

    def m05_m06(self, found: Codes, grants: list[Grant]) -> None:
        now = self.q.moment
        for g in grants:
            if self.outsider(g) and not self.power.external_by_law:
                if not g.consent_holder_on or g.consent_holder_on > now:
                    found["M05"] = NO
                if g.holder.kind.value != "orgaan" and (not g.consent_employer_on or g.consent_employer_on > now):
                    found["M05"] = NO
            if (
                g.decided_on is None
                or g.decided_on > self.q.known_at
                or (g.decided_on > now and self.q.known_at <= now)
            ):
                found["M06"] = NO
            if not g.written and (g.form.value == "algemeen" or self.outsider(g)):
                found["M06"] = NO
            if g.form.value == "bepaald_geval" and (g.case is None or self.q.case != g.case):
                found["M06"] = NO

    def nature(self, found: Codes, grants: list[Grant]) -> None:
        if self.power.mandatable.value == "nee":
            found["M07"] = NO
        if self.power.mandatable.value == "alleen_aan":
            for g in grants:
                if not [p for p in self.power.only_to if self.equal(p, g.holder)]:
                    found["M07"] = NO
        words = {s.value for s in self.power.specials}
        if words & {"algemeen_voorschrift", "versterkte_meerderheid", "vernietiging_of_goedkeuring"}:
            found["M08"] = NO
        if "openbare_orde" in words:
            found["M11"] = NO

    def times(self, found: Codes, grants: list[Grant]) -> None:
        now, known = self.q.moment, self.q.known_at
        for g in grants:
            gap = g.decided_on is not None and now < g.decided_on <= known
            public = g.published_on is not None and g.published_on <= (known if gap else now)
            if g.form.value == "algemeen" and self.f.settings.unpublished_refuses and not public:
                found["M13"] = NO
            if (g.withdrawn_at is not None and g.withdrawn_at <= now) or not inside(g.valid, now):
                found["M17"] = NO
            if gap and inside(g.valid, now):
                found["M29"] = RATIFY
            for t in self.f.taken_back:
                if t.grant == g.number and t.case == self.q.case and t.at <= now and inside(t.recorded, known):
                    found["M16"] = NO

    # -- money
    def sum_of_amounts(self) -> int | None:
        if self.q.cents is None:
            return None
        total = self.q.cents
        for e in self.f.earlier:
            if e.power != self.power.code or e.at > self.q.moment or not inside(e.recorded, self.q.known_at):
                continue
            if (self.q.case and e.case == self.q.case) or (
                self.q.counterparty and e.counterparty == self.q.counterparty and year(e.at) == year(self.q.moment)
            ):
                total += e.cents
        return total

    def money(self, found: Codes, grants: list[Grant]) -> None:
        for g in grants:
            spends = [c for c in g.conditions if c.kind.value == "max_per_jaar"]
            if (g.ceiling is not None or spends) and self.q.cents is None:
                found["M21"] = NO
                continue
            if g.ceiling is not None:
                assert self.total is not None
                if self.total > g.ceiling:
                    found["M21"] = NO
                if g.base.value == "per_jaar" and not self.q.counterparty and not self.q.case:
                    found["M21"] = NO
                if g.base.value == "per_zaak" and not self.q.case:
                    found["M21"] = NO
            for c in spends:
                used = [
                    e.cents for e in self.f.earlier
                    if g.number in e.grants and e.at <= self.q.moment and inside(e.recorded, self.q.known_at) and year(e.at) == year(self.q.moment)
                ]  # fmt: skip
                if sum(used) + (self.q.cents or 0) > c.cents:
                    found["M21"] = NO

    def m22(self, found: Codes) -> None:
        if self.power.act.value != "privaatrecht":
            return
        lefts = [
            b.left for b in self.f.budgets
            if self.power.code in b.powers and b.year == year(self.q.moment) and b.left is not None
            and inside(b.recorded, self.q.known_at) and (self.q.budget is None or b.code == self.q.budget)
        ]  # fmt: skip
        if lefts and (self.q.cents is None or self.q.cents > max(lefts)):
            found["M22"] = NO

    def m25(self, found: Codes, grants: list[Grant]) -> None:
        rules: list[Condition] = [c for g in grants for c in g.conditions]
        if self.q.sensitive is None and "gevoelig" in self.power.asks:
            found["M25"] = NO
        if self.q.sensitive and len(grants) >= 2:
            found["M25"] = NO
        for c in rules:
            if c.kind.value == "niet_afwijken_van" and self.q.features.get("wijkt_af_van") == c.target:
                found["M25"] = NO
        if "M25" in found:
            return
        open_ = bool(self.q.sensitive) and "M25" not in self.q.confirmed
        for c in rules:
            due = c.kind.value in ("overleg", "niet_afwijken_van") or (
                c.kind.value == "advies" and (self.total is None or self.total > c.cents)
            )
            open_ = open_ or (due and c.text not in self.q.confirmed)
        if open_:
            found["M25"] = CONSULT

    def m26(self, found: Codes, grants: list[Grant]) -> None:
        for x in self.f.exclusions:
            there = inside(x.valid, self.q.moment) and inside(x.recorded, self.q.known_at)
            about = x.power == self.power.code and x.grant in (None, *[g.number for g in grants])
            if there and about and self.bites(x):
                found["M26"] = NO
        if any(g.all_except is not None and self.power.code in g.all_except for g in grants):
            found["M26"] = NO

    def bites(self, x: Exclusion) -> bool:
        def one(t: Trigger) -> bool:
            facts = {"bedrag": self.total, "duur": self.q.hours, "gebied": self.q.area, "zaaktype": self.q.case_type}
            if t.kind.value == "altijd":
                return True
            if t.kind.value == "kenmerk":
                return not (t.code in self.q.features and self.q.features[t.code] is False)
            fact = facts[t.kind.value]
            if fact is None:
                return True
            return (
                fact > {"bedrag": t.cents, "duur": t.hours}[t.kind.value] if isinstance(fact, int) else fact == t.code
            )

        return not x.triggers or any(one(t) for t in x.triggers)

    # -- persons
    def bans(self, found: Codes, grants: list[Grant], bound: set[str]) -> None:
        words = {s.value for s in self.power.specials}
        if "bezwaar" in words or self.q.contested:
            takers = self.q.contested.taken_by if self.q.contested else None
            if takers is None or takers & bound:
                found["M09"] = NO
            else:
                higher = {p for g in grants[1:] for r in self.role_ids(g.holder) for p in self.filled(r)}
                if higher & takers and "M09" not in self.q.confirmed:
                    found["M09"] = CONSULT
        asked = "boete" in words or "rapporteur" in self.power.asks
        if (asked and self.q.reporter is None) or self.q.reporter in bound:
            found["M10"] = NO

    def known_interest(self) -> set[str]:
        about = [x for x in (self.q.case, self.q.counterparty) if x]
        return {i.person for i in self.f.interests if i.about in about and inside(i.recorded, self.q.known_at)}

    def m19_m28_m30(self, found: Codes, bound: set[str], person: str | None, way: Way | None) -> None:
        if (
            self.q.interest
            or bound & self.known_interest()
            or (self.q.interest is None and "belang" in self.power.asks)
        ):
            found["M19"] = NO
        about_me = self.q.complained_of is None or self.q.complained_of in bound
        if about_me and "klacht" in {s.value for s in self.power.specials}:
            found["M28"] = NO
        for c in self.f.claims:
            mine = c.person == person and self.power.code in c.powers
            if mine and way is None and inside(c.valid, self.q.moment) and inside(c.recorded, self.q.known_at):
                found["M30"] = NO

    def m20(self, found: Codes, organ: str, way: Way, person: str | None, bound: set[str]) -> None:
        lines = [c.cents for g in way.up for c in g.conditions if c.kind.value == "vier_ogen"]
        lines += [] if self.power.four_eyes_above is None else [self.power.four_eyes_above]
        if not lines or (self.total is not None and self.total <= min(lines)):
            return
        second = self.q.second
        if second is None:
            found["M20"] = TOGETHER
            return
        shut = set(self.known_interest())
        shut |= set((self.q.contested.taken_by or set()) if self.q.contested else set())
        shut |= {self.q.reporter} if self.q.reporter else set()
        covers_me = way.stance == "holder" and any(
            x.substitute == second and x.role == way.role and inside(x.valid, self.q.moment)
            and inside(x.recorded, self.q.known_at) and self.valid_stand_in(x) and second not in self.filled(x.role)
            for x in self.f.replacements
        )  # fmt: skip
        if (
            second == person
            or second in bound
            or covers_me
            or second in shut
            or not self.own_power(organ, second, shut)
        ):
            found["M20"] = NO

    def own_power(self, organ: str, second: str, shut: set[str]) -> bool:
        controls: list[Role] = [r for r in self.f.roles if r.control]
        if any(second in self.filled(r.id) for r in controls) or self.sits_in(organ, second):
            return True
        for way in self.ways(second, None):
            if way.absent & shut:
                continue
            found: Codes = {}
            self.m01(found, organ, way)
            self.m02(found, organ, way.up, way)
            self.m03_m04(found, way.up)
            self.m05_m06(found, way.up)
            self.nature(found, way.up)
            self.times(found, way.up)
            self.m26(found, way.up)
            self.m23_m24(found, way)
            if NO not in found.values():
                return True
        return False

    def m23_m24(self, found: Codes, way: Way) -> None:
        if way.stance == "bad substitute":
            found["M23"] = NO
        if way.stance == "gone":
            found["M24"] = NO
