"""Powers and exclusions of the file, laid beside the register."""

from typing import Any
from uuid import UUID

from teams.exchange.mandaten.register import Register, Thing, alike, fits, now_of, period
from teams.exchange.mandaten.rows import Meant
from teams.exchange.mandaten.state import Moments
from teams.exchange.mandaten.words import POWER_WORDS
from teams.journal.models import Note
from teams.kit.history import KEEP, Span, aim, at_moment
from teams.mandates.models import ExclusionVersion, PowerBasis, PowerEntity, PowerVersion

EXCLUSION_WORDS = {"rule": "regel", "triggers": "regel", "source": "bron"}
_DEFAULTS: dict[str, Any] = {
    "mandatable": "ja", "only_to": [], "mandatable_source": "", "specials": [], "ceiling_base": "per_besluit",
    "four_eyes": None, "external_by_law": False, "asks": [], "confidential": False, "recording": "per_besluit",
    "keywords": "",
}  # fmt: skip


def plan_powers(register: Register, rows: list[Meant]) -> None:
    """A new power holds from the first day that the files speak of; what differs holds from now."""
    for row in register.once(rows, "code"):
        for organ in row.given["organs"]:
            if organ not in register.names.organs:
                row.row.wrong("orgaan", f"er is geen orgaan '{organ[:40]}'")
        if "alleen_aan" in row.parties:
            row.given["only_to"] = register.parties(row, "alleen_aan")
        if row.row.good:
            _plan_power(register, row)


def _plan_power(register: Register, row: Meant) -> None:
    power = register.powers.get(row.key) or next(register.ids)
    register.powers[row.key] = power
    old = register.state.power_versions.get(power, [])
    given = dict(row.given)
    bases = given.pop("bases", None)
    given = alike(given, now_of(old, register.at).fields if old else {})
    new = aim(
        old,
        given,
        {**_DEFAULTS, "power_id": power},
        start=None if old else register.since,
        end=KEEP,
        today=register.at,
    )
    register.power_versions[power] = new
    thing = Thing(
        "bevoegdheden", row.key, given["title"], PowerEntity, {"id": power, "code": row.key}, PowerVersion, old, new,
        POWER_WORDS,
        Note(
            "power.changed" if old else "power.added",
            (("power", power),),
            {"power": str(power), "code": row.key},
            {"title": given["title"]},
            accountable=True,
        ),
        {} if bases is None else _plan_bases(register, power, bases, since=new[0].start if not old else None),
    )  # fmt: skip
    if register.settle(thing):
        register.touched_powers.add(row.key)


def _plan_bases(register: Register, power: UUID, texts: list[str], *, since: Any) -> dict[str, list[str]]:
    """Articles come and go as rows of their own, so that an old decision still shows the old article."""
    items = register.bases.setdefault(power, {})
    before = {}
    for item, old in register.state.bases.get(power, {}).items():
        now = at_moment(old, register.at)
        if now is None:
            continue
        before[now.fields["text"]] = item
        if now.fields["text"] not in texts:
            ended = [
                Span(span.fields, span.start, register.at if span is now else span.end)
                for span in old
                if span.start <= now.start
            ]
            register.draft.batch.rewrite(PowerBasis, old, ended)
            items[item] = ended
    for text in texts:
        if text not in before:
            item = next(register.ids)
            fields = {"item_id": item, "power_id": power, "text": text}
            items[item] = [Span(fields, since or register.at, None)]
            register.draft.batch.rewrite(PowerBasis, [], items[item])
    if sorted(before) == sorted(texts) or not register.state.power_versions.get(power):
        return {}
    return {"grondslag": ["|".join(before), "|".join(texts)]}


def plan_exclusions(register: Register, rows: list[Meant]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        register.codes(row.row, "bevoegdheid", [row.key])
        number = row.given.pop("grant")
        if number is not None and number not in register.grants:
            row.row.wrong("mandaat", f"het mandaat '{number}' staat niet in het register")
        key = (row.key, number, row.given["rule"], tuple(sorted(row.given["triggers"])))
        if key in seen:
            row.row.wrong("regel", f"staat ook in rij {seen[key]}")
        seen.setdefault(key, row.row.number)
        if row.row.good:
            _plan_exclusion(register, row, register.grants[number] if number else None)


def _plan_exclusion(register: Register, row: Meant, grant: UUID | None) -> None:
    power = register.powers[row.key]
    item, old = next(
        (
            (item, spans)
            for item, spans in register.state.exclusions.items()
            if _same(now_of(spans, register.at).fields, row.given, power, grant)
        ),
        (next(register.ids), []),
    )
    start, end = period(old, row)
    first = start or (None if old else register.since)
    given = alike(row.given, now_of(old, register.at).fields if old else {})
    defaults = {"item_id": item, "power_id": power, "grant_id": grant, "source": ""}
    new = aim(old, given, defaults, start=first, end=end, today=register.at)
    if not fits(row, new, end):
        return
    said = row.given["rule"] or "|".join(row.given["triggers"])
    facts = {"power": str(power), "code": row.key}
    note = Note(
        "exclusion.changed" if old else "exclusion.added",
        (("power", power),),
        facts,
        {"rule": said},
        accountable=True,
    )
    key = f"{row.key}: {said}"
    if register.settle(Thing("uitsluitingen", key, "", None, {}, ExclusionVersion, old, new, EXCLUSION_WORDS, note)):
        register.touched_powers.add(row.key)


def _same(fields: Any, given: dict[str, Any], power: UUID, grant: UUID | None) -> bool:
    return (fields["power_id"], fields["grant_id"], fields["rule"], sorted(fields["triggers"])) == (
        power,
        grant,
        given["rule"],
        sorted(given["triggers"]),
    )


def bases_of(register: Register, power: UUID) -> Moments:
    return [span for spans in register.bases.get(power, {}).values() for span in spans]
