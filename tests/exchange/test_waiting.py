"""An import waits for the secretary: nobody else sees it, and it does what was shown or nothing."""

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.exchange.run import run_import
from teams.exchange.waiting import confirm, reject, waiting_for, waiting_imports
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotFound
from tests.exchange.files import FILES, first_import, with_cell, write


@pytest.fixture
async def sara(db: Database, owner: asyncpg.Connection, tmp_path: Path) -> Actor:
    """The secretary of a municipality that has been imported."""
    await first_import(db, tmp_path / "eerst")
    person: UUID = await owner.fetchval("select id from person where number = '1'")
    return Actor(person, "Sara", frozenset({"secretaris"}))


async def offered(db: Database, folder: Path, *cell: Any) -> list[str]:
    code, lines = await run_import(
        db, "organisatie", write(folder, with_cell(FILES, *cell)), dry_run=False, namens=None
    )
    assert code == 0
    return lines


async def the_only(db: Database, sara: Actor) -> UUID:
    async with db.read() as session:
        (waiting,) = await waiting_imports(session, sara)
        return waiting.id


async def test_shown_then_confirmed_then_done(
    db: Database, owner: asyncpg.Connection, sara: Actor, tmp_path: Path
) -> None:
    lines = await offered(db, tmp_path / "b", "teams", 3, "naam", "Groen en Grijs")
    assert "  ~ GR: naam: Groen → Groen en Grijs" in lines
    assert await owner.fetchval("select count(*) from team_version where name = 'Groen en Grijs'") == 0
    import_id = await the_only(db, sara)
    async with db.read() as session:
        seen = await waiting_for(session, import_id, sara)
        assert seen.difference["teams"]["wijzigt"] == {"GR": {"naam": ["Groen", "Groen en Grijs"]}}
        assert "  ~ GR: naam: Groen → Groen en Grijs" in seen.lines
    async with db.begin() as session:
        done = await confirm(session, import_id, by=sara, at=await now(session), version=seen.version)
    assert (done.state, done.settled_by) == ("bevestigd", "Sara Smit")
    assert (
        await owner.fetchval("select count(*) from team_version where name = 'Groen en Grijs' and upper_inf(recorded)")
        == 1
    )
    entry = await owner.fetchrow(
        "select actor, accountable from journal where verb = 'import.confirmed' order by id desc"
    )
    assert tuple(entry) == (sara.person_id, True)
    with pytest.raises(Conflict):
        async with db.begin() as session:
            await confirm(session, import_id, by=sara, at=await now(session))


async def test_an_import_whose_difference_changed_is_refused(
    db: Database, owner: asyncpg.Connection, sara: Actor, tmp_path: Path
) -> None:
    await offered(db, tmp_path / "b", "teams", 3, "naam", "Groen en Grijs")
    import_id = await the_only(db, sara)
    await offered(db, tmp_path / "c", "teams", 3, "naam", "Groen en Grijs")
    async with db.read() as session:
        newest = (await waiting_imports(session, sara))[0].id
    async with db.begin() as session:
        await confirm(session, newest, by=sara, at=await now(session))
    with pytest.raises(Conflict) as refused:
        async with db.begin() as session:
            await confirm(session, import_id, by=sara, at=await now(session))
    assert refused.value.reasons[0].code == "verouderd"
    async with db.begin() as session:
        gone = await reject(session, import_id, by=sara, at=await now(session), reason="Dubbel.")
    assert gone.state == "afgewezen"


async def test_only_the_secretary_sees_or_confirms(db: Database, sara: Actor, tmp_path: Path) -> None:
    await offered(db, tmp_path / "b", "rollen", 3, "verantwoordelijkheden", "Bomen keuren|Planten")
    import_id = await the_only(db, sara)
    for rights in (frozenset(), frozenset({"beheer"}), frozenset({"controller", "raad"})):
        other = Actor(sara.person_id, "Iemand", rights)
        async with db.begin() as session:
            assert await waiting_imports(session, other) == []
            for verb in (confirm, reject):
                with pytest.raises(NotFound):
                    await verb(session, import_id, by=other, at=await now(session))


async def test_accountabilities_come_and_go_as_rows(
    db: Database, owner: asyncpg.Connection, sara: Actor, tmp_path: Path
) -> None:
    lines = await offered(db, tmp_path / "b", "rollen", 3, "verantwoordelijkheden", "Planten|Bomen keuren")
    assert "  ~ GR/Boombeheerder: verantwoordelijkheid: Snoeien → Planten" in lines
    kept = await owner.fetchval("select item_id from role_item where text = 'Bomen keuren'")
    async with db.begin() as session:
        at = await now(session)
        await confirm(session, (await waiting_imports(session, sara))[0].id, by=sara, at=at)
    now_there = await owner.fetch(
        "select text, item_id from role_item where upper_inf(recorded) and valid @> current_date and kind = 'verantwoordelijkheid'"
        " and role_id = (select role_id from role_version where name = 'Boombeheerder' limit 1)"
    )
    assert {row["text"]: row["item_id"] == kept for row in now_there} == {"Bomen keuren": True, "Planten": False}
    assert await owner.fetchval("select count(*) from role_item where text = 'Snoeien' and upper_inf(recorded)") == 1


async def test_members_who_are_no_longer_named_leave_the_organ(
    db: Database, owner: asyncpg.Connection, sara: Actor, tmp_path: Path
) -> None:
    lines = await offered(db, tmp_path / "b", "organen", 2, "leden", "2|3")
    assert "  ~ college: leden: 1 → 2|3" in lines
    async with db.begin() as session:
        await confirm(session, (await waiting_imports(session, sara))[0].id, by=sara, at=await now(session))
    members = "select count(*) from organ_member where upper_inf(recorded) and valid @> (now() at time zone 'Europe/Amsterdam')::date"
    assert await owner.fetchval(members) == 2
