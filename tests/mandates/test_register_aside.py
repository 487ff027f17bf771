"""Beside granting: a case taken back, the setting on publication, decrees that change or drop, a team's request, and what upkeep finds."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.mandates.actions.aside import draft_for, set_unpublished, take_back
from teams.mandates.actions.decrees import change_decree, decide_decree, drop_decree, make_decree
from teams.mandates.actions.grants import decide_grant, draft_grant, publish_grant
from teams.mandates.engine import answer
from teams.mandates.forms import InstellingForm, MandaatbesluitForm, TerugnameForm
from teams.mandates.queries.facts import facts_for
from teams.mandates.queries.gaps import grants_outside, grants_without_holder, requests, roles_without
from teams.mandates.question import Question
from tests.governance.acts import consent, submitted
from tests.mandates.test_register_actions import BESLUIT, PUBLICATIE, act, form, sub
from tests.mandates.test_register_actions import register as register
from tests.world import World

MILD = InstellingForm(nietBekendgemaakt="waarschuwt", besluit="B&W 2026-60")


async def codes(db: Database, person: UUID, **more: Any) -> tuple[str, ...]:
    async with db.read() as session:
        at = await now(session)
        q = Question("SUB-01", more.pop("moment", at), at, str(person), cents=1_000_00, interest=False, **more)
        return answer(await facts_for(session, q), q).codes


async def given(db: Database, world: World, number: str = "T1", **more: Any) -> None:
    sef = world.actor("sef")
    await act(db, draft_grant, form(world, nummer=number, **more), by=sef)
    await act(db, decide_grant, number, BESLUIT, by=sef)
    await act(db, publish_grant, number, PUBLICATIE, by=sef)


async def test_M16_a_grantor_takes_one_case_back(db: Database, register: World) -> None:
    """From that moment the mandate does not hold for the case; before, and for other cases, it does."""
    await given(db, register)
    sef, wil = register.people["sef"], register.actor("wil")
    with pytest.raises(NotAllowed):
        await act(db, take_back, "T1", TerugnameForm(zaak="Z-1"), by=register.actor("beer"))
    async with db.read() as session:
        before = await now(session)
    await act(db, take_back, "T1", TerugnameForm(zaak="Z-1"), by=wil)
    assert await codes(db, sef, case="Z-1") == ("M16",)
    assert await codes(db, sef, case="Z-2") == ()
    assert await codes(db, sef, case="Z-1", moment=before) == ()
    with pytest.raises(Conflict, match="al teruggenomen"):
        await act(db, take_back, "T1", TerugnameForm(zaak="Z-1"), by=wil)


async def test_M13_the_secretary_sets_what_an_unpublished_grant_does(db: Database, register: World) -> None:
    """It counts from then on: the same question about the moment before keeps its answer."""
    sef = register.actor("sef")
    await act(db, draft_grant, form(register), by=sef)
    await act(db, decide_grant, "T1", BESLUIT, by=sef)
    async with db.read() as session:
        before = await now(session)
    with pytest.raises(NotAllowed):
        await act(db, set_unpublished, MILD, by=register.actor("wil"))
    await act(db, set_unpublished, MILD, by=sef)
    assert await codes(db, register.people["sef"]) == ()
    assert await codes(db, register.people["sef"], moment=before) == ("M13",)
    with pytest.raises(Conflict, match="staat de instelling al"):
        await act(db, set_unpublished, MILD, by=sef)


async def test_a_waiting_decree_changes_and_drops(db: Database, owner: asyncpg.Connection, register: World) -> None:
    sef = register.actor("sef")
    for number in ("T1", "T2"):
        await act(db, draft_grant, form(register, nummer=number), by=sef)
    bundle = MandaatbesluitForm(orgaan="college", titel="Eerste", tekst="Omdat.", geeft=["T1"])
    decree = await act(db, make_decree, bundle, by=sef)
    other = bundle.model_copy(update={"titel": "Tweede", "geeft": ["T2"]})
    with pytest.raises(NotAllowed):
        await act(db, change_decree, decree.number, other, by=register.actor("beer"))
    with pytest.raises(Invalid, match="hetzelfde orgaan"):
        await act(db, change_decree, decree.number, other.model_copy(update={"orgaan": "raad"}), by=sef)
    changed = await act(db, change_decree, decree.number, other, by=sef)
    assert (changed.title, changed.version) == ("Tweede", 2)
    second = await act(db, make_decree, bundle, by=sef)  # T1 is free again
    dropped = await act(db, drop_decree, second.number, by=sef)
    assert dropped.state == "vervallen"
    with pytest.raises(Conflict):
        await act(db, decide_decree, second.number, BESLUIT, by=sef)
    await act(db, decide_decree, decree.number, BESLUIT, by=sef)
    with pytest.raises(Conflict):
        await act(db, change_decree, decree.number, other, by=sef)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("delete from decree_item where decree_id = $1", decree.id)
    verbs = await owner.fetch("select verb from journal where verb like 'decree.%' order by id")
    assert [row["verb"] for row in verbs] == [
        "decree.made", "decree.changed", "decree.made", "decree.dropped", "decree.decided",
    ]  # fmt: skip


async def test_a_request_becomes_a_draft_once(db: Database, register: World) -> None:
    """The power is never given by the request itself."""
    made = await submitted(db, register, {"soort": "mandaatverzoek", "tekst": "Noodkap tot € 15.000."})
    await consent(db, register, "bram", made.id)
    sef, boom = register.actor("sef"), f"rol:{register.roles['boom']}"
    await given(db, register)
    async with db.read() as session:
        rows = await requests(session, await now(session))
    assert [(row.role_id, row.text, row.answered) for row in rows] == [
        (register.roles["boom"], "Noodkap tot € 15.000.", None)
    ]
    with pytest.raises(NotFound):
        await act(db, draft_for, UUID(int=7), sub(register, ontvanger=boom), by=sef)
    assert await act(db, draft_for, rows[0].id, sub(register, ontvanger=boom), by=sef) == "T2"
    with pytest.raises(Conflict, match="al een mandaat"):
        await act(db, draft_for, rows[0].id, sub(register, nummer="T3", ontvanger=boom), by=sef)
    async with db.read() as session:
        assert [row.answered for row in await requests(session, await now(session))] == ["T2"]


async def test_upkeep_finds_what_is_missing(db: Database, owner: asyncpg.Connection, register: World) -> None:
    await given(db, register)
    await given(
        db, register, "T8", ontvanger="functie:griffier", ondermandaat="nee", instemmingOntvangerOp=BESLUIT.beslotenOp
    )
    more = {"instemmingOntvangerOp": BESLUIT.beslotenOp, "instemmingWerkgeverOp": BESLUIT.beslotenOp}
    await given(db, register, "T9", ontvanger="extern:Omgevingsdienst", ondermandaat="nee", **more)

    async def found(session: AsyncSession) -> Any:
        at = await now(session)
        bare = {row.name for row in await roles_without(session, at)}
        return await grants_without_holder(session, at), await grants_outside(session, at), bare

    async with db.read() as session:
        empty, outside, bare = await found(session)
    assert (empty, outside) == (["T8"], ["T9"])
    assert "Baliemedewerker" in bare
    assert not any("ecretaris" in name and "eam" not in name for name in bare)
