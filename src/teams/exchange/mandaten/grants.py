"""Grants of the file, laid beside the register and beside the rules that hold when one is stored (M01-M12)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from teams.exchange.mandaten.checks import Checker
from teams.exchange.mandaten.register import Register, Thing, alike, fits, now_of, period
from teams.exchange.mandaten.rows import DATED, GrantRow, targets
from teams.exchange.mandaten.state import Moments
from teams.exchange.mandaten.words import GRANT_WORDS
from teams.kit.clock import day_of, start_of
from teams.kit.history import Keep, Span, aim, difference
from teams.mandates.models import GrantEntity, GrantVersion

_DEFAULTS: dict[str, Any] = {
    "parent_id": None, "powers": [], "all_except": None, "ceiling": None, "base": "per_besluit", "sub": "nee",
    "sub_depth": 0, "sub_only_to": [], "conditions": [], "instructions": [], "form": "algemeen", "case_number": None,
    "written": True, "framework_id": None, "remarks": "", "decided_on": None, "decision": "", "published_on": None,
    "publication": "", "publication_uri": "", "consent_holder_on": None, "consent_employer_on": None,
    "withdrawn_at": None, "withdrawal": "",
}  # fmt: skip
_PAST = ("decided_on", "published_on", "consent_holder_on", "consent_employer_on")
_WHEN = frozenset({*DATED, "decision", "publication", "publication_uri", "withdrawal"})
"""Said of the grant as a whole; the rest holds for a period."""


def plan_grants(register: Register, rows: list[GrantRow]) -> None:
    fresh = register.once(rows, "nummer")
    for row in fresh:
        if row.key not in register.grants:
            register.grants[row.key] = next(register.ids)
    good = [row for row in fresh if _meant(register, row) and _aim(register, row)]
    checker = Checker(register)
    for row in good:
        if _stands(register, row):
            continue
        for column, what in checker.faults(row.key):
            row.row.wrong(column, what)
    for row in good:
        if row.row.good:
            _settle(register, row)
    register.draft.notices += checker.warnings({row.key: row.row.number for row in good})


def _meant(register: Register, row: GrantRow) -> bool:
    """Everything that the row names exists, and its days are in order."""
    given = row.given
    register.codes(row.row, "bevoegdheden", given["powers"])
    register.codes(row.row, "alles_behalve", given.get("all_except") or ())
    given["grantors"] = register.parties(row, "gever")
    given["holder"] = next(iter(register.parties(row, "ontvanger")), None)
    if "ondermandaat" in row.parties:
        given["sub_only_to"] = register.parties(row, "ondermandaat")
    for target in targets(row):
        if target not in register.names.exact:
            row.row.wrong("voorwaarden", f"er is geen rol '{target[:80]}'")
    if not isinstance(row.parent, Keep):
        if row.parent is not None and row.parent not in register.grants:
            row.row.wrong("ouder", f"het mandaat '{row.parent}' staat niet in het register")
        if row.parent == row.key:
            row.row.wrong("ouder", "een mandaat kan niet onder zichzelf hangen")
        given["parent_id"] = register.grants.get(row.parent) if row.parent else None
    if not isinstance(row.framework, Keep):
        if row.framework is not None and row.framework not in register.frameworks:
            row.row.wrong("kader", f"het kader '{row.framework}' staat niet in het register")
        given["framework_id"] = register.frameworks.get(row.framework) if row.framework else None
    for name in _PAST:
        if (day := row.dated.get(name)) and day > register.draft.today:
            row.row.wrong(DATED[name], "ligt na vandaag")
    decided, gone = row.dated.get("decided_on"), row.dated.get("withdrawn_at")
    if gone and (decided is None or gone < decided):
        row.row.wrong("ingetrokken_op", "ligt voor het besluit, of er is nog niet besloten")
    return row.row.good


def _aim(register: Register, row: GrantRow) -> bool:
    grant = register.grants[row.key]
    old = register.state.grant_versions.get(grant, [])
    before = now_of(old, register.at).fields if old else {}
    given = alike(row.given, before)
    given |= {name: _moment(day, before.get(name)) for name, day in row.dated.items()}
    if not old and "base" not in given:
        given["base"] = _base(register, given["powers"])
    start, end = period(old, row)
    first = start or (None if old else start_of(row.dated.get("decided_on") or register.draft.today))
    contents = {name: value for name, value in given.items() if name not in _WHEN}
    if not old or any(before[name] != value for name, value in contents.items()):
        contents = given
    new = aim(old, contents, {**_DEFAULTS, "grant_id": grant}, start=first, end=end, today=register.at)
    if not fits(row, new, end):
        return False
    if contents is not given:
        new = [_said(span, before, {name: given[name] for name in given if name in _WHEN}) for span in new]
    register.grant_versions[grant] = new
    return True


def _stands(register: Register, row: GrantRow) -> bool:
    """Neither the grant nor a power that it names changes."""
    grant = register.grants[row.key]
    named = {*row.given["powers"], *(row.given.get("all_except") or ())}
    same = difference(register.state.grant_versions.get(grant, []), register.grant_versions[grant]) == ([], [])
    return same and not named & register.touched_powers


def _said(span: Span[datetime], before: Any, when: dict[str, Any]) -> Span[datetime]:
    """A period that said the same as now about when something happened, says what is now known."""
    if all(span.fields[name] == before[name] for name in when):
        return Span({**span.fields, **when}, span.start, span.end, span.row)
    return span


def _moment(day: date | None, before: datetime | None) -> datetime | None:
    """Midnight, or the moment that is known on that day."""
    if day is None:
        return None
    return before if before is not None and day_of(before) == day else start_of(day)


def _base(register: Register, codes: list[str]) -> str:
    bases = {
        now_of(register.power_versions[register.powers[code]], register.at).fields["ceiling_base"] for code in codes
    }
    return bases.pop() if len(bases) == 1 else "per_besluit"


def _settle(register: Register, row: GrantRow) -> None:
    grant = register.grants[row.key]
    old, new = register.state.grant_versions.get(grant, []), register.grant_versions[grant]
    label = f"{register.show('holder', new[-1].fields['holder'])}: {'|'.join(row.given['powers']) or 'alles behalve'}"
    thing = Thing(
        "mandaten",
        row.key,
        label,
        GrantEntity,
        {"id": grant, "number": row.key},
        GrantVersion,
        old,
        new,
        GRANT_WORDS,
        None,
    )
    if register.settle(thing):
        register.touched_grants.append(grant)


def verbs(register: Register) -> Iterator[tuple[str, UUID, str, Moments]]:
    """What happened to each grant that changed, in one word."""
    numbers = {id_: number for number, id_ in register.grants.items()}
    for grant in register.touched_grants:
        new = register.grant_versions[grant]
        now = now_of(new, register.at).fields
        old = register.state.grant_versions.get(grant)
        before = now_of(old, register.at).fields if old else {}
        came = [name for name in ("withdrawn_at", "published_on", "decided_on") if now[name] and not before.get(name)]
        word = {"withdrawn_at": "withdrawn", "published_on": "published", "decided_on": "decided"}
        verb = word[came[0]] if came else "changed" if old else "drafted"
        yield f"grant.{verb}", grant, numbers[grant], new
