"""The mobility figures a second time: rows in lists, counted day by day and person by person, without the questions of the reports."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

AMS = ZoneInfo("Europe/Amsterdam")
FOREVER = date(9999, 1, 1)
RAN = ("lopend", "afgerond", "teruggegeven")
QUERIES = {
    "home": "select person_id, team_id, lower(valid) as first, upper(valid) as last from home_team where upper_inf(recorded)",
    "contract": "select person_id, hours, lower(valid) as first, upper(valid) as last from contract where upper_inf(recorded)",
    "claim": "select c.*, k.kind, k.team_id, k.starts, k.ends, k.hours_total from claim c join klus k on k.id = c.klus_id where c.person_id is not null",
    "filling": "select f.person_id, f.role_id, v.team_id, lower(f.valid) as from, upper(f.valid) as to, lower(v.valid) as first, upper(v.valid) as last"
    " from role_filling f join role_version v using (role_id) where upper_inf(f.recorded) and upper_inf(v.recorded)",
    "booking": "select b.*, k.team_id from hours_booking b join claim c on c.id = b.claim_id join klus k on k.id = c.klus_id",
    "stage": "select s.*, k.title from vacancy_stage s join klus k on k.id = s.klus_id",
    "saving": "select * from saving",
    "ended": "select facts ->> 'claim' as claim from journal where verb = 'claim.ended' and facts ->> 'was' = 'lopend'",
    "budget": "select team_id, year, formation from budget where upper_inf(recorded) and formation is not null",
}  # fmt: skip


def day_of(at: datetime | None) -> date:
    return FOREVER if at is None else at.astimezone(AMS).date()


def days(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first += timedelta(days=1)


@dataclass
class Counted:
    """What was counted over a period."""

    first: date
    since: date
    heads: dict[Any, int]
    tenth_days: int
    movers: set[Any]
    places: set[tuple[Any, Any, Any, Any]]
    away: set[Any]
    hours: int
    lent: Counter[Any]
    borrowed: Counter[Any]
    filled: list[Any]
    inside: int
    wait: int | None
    ever: set[Any]
    ever_days: int


class Plain:
    def __init__(self, rows: dict[str, list[Any]]) -> None:
        self.rows = rows
        self.homes: dict[Any, list[Any]] = defaultdict(list)
        for h in rows["home"]:
            self.homes[h["person_id"]].append((h["first"], h["last"] or FOREVER, h["team_id"]))
        for spans in self.homes.values():
            spans.sort()
        self.ran_until_the_end = {row["claim"] for row in rows["ended"]} | {str(b["claim_id"]) for b in rows["booking"]}
        self.spans = list(self._work())

    @classmethod
    async def read(cls, owner: asyncpg.Connection) -> "Plain":
        return cls({name: await owner.fetch(query) for name, query in QUERIES.items()})

    def home(self, person: Any, on: date) -> Any:
        return next((team for first, last, team in self.homes[person] if first <= on < last), None)

    def last_home(self, person: Any, first: date, until: date) -> Any:
        """The team of the last day of the period on which there was one."""
        return next(
            (self.home(person, day) for day in reversed(list(days(first, until))) if self.home(person, day)), None
        )

    def _work(self) -> Iterator[tuple[Any, Any, Any, date, date]]:
        """(person, team, work, first day, day after the last)."""
        for c in self.rows["claim"]:
            counts = c["state"] in RAN or (c["state"] == "beeindigd" and str(c["id"]) in self.ran_until_the_end)
            if counts and c["kind"] != "vacature":
                last = c["ends"] or (FOREVER if c["hours_total"] is None else c["starts"])
                end = min(last, c["ended_on"] or FOREVER)
                yield (
                    c["person_id"],
                    c["team_id"],
                    c["klus_id"],
                    max(c["starts"], day_of(c["at"])),
                    end + timedelta(days=end != FOREVER),
                )
        for f in self.rows["filling"]:
            begin, end = max(day_of(f["from"]), f["first"]), min(day_of(f["to"]), f["last"] or FOREVER)
            yield f["person_id"], f["team_id"], f["role_id"], begin, end  # fmt: skip

    def _heads(self, first: date, until: date) -> tuple[dict[Any, int], int]:
        heads: dict[Any, int] = defaultdict(int)
        tenth_days = 0
        for c in self.rows["contract"]:
            if c["hours"] > 0:
                for _ in days(max(c["first"], first), min(c["last"] or FOREVER, until)):
                    heads[c["person_id"]] += 1
                    tenth_days += int(c["hours"] * 10)
        return dict(heads), tenth_days

    def _places(self, first: date, until: date) -> set[tuple[Any, Any, Any, Any]]:
        """(person, team that lends, team that borrows, work)."""
        found = set()
        for person, team, work, begin, end in self.spans:
            for day in days(max(begin, first), min(end, until)):
                home = self.home(person, day)
                if home is not None and home != team:
                    found.add((person, home, team, work))
        return found

    def count(self, first: date, until: date) -> Counted:
        rows = self.rows
        service = min((c["first"] for c in rows["contract"] if c["hours"] > 0), default=until)
        began = min((day_of(c["at"]) for c in rows["claim"] if c["state"] in RAN), default=until)
        first, since = min(max(first, service), until), min(max(service, began), until)
        heads, tenth_days = self._heads(first, until)
        movers = set()
        for person, spans in self.homes.items():
            for (_, _, before), (begin, _, after) in pairwise(spans):
                if before != after and first <= begin < until:
                    movers.add(person)
        filled = [s for s in rows["stage"] if s["stage"] == "vervuld" and first <= s["starts"] < until]
        movers |= {s["person_id"] for s in filled}
        places, ever = self._places(first, until), self._places(since, until)
        ever_heads, _ = self._heads(since, until)
        lent: Counter[Any] = Counter()
        borrowed: Counter[Any] = Counter()
        for b in rows["booking"]:
            home = self.home(b["person_id"], b["day"])
            if first <= b["day"] < until and home is not None and home != b["team_id"]:
                lent[home] += b["tenths"]
                borrowed[b["team_id"]] += b["tenths"]
        begun = {s["klus_id"]: s["starts"] for s in rows["stage"] if s["step"] == 1}
        waits = sorted((s["starts"] - begun[s["klus_id"]]).days for s in filled)
        return Counted(
            first, since, heads, tenth_days, movers & heads.keys(), places, {p for p, *_ in places} & heads.keys(),
            sum(lent.values()), lent, borrowed, filled, sum(s["filled_from"] == "intern" for s in filled),
            waits[(len(waits) - 1) // 2] if waits else None, {p for p, *_ in ever} & ever_heads.keys(), sum(ever_heads.values()),
        )  # fmt: skip

    def occupancy(self, day: date) -> dict[Any, tuple[int, int]]:
        """By team (None: without one): people, tenths of contract hours."""
        found: dict[Any, tuple[int, int]] = {}
        for c in self.rows["contract"]:
            if c["hours"] > 0 and c["first"] <= day < (c["last"] or FOREVER):
                team = self.home(c["person_id"], day)
                people, tenths = found.get(team, (0, 0))
                found[team] = people + 1, tenths + int(c["hours"] * 10)
        return found

    def savings(self, first: date, until: date, *, structural: bool) -> list[Any]:
        return [
            s for s in self.rows["saving"] if (s["ends"] is None) == structural and s["starts"] < until
            and (structural or first <= s["ends"] < until)
        ]  # fmt: skip
