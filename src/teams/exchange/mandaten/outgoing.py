"""The register as rows of the import files, as of one moment: values still typed, amounts in cents."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten import words
from teams.exchange.mandaten.register import now_of
from teams.exchange.mandaten.state import Moments, Names, load_names
from teams.kit.db import Model
from teams.kit.history import Span, runs
from teams.mandates.models import (
    BudgetVersion,
    ExclusionVersion,
    FrameworkEntity,
    FrameworkVersion,
    GrantEntity,
    GrantState,
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
_STATES = text(
    """
    select g.number, grant_state(g.id, cast(:op as timestamptz), cast(:known as timestamptz)) as state
    from power_grant g
    """
)


class Outgoing:
    """Everything that was known at the moment; `states`: how each grant stood; `frameworks`: code by id."""

    def __init__(self, names: Names, moment: Moment, codes: dict[UUID, str], numbers: dict[UUID, str]) -> None:
        self.names, self.moment, self.codes, self.numbers = names, moment, codes, numbers
        self.states: dict[str, GrantState] = {}
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


async def register_rows(session: AsyncSession, moment: Moment, *, nameless: bool = False) -> dict[str, list[Typed]]:
    """Per file its rows. `nameless`: what everybody may see: grants in force, no persons, no remarks, no replacements or budgets."""
    out = await outgoing(session, moment)
    grants = out.grants(await _known(session, GrantVersion, moment, lambda f: f["grant_id"]))
    powers = await _known(session, PowerVersion, moment, lambda f: f["power_id"])
    bases = await _known(session, PowerBasis, moment, lambda f: f["power_id"])
    exclusions = out.exclusions(await _known(session, ExclusionVersion, moment, lambda f: f["item_id"]))
    organs = {row.id: row.code for row in await session.execute(text("select id, code from organ"))}
    kaders = out.laid_down(await _known(session, FrameworkVersion, moment, lambda f: f["framework_id"]), organs)
    found = {
        "kaders": kaders, "bevoegdheden": out.powers(powers, bases), "mandaten": grants, "uitsluitingen": exclusions,
    }  # fmt: skip
    if nameless:
        shown = [row for row in grants if out.states.get(row["nummer"]) is GrantState.IN_FORCE]
        return found | {"mandaten": [_without_names(row) for row in shown]}
    replacements = out.replacements(await _known(session, ReplacementVersion, moment, lambda f: f["item_id"]))
    table = BudgetVersion.__table__
    budgets = await session.execute(select(table).where(table.c.recorded.op("@>")(moment.known)))
    teams = {row.id: row.code for row in await session.execute(text("select id, code from team"))}
    return found | {"vervangingen": replacements, "budgetten": out.budgets(budgets.mappings(), teams)}


async def outgoing(session: AsyncSession, moment: Moment) -> Outgoing:
    codes = await session.execute(select(PowerEntity.id, PowerEntity.code))
    numbers = await session.execute(select(GrantEntity.id, GrantEntity.number))
    frameworks = await session.execute(select(FrameworkEntity.id, FrameworkEntity.code))
    names = await load_names(session, (), moment.day)
    out = Outgoing(names, moment, {row.id: row.code for row in codes}, {row.id: row.number for row in numbers})
    out.frameworks = {row.id: row.code for row in frameworks}
    rows = await session.execute(_STATES, {"op": moment.op, "known": moment.known})
    out.states = {row.number: GrantState(row.state) for row in rows if row.state}
    return out


def _without_names(row: Typed) -> Typed:
    def hidden(party: str) -> str:
        return "persoon:naam niet openbaar" if party.startswith("persoon:") else party

    changed = {"ontvanger": hidden(row["ontvanger"]), "gever": [hidden(party) for party in row["gever"]]}
    return {**row, **changed, "opmerkingen": "", "zaak": ""}


async def _known(
    session: AsyncSession, model: type[Model], moment: Moment, key: Callable[[Any], UUID]
) -> dict[UUID, Moments]:
    """Timelines by key as they were known at the moment."""
    table = model.__table__
    columns = [column for column in table.c if column.name != "recorded"]
    rows = await session.execute(
        select(*columns).where(table.c.recorded.op("@>")(moment.known)).order_by(func.lower(table.c.valid), table.c.id)
    )
    found: dict[UUID, Moments] = {}
    for row in rows.mappings():
        fields = {name: value for name, value in row.items() if name not in ("id", "valid")}
        found.setdefault(key(fields), []).append(Span[datetime](fields, row["valid"].lower, row["valid"].upper))
    return found
