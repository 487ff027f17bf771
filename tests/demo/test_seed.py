"""The demo's database: Zandermeer comes in through the import, quickly, the same each time, and breaks no rule."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import pytest
from tests.conftest import Place
from tests.places import drop, take

from teams.auth.actions import log_in
from teams.demo.postgres import Server
from teams.demo.run import ACCOUNTS
from teams.demo.seed import PASSWORD, seed
from teams.demo.zandermeer import zandermeer
from teams.jobs.schedule import start_and_expire_klussen
from teams.kit.clock import day_of
from teams.kit.db import Database
from teams.kit.errors import Conflict

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("zandermeer")]

COUNTS = """
    select (select count(*) from team) as teams,
        (select count(*) from contract where upper_inf(recorded) and valid @> $1::date) as people,
        (select count(*) from role_version where upper_inf(recorded) and valid @> $1::date) as roles,
        (select count(*) from klus) as klussen, (select count(*) from policy) as policies,
        (select count(*) from absence) as absences
"""
# Each finds what must not be there.
BROKEN = {
    "R1: seats counted, within the places, numbered from 1": """
        select k.number from klus k left join claim c on c.klus_id = k.id and c.seat is not null
        group by k.id having k.taken <> count(c.id) or k.taken > k.places or coalesce(max(c.seat), 0) <> k.taken""",
    "klussen 3.2: only a running klus has running claims": """
        select c.id from claim c join klus k on k.id = c.klus_id
        where (c.state = 'lopend') <> (k.state = 'in_uitvoering') and c.seat is not null""",
    "a filling lies within its role and within service": """
        select f.id from role_filling f where upper_inf(f.recorded) and (
            not (select range_agg(tstzrange(lower(v.valid)::timestamp at time zone 'Europe/Amsterdam',
                upper(v.valid)::timestamp at time zone 'Europe/Amsterdam')) from role_version v
                where v.role_id = f.role_id and upper_inf(v.recorded)) @> f.valid
            or not (select range_agg(tstzrange(lower(c.valid)::timestamp at time zone 'Europe/Amsterdam',
                upper(c.valid)::timestamp at time zone 'Europe/Amsterdam')) from contract c
                where c.person_id = f.person_id and upper_inf(c.recorded)) @> f.valid)""",
    "everyone in service has one home team all that time, but for the college": """
        select p.number from person p join contract c on c.person_id = p.id and upper_inf(c.recorded)
        where not exists (select from organ_member m where m.person_id = p.id) and not exists (
            select from home_team h join team_version t on t.team_id = h.team_id and upper_inf(t.recorded)
            where h.person_id = p.id and upper_inf(h.recorded)
                and lower(h.valid) <= greatest(lower(c.valid), lower(t.valid))
                and upper(h.valid) is not distinct from upper(c.valid))""",
    "a klus is numbered in order of posting": """
        select number from (select number, created_at < lag(created_at) over (order by number) as early from klus) k
        where early""",
    "nothing was known before it began, nothing lies ahead": """
        select at::text from journal where at > now() union all
        select verb from journal where at < '2000-01-01' union all
        select id::text from klus where published_at > now() union all
        select id::text from role_version where lower(recorded) > now()""",
    "every act on a klus and a claim is in the journal": """
        select k.number from klus k where not exists (select from journal_subject s join journal j on j.id = s.entry
            where s.kind = 'klus' and s.id = k.id and j.verb = 'klus.posted' and j.at = k.created_at)
        union all
        select 0 from claim c where not exists (select from journal j where j.verb in
            ('claim.made', 'claim.applied', 'claim.waiting') and j.facts ->> 'claim' = c.id::text and j.at = c.at and j.actor = c.person_id)""",
    "a chain and an entry name versions of grants that are there": """
        select l from (select jsonb_array_elements_text(c) as l from decision d, jsonb_array_elements(d.chains) c
            union select facts ->> 'link' from journal where verb like 'grant.%') x
        where l not in (select g.number || '@' || v.hash from power_grant g join grant_version v on v.grant_id = g.id)""",
    "the ids of the journal follow its time": """
        select verb from journal where abs(extract(epoch from uuid_extract_timestamp(id) - at)) > 2""",
}


@dataclass(frozen=True)
class Filled:
    """Zandermeer with 300 decisions: made once, as the tests of this file only read it."""

    place: Place
    today: date
    told: list[str]
    spent: float


@pytest.fixture(scope="module")
def filled(server: Server) -> Iterator[Filled]:
    async def fill() -> Filled:
        made = await take(server)
        owner = await asyncpg.connect(made.url("teams_owner"))
        today = day_of(await owner.fetchval("select now()"))
        await owner.close()
        begin, told = time.process_time(), list[str]()
        await seed(made.url("teams_owner"), today, told.append, decisions=300)
        return Filled(made, today, told, time.process_time() - begin)

    found = asyncio.run(fill())
    yield found
    asyncio.run(drop(found.place))


@pytest.fixture
def place(filled: Filled) -> Place:
    return filled.place


async def test_zandermeer_in_numbers_within_the_rules_and_15_seconds_of_work(
    filled: Filled, owner: asyncpg.Connection, db: Database
) -> None:
    told, today = filled.told, filled.today
    assert filled.spent < 15, "seconds of work: others may run beside this"
    assert len(told) >= 9 and any("zonder logboekregel" in line for line in told)
    account = dict(await owner.fetch("select period, state from board_account"))  # type: ignore[arg-type]
    assert sorted(account.values()) == ["beantwoord", "naar_raad"]
    bounds = [json.loads(row[0])["kaders"] for row in await owner.fetch("select figures from board_account_version")]
    assert all({row["code"] for row in held["lijst"]} == {"INKOOP", "SUBSIDIE"} and held["zonder"] for held in bounds)
    assert any(row["besluiten"] for held in bounds for row in held["lijst"])
    posts = dict(await owner.fetch("select state, count(*) from checklist_item group by 1"))  # type: ignore[arg-type]
    assert (posts["open"], posts["verklaard"]) == (4, 3)
    assert await owner.fetchval("select count(*) from decision_flag where flag = 'boven_grens'") == 1
    found = await owner.fetchrow(COUNTS, today)
    assert (found["teams"], found["people"], found["klussen"]) == (28, 312, 400)
    assert found["roles"] >= 350 and found["policies"] >= 35 and found["absences"] > 30
    for rule, query in BROKEN.items():
        assert await owner.fetch(query) == [], rule
    session_id = (
        await log_in(db, "medewerker@zandermeer.example", PASSWORD, address="::1", device="test", old=None)
    ).id
    assert session_id
    rights = await owner.fetch(
        "select split_part(email, '@', 1), \"right\" from account_right join account on id = account_id order by 1"
    )
    assert [tuple(row) for row in rights] == [
        ("beheer", "beheer"), ("controller", "controller"), ("griffie", "raad"), ("secretaris", "secretaris"),
    ]  # fmt: skip
    before = await owner.fetchval("select count(*) from journal")
    await start_and_expire_klussen(db)
    assert await owner.fetchval("select count(*) from journal") == before, "nothing is overdue on the day itself"
    enabled = "select count(*) from pg_trigger where not tgisinternal and tgenabled = 'D'"
    assert await owner.fetchval(enabled) == 0, "every guard stands again"
    with pytest.raises(Conflict, match="staan al mensen"):
        await seed(filled.place.url("teams_owner"), today, told.append)


async def test_what_changed_in_two_years_is_seen_as_it_was_and_as_it_was_known(
    filled: Filled, owner: asyncpg.Connection
) -> None:
    """domain/README: `op` and `bekend`; a role that got another name bears the old one before that day."""
    today = filled.today
    name = (
        "select v.name from role_version v join team t on t.id = v.team_id where t.code = $1 and v.recorded @> $3::timestamptz"
        " and v.valid @> $4::date and v.role_id = (select role_id from role_version where name = $2 and upper_inf(recorded)"
        " and team_id = t.id)"
    )
    now = await owner.fetchval("select now()")
    renamed = [change for change in zandermeer(today).historie if change.soort == "hernoemd"]
    assert renamed
    for change in renamed:
        key = (change.team, change.nieuw)
        before = change.op.fromordinal(change.op.toordinal() - 1)
        early = await owner.fetchval("select ($1::date - 1)::timestamptz", change.op)
        assert await owner.fetchval(name, *key, now, today) == change.nieuw
        assert await owner.fetchval(name, *key, now, before) == change.oud
        assert await owner.fetchval(name, *key, early, change.op) == change.oud, "not known yet"


async def test_the_same_day_gives_the_same_klussen(server: Server, filled: Filled) -> None:
    again = await take(server)
    try:
        await seed(again.url("teams_owner"), filled.today, lambda line: None, decisions=300)
        found = [await klussen(one) for one in (filled.place, again)]
        assert found[0] == found[1]
        assert len(found[0]) == 400
    finally:
        await drop(again)


async def klussen(place: Place) -> list[Any]:
    connection = await asyncpg.connect(place.url("teams_owner"))
    found: list[Any] = await connection.fetch(
        "select number, title, state, taken, created_at, (select string_agg(p.number || c.state || c.at, ' '"
        " order by c.at, p.number) from claim c join person p on p.id = c.person_id where c.klus_id = k.id)"
        " from klus k order by number"
    )
    await connection.close()
    return found


def test_the_accounts_that_the_demo_names_are_those_of_zandermeer() -> None:
    there = {account.email for account in zandermeer(date(2026, 11, 22)).accounts}
    assert there == {f"{name}@zandermeer.example" for name in ACCOUNTS}
