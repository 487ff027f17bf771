"""The oracle's rules about persons: bans, interest, four eyes, replacement, role."""

from teams.mandates.facts import Grant, Role
from tests.mandates.oracle_rules import CONSULT, NO, TOGETHER, Codes, Rules, Way, inside


class PersonRules(Rules):
    """Who is kept out, and who must look along."""

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
