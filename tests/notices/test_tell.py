"""From act to notice: in the act's own transaction, once, to the people who should hear and nobody else."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from teams.jobs.notices import tell_what_happened
from teams.kit.clock import now
from teams.kit.db import Database
from teams.klussen.actions.claim import claim_klus, end_claims, withdraw_claim
from teams.klussen.actions.klus import change_klus
from teams.klussen.actions.offers import select_people
from teams.notices.queries import mark_read, unread
from teams.notices.tell import tell
from tests.conftest import Place
from tests.klussen.acts import SOON, act, claim, form
from tests.klussen.scene import crowd, policy, states
from tests.klussen.test_claim import posted
from tests.klussen.test_line import full
from tests.notices.scene import settings, told
from tests.world import TODAY, World


async def test_an_act_that_does_not_happen_is_not_told(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """The outbox row stands or falls with the act: one transaction."""
    klus = await posted(db, world)
    with pytest.raises(ZeroDivisionError):
        async with db.begin() as session:
            await claim_klus(session, klus.id, by=world.actor("cato"))
            raise ZeroDivisionError
    assert await owner.fetchval("select count(*) from outbox") == 0
    await claim(db, world, "cato", klus.id)
    assert (
        await owner.fetchval(
            "select count(*) from outbox o join journal j on j.id = o.entry where j.verb = 'claim.made'"
        )
        == 1
    )


async def test_who_posted_hears_of_a_claim_and_the_claimant_does_not(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    assert await told(db, place, world, "aya") == ["Cato Proef doet mee aan Schouw van speelplekken."]
    assert await told(db, place, world, "cato") == []
    assert await owner.fetchval("select count(*) from outbox") == 0
    assert await told(db, place, world, "aya") == ["Cato Proef doet mee aan Schouw van speelplekken."], "once"


async def test_R13_a_leaver_both_teams_are_told_and_whoever_is_next_gets_an_offer(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world, plaatsen=1)
    await claim(db, world, "dirk", klus.id)
    await claim(db, world, "bram", klus.id, line=True)
    async with db.begin() as session:
        await end_claims(
            session, {world.people["dirk"]: TODAY}, at=await now(session), reason="Ontslag op staande voet"
        )
    lines = {who: await told(db, place, world, who) for who in ("aya", "cato", "bram", "dirk")}
    assert "De inzet van Dirk Proef bij Schouw van speelplekken is gestopt." in lines["aya"], "the team that offers"
    assert lines["cato"] == ["De inzet van Dirk Proef bij Schouw van speelplekken is gestopt."], "the team that lends"
    assert lines["bram"][0].startswith("Er is een plek voor je in Schouw van speelplekken.")
    everything = await owner.fetchval("select string_agg(facts::text, ' ') from notice")
    assert "Ontslag" not in everything, "a reason stands on the person's own page only"


async def test_R13_a_leaver_in_the_middle_of_everything_keeps_nothing_but_the_hours_that_were_worked(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    """An offer, a place, a place in the line, a consent that is asked, an application, a lot, and a klus that runs."""
    me, other = await crowd(owner, world, 2, hours=20)
    soon = {"van": SOON, "tot": SOON + timedelta(days=20), "plaatsen": 1, "urenMin": 2}
    way = {
        "loting": {"wijze": "loten", "aanmeldenTot": SOON},
        "aanbod": {"wijze": "selectie"},
        "aanmelding": {"wijze": "selectie"},
    }
    way |= {"lijst": {}, "plek": {}, "bezig": {"van": TODAY}, "instemming": {}}
    klussen = {name: (await posted(db, world, titel=name, **{**soon, **more})).id for name, more in way.items()}
    held: dict[str, UUID] = {}
    for name, klus in klussen.items():
        if name == "instemming":
            await policy(owner, world, "balie", "instemming:rolverdeler:altijd")
        first, second = (other, me) if name == "lijst" else (me, other)
        for one in (first, second):
            if one == other and name == "instemming":
                continue
            async with db.begin() as session:
                claim_id, _ = await claim_klus(session, klus, by=one, line=True)
            held |= {name: claim_id} if one == me else {}
    await act(db, world, select_people, "aya", klussen["aanbod"], [held["aanbod"]])
    was = {name: await owner.fetchval("select state from claim where id = $1", one) for name, one in held.items()}
    assert was == {
        "loting": "aangemeld", "aanbod": "aangeboden", "aanmelding": "aangemeld", "lijst": "wachtlijst", "plek": "bevestigd",
        "bezig": "lopend", "instemming": "wacht_op_instemming",
    }  # fmt: skip
    await owner.execute(
        "insert into hours_booking (claim_id, person_id, day, tenths) values ($1, $2, $3, 20)",
        held["bezig"], me.person_id, TODAY,
    )  # fmt: skip
    await told(db, place, world, "aya")
    await owner.execute("delete from notice")
    async with db.begin() as session:
        assert await end_claims(session, {me.person_id: TODAY}, at=await now(session)) == len(klussen)
    assert set(await owner.fetch("select state, seat from claim where person_id = $1", me.person_id)) == {
        ("beeindigd", None)
    }
    assert await owner.fetchval("select state from consent") == "vervallen", "nobody answers for who is gone"
    assert await owner.fetchval("select sum(tenths) from hours_booking") == 20
    heirs = {name: await states(owner, klus) for name, klus in klussen.items()}
    assert {name for name, found in heirs.items() if "aangeboden" in found} == {"plek", "bezig"}, "R3: the next in line"
    assert sorted(heirs["loting"]) == sorted(heirs["aanmelding"]) == ["aangemeld", "beeindigd"]
    lines = await told(db, place, world, "aya")
    assert {name for name in klussen if any(f"bij {name} is gestopt" in line for line in lines)} == set(klussen)
    assert await owner.fetchval("select count(*) from notice where person_id = $1 and said like 'claim.offered%'", other.person_id) == 2  # fmt: skip


async def test_R14_who_waits_hears_of_the_own_place_only(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    _, held, _, actors = await full(db, owner, world, 2)
    async with db.begin() as session:
        await withdraw_claim(session, held, by=world.actor("dirk"), at=await now(session))
    await tell_what_happened(db, settings(place))
    rows = await owner.fetch("select person_id, said from notice where said like 'claim.offered%'")
    assert [row["person_id"] for row in rows] == [actors[0].person_id]
    assert await owner.fetchval("select count(*) from notice where person_id = $1", actors[1].person_id) == 0


async def test_two_workers_tell_an_act_once(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world, plaatsen=5)
    for who in ("cato", "bram", "kees"):
        await claim(db, world, who, klus.id)
    await asyncio.gather(*(tell_what_happened(db, settings(place)) for _ in range(4)))
    assert await owner.fetchval("select count(*) from notice") == 3
    assert await owner.fetchval("select count(*) from outbox") == 0


async def test_a_row_in_the_hands_of_another_is_left_alone(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """`skip locked` inside a transaction: without it the second worker would wait, or tell the same act again."""
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    async with db.begin() as session:
        await session.execute(text("select from outbox for update"))
        async with db.begin() as other:
            assert await tell(other, at=await now(other), mail=False) == 0


async def test_one_act_that_cannot_be_told_does_not_stop_the_others(
    db: Database, place: Place, owner: asyncpg.Connection, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    klus = await posted(db, world, plaatsen=3)
    await claim(db, world, "cato", klus.id)
    bad = await owner.fetchval(
        "insert into journal (verb, facts) values ('consent.asked', '{\"consent\": \"geen id\"}') returning id"
    )
    await owner.execute("insert into outbox (entry, consumer) values ($1, 'melding')", bad)
    await claim(db, world, "bram", klus.id)
    await tell_what_happened(db, settings(place))
    assert await owner.fetchval("select count(*) from notice") == 2
    assert await owner.fetch("select entry, tries from outbox") == [(bad, 5)]
    assert any("komt geen melding" in record.message for record in caplog.records)


async def test_unread_is_counted_read_is_marked_and_only_my_own(
    db: Database, place: Place, owner: asyncpg.Connection, world: World
) -> None:
    klus = await posted(db, world)
    await claim(db, world, "cato", klus.id)
    await act(db, world, change_klus, "aya", klus.id, form(world, tot=TODAY + timedelta(days=80)), version=klus.version)
    await told(db, place, world, "aya")
    async with db.begin() as session:
        assert (await unread(session, world.people["aya"]), await unread(session, world.people["cato"])) == (1, 1)
        assert await mark_read(session, world.people["cato"]) == 1
    async with db.read() as session:
        assert (await unread(session, world.people["aya"]), await unread(session, world.people["cato"])) == (1, 0)
