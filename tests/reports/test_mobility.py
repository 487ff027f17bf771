"""The mobility figures (klussen 3.4): recomputed by a second, plain implementation over the demo's two years; groups under five."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.demo.seed import seed
from teams.exchange.mobiliteit import as_csv, as_xlsx, sheets_of
from teams.kit.db import Database
from teams.reports.mobility import SMALLEST, mobility_of, small
from teams.reports.savings import occupancy_of, savings_of
from tests.places import Place

AMS = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 22)
PERIODS = (
    (date(2025, 1, 1), date(2026, 1, 1)),
    (date(2026, 1, 1), date(2026, 11, 23)),
    (date(2026, 7, 1), date(2026, 10, 1)),
)
FOREVER = date(9999, 1, 1)


def day(at: datetime | None) -> date:
    return FOREVER if at is None else at.astimezone(AMS).date()


class Plain:
    """Everything in lists, counted day by day and person by person, without the questions of the reports."""

    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self.rows = rows
        self.homes: dict[Any, list[Any]] = defaultdict(list)
        for h in rows["home"]:
            self.homes[h["person_id"]].append((h["first"], h["last"] or FOREVER, h["team_id"]))

    def home(self, person: Any, on: date) -> Any:
        return next((team for first, last, team in self.homes[person] if first <= on < last), None)

    def person_days(self, first: date, until: date) -> dict[Any, tuple[int, int]]:
        found: dict[Any, tuple[int, int]] = {}
        for c in self.rows["contract"]:
            days = (min(c["last"] or FOREVER, until) - max(c["first"], first)).days
            if days > 0 and c["hours"] > 0:
                before = found.get(c["person_id"], (0, 0))
                found[c["person_id"]] = (before[0] + days, before[1] + days * int(c["hours"] * 10))
        return found

    def away(self, first: date, until: date) -> set[tuple[Any, Any, Any]]:
        """(person, team that borrows, work) for each that touched a day at which the home was another team."""
        spans = []
        for c in self.rows["claim"]:
            if c["state"] in ("lopend", "afgerond", "teruggegeven") and c["kind"] != "vacature":
                ends = c["ends"] or (FOREVER if c["hours_total"] is None else c["starts"])
                spans.append(
                    (
                        c["person_id"],
                        c["team_id"],
                        c["klus_id"],
                        max(c["starts"], day(c["at"])),
                        min(ends, c["ended_on"] or FOREVER) + timedelta(1)
                        if ends != FOREVER or c["ended_on"]
                        else FOREVER,
                    )
                )
        for f in self.rows["filling"]:
            spans.append(
                (
                    f["person_id"],
                    f["team_id"],
                    f["role_id"],
                    max(day(f["from"]), f["first"]),
                    min(day(f["to"]), f["last"] or FOREVER),
                )
            )
        return {
            (person, team, work) for person, team, work, begin, end in spans for low, high, home in self.homes[person]
            if home != team and max(begin, low, first) < min(end, high, until)
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_every_figure_again_by_plain_counting(place: Place, owner: asyncpg.Connection) -> None:
    await seed(place.url("teams_owner"), TODAY, lambda line: None, decisions=1_500)
    rows = {
        "home": await owner.fetch("select person_id, team_id, lower(valid) as first, upper(valid) as last from home_team where upper_inf(recorded)"),
        "contract": await owner.fetch("select person_id, hours, lower(valid) as first, upper(valid) as last from contract where upper_inf(recorded)"),
        "claim": await owner.fetch("select c.*, k.kind, k.team_id, k.starts, k.ends, k.hours_total from claim c join klus k on k.id = c.klus_id"),
        "filling": await owner.fetch("select f.person_id, f.role_id, v.team_id, lower(f.valid) as from, upper(f.valid) as to, lower(v.valid) as first, upper(v.valid) as last from role_filling f join role_version v using (role_id) where upper_inf(f.recorded) and upper_inf(v.recorded)"),
        "booking": await owner.fetch("select b.*, k.team_id from hours_booking b join claim c on c.id = b.claim_id join klus k on k.id = c.klus_id"),
        "stage": await owner.fetch("select * from vacancy_stage"), "saving": await owner.fetch("select * from saving"),
    }  # fmt: skip
    plain = Plain(rows)
    database = Database(place.url(), pool=1)
    for first, until in PERIODS:
        async with database.read() as session:
            found, savings = await mobility_of(session, first, until), await savings_of(session, first, until)
            sheets = sheets_of(found, savings, await occupancy_of(session, until - timedelta(1)))
        heads, away = plain.person_days(first, until), plain.away(first, until)
        figures = found.figures
        assert figures["M2"].above == len({person for person, _, _ in away} & heads.keys()) > 0
        assert (
            figures["M2"].below == sum(days for days, _ in heads.values())
            and figures["M2"].divide == (until - first).days
        )
        assert (
            len(found.places)
            == sum(flow.places for flow in found.flows)
            == len({(p, plain.home(p, until), t, w) for p, t, w in away})
        )
        ever, since = plain.away(found.since, until), plain.person_days(found.since, until)
        assert figures["M5"].above == len({person for person, _, _ in ever} & since.keys())
        assert figures["M5"].below == sum(days for days, _ in since.values())
        hours = [
            b
            for b in rows["booking"]
            if first <= b["day"] < until and plain.home(b["person_id"], b["day"]) not in (None, b["team_id"])
        ]
        assert figures["M3"].above == sum(b["tenths"] for b in hours) > 0
        assert figures["M3"].below == sum(tenths for _, tenths in heads.values()) and figures["M3"].divide == 7
        filled = [s for s in rows["stage"] if s["stage"] == "vervuld" and first <= s["starts"] < until]
        assert (figures["M4"].above, figures["M4"].below) == (
            sum(s["filled_from"] == "intern" for s in filled),
            len(filled),
        )
        assert figures["M1"].above == len({s["person_id"] for s in filled} - {None} & heads.keys())
        if until - first > timedelta(200):
            assert len(filled) > 0 and len(found.balances) > 3
            assert sum(b.lent for b in found.balances) == sum(b.borrowed for b in found.balances) == figures["M3"].above
            behind: dict[Any, set[Any]] = defaultdict(set)
            for b in hours:
                behind[plain.home(b["person_id"], b["day"])].add(b["person_id"])
            assert all(len(behind[b.team]) >= SMALLEST or b.lent == 0 for b in found.balances if b.team)
        for figure in figures.values():
            assert sum(row.above for row in figure.rows) == figure.above, figure.code
            assert sum(row.below for row in figure.rows) == figure.below, figure.code
        for kind, structural in (("structureel", True), ("incidenteel", False)):
            mine = [
                s
                for s in rows["saving"]
                if (s["ends"] is None) == structural
                and s["starts"] < until
                and (structural or first <= s["ends"] < until)
            ]
            for state in ("bevestigd", "verwacht"):
                assert savings.total(kind, state) == sum(s["cents"] for s in mine if s["state"] == state)
            assert len(savings.of(kind)) == len(mine)
        assert as_csv(sheets).startswith(b"\xef\xbb\xbfgetallen;getal;van") and as_xlsx(sheets, until)[:2] == b"PK"
    await database.close()
    assert any(s["type"] == "formatie" for s in rows["saving"])
    assert (
        await owner.fetchval("select max(t) from (select sum(tenths) t from hours_booking group by person_id, day) x")
        <= 240
    )


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 9), max_size=12))
@settings(max_examples=60)
def test_small_groups_hide_also_by_subtraction(sizes: dict[str, int]) -> None:
    people: dict[Any, int] = dict(sizes)
    hidden = small(people)
    assert {team for team, size in people.items() if 0 < size < SMALLEST} <= hidden
    if hidden:
        left = {team for team, size in people.items() if size} - hidden
        assert sum(people[team] for team in hidden) >= SMALLEST or not left
        assert len(hidden) >= 2 or not left
