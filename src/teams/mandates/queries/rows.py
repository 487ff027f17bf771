"""From rows of the database to the engine's facts: ids become text, days and periods moments, typed conditions rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from teams.mandates.conditions import parse_condition, parse_triggers, specials_of
from teams.mandates.facts import (
    Budget,
    Call,
    Claim,
    Condition,
    Exclusion,
    Filling,
    Grant,
    Interest,
    LegalBasis,
    Member,
    Organ,
    Party,
    Person,
    Power,
    Replacement,
    Role,
    Settings,
    Span,
    Submandate,
    TakenBack,
    Trigger,
)
from teams.mandates.terms import Absence, ActKind, Base, Form, Kind, Mandatable, PartyKind, Special, Sub

Json = dict[str, Any]
OUTSIDE_OFFICES = frozenset({"griffier"})
CONTROL_OFFICES = frozenset({"controller", "concerncontroller"})
_SIGN = {
    "raad": ("de raad", "De raad van de gemeente {}"),
    "college": ("het college", "Burgemeester en wethouders van {}"),
}


def uuid(value: str | None) -> UUID | None:
    """The id, or None when it cannot be one."""
    try:
        return UUID(value) if value else None
    except ValueError:
        return None


def uuids(values: Iterable[str]) -> list[UUID]:
    return [found for value in dict.fromkeys(values) if (found := uuid(value)) is not None]


@lru_cache(maxsize=4096)
def party(value: str) -> Party:
    """`rol:UUID`, `orgaan:college`, `functie:griffier`, `persoon:UUID`, `extern:NAME`."""
    kind, _, what = value.partition(":")
    return Party(PartyKind(kind), what)


def party_text(value: Party) -> str:
    return f"{value.kind.value}:{value.id}"


@lru_cache(maxsize=4096)
def condition(line: str) -> Condition:
    return parse_condition(line)


@lru_cache(maxsize=4096)
def triggers(lines: str) -> tuple[Trigger, ...]:
    return parse_triggers(lines)


@lru_cache(maxsize=4096)
def _specials(texts: tuple[str, ...]) -> frozenset[Special]:
    return specials_of(tuple(LegalBasis(line) for line in texts))


def moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def span(row: Json) -> Span:
    return Span(moment(row["from"]), moment(row["until"]))


def power(row: Json, at: datetime) -> Power:
    """What the articles say that hold at the moment comes beside what the register says (M09, M10, M11, M28)."""
    bases = tuple(LegalBasis(line, Span(moment(start), moment(end))) for line, start, end in row["bases"])
    return Power(
        row["code"], row["title"], tuple(row["organs"]), ActKind(row["act"]), bases, Mandatable(row["mandatable"]),
        frozenset(map(party, row["only_to"])), row["mandatable_source"],
        frozenset(map(Special, row["specials"])) | _specials(tuple(b.text for b in bases if b.valid.holds(at))),
        Base(row["ceiling_base"]), row["four_eyes"], row["external_by_law"], frozenset(row["asks"]), row["confidential"],
        row["recording"],
    )  # fmt: skip


def grant(row: Json) -> Grant:
    return Grant(
        row["number"], frozenset(map(Kind, row["kinds"])), tuple(map(party, row["grantors"])), party(row["holder"]),
        row["parent"], frozenset(row["powers"]),
        None if row["all_except"] is None else frozenset(row["all_except"]), row["ceiling"], Base(row["base"]),
        Submandate(Sub(row["sub"]), row["sub_depth"], frozenset(map(party, row["sub_only_to"]))),
        tuple(map(condition, row["conditions"])), tuple(row["instructions"]), Form(row["form"]), row["case"],
        row["written"], moment(row["decided_on"]), moment(row["published_on"]), row["publication"],
        moment(row["consent_holder_on"]), moment(row["consent_employer_on"]), span(row), moment(row["withdrawn_at"]),
        version=row["version"],
    )  # fmt: skip


def organ(code: str, name: str, town: str) -> Organ:
    """How an organ is called in a sentence and above a letter."""
    plain = name[:1].lower() + name[1:]
    called, signs = _SIGN.get(
        code, (f"de {plain}", f"De {plain}" if name.endswith(f" {town}") else f"De {plain} van {{}}")
    )
    return Organ(code, code, called, signs.format(town))


def municipality(name: str | None) -> str:
    """`gemeente Zandermeer` is called Zandermeer."""
    return (name or "").removeprefix("gemeente ").removeprefix("Gemeente ")


def settings(town: str, refuses: bool | None) -> Settings:
    return Settings(municipality=town, unpublished_refuses=refuses is not False)


def exclusion(row: Json) -> Exclusion:
    return Exclusion(
        row["power"], row["rule"], row["source"], triggers("|".join(row["triggers"])), row["grant"], span(row)
    )


def budget(row: Json) -> Budget:
    return Budget(row["code"], row["name"], row["year"], frozenset(row["powers"]), row["left"], row["holder"])


def interest(row: Json) -> Interest:
    return Interest(row["person"], row["about"], row["kind"])


def taken_back(row: Json) -> TakenBack:
    return TakenBack(row["grant"], row["case"], row["by"], datetime.fromisoformat(row["at"]))


def call(row: Json) -> Call:
    return Call(row["grant"], row["by"], datetime.fromisoformat(row["due"]), moment(row["answered_at"]))


def claim(row: Json) -> Claim:
    return Claim(row["person"], row["klus"], frozenset(row["powers"]), span(row))


def role(row: list[Any]) -> Role:
    id_, name, team, office = row
    return Role(id_, name, team, office, office in OUTSIDE_OFFICES, office in CONTROL_OFFICES)


def person(row: list[Any]) -> Person:
    return Person(*row)


def filling(row: list[Any]) -> Filling:
    role_, person_, start, end = row
    return Filling(role_, person_, Span(moment(start), moment(end)))


def replacement(row: list[Any]) -> Replacement:
    role_, person_, reason, start, end, decision = row
    return Replacement(role_, person_, Absence(reason), Span(moment(start), moment(end)), decision)


def member(row: list[Any]) -> Member:
    organ_, person_, start, end = row
    return Member(organ_, person_, Span(moment(start), moment(end)))
