"""Two years of decisions: believable, within the rules, and with what an audit must find."""

from datetime import date

import asyncpg
import pytest
from tests.places import Place

from teams.demo.seed import seed
from teams.kit.db import Database
from teams.ledger.entries import SOURCE, make, source
from teams.ledger.leaf import SEALED, TYPES, read_leaf
from teams.ledger.verbs import FACTS
from teams.reports.audit import AuditWish, Scope, audit_page

NONE = {
    "a number without its decision": """
        select c.year from decision_counter c where c.last <> (select count(*) from decision d where d.year = c.year)""",
    "numbers follow time": """
        select number from (select number, decided_at < lag(decided_at) over (order by year, serial) as back from decision) x
        where back""",
    "each has its entry, accountable, with a chain and its text sealed": """
        select d.number from decision d join journal j on j.id = d.entry_id where not j.accountable or j.facts ->> 'nummer' <> d.number
            or not exists (select from journal_text t where t.entry = j.id and t.field = 'inhoud')""",
    "a confidential power has no subject": "select number from decision where confidential and subject is not null",
    "one case is one decision": "select case_number from decision group by 1 having count(*) > 1",
    "nobody decides outside the time in a role, but for what an audit finds": """
        select d.number from decision d where d.role_id is not null and d.outcome = 'bevoegd' and not exists (
            select from role_filling f where f.role_id = d.role_id and f.person_id = d.person_id and f.valid @> d.decided_at)""",
}
FOUND = {
    "over the ceiling": ("select count(*) from decision where cents > ceiling", 1),
    "split": ("select count(*) from decision where cents <= ceiling and total > ceiling", 1),
    "a withdrawn grant used": (
        "select count(*) from decision d join power_grant g on g.number = any(d.grants) join grant_version v on v.grant_id = g.id"
        " and upper_inf(v.recorded) where v.withdrawn_at < d.decided_at", 1,
    ),
    "against an instruction": ("select count(*) from decision where overridden = 'M14'", 1),
    "a defect, ratified": (
        "select count(*) from decision_act a join decision_act b on b.about_id = a.id and b.kind = 'bekrachtiging'", 1,
    ),
    "an objection lost on authority": ("select count(*) from decision_act where kind = 'bezwaar'", 1),
    "a question that waits past its term": (
        "select count(*) from information_request r where r.due < $1 and not exists"
        " (select from information_answer a where a.request_id = r.id)", 1,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_what_an_audit_finds_in_zandermeer(place: Place, owner: asyncpg.Connection) -> None:
    today = date(2026, 11, 22)
    await seed(place.url("teams_owner"), today, lambda line: None)
    assert await owner.fetchval("select count(*) from decision") >= 5_000
    for rule, query in NONE.items():
        assert await owner.fetch(query) == [], rule
    for finding, (query, times) in FOUND.items():
        assert await owner.fetchval(query, *([today] if "$1" in query else [])) == times, finding
    assert await owner.fetchval("select count(*) from attempt") > 20
    assert await owner.fetchval("select count(distinct power) from decision") > 35
    lost = set()
    for row in await owner.fetch(
        f"select distinct on (j.verb) {SOURCE} from journal j where j.accountable order by j.verb"
    ):
        entry = source(row)
        leaf = read_leaf(make(entry, 0, "org", bytes(32)).raw)
        for clear in TYPES[leaf["type"]].may - SEALED - leaf.keys():  # type: ignore[index]
            lost |= {(entry.verb, name) for name in FACTS.get(clear, (clear,)) if entry.facts.get(name) is not None}
    assert lost == set(), "a fact that has a place in the leaf stands there"
    database = Database(place.url(), pool=1)
    async with database.read() as session:
        lines, more = await audit_page(session, AuditWish(flag="boven_grens"), Scope(None, everything=True))
    await database.close()
    assert [(line.subject, more) for line in lines] == [("Baggeren vijver Beatrixpark", None)], (
        "one among five thousand"
    )
