"""The engine's save-time rules over the register as it becomes: faults of rows, and what is odd but may stand."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from teams.exchange.mandaten.powers import bases_of
from teams.exchange.mandaten.register import Register, now_of
from teams.exchange.mandaten.state import Moments
from teams.kit.errors import Reason
from teams.mandates.chains import MAX_DEPTH
from teams.mandates.check import check_grant
from teams.mandates.conditions import specials_of
from teams.mandates.facts import Facts, Grant, LegalBasis, Power, Submandate
from teams.mandates.facts import Span as Period
from teams.mandates.queries import rows as to
from teams.mandates.terms import ActKind, Base, Form, Kind, Mandatable, Special, Sub

_COLUMNS = {
    "M01": "gever", "M03": "gever", "M04": "ouder", "M05": "instemming_ontvanger_op", "M06": "zaak",
    "M07": "bevoegdheden", "M08": "bevoegdheden", "M11": "bevoegdheden", "M12": "bevoegdheden",
}  # fmt: skip
_BY_VALUE = (("mine", "grens"), ("kinds", "soorten"), ("power", "bevoegdheden"))
_BY_WORDS = (("werkgever", "instemming_werkgever_op"), ("duurt langer", "tot"), ("begint eerder", "van"))


class Checker:
    """All grants as they become, seen once; then the rules for one grant among those above and below it."""

    def __init__(self, register: Register) -> None:
        self.register = register
        numbers = {id_: number for number, id_ in register.grants.items()}
        self.grants = {
            numbers[id_]: _grant(register, numbers[id_], spans, numbers)
            for id_, spans in register.grant_versions.items()
            if spans
        }
        self._children: dict[str, list[str]] = {}
        for number, grant in self.grants.items():
            if grant.parent is not None:
                self._children.setdefault(grant.parent, []).append(number)

    def faults(self, number: str) -> Iterator[tuple[str, str]]:
        """Column and sentence of every rule that the grant breaks; of one that is withdrawn nothing is asked any more."""
        draft = self.grants[number]
        if draft.withdrawn_at is not None and draft.withdrawn_at <= self.register.at:
            return
        for reason in self._reasons(draft):
            if reason.values.get("parent") in self.grants or "parent" not in reason.values:
                rule = f" ({reason.code})" if reason.code.startswith("M") else ""
                yield _column(reason), f"{reason.text.format(**reason.values).rstrip('.')}{rule}"

    def warnings(self, rows: dict[str, int]) -> list[str]:
        """Of grants in the files: decided but not published (M13), below one that has ended (M17). Of others: what no longer fits."""
        lines = []
        for number, grant in sorted(self.grants.items()):
            if grant.withdrawn_at is not None:
                continue
            if number in rows:
                place = f"mandaten:{rows[number]}"
                if grant.decided_on and not grant.published_on and grant.form is Form.GENERAL:
                    lines.append(
                        f"{place}:bekendgemaakt_op: let op: nog niet bekendgemaakt, dus het werkt nog niet (M13)"
                    )
                above = self.grants.get(grant.parent or "")
                if above is not None and (above.withdrawn_at or _over(above, self.register.at)):
                    lines.append(f"{place}:ouder: let op: {above.number} geldt niet meer, dus dit ook niet (M17)")
            elif grant.powers & self.register.touched_powers:
                reasons = self._reasons(grant)
                lines += [f"mandaat {number}: let op: {r.text.format(**r.values)} ({r.code})" for r in reasons]
        return lines

    def _reasons(self, draft: Grant) -> list[Reason]:
        named, register = draft.powers | (draft.all_except or frozenset()), self.register
        powers = tuple(
            _power(register, code) for code in sorted(named) if register.powers.get(code) in register.power_versions
        )
        near = tuple(self.grants[number] for number in self._near(draft))
        return check_grant(
            Facts(powers, grants=near, roles=tuple(register.names.facts.values())), draft, at=register.at
        )

    def _near(self, draft: Grant) -> set[str]:
        """The grant, what is below it and what is above it: one step further than a chain may be long."""
        seen, level, above = {draft.number}, [draft.number], draft.parent
        for _ in range(MAX_DEPTH + 1):
            level = [child for number in level for child in self._children.get(number, ()) if child not in seen]
            seen |= set(level)
            if above is not None and above in self.grants:
                seen.add(above)
                above = self.grants[above].parent
        return seen


def _over(grant: Grant, at: datetime) -> bool:
    return grant.valid.end is not None and grant.valid.end <= at


def _column(reason: Reason) -> str:
    if reason.code == "verkeerd_moment":
        return "bekendgemaakt_op" if "Bekendmaken" in reason.text else "tot"
    by_words = next((column for words, column in _BY_WORDS if words in reason.text), None)
    by_value = next((column for name, column in _BY_VALUE if name in reason.values), None)
    return by_words or (_COLUMNS.get(reason.code) if reason.code != "M02" else by_value) or "ouder"


def _power(register: Register, code: str) -> Power:
    power = register.powers[code]
    fields = now_of(register.power_versions[power], register.at).fields
    bases = tuple(
        LegalBasis(span.fields["text"], Period(span.start, span.end))
        for span in bases_of(register, power)
        if span.holds(register.at)
    )
    return Power(
        code, fields["title"], tuple(fields["organs"]), ActKind(fields["act"]), bases, Mandatable(fields["mandatable"]),
        frozenset(map(to.party, fields["only_to"])), fields["mandatable_source"],
        frozenset(map(Special, fields["specials"])) | specials_of(bases), Base(fields["ceiling_base"]), fields["four_eyes"],
        fields["external_by_law"],
    )  # fmt: skip


def _grant(register: Register, number: str, timeline: Moments, numbers: dict[UUID, str]) -> Grant:
    """As it stands now; its period is the whole of it."""
    fields = now_of(timeline, register.at).fields
    parent = numbers[fields["parent_id"]] if fields["parent_id"] else None
    return Grant(
        number, frozenset(map(Kind, fields["kinds"])), tuple(map(to.party, fields["grantors"])), to.party(fields["holder"]),
        parent, frozenset(fields["powers"]), None if fields["all_except"] is None else frozenset(fields["all_except"]),
        fields["ceiling"], Base(fields["base"]),
        Submandate(Sub(fields["sub"]), fields["sub_depth"], frozenset(map(to.party, fields["sub_only_to"]))),
        tuple(map(to.condition, fields["conditions"])), tuple(fields["instructions"]), Form(fields["form"]),
        fields["case_number"], fields["written"], fields["decided_on"], fields["published_on"], fields["publication"],
        fields["consent_holder_on"], fields["consent_employer_on"], Period(timeline[0].start, timeline[-1].end),
        fields["withdrawn_at"],
    )  # fmt: skip
