"""The figures of the account: sums against a plain count, as known then, the same bytes each time, nobody named in public."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from teams.account.actions.checklists import Post, explain, lay_beside
from teams.account.forms import ExplainForm
from teams.account.periods import Period, past_quarters, period_of, quarter_of
from teams.account.rules import canonical
from teams.journal.models import SYSTEM
from teams.kit.db import Database
from teams.reports.accountability import figures_of, without_people
from tests.account.acts import MOMENT, decision, do
from tests.world import World

QUARTER = period_of("2026-K3")


async def figures(db: Database, known: datetime, period: Period = QUARTER) -> dict[str, Any]:
    async with db.read() as session:
        return await figures_of(session, period, known)


async def entry(owner: asyncpg.Connection) -> Any:
    return await owner.fetchval("insert into journal (verb) values ('proef') returning id")


def test_periods_follow_each_other_without_gap() -> None:
    year = [Period(2026, quarter) for quarter in (1, 2, 3, 4)]
    assert [one.start for one in year[1:]] == [one.end for one in year[:-1]]
    assert (year[0].start, year[3].end) == (Period(2026).start, Period(2026).end)
    assert all(quarter_of(one.first) == quarter_of(one.last) == one and one.before.end == one.start for one in year)
    assert [str(one) for one in past_quarters(MOMENT.date(), 3)] == ["2026-K3", "2026-K2", "2026-K1"]


async def test_sums_are_what_a_plain_count_gives(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await owner.execute(
        "insert into budget (code, year, name, portfolio, powers) values ('P1', 2026, 'Groen', 'Wethouder Wil', '{SUB-01}')"
    )
    rows: list[dict[str, Any]] = [
        {"cents": 100_000}, {"cents": 700_000, "outcome": "gebrek"}, {"cents": None, "ceiling": None}, {"outcome": "doorbroken"},
        {"code": "SUB-02", "cents": 300_000, "total": 900_000, "outcome": "gebrek"}, {"code": "SUB-02", "cents": 2_000_000, "ceiling": None},
    ]  # fmt: skip
    for fields in rows:
        await decision(owner, world, **fields)
    await decision(owner, world, at=datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    await decision(owner, world, at=datetime(2026, 9, 30, 22, 1, tzinfo=UTC))
    await decision(owner, world, "sef", role="secretaris", cents=50_000)
    found = await figures(db, datetime.now(UTC))
    total = found["totaal"]
    assert (total["besluiten"], total["mis"], total["binnen"], total["hersteld"], total["open"]) == (7, 2, 5, 0, 2)
    assert total["bedrag"] == 100_000 + 700_000 + 400_000 + 300_000 + 2_000_000 + 50_000
    assert (total["zonder_bedrag"], total["tegen_instructie"]) == (1, 1)
    assert {(row["programma"], row["portefeuille"], row["besluiten"], row["mis"]) for row in found["programmas"]} == {
        ("Groen", "Wethouder Wil", 5, 1), ("", "", 2, 1),
    }  # fmt: skip
    assert [(row["oorzaak"], row["aantal"], row["bedrag"]) for row in found["oorzaken"]] == [
        ("boven_grens", 1, 700_000),
        ("gesplitst", 1, 300_000),
    ]
    assert [row["bedrag"] for row in found["grootste"]] == [2_000_000, 700_000, 400_000, 300_000, 100_000, 50_000]
    assert (found["secretaris"]["besluiten"], found["secretaris"]["bedrag"]) == (1, 50_000)
    assert [row["besluiten"] for row in found["kwartalen"]] == [0, 0, 0, 1, 7]
    assert sum(row["besluiten"] for row in found["programmas"]) == total["besluiten"]


async def test_what_was_found_later_was_not_known_then(db: Database, owner: asyncpg.Connection, world: World) -> None:
    made, _ = await decision(owner, world)
    before = datetime.now(UTC)
    defect = await owner.fetchval(
        "insert into decision_act (decision_id, kind, person_id, ground, entry_id) values ($1, 'gebrek', $2, 'verlopen', $3) returning id",
        made, world.people["kees"], await entry(owner),
    )  # fmt: skip
    between = datetime.now(UTC)
    await owner.execute(
        "insert into decision_act (decision_id, kind, person_id, about_id, organ, organ_decided_on, organ_decision, entry_id)"
        " values ($1, 'bekrachtiging', $2, $3, 'college', '2026-10-01', 'B&W 7', $4)",
        made, world.people["sef"], defect, await entry(owner),
    )  # fmt: skip

    def stand(found: dict[str, Any]) -> tuple[int, int]:
        return found["totaal"]["mis"], found["totaal"]["hersteld"]

    kept = canonical(await figures(db, before))
    assert [stand(await figures(db, known)) for known in (before, between, datetime.now(UTC))] == [
        (0, 0),
        (1, 0),
        (1, 1),
    ]
    last = (await figures(db, datetime.now(UTC)))["oorzaken"][0]
    assert (last["oorzaak"], last["hersteld_door"]) == ("verlopen", ["College van B en W"])
    assert canonical(await figures(db, before)) == kept, "the same period and `bekend` give the same bytes"


async def test_completeness_names_what_is_not_in_the_log(db: Database, owner: asyncpg.Connection, world: World) -> None:
    _, number = await decision(owner, world)
    rows = [Post("contract", f"K-{n}", MOMENT.date(), 100) for n in range(3)] + [
        Post("contract", "K-9", MOMENT.date(), number=number)
    ]
    await do(db, lay_beside, rows, file="x", digest="sha256:" + "a" * 64, by=SYSTEM)
    known = datetime.now(UTC)
    item = await owner.fetchval("select id from checklist_item where reference = 'K-0'")
    await do(db, explain, item, ExplainForm(reden="zonder_besluit", toelichting="Geen besluit."), by=world.actor("sef"))
    then, now = (await figures(db, known))["volledigheid"], (await figures(db, datetime.now(UTC)))["volledigheid"]
    assert (then["zonder_regel"], then["open"], now["zonder_regel"], now["open"]) == (3, 3, 3, 2)
    assert now["lijsten"] == [
        {"soort": "contract", "regels": 4, "gevonden": 1, "verklaard": 1, "zonder_besluit": 1, "open": 2}
    ]
    assert [post["kenmerk"] for post in now["posten"]] == ["K-0", "K-1", "K-2"]
    changed = [
        Post("contract", "K-1", MOMENT.date(), 99_900),
        Post("contract", "K-2", MOMENT.date() - timedelta(days=90), 100),
    ]
    await do(db, lay_beside, changed, file="x", digest="sha256:" + "b" * 64, by=SYSTEM)
    assert (await figures(db, known))["volledigheid"] == then, (
        "a list that is corrected later changes no earlier account"
    )
    assert (await figures(db, datetime.now(UTC)))["volledigheid"]["zonder_regel"] == 2


async def test_in_public_nobody_is_named(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await owner.execute(
        "insert into budget (code, year, name, portfolio, powers) values ('P1', 2026, 'Groen', 'Wethouder Wil', '{SUB-01}')"
    )
    await decision(owner, world, subject="Subsidie aan mevrouw Publiek", sensitive=True)
    await decision(
        owner, world, code="WMO-02", confidential=True, cents=9_000_000, counterparty="Meneer Stil", sensitive=True
    )
    found = await figures(db, datetime.now(UTC))
    text = json.dumps(found, ensure_ascii=False)
    assert "Stil" not in text and all(person not in text for person in ("Aya Proef", "Kees Proef"))
    assert [row["onderwerp"] for row in found["grootste"]] == [None, "Subsidie aan mevrouw Publiek"]
    public = json.dumps(without_people(found), ensure_ascii=False)
    assert "Wethouder Wil" not in public and "mevrouw Publiek" not in public and "Boombeheerder" not in public


async def test_more_power_than_last_period(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await owner.execute("insert into power (code) values ('SUB-01')")
    for number, since in (("M-1", datetime(2026, 1, 1, tzinfo=UTC)), ("M-2", datetime(2026, 8, 1, tzinfo=UTC))):
        grant = await owner.fetchval("insert into power_grant (number) values ($1) returning id", number)
        await owner.execute(
            "insert into grant_version (grant_id, kinds, grantors, holder, powers, ceiling, decided_on, decision, published_on, valid, recorded)"
            " values ($1, '{mandaat}', '{orgaan:college}', $2, '{SUB-01}', 500000, $3, 'B&W 1', $3, tstzrange($3, null), tstzrange($3, null))",
            grant, f"rol:{world.roles['boom']}", since,
        )  # fmt: skip
    found = await figures(db, datetime.now(UTC))
    assert [(row["mandaat"], row["wat"], row["ontvanger"]) for row in found["meer_macht"]["mandaten"]] == [
        ("M-2", "nieuw", "Boombeheerder, Groen en Water")
    ]
    assert (await figures(db, datetime.now(UTC) + timedelta(0), Period(2025)))["meer_macht"]["aantal"] == 0
