"""Decide under a grant: recorded only at a yes, once, gapless, on facts that a parallel act cannot shift (M09-M25)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from teams.decisions.actions import after as module_after
from teams.decisions.actions import decide as module
from teams.decisions.actions.decide import Taken, decide
from teams.decisions.forms import CorrectionForm
from teams.decisions.models import Decision, content_digest
from teams.decisions.queries.known import weigh
from teams.journal.models import Actor
from teams.kit.db import Database
from teams.kit.errors import Invalid, NotAllowed, Refusal
from teams.ledger.entries import SOURCE, make, source
from teams.ledger.leaf import read_leaf
from teams.mandates.question import Contested
from teams.mandates.rulebook import rulebook_hash
from tests.decisions.acts import FORM, act, ask, refusal, settle, take, taken, who
from tests.mandates.stored import uid


@pytest.fixture(autouse=True)
async def there(owner: asyncpg.Connection) -> None:
    await settle(owner)


async def rows(owner: asyncpg.Connection, table: str = "decision") -> int:
    found: int = await owner.fetchval(f"select count(*) from {table}")
    return found


async def test_a_yes_is_recorded_with_chain_rules_and_signature(db: Database, owner: asyncpg.Connection) -> None:
    done = await taken(db, "SUB-01", "noor", 4_000_00, case="Z-1", counterparty="Dansschool")
    row = await owner.fetchrow("select * from decision where id = $1", done.id)
    hashes = dict(
        await owner.fetch("select g.number, v.hash from grant_version v join power_grant g on g.id = v.grant_id")
    )
    assert done.number == f"{row['year']}-00001"
    assert row["chains"] == f'[["T01@{hashes["T01"]}", "T15@{hashes["T15"]}"]]'
    assert (row["grants"], row["ceiling"], row["cents"], row["organ"]) == (
        ["T01", "T15"],
        5_000_00,
        4_000_00,
        "college",
    )
    assert "Burgemeester en wethouders van Zandermeer" in row["signature"]
    assert (row["capacity"], row["outcome"], row["verdict"]) == ("houder", "bevoegd", "ja")
    entry = await owner.fetchrow("select * from journal where id = $1", done.entry)
    assert entry["accountable"]
    assert entry["verb"] == "decision.taken"
    texts = dict(await owner.fetch("select field, value from journal_text where entry = $1", done.entry))
    assert texts["bedrag"] == "400000"
    assert texts["actor"] == uid("noor")
    assert {"zaak", "onderwerp", "reden", "rol", "wederpartij", "inhoud"} <= texts.keys()
    assert "Dansschool" not in entry["facts"], "personal text stands apart, each with a key of its own"
    assert "dansschool" not in entry["facts"].lower()


async def test_the_leaf_shows_the_rulebook_the_rules_and_the_chain_in_clear(
    db: Database, owner: asyncpg.Connection
) -> None:
    """mandates 2.2, 4.2: what was the rule at the time is no secret, for a decision and for a refused attempt."""
    done = await taken(db, "SUB-01", "noor", 4_000_00, case="Z-1")
    await refusal(db, "SUB-01", "noor", 7_500_00)
    rows = await owner.fetch(
        f"select {SOURCE} from journal j where j.accountable and j.verb like 'decision.%' order by j.id"
    )
    leaves = [read_leaf(make(source(row), 0, "org", bytes(32)).raw) for row in rows]
    assert [leaf["type"] for leaf in leaves] == ["besluit", "poging"]
    assert [leaf["rulebook"] for leaf in leaves] == [rulebook_hash()] * 2
    row = await owner.fetchrow("select rulebook, rules_hash from decision where id = $1", done.id)
    assert (leaves[0]["rulebook"], leaves[0]["regels"]) == (row["rulebook"], row["rules_hash"])
    assert [link.partition("@")[0] for link in leaves[0]["keten"]] == ["T01", "T15"]


async def test_the_row_fits_what_its_entry_seals(db: Database, owner: asyncpg.Connection) -> None:
    done = await taken(db, "SUB-01", "noor", 100_00, case="Z-1")
    async with db.read() as session:
        row = (await session.scalars(select(Decision).where(Decision.id == done.id))).one()
        held = {column.key: getattr(row, column.key) for column in Decision.__table__.columns}
    sealed = await owner.fetchval("select value from journal_text where entry = $1 and field = 'inhoud'", done.entry)
    assert content_digest(held) == sealed
    assert content_digest({**held, "cents": 1}) != sealed


async def test_a_no_records_the_attempt_and_no_decision(db: Database, owner: asyncpg.Connection) -> None:
    done = await refusal(db, "SUB-01", "noor", 7_500_00)
    assert "M21" in done.weighed.answer.codes
    assert await rows(owner) == 0
    attempt = await owner.fetchrow("select * from attempt")
    assert (attempt["power"], attempt["verdict"], attempt["cents"]) == ("SUB-01", "nee", 7_500_00)
    assert "M21" in attempt["codes"]
    assert await owner.fetchval("select accountable from journal where verb = 'decision.attempted'")


@pytest.mark.parametrize("name", ["mo", "vera"])
async def test_who_has_no_role_with_a_grant_decides_nothing(db: Database, owner: asyncpg.Connection, name: str) -> None:
    assert "M24" in (await refusal(db, "SUB-01", name, 100_00)).weighed.answer.codes
    assert await rows(owner) == 0


async def test_the_system_administrator_and_the_council_never_decide(db: Database) -> None:
    q = await ask(db, "SUB-01", "noor", 100_00)
    for by in (replace(who("noor"), rights=frozenset({right})) for right in ("beheer", "raad")):
        async with db.begin() as session:
            with pytest.raises(NotAllowed):
                await decide(session, q, FORM, by=by, at=q.moment)
    async with db.begin() as session:
        with pytest.raises(NotAllowed):
            await decide(session, q, FORM, by=Actor(None), at=q.moment)


async def test_nobody_decides_as_another_or_without_the_declaration(db: Database, owner: asyncpg.Connection) -> None:
    q = await ask(db, "SUB-01", "noor", 100_00)
    with pytest.raises(NotAllowed):
        await act(db, decide, q, FORM, by="gijs")
    with pytest.raises(Invalid) as fault:
        await act(db, decide, q, FORM.model_copy(update={"belangVerklaring": False}), by="noor")
    assert "belangVerklaring" in fault.value.fields
    with pytest.raises(Invalid):
        await act(db, decide, replace(q, moment=q.moment.replace(year=q.moment.year + 1)), FORM, by="noor")
    assert await rows(owner) == 0


async def test_old_knowledge_does_not_make_a_yes(db: Database, owner: asyncpg.Connection) -> None:
    """M17: a grant that ended is not revived by asking with what was known before."""
    q = await ask(db, "SUB-01", "noor", 100_00)
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where person_id = $1", uid("noor")
    )
    done = await act(db, decide, q, FORM, by="noor")
    assert "M24" in done.weighed.answer.codes


async def test_m21_earlier_decisions_on_the_same_case_or_party_count(db: Database) -> None:
    await taken(db, "SUB-01", "noor", 3_000_00, case="Z-1", counterparty="Dansschool")
    assert "M21" in (await refusal(db, "SUB-01", "noor", 2_000_01, case="Z-1")).weighed.answer.codes
    assert "M21" in (await refusal(db, "SUB-01", "gijs", 2_500_00, counterparty="Dansschool")).weighed.answer.codes
    await taken(db, "SUB-01", "gijs", 2_000_00, case="Z-1")


@pytest.mark.parametrize("about", [{"case": "z/1"}, {"counterparty": "DÁNSSCHOOL  de Pas B.V."}])
async def test_m21_m19_m10_another_spelling_is_the_same_case_and_party(db: Database, about: dict[str, str]) -> None:
    first = await taken(db, "SUB-01", "noor", 3_000_00, case="Z-1", counterparty="Dansschool de Pas")
    assert "M21" in (await refusal(db, "SUB-01", "gijs", 2_000_01, **about)).weighed.answer.codes
    correct = CorrectionForm(veld="zaak" if "case" in about else "wederpartij", waarde="Anders", reden="Tikfout.")
    await act(db, module_after.correct, first.number, correct, by="noor")
    assert "M21" in (await refusal(db, "SUB-01", "gijs", 2_000_01, **about)).weighed.answer.codes, "under both names"
    new = dict.fromkeys(about, "anders!")
    assert "M21" in (await refusal(db, "SUB-01", "gijs", 2_000_01, **new)).weighed.answer.codes, "under both names"
    await refusal(db, "SUB-01", "noor", 100_00, case="Z-1", counterparty="Dansschool de Pas", interest=True)
    assert "M19" in (await refusal(db, "SUB-01", "noor", 100_00, interest=False, **about)).weighed.answer.codes


async def test_m21_a_date_in_the_past_does_not_dodge_the_sum(db: Database) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00, case="Z-1")
    q = await ask(db, "SUB-01", "noor", 3_000_00, case="Z-1")
    back = await act(db, decide, replace(q, moment=q.moment - timedelta(days=1)), FORM, by="noor")
    assert not isinstance(back, Taken), done.number


async def test_m21_the_room_of_a_year_counts_all_that_rests_on_the_grant(db: Database) -> None:
    await taken(db, "WKPB-1", "bram", 600_00, case="A")
    assert "M21" in (await refusal(db, "WKPB-1", "bram", 600_00, case="B")).weighed.answer.codes


async def test_m09_who_decided_does_not_decide_on_the_objection(db: Database) -> None:
    """The log knows who took it, whatever is typed, and through every role."""
    first = await taken(db, "SUB-01", "wieke", 100_00)
    told = Contested(first.number, frozenset({uid("mo")}))
    done = await refusal(db, "HK-22", "wieke", contested=told)
    assert "M09" in done.weighed.answer.codes
    other = await taken(db, "HK-22", "julia", contested=Contested(first.number, None))
    assert other.number


async def test_m10_a_reporter_in_the_same_case_stays_the_reporter(db: Database, boss: Any) -> None:
    await taken(db, "HAN-04", "julia", case="Z-9", reporter=uid("gijs"))
    await boss.execute("update decision set reporter_id = $1", UUID(uid("julia")))
    done = await refusal(db, "HAN-04", "julia", case="Z-9", reporter=uid("gijs"))
    assert "M10" in done.weighed.answer.codes
    other = await refusal(db, "HAN-04", "julia", case="z 9", reporter=uid("gijs"))
    assert "M10" in other.weighed.answer.codes
    await taken(db, "HAN-04", "julia", case="Z-8", reporter=uid("gijs"))


async def test_m19_an_interest_once_declared_holds_in_every_later_question(db: Database) -> None:
    assert "M19" in (await refusal(db, "SUB-01", "noor", 100_00, case="Z-1", interest=True)).weighed.answer.codes
    again = await refusal(db, "SUB-01", "noor", 100_00, case="Z-1", interest=False)
    assert "M19" in again.weighed.answer.codes


async def test_m20_naming_a_second_person_does_not_replace_the_confirmation(db: Database, owner: Any) -> None:
    assert "M20" in (await refusal(db, "PW-07L", "cas", 100_00)).weighed.answer.codes
    done = await refusal(db, "PW-07L", "cas", 100_00, second=uid("coen"))
    assert done.needs_second
    assert await rows(owner) == 0


async def test_m25_advice_cannot_be_ticked(db: Database) -> None:
    condition = "advies:Groen/Budgethouder>1000"
    done = await refusal(db, "OMG-01", "julia", 2_000_00, confirmed=frozenset({condition}))
    assert done.weighed.answer.verdict.word == "eerst_overleg"


async def test_m14_against_an_instruction_needs_a_reason_and_stands_apart(db: Database, owner: Any) -> None:
    with pytest.raises(Invalid):
        await take(db, "HK-22", "julia", against_instruction=True)
    form = FORM.model_copy(update={"instructieReden": "De wethouder was niet bereikbaar."})
    done = await taken(db, "HK-22", "julia", against_instruction=True, form=form)
    assert done.outcome == "doorbroken"
    assert await owner.fetchval("select overridden from decision") == "M14"
    assert await owner.fetchval("select count(*) from journal where verb = 'decision.overridden'") == 1


async def test_parallel_decisions_share_no_number_and_leave_no_hole(db: Database, owner: Any) -> None:
    async def one(n: int) -> Any:
        return await take(db, "SUB-01", "noor" if n % 2 else "gijs", 100_00 if n % 5 else 9_000_00, case=f"Z-{n}")

    done = await asyncio.gather(*(one(n) for n in range(30)))
    numbers = sorted(one.number for one in done if isinstance(one, Taken))
    assert [int(number[5:]) for number in numbers] == list(range(1, 25))


async def split(db: Database) -> int:
    spelt = ("Z-1", "z 1", "Z/1", "z-1")
    done = await asyncio.gather(*(take(db, "SUB-01", "noor", 3_000_00, case=case) for case in spelt))
    return sum(isinstance(one, Taken) for one in done)


async def test_m21_two_at_once_do_not_split_past_the_ceiling(
    db: Database, monkeypatch: pytest.MonkeyPatch, boss: Any
) -> None:
    assert await split(db) == 1
    monkeypatch.setattr(module, "_LOCK", text("select cast(:keys as text[])"))
    for _ in range(30):
        await boss.execute("delete from decision; delete from decision_counter")
        if await split(db) > 1:
            return
    pytest.fail("without the lock the race appears within thirty times")


async def test_a_key_decides_once(db: Database, owner: Any) -> None:
    await taken(db, "SUB-01", "noor", 100_00, key="sleutel-1")
    with pytest.raises((DBAPIError, Refusal)):
        await take(db, "SUB-01", "noor", 100_00, key="sleutel-1")
    assert await rows(owner) == 1
    assert (await taken(db, "SUB-01", "noor", 100_00)).number.endswith("00002"), "and the number was given back"


async def test_three_queries_for_the_answer_whatever_the_register(db: Database, queries: Any) -> None:
    await taken(db, "SUB-01", "noor", 100_00, case="Z-1", counterparty="D")
    q = await ask(db, "SUB-01", "noor", 100_00, case="Z-1", counterparty="D")
    async with db.read() as session:
        with queries() as sent:
            await weigh(session, q)
    assert len(sent) == 3


async def test_the_database_keeps_what_was_recorded(db: Database, owner: Any, place: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 100_00)
    app = await asyncpg.connect(place.url())
    for statement in (
        "update decision set cents = 1", "update decision set subject = 'x'", "delete from decision",
        "update decision_counter set last = 9", "insert into decision_counter values (2030, 4)",
        "update attempt set codes = '{}'",
    ):  # fmt: skip
        with pytest.raises(asyncpg.PostgresError):
            await app.execute(statement)
    with pytest.raises(asyncpg.CheckViolationError):
        await app.execute("select next_decision(2031)")
    await app.close()
    with pytest.raises(asyncpg.PostgresError):
        await owner.execute("update decision set subject = null where id = $1", done.id)


async def test_a_confidential_power_keeps_no_subject(db: Database, owner: Any, boss: Any) -> None:
    await boss.execute("update power_version set confidential = true")
    done = await taken(db, "SUB-01", "noor", 100_00, case="W-2026-1")
    assert await owner.fetchval("select subject from decision where id = $1", done.id) is None
    assert not await owner.fetchval("select count(*) from journal_text where field = 'onderwerp'")
