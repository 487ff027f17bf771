"""Faults of an open klussenbank (klussen 2.5) that cannot happen here; 1 to 4 and 6 to 9 stand in `test_choosing`."""

import re
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import teams
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import complete_claim, withdraw_claim
from teams.klussen.actions.phases import complete_klus
from teams.klussen.listing import Wish, list_klussen
from teams.klussen.portfolio import finished_by
from tests.conftest import Place
from tests.klussen.acts import act, claim, claims_of, refused
from tests.klussen.test_claim import posted
from tests.world import TODAY, World

SOURCE = Path(teams.__file__).parent
RUNS = {"van": TODAY, "plaatsen": 2}


async def test_fault_5_stopping_by_oneself_works_and_only_for_oneself(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world)
    mine = await claim(db, world, "cato", klus.id)
    await refused(act(db, world, withdraw_claim, "dirk", mine), "onbekend")
    await act(db, world, withdraw_claim, "cato", mine)
    assert await claims_of(owner, klus.id) == [("ingetrokken", None)], "ended, not deleted"


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.sampled_from(["'", '"', "\\", ";", "--", "%", "$1", ":me", "' or 1=1 --"]), st.text(max_size=10))
async def test_fault_10_what_is_typed_is_never_SQL(db: Database, world: World, sign: str, rest: str) -> None:
    typed = (sign + rest).replace("\x00", "")
    async with db.read() as session:
        wish = Wish(search=typed, skills=(typed,))
        found = await list_klussen(session, wish, world.actor("cato"), at=await now(session))
    assert found.rows == []


def test_fault_10_no_statement_of_the_klussenbank_is_made_of_what_was_typed() -> None:
    """Every `text(...)` is a constant or one of the list's own filters; values go beside it."""
    made = re.compile(r"execute\(\s*f[\"']|text\(\s*f[\"'][^\"']*\{(?:form|typed|wish|search|name)\b")
    files = [*(SOURCE / "klussen").rglob("*.py"), *(SOURCE / "web").glob("klus*.py")]
    assert len(files) > 30
    assert [path.name for path in files if made.search(path.read_text(encoding="utf-8"))] == []


async def test_fault_11_nobody_loses_credit_because_the_poster_did_nothing(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Each says that the own part is done; a klus is not done before that, and names who is still on it (R15)."""
    klus = await posted(db, world, **RUNS)
    first, second = await claim(db, world, "cato", klus.id), await claim(db, world, "dirk", klus.id)
    await act(db, world, complete_claim, "cato", first, result="Geteld.")
    refusal = await refused(act(db, world, complete_klus, "aya", klus.id), "R15")
    assert "Dirk" in str(refusal.reasons[0].values)
    await act(db, world, complete_claim, "dirk", second)
    await act(db, world, complete_klus, "aya", klus.id)
    async with db.read() as session:
        for who in ("cato", "dirk"):
            assert [row.id for row in await finished_by(session, world.people[who])] == [klus.id]


async def test_fault_12_consent_is_a_record_that_the_place_waits_for(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Not a sentence on a form: without the lending team's answer nobody is confirmed, by whatever statement (R6)."""
    klus = await posted(db, world, urenMin=20, plaatsen=1)
    mine = await claim(db, world, "cato", klus.id)
    row = await owner.fetchrow("select state, team_id, due_at > now() as term from consent where claim_id = $1", mine)
    assert row is not None, "22 hours of roles and 20 of this klus are more than 36"
    assert (row["state"], row["team_id"], row["term"]) == ("gevraagd", world.teams["balie"], True)
    assert await claims_of(owner, klus.id) == [("wacht_op_instemming", 1)]


def test_fault_13_every_test_of_the_klussenbank_is_run(request: pytest.FixtureRequest, place: Place) -> None:
    """No file of tests lies outside what is collected: each has a name that pytest finds."""
    here = Path(__file__).parent
    holding = {
        path.name for path in here.glob("*.py") if re.search(r"^(async )?def test_", path.read_text("utf-8"), re.M)
    }
    assert all(name.startswith("test_") for name in holding) and len(holding) > 15
