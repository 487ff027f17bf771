"""The register as rows of the import files, as of one moment: values still typed, amounts in cents."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten import words
from teams.exchange.mandaten.register import now_of
from teams.exchange.mandaten.state import Moments, Names, load_labels
from teams.kit.db import Model
from teams.kit.history import Span, runs
from teams.mandates.models import (
    BudgetVersion,
    ExclusionVersion,
    FrameworkEntity,
    FrameworkVersion,
    GrantVersion,
    PowerBasis,
    PowerEntity,
    PowerVersion,
    ReplacementVersion,
)
from teams.structure.moment import Moment

Typed = dict[str, Any]
"""Cells by column: text, a list of texts, cents, or None."""
AMOUNTS = frozenset({"grens", "bedrag"})
PART = 1000
"""Grants at a time: memory does not grow with the register."""
_STATE = "grant_state(g.id, cast(:op as timestamptz), cast(:known as timestamptz))"
# Read and then put in order: walked by number each would be fetched by itself.
_GRANTS = text(
    f"""
    select g.id, g.number from (select id, number from power_grant where number > :after offset 0) g
    where (cast(:numbers as text[]) is null or g.number = any(cast(:numbers as text[]))) and (not :held or {_STATE} = 'geldt')
    order by g.number limit :size
    """
)
_NUMBERS = text("select id, number from power_grant where id = any(cast(:ids as uuid[]))")
_OF_TEAM = text(
    """
    select g.number from power_grant g join grant_version v on v.grant_id = g.id
    where range_contains_elem(v.recorded, cast(:known as timestamptz))
        and v.holder in (select 'rol:' || role_id from role_version where team_id = :team) limit :most
    """
)
_COUNT = text("select count(*) from power_grant")


class Outgoing:
    """What the codes, numbers and names of rows are in the files. `codes`: of powers, `numbers`: of grants, `frameworks`: by id."""

    def __init__(self, names: Names, moment: Moment, codes: dict[UUID, str], numbers: dict[UUID, str]) -> None:
        self.names, self.moment, self.codes, self.numbers = names, moment, codes, numbers
        self.frameworks: dict[UUID, str] = {}

    def parties(self, values: Iterable[str]) -> list[str]:
        return [self.names.show(value) for value in values]

    def powers(self, versions: dict[UUID, Moments], bases: dict[UUID, Moments]) -> list[Typed]:
        rows = []
        for power, spans in versions.items():
            v = now_of(spans, self.moment.op).fields
            rows.append(
                {
                    "code": self.codes[power], "titel": v["title"], "orgaan": v["organs"], "soort": v["act"],
                    "grondslag": [b.fields["text"] for b in bases.get(power, []) if b.holds(self.moment.op)],
                    "mandateerbaar": v["mandatable"], "alleen_aan": self.parties(v["only_to"]),
                    "mandateerbaar_bron": v["mandatable_source"], "grens_basis": v["ceiling_base"],
                    "vier_ogen": words.eyes(v["four_eyes"]), "vastlegging": v["recording"],
                    "vertrouwelijk": words.yes(v["confidential"]), "trefwoorden": v["keywords"], "vraagt": v["asks"],
                    "bijzonder": v["specials"], "extern_bij_wet": words.yes(v["external_by_law"]),
                }
            )  # fmt: skip
        return sorted(rows, key=lambda row: str(row["code"]))

    def grants(self, versions: dict[UUID, Moments]) -> list[Typed]:
        rows = [self._grant(self.numbers[grant], spans) for grant, spans in versions.items()]
        return sorted(rows, key=lambda row: str(row["nummer"]))

    def _grant(self, number: str, spans: Moments) -> Typed:
        now = now_of(spans, self.moment.op)
        v = now.fields
        whole = next(part for part in runs(spans) if now in part)
        only_to = self.parties(v["sub_only_to"])
        subs = {"diepte": str(v["sub_depth"]), "alleen_aan": "alleen_aan:" + words.joined(only_to)}
        return {
            "nummer": number, "bevoegdheden": v["powers"], "soorten": v["kinds"], "gever": self.parties(v["grantors"]),
            "ontvanger": self.names.show(v["holder"]), "ouder": self.numbers.get(v["parent_id"], ""),
            "alles_behalve": v["all_except"] or ([] if v["all_except"] is None else [words.NOTHING]),
            "grens": v["ceiling"], "grens_basis": v["base"], "ondermandaat": subs.get(v["sub"], v["sub"]),
            "voorwaarden": v["conditions"], "instructies": v["instructions"], "vorm": v["form"],
            "zaak": v["case_number"] or "", "besloten_op": words.day(v["decided_on"]),
            "bekendgemaakt_op": words.day(v["published_on"]), "publicatie": v["publication"],
            "instemming_ontvanger_op": words.day(v["consent_holder_on"]),
            "instemming_werkgever_op": words.day(v["consent_employer_on"]), "van": words.day(whole[0].start),
            "tot": words.last_day(whole[-1].end), "ingetrokken_op": words.day(v["withdrawn_at"]), "besluit": v["decision"],
            "publicatie_adres": v["publication_uri"], "intrekkingsbesluit": v["withdrawal"], "opmerkingen": v["remarks"],
            "kader": self.frameworks.get(v["framework_id"], ""), "op_schrift": words.yes(v["written"]),
        }  # fmt: skip

    def laid_down(self, versions: dict[UUID, Moments], organs: dict[UUID, str]) -> list[Typed]:
        rows = []
        for framework, spans in versions.items():
            v = now_of(spans, self.moment.op).fields
            rows.append(
                {
                    "code": self.frameworks[framework], "titel": v["title"], "tekst": v["text"], "orgaan": organs[v["organ_id"]],
                    "besloten_op": words.day(v["decided_on"]), "besluit": v["decision"], **_period(spans),
                }
            )  # fmt: skip
        return sorted(rows, key=lambda row: str(row["code"]))

    def exclusions(self, versions: dict[UUID, Moments]) -> list[Typed]:
        rows = []
        for spans in versions.values():
            v = now_of(spans, self.moment.op).fields
            rule = [*([v["rule"]] if v["rule"] else []), *v["triggers"]]
            rows.append(
                {
                    "bevoegdheid": self.codes[v["power_id"]], "regel": rule, "bron": v["source"], **_period(spans),
                    "mandaat": self.numbers.get(v["grant_id"], ""),
                }
            )  # fmt: skip
        return sorted(rows, key=lambda row: (row["bevoegdheid"], row["regel"]))

    def replacements(self, versions: dict[UUID, Moments]) -> list[Typed]:
        rows = []
        for spans in versions.values():
            v = now_of(spans, self.moment.op).fields
            team, _, role = self.names.label(v["role_id"]).partition("/")
            number = self.names.number(v["person_id"])
            rows.append(
                {"team": team, "rol": role, "vervanger": number, "reden": v["reason"], **_period(spans), "besluit": v["decision"]}
            )  # fmt: skip
        return sorted(rows, key=lambda row: (row["team"], row["rol"], row["van"], row["vervanger"], row["reden"]))

    def budgets(self, rows: Iterable[Any], teams: dict[UUID, str]) -> list[Typed]:
        found = [
            {
                "code": row["code"], "programma": row["name"], "portefeuillehouder": row["portfolio"], "jaar": str(row["year"]),
                "bedrag": row["amount"], "budgethouder": self.names.label(row["holder_id"]), "bevoegdheden": row["powers"],
                "formatie": words.full_time(row["formation"]), "team": teams.get(row["team_id"], ""),
            }
            for row in rows
        ]  # fmt: skip
        return sorted(found, key=lambda row: (row["code"], row["jaar"]))


def _period(spans: Moments) -> Typed:
    return {"van": words.day(spans[0].start), "tot": words.last_day(spans[-1].end)}


async def register_rows(
    session: AsyncSession, moment: Moment, *, nameless: bool = False, numbers: Sequence[str] | None = None
) -> dict[str, list[Typed]]:
    """Per file its rows; of the grants only `numbers`, when these are given."""
    grants = [row async for part in grant_parts(session, moment, nameless=nameless, numbers=numbers) for row in part]
    return await register_around(session, moment, nameless=nameless) | {"mandaten": grants}


async def grant_parts(
    session: AsyncSession,
    moment: Moment,
    *,
    nameless: bool = False,
    numbers: Sequence[str] | None = None,
    size: int = PART,
) -> AsyncIterator[list[Typed]]:
    """The grants by number, `size` at a time. `nameless`: what everybody may see: grants in force, no persons, no remarks."""
    frameworks = {row.id: row.code for row in await session.execute(select(FrameworkEntity.id, FrameworkEntity.code))}
    after = ""
    while True:
        given = {
            "after": after,
            "numbers": numbers,
            "held": nameless,
            "op": moment.op,
            "known": moment.known,
            "size": size,
        }
        ours = {row.id: row.number for row in await session.execute(_GRANTS, given)}
        if not ours:
            return
        versions = await _known(session, GrantVersion, moment, lambda f: f["grant_id"], GrantVersion.grant_id.in_(ours))
        fields = [span.fields for spans in versions.values() for span in spans]
        parents = list({f["parent_id"] for f in fields if f["parent_id"]} - ours.keys())
        above = {row.id: row.number for row in await session.execute(_NUMBERS, {"ids": parents})} if parents else {}
        parties = (party for f in fields for party in (*f["grantors"], f["holder"], *f["sub_only_to"]))
        out = Outgoing(await load_labels(session, parties, moment.day), moment, {}, above | ours)
        out.frameworks = frameworks
        rows = out.grants(versions)
        yield [_without_names(row) for row in rows] if nameless else rows
        after = [*ours.values()][-1]  # as the database orders them
        if len(ours) < size:
            return


async def register_around(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> dict[str, list[Typed]]:
    """Per file its rows, of all files but the grants, in their order. `nameless`: without replacements and budgets."""
    powers = await _known(session, PowerVersion, moment, lambda f: f["power_id"])
    bases = await _known(session, PowerBasis, moment, lambda f: f["power_id"])
    exclusions = await _known(session, ExclusionVersion, moment, lambda f: f["item_id"])
    frameworks = await _known(session, FrameworkVersion, moment, lambda f: f["framework_id"])
    replaced = {} if nameless else await _known(session, ReplacementVersion, moment, lambda f: f["item_id"])
    table = BudgetVersion.__table__
    known = select(table).where(table.c.recorded.op("@>")(moment.known))
    budgets = [] if nameless else (await session.execute(known)).mappings().all()
    parties = [party for spans in powers.values() for span in spans for party in span.fields["only_to"]]
    parties += [f"rol:{row['holder_id']}" for row in budgets if row["holder_id"]]
    for spans in replaced.values():
        parties += [f"rol:{spans[0].fields['role_id']}", f"persoon:{spans[0].fields['person_id']}"]
    ids = list({span.fields["grant_id"] for spans in exclusions.values() for span in spans if span.fields["grant_id"]})
    codes = {row.id: row.code for row in await session.execute(select(PowerEntity.id, PowerEntity.code))}
    numbers = {row.id: row.number for row in await session.execute(_NUMBERS, {"ids": ids})} if ids else {}
    out = Outgoing(await load_labels(session, parties, moment.day), moment, codes, numbers)
    out.frameworks = {
        row.id: row.code for row in await session.execute(select(FrameworkEntity.id, FrameworkEntity.code))
    }
    organs = {row.id: row.code for row in await session.execute(text("select id, code from organ"))}
    found: dict[str, list[Typed]] = {
        "kaders": out.laid_down(frameworks, organs), "bevoegdheden": out.powers(powers, bases), "mandaten": [],
        "uitsluitingen": out.exclusions(exclusions),
    }  # fmt: skip
    if nameless:
        return found
    teams = {row.id: row.code for row in await session.execute(text("select id, code from team"))}
    return found | {"vervangingen": out.replacements(replaced), "budgetten": out.budgets(budgets, teams)}


async def numbers_of_team(session: AsyncSession, team: UUID, moment: Moment, most: int) -> list[str]:
    """The grants that roles of the team held at any time, one more than `most` if there are so many."""
    rows = await session.scalars(_OF_TEAM, {"team": team, "known": moment.known, "most": most + 1})
    return sorted(set(rows))


async def how_many(session: AsyncSession) -> int:
    return int(await session.scalar(_COUNT) or 0)


def _without_names(row: Typed) -> Typed:
    def hidden(party: str) -> str:
        return "persoon:naam niet openbaar" if party.startswith("persoon:") else party

    changed = {"ontvanger": hidden(row["ontvanger"]), "gever": [hidden(party) for party in row["gever"]]}
    return {**row, **changed, "opmerkingen": "", "zaak": ""}


async def _known(
    session: AsyncSession, model: type[Model], moment: Moment, key: Callable[[Any], UUID], *where: ColumnElement[bool]
) -> dict[UUID, Moments]:
    """Timelines by key as they were known at the moment."""
    table = model.__table__
    columns = [column for column in table.c if column.name != "recorded"]
    rows = await session.execute(
        select(*columns)
        .where(table.c.recorded.op("@>")(moment.known), *where)
        .order_by(func.lower(table.c.valid), table.c.id)
    )
    found: dict[UUID, Moments] = {}
    for row in rows.mappings():
        fields = {name: value for name, value in row.items() if name not in ("id", "valid")}
        found.setdefault(key(fields), []).append(Span[datetime](fields, row["valid"].lower, row["valid"].upper))
    return found
