"""Erasure (mandates 4.4, rule 6): what may go, who approves, what stays, and what a database user cannot do."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teams.account.actions.erasure import approve_erasure, ask_erasure, overdue, refuse_erasure, set_term
from teams.account.forms import ErasureForm, SettleForm, TermForm
from teams.account.queries.erasures import entries_of_decision, erasure_for
from teams.account.rules import ON_REQUEST, Ground, may_be_erased
from teams.kit.db import Database
from teams.kit.errors import Conflict, NotAllowed, NotFound
from tests.account.acts import decision, do, log_it, refused
from tests.conftest import Place
from tests.world import World

FORM = ErasureForm(grond=Ground.UNLAWFUL, reden="Er staat een burgerservicenummer in de tekst.")
REFUSE = SettleForm(antwoord="De tekst blijft.")


async def entries(db: Database, number: str) -> list[UUID]:
    async with db.read() as session:
        return await entries_of_decision(session, number)


async def texts(owner: asyncpg.Connection, entry: UUID) -> int:
    return await owner.fetchval("select count(*) from journal_text where entry = $1", entry)


@settings(max_examples=40)
@given(
    st.sampled_from(Ground), st.sampled_from(["besluit", "mandaat", "klus", "overig", "mensen"]), st.integers(-500, 500)
)
def test_before_its_term_a_text_goes_only_when_it_was_unlawful_or_on_request(
    ground: Ground, kind: str, days: int
) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    until = at + timedelta(days=days)
    free = may_be_erased(ground, kind, until, at)
    assert free == (days <= 0 or ground is Ground.UNLAWFUL or (ground is Ground.REQUEST and kind in ON_REQUEST))
    assert not may_be_erased(Ground.TERM, kind, None, at), "for ever is for ever"


async def test_content_goes_the_record_stays_and_the_log_tells_it(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    made, number = await decision(owner, world)
    await log_it(place)
    leaf = await owner.fetchrow("select bytes, hash from leaf order by seq limit 1")
    erasure = await do(db, ask_erasure, await entries(db, number), FORM, by=world.actor("sef"))
    gone = await do(db, approve_erasure, erasure, by=world.actor("kees"))
    assert gone >= 1
    async with db.read() as session:
        assert (await erasure_for(session, erasure))[0].erased == gone, "with what went along with the decision"
    row = await owner.fetchrow(
        "select subject, reasons, counterparty, cents, power, entry_id from decision where id = $1", made
    )
    assert (row["subject"], row["reasons"], row["counterparty"]) == (None, None, None)
    assert (row["cents"], row["power"]) == (400_000, "SUB-01")
    assert await texts(owner, row["entry_id"]) == 0
    assert (
        await owner.fetchval(
            "select count(*) from leaf_seed s join leaf l using (log, seq) where l.entry = $1", row["entry_id"]
        )
        == 0
    )
    assert await owner.fetchrow("select bytes, hash from leaf order by seq limit 1") == leaf
    told = await owner.fetch(
        "select verb, accountable, facts from journal where verb in ('erasure.done', 'decision.erased')"
    )
    assert {one["verb"] for one in told} == {"erasure.done", "decision.erased"} and all(
        one["accountable"] for one in told
    )


async def test_nobody_approves_their_own_request(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    _, number = await decision(owner, world)
    await log_it(place)
    for asker in ("sef", "kees"):
        erasure = await do(db, ask_erasure, await entries(db, number), FORM, by=world.actor(asker))
        refusal = await refused(db, approve_erasure, erasure, by=world.actor(asker))
        assert isinstance(refusal, NotAllowed) and refusal.reasons[0].code == "eigen_aanvraag"
    assert isinstance(await refused(db, approve_erasure, erasure, by=world.actor("beer")), NotAllowed)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("select erase($1, asked_by) from erasure where id = $1", erasure)


async def test_the_app_erases_nothing_by_itself(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    """The wall in the database: no delete, and no state that says it was done."""
    _, number = await decision(owner, world)
    await log_it(place)
    erasure = await do(db, ask_erasure, await entries(db, number), FORM, by=world.actor("sef"))
    app = await asyncpg.connect(place.url())
    try:
        for statement in (
            "delete from journal_text", "delete from leaf_seed", "update journal_text set value = ''",
            f"update erasure set state = 'vernietigd', settled_by = '{world.people['kees']}', settled_at = now() where id = '{erasure}'",
            "delete from erasure", "truncate erasure", "update retention_term set months = 1",
        ):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    finally:
        await app.close()


async def test_within_the_term_the_answer_names_the_day(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """AVG 17(3)(b), (d): answered by rule, with the day until which the law keeps it."""
    _, number = await decision(owner, world)
    found = await entries(db, number)
    for ground in (Ground.TERM, Ground.REQUEST):
        refusal = await refused(
            db, ask_erasure, found, ErasureForm(grond=ground, reden="Graag weg."), by=world.actor("sef")
        )
        assert isinstance(refusal, Conflict) and "until" in refusal.reasons[0].values
    await do(db, set_term, TermForm(soort="besluit", maanden=1, bron="Proef"), by=world.actor("sef"))
    await do(db, ask_erasure, found, ErasureForm(grond=Ground.TERM, reden="Termijn voorbij."), by=world.actor("sef"))
    async with db.read() as session:
        assert await overdue(session, "besluit") == [], "what is asked for already is not listed again"


async def test_who_asks_for_what(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """Everybody for entries about themselves, secretary and controller for any; others' entries do not exist."""
    _, number = await decision(owner, world, "aya")
    found = await entries(db, number)
    assert isinstance(await refused(db, ask_erasure, found, FORM, by=world.actor("bram")), NotFound)
    assert await do(db, ask_erasure, found, FORM, by=world.actor("aya"))
    assert isinstance(
        await refused(db, set_term, TermForm(soort="klus", maanden=1, bron="x"), by=world.actor("kees")), NotAllowed
    )


async def test_settled_once_and_not_before_it_is_in_the_log(
    db: Database, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    _, number = await decision(owner, world)
    erasure = await do(db, ask_erasure, await entries(db, number), FORM, by=world.actor("sef"))
    assert isinstance(await refused(db, approve_erasure, erasure, by=world.actor("kees")), Conflict)
    await do(db, refuse_erasure, erasure, REFUSE, by=world.actor("kees"))
    await log_it(place)
    assert isinstance(await refused(db, approve_erasure, erasure, by=world.actor("kees")), Conflict)
    assert isinstance(await refused(db, refuse_erasure, erasure, REFUSE, by=world.actor("kees")), Conflict)
