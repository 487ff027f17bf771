"""The mandate log for the auditor: flags, filters against a plain filter in Python, who sees what, pages without counting."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from teams.account.periods import period_of
from teams.kit.db import Database
from teams.reports.audit import FLAGS, AuditWish, Line, audit_page, desk_of, log_state
from tests.account.acts import MOMENT, decision, head, log_it
from tests.conftest import Place
from tests.world import World


async def seen(db: Database, world: World, who: str, wish: AuditWish = AuditWish()) -> list[Line]:
    """Every page of a wish, in the order of the pages."""
    found: list[Line] = []
    async with db.read() as session:
        scope = (await desk_of(session, world.actor(who))).scope
        after = None
        while True:
            lines, after = await audit_page(session, AuditWish(**{**vars(wish), "after": after, "limit": 3}), scope)
            found += lines
            if after is None:
                return found


CASES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, set()),
    ({"cents": 450_000}, {"bij_grens"}),
    ({"cents": 500_000}, {"bij_grens"}),
    ({"cents": 449_999}, set()),
    ({"cents": 500_001, "outcome": "gebrek"}, {"boven_grens", "gebrek"}),
    ({"cents": 300_000, "total": 600_000, "outcome": "gebrek"}, {"splitsing", "gebrek"}),
    ({"cents": 300_000, "total": 600_000, "base": "per_jaar", "outcome": "gebrek"}, {"boven_grens", "gebrek"}),
    ({"cents": None, "ceiling": None}, set()),
    ({"outcome": "doorbroken"}, {"doorbroken"}),
    ({"outcome": "gebrek", "rules": [["M13", "nee"], ["M21", "ok"]]}, {"gebrek", "mandaat_gold_niet"}),
    ({"outcome": "gebrek", "rules": [["M09", "nee"]]}, {"gebrek", "zelfde_persoon"}),
]


async def test_flags_say_what_asks_for_attention(db: Database, owner: asyncpg.Connection, world: World) -> None:
    made = {(await decision(owner, world, **fields))[1]: flags for fields, flags in CASES}
    lines = await seen(db, world, "kees")
    assert {line.number: set(line.flags) for line in lines} == made
    serious = {number for number, flags in made.items() if flags - {"bij_grens"}}
    assert {line.number for line in await seen(db, world, "kees", AuditWish(flag="aandacht"))} == serious


async def test_later_findings_and_unanswered_questions_are_flags_too(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """M27, M15: a defect found later, its ratification, a question past its term, gone when it is answered."""
    (late, number), (asked, other) = await decision(owner, world), await decision(owner, world)

    async def entry() -> Any:
        return await owner.fetchval("insert into journal (verb) values ('proef') returning id")

    defect = await owner.fetchval(
        "insert into decision_act (decision_id, kind, person_id, ground, entry_id) values ($1, 'gebrek', $2, 'M21', $3) returning id",
        late, world.people["kees"], await entry(),
    )  # fmt: skip
    await owner.execute(
        "insert into decision_act (decision_id, kind, person_id, about_id, organ, organ_decided_on, organ_decision, entry_id)"
        " values ($1, 'bekrachtiging', $2, $3, 'college', '2026-10-01', 'B&W 7', $4)",
        late, world.people["sef"], defect, await entry(),
    )  # fmt: skip
    request = await owner.fetchval(
        "insert into information_request (decision_id, asked_by, acting_as, asked_of, question, due, entry_id)"
        " values ($1, $2, 'orgaan:college', $3, 'Waarom?', current_date - 1, $4) returning id",
        asked, world.people["wil"], world.people["aya"], await entry(),
    )  # fmt: skip
    flags = {line.number: set(line.flags) for line in await seen(db, world, "sef")}
    assert flags == {number: {"gebrek", "bekrachtigd"}, other: {"informatie"}}
    assert [line.number for line in await seen(db, world, "sef", AuditWish(flag="informatie"))] == [other]
    await owner.execute(
        "insert into information_answer (request_id, person_id, answer, entry_id) values ($1, $2, 'Daarom.', $3)",
        request, world.people["aya"], await entry(),
    )  # fmt: skip
    assert await seen(db, world, "sef", AuditWish(flag="informatie")) == []


async def test_each_filter_is_what_a_plain_filter_would_give(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Every combination, through all pages, in one order."""
    for number in range(40):
        await decision(
            owner, world, ("aya", "bram", "cato")[number % 3], role=("boom", "water", "balie", None)[number % 4],
            code=("SUB-01", "SUB-02")[number % 2], cents=(100_000, 480_000, 700_000)[number % 3],
            outcome=("bevoegd", "bevoegd", "gebrek")[number % 3], at=MOMENT + timedelta(days=number * 5 % 160),
        )  # fmt: skip
    everything = await seen(db, world, "kees")
    assert len(everything) == 40
    assert everything == sorted(everything, key=lambda line: (line.decided_at, line.id), reverse=True)
    for period in (None, period_of("2026-K3"), period_of("2026")):
        for team in (None, "groen", "balie"):
            for power in (None, "SUB-02"):
                for outcome, flag in (
                    (None, None),
                    ("bevoegd", None),
                    ("gebrek", None),
                    (None, "bij_grens"),
                    (None, "aandacht"),
                ):
                    wish = AuditWish(
                        period=period, team=world.teams[team] if team else None, power=power, outcome=outcome, flag=flag
                    )
                    name = {"groen": "Groen en Water", "balie": "Balie"}.get(team or "")
                    plain = [
                        line.number for line in everything
                        if (period is None or period.start <= line.decided_at < period.end)
                        and (team is None or line.team == name) and (power is None or line.power == power)
                        and (outcome is None or line.outcome == outcome)
                        and (flag is None or flag in line.flags or (flag == "aandacht" and set(line.flags) - {"bij_grens"}))
                    ]  # fmt: skip
                    assert [line.number for line in await seen(db, world, "kees", wish)] == plain, wish


WHO = {"sef": 4, "kees": 4, "wil": 3, "aya": 2, "bram": 1, "cato": 1, "beer": 0}


@pytest.mark.parametrize("who", WHO)
async def test_who_sees_which_decisions(db: Database, owner: asyncpg.Connection, world: World, who: str) -> None:
    """Own roles and own acts; the own organ; secretary and controller all, but the secretary a number of what is confidential."""
    await owner.execute("insert into organ (code, name) values ('burgemeester', 'Burgemeester')")
    await decision(owner, world, "aya", role="boom")
    await decision(owner, world, "dirk", role="balie", code="BUR-1", organ="burgemeester")
    await decision(
        owner, world, "aya", role="water", code="WMO-02", confidential=True, counterparty="Mevrouw Geheim", cents=321_00
    )
    await decision(
        owner, world, "dirk", role="leeg", code="PW-07", confidential=True, counterparty="Meneer Stil", cents=987_00
    )
    lines = await seen(db, world, who)
    assert len(lines) == WHO[who], [line.number for line in lines]
    hidden = [line for line in lines if line.hidden]
    assert all(
        (line.subject, line.person, line.cents, line.counterparty, line.team) == (None, "", None, None, "")
        for line in hidden
    )
    assert {line.power for line in lines if line.power in ("WMO-02", "PW-07") and not line.hidden} == {
        "kees": {"WMO-02", "PW-07"}, "aya": {"WMO-02"}, "bram": {"WMO-02"},
    }.get(who, set())  # fmt: skip


async def test_the_state_of_the_log_is_told_not_hidden(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    async def state() -> Any:
        async with db.read() as session:
            return await log_state(session, None)

    await decision(owner, world)
    assert ((await state()).size, (await state()).waiting) == (None, 0)
    await log_it(place)
    assert (await state()).waiting == 1 and not (await seen(db, world, "kees"))[0].covered
    await head(owner, 1, datetime(2026, 10, 2, tzinfo=UTC))
    now = await state()
    assert (now.size, now.waiting, now.alarms) == (1, 0, ()) and (await seen(db, world, "kees"))[0].covered
    await owner.execute("insert into alarm (log, kind, size) values (1, 'herschreven', 1)")
    assert [alarm[0] for alarm in (await state()).alarms] == ["herschreven"]


def test_every_flag_of_the_database_can_be_asked_for() -> None:
    from pathlib import Path

    sql = (Path(__file__).parents[2] / "migrations/versions/2026_11_22_account.sql").read_text(encoding="utf-8")
    start = sql.index("flag text not null check (flag in (")
    assert all(f"'{flag}'" in sql[start : start + 400] for flag in FLAGS)
