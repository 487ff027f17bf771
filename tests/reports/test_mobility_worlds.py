"""The same figures on towns drawn by lot: tiny, without any klus, with people who move, leave and change hours; odd periods."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from tests.places import Place
from tests.reports.plain import Plain
from tests.reports.test_mobility import compare

BORN = date(2023, 6, 1)
STATES = ("lopend", "afgerond", "teruggegeven", "beeindigd", "ingetrokken", "bevestigd", "aangemeld", "wachtlijst")
SEATED = ("lopend", "bevestigd")
RUNS = ("lopend", "aangemeld", "wachtlijst", "bevestigd")
PERIODS = (
    (date(2020, 1, 1), date(2021, 1, 1)),  # before anybody was in service
    (date(2023, 1, 1), date(2024, 1, 1)),  # in which it began
    (date(2024, 1, 1), date(2025, 1, 1)),
    (date(2024, 1, 1), date(2024, 4, 1)),
    (date(2024, 2, 29), date(2024, 3, 1)),  # one day, that most years have not
    (date(2023, 6, 1), date(2025, 6, 1)),
)


class Town:
    """Rows as they may lie in any installation, written past the triggers."""

    def __init__(self, boss: asyncpg.Connection, seed: int) -> None:
        self.boss, self.lot = boss, random.Random(seed)
        self.teams: list[UUID] = []
        self.people: list[UUID] = []

    async def put(self, table: str, **values: Any) -> UUID:
        names = ", ".join(values)
        marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        made: UUID = await self.boss.fetchval(
            f"insert into {table} ({names}) values ({marks}) returning id", *values.values()
        )
        return made

    def day(self, first: date = BORN, span: int = 720) -> date:
        return first + timedelta(days=self.lot.randrange(span))

    def moment(self, day: date) -> datetime:
        return datetime.combine(day, time(self.lot.randrange(24), 30), AMSTERDAM)

    async def found(self, teams: int, people: int, klussen: int) -> None:
        for number in range(teams):
            team = await self.put("team", code=f"T{number}")
            await self.put("team_version", team_id=team, name=f"Team {number}", valid=asyncpg.Range(BORN, None))
            self.teams.append(team)
        for number in range(people):
            person = await self.put(
                "person", number=f"P{number}", name=f"Mens {number}", email=f"p{number}@dorp.example"
            )
            self.people.append(person)
            await self._serve(person)
        for _ in range(klussen):
            await self._work()
        for number in range(teams * 2):
            await self._role(number)

    async def _serve(self, person: UUID) -> None:
        """Contracts one after another with other hours, perhaps a gap; homes that change; some without a team for a while."""
        at = self.day(span=300)
        for _ in range(self.lot.randrange(1, 4)):
            end = at + timedelta(days=self.lot.randrange(1, 300))
            last = None if self.lot.random() < 0.4 else end
            await self.put(
                "contract", person_id=person, hours=self.lot.choice([0, 8, 24, 32.5, 36]), valid=asyncpg.Range(at, last)
            )
            if last is None:
                break
            at = last + timedelta(days=self.lot.choice([0, 0, 40]))
        at = self.day(span=200)
        for _ in range(self.lot.randrange(0, 4)):
            end = at + timedelta(days=self.lot.randrange(1, 300))
            await self.put(
                "home_team", person_id=person, team_id=self.lot.choice(self.teams), valid=asyncpg.Range(at, end)
            )
            at = end + timedelta(days=self.lot.choice([0, 0, 0, 15]))

    async def _work(self) -> None:
        once = self.lot.random() < 0.3
        starts = self.day()
        ends = None if self.lot.random() < 0.2 else starts + timedelta(days=self.lot.randrange(200))
        hours = {"hours_total": 6} if once else {"hours_min": 2, "hours_max": 4}
        kind = self.lot.choice(["klus", "klus", "project", "vacature"])
        klus = await self.put(
            "klus", title="Werk", kind=kind, way="selectie", state="in_uitvoering", team_id=self.lot.choice(self.teams),
            posted_by=self.people[0], places=9, starts=starts, ends=ends, **hours,
        )  # fmt: skip
        for number, person in enumerate(
            self.lot.sample(self.people, self.lot.randrange(min(4, len(self.people)) + 1)), 1
        ):
            state = self.lot.choice(STATES)
            joined = starts + timedelta(days=self.lot.randrange(-40, 60))
            over = None if state in RUNS else joined + timedelta(days=self.lot.randrange(120))
            claim = await self.put(
                "claim", klus_id=klus, person_id=person, state=state, seat=number if state in SEATED else None, hours=2, at=self.moment(joined),
                ended_at=self.moment(over) if over else None, ended_on=over, lined_at=self.moment(joined) if state == "wachtlijst" else None,
            )  # fmt: skip
            if state == "beeindigd" and self.lot.random() < 0.5:
                entry = await self.boss.fetchval(
                    "insert into journal (verb, facts) values ('claim.ended', jsonb_build_object('claim', $1::text, 'was', $2::text)) returning id",
                    str(claim), self.lot.choice(["lopend", "bevestigd", "aangeboden"]),
                )  # fmt: skip
                await self.boss.execute(
                    "insert into journal_subject (entry, kind, id) values ($1, 'klus', $2)", entry, klus
                )
            if state in ("lopend", "afgerond", "teruggegeven", "beeindigd"):
                for _ in range(self.lot.randrange(4)):
                    await self.put(
                        "hours_booking", claim_id=claim, person_id=person, day=max(starts, joined) + timedelta(days=self.lot.randrange(50)),
                        tenths=self.lot.randrange(1, 80),
                    )  # fmt: skip
        if kind == "vacature":
            await self._fill(klus)

    async def _fill(self, klus: UUID) -> None:
        reported = self.day(span=500)
        await self.put("vacancy_stage", klus_id=klus, step=1, stage="gemeld", starts=reported)
        if self.lot.random() < 0.7:
            source = self.lot.choice(["intern", "extern", "regionaal"])
            await self.put(
                "vacancy_stage", klus_id=klus, step=2, stage="vervuld", starts=reported + timedelta(days=self.lot.randrange(90)), filled_from=source,
                person_id=self.lot.choice(self.people) if source == "intern" else None, decision=f"2024-{self.lot.randrange(10**9):05}",
            )  # fmt: skip
            if self.lot.random() < 0.6:
                structural, first = self.lot.random() < 0.5, self.day()
                await self.put(
                    "saving", type="formatie" if structural else "vacature", klus_id=klus, place_id=klus, cents=self.lot.randrange(1, 10**7), starts=first,
                    ends=None if structural else first + timedelta(days=self.lot.randrange(200)), ground="Zo is het.",
                )  # fmt: skip

    async def _role(self, number: int) -> None:
        role = await self.boss.fetchval("insert into role default values returning id")
        first = self.day(span=300)
        await self.put(
            "role_version",
            role_id=role,
            team_id=self.lot.choice(self.teams),
            name=f"Rol {number}",
            valid=asyncpg.Range(first, None),
        )
        for person in self.lot.sample(self.people, min(2, len(self.people))):
            begin = first + timedelta(days=self.lot.randrange(200))
            end = None if self.lot.random() < 0.4 else self.moment(begin + timedelta(days=self.lot.randrange(2, 200)))
            await self.put("role_filling", role_id=role, person_id=person, valid=asyncpg.Range(self.moment(begin), end))


async def _compared(place: Place, seed: int, teams: int, people: int, klussen: int) -> None:
    boss = await asyncpg.connect(place.url("postgres"))
    await boss.execute("set session_replication_role = replica")
    database = Database(place.url(), pool=1)
    try:
        await Town(boss, seed).found(teams, people, klussen)
        plain = await Plain.read(boss)
        for first, until in PERIODS:
            async with database.read() as session:
                await compare(session, plain, first, until)
    finally:
        await boss.close()
        await database.close()


@pytest.mark.parametrize(
    ("teams", "people", "klussen"),
    [(1, 3, 2), (2, 3, 4), (3, 9, 0), (3, 16, 12), (4, 40, 25)],
    ids=["three people", "two teams", "no klus at all", "small", "larger"],
)
async def test_a_town_by_lot(place: Place, teams: int, people: int, klussen: int) -> None:
    await _compared(place, teams * people, teams, people, klussen)


async def test_nobody_at_all(place: Place) -> None:
    """An installation on its first day: no figure, no fault."""
    plain = Plain(
        {name: [] for name in ("home", "contract", "claim", "filling", "booking", "stage", "saving", "ended", "budget")}
    )
    database = Database(place.url(), pool=1)
    async with database.read() as session:
        for first, until in PERIODS:
            found = await compare(session, plain, first, until)
            assert all(figure.percentage is None for figure in found.figures.values())
    await database.close()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
async def test_many_towns_by_lot(place: Place, seed: int) -> None:
    lot = random.Random(seed)
    await _compared(place, seed, lot.randrange(1, 6), lot.randrange(1, 30), lot.randrange(0, 30))
