"""Replacements and budgets of the files, laid beside what is known."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.register import Register, Thing, fits, now_of, period
from teams.exchange.mandaten.rows import Meant
from teams.exchange.mandaten.state import Moments, Names
from teams.exchange.mandaten.words import shown
from teams.exchange.plan import Draft
from teams.journal.models import Note
from teams.kit.clock import start_of
from teams.kit.history import aim, overlaps
from teams.mandates.models import BudgetVersion, PowerEntity, ReplacementVersion

_TEAMS = text("select code, id from team")
REPLACEMENT_WORDS = {"decision": "besluit"}
BUDGET_WORDS = {
    "name": "programma", "portfolio": "portefeuillehouder", "amount": "bedrag", "holder_id": "budgethouder",
    "powers": "bevoegdheden", "formation": "formatie", "team_id": "team",
}  # fmt: skip


def plan_replacements(register: Register, rows: list[Meant]) -> None:
    """A row is the replacement that begins on the same day or overlaps it; others of the same two people stay."""
    taken: dict[UUID, int] = {}
    for row in rows:
        role = next(iter(register.parties(row, "rol")), None)
        person = register.names.people.get(row.given["number"])
        if person is None:
            row.row.wrong("vervanger", f"er is niemand met personeelsnummer '{row.given['number']}'")
        if role is None or person is None:
            continue
        item, old = _find(register, UUID(role.removeprefix("rol:")), person, row)
        if item in taken:
            row.row.wrong("van", f"overlapt met rij {taken[item]}: dezelfde rol en vervanger")
        taken[item] = row.row.number
        if row.row.good:
            _settle_replacement(register, row, item, old, UUID(role.removeprefix("rol:")), person)


def _find(register: Register, role: UUID, person: UUID, row: Meant) -> tuple[UUID, Moments]:
    first = start_of(row.first or register.draft.today)
    last = start_of(row.end) if isinstance(row.end, date) else None
    same = []
    for item, spans in register.state.replacements.items():
        fields = spans[0].fields
        if (fields["role_id"], fields["person_id"], fields["reason"]) == (role, person, row.given["reason"]):
            same.append((item, spans))
    exact = [pair for pair in same if pair[1][0].start == first]
    touching = [pair for pair in same if any(overlaps(span, first, last) for span in pair[1])]
    return next(iter(exact or touching), (next(register.ids), []))


def _settle_replacement(register: Register, row: Meant, item: UUID, old: Moments, role: UUID, person: UUID) -> None:
    start, end = period(old, row)
    first = start or (None if old else start_of(register.draft.today))
    given = {name: row.given[name] for name in ("decision",) if name in row.given}
    defaults = {
        "item_id": item, "role_id": role, "person_id": person, "reason": row.given["reason"], "decision": "",
    }  # fmt: skip
    new = aim(old, given, defaults, start=first, end=end, today=register.at)
    if not fits(row, new, end):
        return
    if not now_of(new, register.at).fields["decision"]:
        place = f"vervangingen:{row.row.number}:besluit"
        register.draft.notices.append(f"{place}: let op: zonder besluit geldt de vervanging niet (M23)")
    note = Note(
        "replacement.changed" if old else "replacement.entered",
        (("role", role), ("person", person)),
        {"role": str(role), "person": str(person), "reason": row.given["reason"], "from": new[0].start.isoformat()},
        {"decision": row.given["decision"]} if row.given.get("decision") else {},
        accountable=True,
    )
    begins = new[0].start.date().isoformat() if row.first is None else row.first.isoformat()
    key = f"{row.key} door {row.given['number']}, {row.given['reason']} vanaf {begins}"
    register.settle(Thing("vervangingen", key, "", None, {}, ReplacementVersion, old, new, REPLACEMENT_WORDS, note))


async def plan_budget_rows(session: AsyncSession, draft: Draft, names: Names, rows: list[Meant]) -> None:
    """A budget is known for a whole year; another amount is new knowledge, not another period."""
    columns = [column for column in BudgetVersion.__table__.c if column.name != "recorded"]
    found = await session.execute(select(*columns).where(func.upper_inf(BudgetVersion.recorded)))
    old = {(row["code"], row["year"]): dict(row) for row in found.mappings()}
    codes = set(await session.scalars(select(PowerEntity.code)))
    teams: dict[str, UUID] = {row.code: row.id for row in await session.execute(_TEAMS)}
    seen: dict[tuple[str, int], int] = {}
    for row in rows:
        key = (row.key, row.given["year"])
        if key in seen:
            row.row.wrong("code", f"staat ook in rij {seen[key]}")
        seen.setdefault(key, row.row.number)
        _check_budget(row, names, codes, teams)
        if row.row.good:
            _settle_budget(draft, names, row, old.get(key), {id: code for code, id in teams.items()})


def _check_budget(row: Meant, names: Names, codes: set[str], teams: dict[str, UUID]) -> None:
    for code in row.given.get("powers", ()):
        if code not in codes:
            row.row.wrong("bevoegdheden", f"de bevoegdheid '{code[:40]}' bestaat niet")
    for party in row.parties.get("budgethouder", ()):
        if (known := names.read(party)) is None:
            row.row.wrong("budgethouder", f"er is geen rol '{party.removeprefix('rol:')[:80]}'; schrijf TEAM/ROL")
        else:
            row.given["holder_id"] = UUID(known.removeprefix("rol:"))
    if "budgethouder" in row.parties and not row.parties["budgethouder"]:
        row.given["holder_id"] = None
    code = row.given.pop("team", "")
    if row.given.get("formation") is None:
        if "formation" in row.given:
            row.given["team_id"] = None
        return
    code = code or next(
        (party.removeprefix("rol:").partition("/")[0] for party in row.parties.get("budgethouder", ())), ""
    )
    if not code:
        row.row.wrong("formatie", "van welk team is deze formatie? vul 'team' of 'budgethouder' in")
    elif code not in teams:
        row.row.wrong("team", f"er is geen team met code '{code[:40]}'")
    else:
        row.given["team_id"] = teams[code]


def _settle_budget(draft: Draft, names: Names, row: Meant, old: dict[str, Any] | None, teams: dict[UUID, str]) -> None:
    defaults: dict[str, Any] = {
        "portfolio": "", "amount": None, "holder_id": None, "powers": [], "formation": None, "team_id": None,
    }  # fmt: skip
    before = {name: value for name, value in (old or {}).items() if name != "id"}
    new = {**defaults, "code": row.key, **before, **row.given}
    if sorted(new["powers"]) == sorted(before.get("powers", [])):
        new["powers"] = before.get("powers", [])
    key = f"{row.key} {new['year']}"

    def show(name: str, value: Any) -> str:
        if name == "team_id":
            return teams.get(value, "")
        return names.label(value) if name == "holder_id" else shown(name, value)

    if old is not None and new == before:
        draft.difference.same("budgetten")
        return
    if old is None:
        draft.difference.new("budgetten", key, new["name"])
    else:
        draft.batch.closed[BudgetVersion].append(old["id"])
        fields = {
            word: [show(name, before[name]), show(name, new[name])]
            for name, word in BUDGET_WORDS.items()
            if before[name] != new[name]
        }
        draft.difference.changes("budgetten", key, fields)
    draft.batch.added[BudgetVersion].append(new)
    about = (("role", new["holder_id"]),) if new["holder_id"] else ()
    facts = {"code": row.key, "year": new["year"], "amount": new["amount"]}
    if new["formation"] is not None:
        facts |= {"formation": new["formation"], "team": str(new["team_id"])}
    verb = "budget.added" if old is None else "budget.changed"
    draft.batch.notes.append(Note(verb, about, facts, {"name": new["name"]}, accountable=True))
