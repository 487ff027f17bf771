"""People on PostgreSQL: hours on two time axes, leaving, absence, skills; each change is an entry."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed
from teams.people.actions import add_absence, change_person, hire, leave, remove_absence, set_hours, set_skills
from teams.people.forms import AbsenceForm, PersonForm
from teams.people.queries import contract_of, skills_of
from tests.world import START, TODAY, World

NEXT_MONTH = TODAY + timedelta(days=30)


async def act(db: Database, verb: Any, *args: Any, **given: Any) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, at=await now(session), **given)


async def hours_on(owner: asyncpg.Connection, person: UUID, day: date, known: Any = None) -> Decimal | None:
    """Contract hours as of a day, as known at a moment (None: now)."""
    hours: Decimal | None = await owner.fetchval(
        "select hours from contract where person_id = $1 and valid @> $2::date and recorded @> coalesce($3, now())",
        person, day, known,
    )  # fmt: skip
    return hours


async def verbs(owner: asyncpg.Connection, kind: str, subject: UUID) -> list[str]:
    rows = await owner.fetch(
        "select verb from journal j join journal_subject s on s.entry = j.id where s.kind = $1 and s.id = $2 order by j.id",
        kind, subject,
    )  # fmt: skip
    return [row["verb"] for row in rows]


async def test_hours_change_from_a_day_and_the_past_stays(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    cato = world.people["cato"]
    before = await owner.fetchval("select now()")
    await act(db, set_hours, cato, Decimal(24), first=NEXT_MONTH, by=world.actor("sef"))
    assert await hours_on(owner, cato, TODAY) == 36
    assert await hours_on(owner, cato, NEXT_MONTH) == 24
    assert await hours_on(owner, cato, NEXT_MONTH, before) == 36, "as known then"
    assert await verbs(owner, "person", cato) == ["person.hours_changed"]
    assert await verbs(owner, "team", world.teams["balie"]) == ["person.hours_changed"]


async def test_a_correction_of_the_past_keeps_what_was_known(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    cato, last_year = world.people["cato"], TODAY - timedelta(days=300)
    before = await owner.fetchval("select now()")
    await act(db, set_hours, cato, Decimal(20), first=last_year, by=world.actor("sef"))
    assert await hours_on(owner, cato, TODAY) == 20
    assert await hours_on(owner, cato, TODAY, before) == 36
    assert await hours_on(owner, cato, last_year - timedelta(days=1)) == 36


async def test_the_app_cannot_overwrite_history(db: Database, world: World, place: Any) -> None:
    app = await asyncpg.connect(place.url())
    try:
        for statement in (
            "update contract set hours = 1",
            "delete from contract",
            "truncate contract",
            "insert into contract (person_id, hours, valid, recorded) select person_id, 1, valid, tstzrange('2000-01-01', null) from contract limit 1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
        await app.execute("update contract set recorded = tstzrange('2000-01-01', '2001-01-01')")
        assert (
            await app.fetchval("select count(*) from contract where upper(recorded) < now() - interval '1 hour'") == 0
        )
    finally:
        await app.close()


async def test_hiring_and_a_taken_number_or_address(db: Database, world: World, owner: asyncpg.Connection) -> None:
    form = PersonForm(
        personeelsnummer="P900", naam="Fien O'Brien-van 't Hof", email="fien@proefdam.example",
        contracturen=Decimal("28.5"), in_dienst=TODAY,
    )  # fmt: skip
    fien = await act(db, hire, form, by=world.actor("sef"))
    assert await hours_on(owner, fien, TODAY) == Decimal("28.5")
    assert await hours_on(owner, fien, TODAY - timedelta(days=1)) is None
    assert await verbs(owner, "person", fien) == ["person.hired"]
    with pytest.raises(Invalid) as refused:
        await act(db, hire, form.model_copy(update={"email": "ander@proefdam.example"}), by=world.actor("sef"))
    assert list(refused.value.fields) == ["personeelsnummer"]
    with pytest.raises(Invalid) as refused:
        again = form.model_copy(update={"personeelsnummer": "P901", "email": "FIEN@proefdam.example"})
        await act(db, hire, again, by=world.actor("sef"))
    assert list(refused.value.fields) == ["email"]


async def test_a_stale_change_of_a_name_is_refused(db: Database, world: World) -> None:
    changed = await act(db, change_person, world.people["cato"], name="Cato Anders", version=1, by=world.actor("sef"))
    assert (changed.name, changed.version) == ("Cato Anders", 2)
    with pytest.raises(Conflict) as refused:
        await act(db, change_person, world.people["cato"], name="Cato", version=1, by=world.actor("sef"))
    assert refused.value.reasons[0].code == "verouderd"
    with pytest.raises(Invalid):
        await act(db, change_person, world.people["cato"], email="dirk@proefdam.example", by=world.actor("sef"))


async def test_leaving_on_a_day_that_is_the_last(db: Database, world: World, owner: asyncpg.Connection) -> None:
    out = await act(db, leave, world.people["dirk"], last=NEXT_MONTH, by=world.actor("sef"))
    assert out == NEXT_MONTH + timedelta(days=1)
    assert await hours_on(owner, world.people["dirk"], NEXT_MONTH) == 24
    assert await hours_on(owner, world.people["dirk"], out) is None
    with pytest.raises(Conflict):
        await act(db, leave, world.people["dirk"], last=START - timedelta(days=9), by=world.actor("sef"))
    with pytest.raises(Conflict):
        await act(db, set_hours, world.people["dirk"], Decimal(8), first=out, by=world.actor("sef"))


async def test_absence_is_ones_own(db: Database, world: World, owner: asyncpg.Connection) -> None:
    cato = world.people["cato"]
    week = AbsenceForm(van=NEXT_MONTH, tot=NEXT_MONTH + timedelta(days=6))
    await act(db, add_absence, cato, week, by=world.actor("cato"))
    await act(db, add_absence, cato, week, by=world.actor("cato"))
    two = AbsenceForm(van=NEXT_MONTH + timedelta(days=2), tot=NEXT_MONTH + timedelta(days=3))
    await act(db, remove_absence, cato, two, by=world.actor("cato"))
    away = await owner.fetchval("select sum(upper(valid) - lower(valid)) from absence where upper_inf(recorded)")
    assert away == 5
    with pytest.raises(NotAllowed):
        await act(db, add_absence, cato, week, by=world.actor("dirk"))
    with pytest.raises(Conflict):
        long_ago = AbsenceForm(van=START - timedelta(days=9), tot=START)
        await act(db, add_absence, cato, long_ago, by=world.actor("cato"))
    entries = await owner.fetch("select facts from journal where verb like 'person.absen%'")
    assert [entry["facts"] for entry in entries] == ["{}", "{}"], "nobody else reads the days"


async def test_skills_are_one_skill_in_any_spelling(db: Database, world: World, owner: asyncpg.Connection) -> None:
    await act(db, set_skills, world.people["cato"], ["Café-overleg", "Schrijven"], by=world.actor("cato"))
    await act(db, set_skills, world.people["dirk"], ["cafe-overleg"], by=world.actor("dirk"))
    await act(db, set_skills, world.people["cato"], ["CAFE-OVERLEG"], by=world.actor("cato"))
    async with db.read() as session:
        assert [row.name for row in await skills_of(session, world.people["cato"])] == ["Café-overleg"]
        assert (await contract_of(session, world.people["cato"]))[0].fields["hours"] == 36
    assert await owner.fetchval("select count(*) from skill") == 2
    assert await verbs(owner, "person", world.people["cato"]) == ["person.skills_changed"] * 2
