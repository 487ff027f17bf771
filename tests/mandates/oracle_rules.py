"""The oracle's rules, one slow method each, on the facts alone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from teams.mandates.facts import Condition, Exclusion, Facts, Grant, Party, Power, Span, Trigger
from teams.mandates.question import Question

YES, RATIFY, TOGETHER, CONSULT, NO = range(5)
WORDS = ("ja", "bij_bekrachtiging", "samen_met", "eerst_overleg", "nee")
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


class Rules:
    """Each method adds its code when the rule stands in the way."""

    f: Facts
    q: Question
    power: Power
    known: list[Grant]
    total: int | None

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
