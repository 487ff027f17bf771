"""Posting and managing a klus: R2, R8, R10, R15, R18, R19, R20, R22 and who may do it."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from pydantic import ValidationError

from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from teams.klussen.actions.around import invite
from teams.klussen.actions.claim import complete_claim, reconfirm_claim
from teams.klussen.actions.klus import change_klus, post_klus
from teams.klussen.actions.phases import cancel_klus, close_klus, complete_klus, publish_klus
from teams.klussen.forms import KlusForm
from tests.klussen.acts import LATER, SOON, act, claim, claims_of, draft, entries, form, moved, refused
from tests.klussen.test_claim import posted
from tests.world import TODAY, World


async def test_R19_four_fields_and_no_review(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """What, for which team, how many hours, when: a klus; published by the one who posts it."""
    bare = KlusForm(titel="Bomen planten", teamId=world.teams["groen"], urenTotaal=Decimal(4), van=SOON)
    klus = await act(db, world, post_klus, "aya", bare)
    assert (klus.state, klus.places, klus.role_id) == ("concept", 1, world.roles["boom"])
    assert (await act(db, world, publish_klus, "aya", klus.id)).state == "open"
    assert await entries(owner, klus.id) == ["klus.posted", "klus.published"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"urenMin": None}, "urenMin"),
        ({"urenTotaal": 6}, "urenMin"),
        ({"urenMin": 8, "urenMax": 6}, "urenMax"),
        ({"tot": SOON - timedelta(days=1)}, "tot"),
        ({"aanmeldenTot": LATER + timedelta(days=1)}, "aanmeldenTot"),
        ({"soort": "vacature"}, "wijze"),
        ({"soort": "klus", "wijze": "loten"}, "aanmeldenTot"),
    ],
)
def test_R17_R18_a_form_that_contradicts_itself_names_the_field(fields: dict[str, Any], field: str) -> None:
    usual = {"titel": "x", "teamId": "0190a1b2-0000-7000-8000-000000000000", "urenMin": 6, "van": SOON, "tot": LATER}
    with pytest.raises(ValidationError) as refused_form:
        KlusForm(**{**usual, **fields})
    assert refused_form.value.errors()[0]["ctx"]["veld"] == field


async def test_R18_a_total_with_a_date(db: Database, world: World) -> None:
    klus = await posted(db, world, urenMin=None, urenTotaal=Decimal("6.5"), tot=None)
    assert (klus.hours_total, klus.hours_min, klus.hours_max) == (Decimal("6.5"), None, None)


async def test_R20_R22_origin_and_powers_are_kept(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world, herkomst="raad", herkomstKenmerk="Motie 2026-14", bevoegdheden=["B-012"])
    row = await owner.fetchrow("select origin, origin_reference, powers from klus where id = $1", klus.id)
    assert tuple(row) == ("raad", "Motie 2026-14", ["B-012"])


async def test_an_officeholder_posts_for_the_organ_but_from_nobodys_role(db: Database, world: World) -> None:
    klus = await act(db, world, post_klus, "wil", form(world))
    assert (klus.role_id, klus.organ_id) == (None, world.organs["college"])
    await refused(
        act(db, world, post_klus, "wil", form(world, rolId=world.roles["boom"])), "geen_recht", kind=NotAllowed
    )


@pytest.mark.parametrize("who", ["cato", "kees", "beer", "gea"])
async def test_only_from_an_own_role(db: Database, world: World, who: str, owner: asyncpg.Connection) -> None:
    await refused(act(db, world, post_klus, who, form(world)), "geen_recht", kind=NotAllowed)
    await refused(act(db, world, post_klus, who, form(world, rolId=world.roles["boom"])), "geen_recht", kind=NotAllowed)
    assert await owner.fetchval("select count(*) from klus") == 0


MANAGING = {
    "publish": publish_klus, "close": close_klus, "cancel": cancel_klus, "complete": complete_klus,
}  # fmt: skip


@pytest.mark.parametrize("verb", MANAGING)
@pytest.mark.parametrize("who", ["cato", "dirk", "kees", "beer", "wil", "gea"])
async def test_others_do_not_manage_it(
    db: Database, world: World, owner: asyncpg.Connection, verb: str, who: str
) -> None:
    klus = await posted(db, world)
    before = await owner.fetchrow("select * from klus")
    await refused(act(db, world, MANAGING[verb], who, klus.id), "geen_recht", kind=NotAllowed)
    await refused(
        act(db, world, change_klus, who, klus.id, form(world), version=klus.version), "geen_recht", kind=NotAllowed
    )
    assert await owner.fetchrow("select * from klus") == before


@pytest.mark.parametrize("who", ["aya", "bram", "sef"])
async def test_filler_core_role_and_secretary_manage_it(db: Database, world: World, who: str) -> None:
    """Bram has a core role of the team, Sef is the secretary; the klus stays with the role it came from."""
    klus = await posted(db, world)
    changed = await act(
        db,
        world,
        change_klus,
        who,
        klus.id,
        form(world, titel="Anders", rolId=world.roles["boom"]),
        version=klus.version,
    )
    assert (changed.title, changed.role_id) == ("Anders", world.roles["boom"])
    assert (await act(db, world, close_klus, who, klus.id)).state == "gesloten"
    assert (await act(db, world, publish_klus, who, klus.id)).state == "open"
    assert (await act(db, world, complete_klus, who, klus.id)).state == "afgerond"


async def test_R13_who_lost_the_role_no_longer_manages(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where role_id = $1", world.roles["boom"]
    )
    await refused(act(db, world, close_klus, "aya", klus.id), "geen_recht", kind=NotAllowed)


async def test_a_draft_exists_only_for_who_manages_it(db: Database, world: World) -> None:
    klus = await draft(db, world)
    for verb in MANAGING.values():
        await refused(act(db, world, verb, "cato", klus.id), "onbekend", kind=NotFound)
    await refused(claim(db, world, "cato", klus.id), "onbekend", kind=NotFound)


ALLOWED = {
    "concept": {"publish", "cancel"}, "open": {"close", "cancel", "complete"}, "gesloten": {"publish", "cancel", "complete"},
    "in_uitvoering": {"close", "cancel", "complete"}, "afgerond": set(), "ingetrokken": set(), "verlopen": set(),
}  # fmt: skip


@pytest.mark.parametrize("state", ALLOWED)
async def test_R2_each_state_allows_its_own_verbs(
    db: Database, world: World, owner: asyncpg.Connection, state: str
) -> None:
    klus = await posted(db, world, van=TODAY)
    for verb, doing in MANAGING.items():
        await owner.execute("update klus set state = $1, accepting = $1 in ('concept', 'open', 'in_uitvoering')", state)
        if verb in ALLOWED[state]:
            await act(db, world, doing, "aya", klus.id)
        else:
            await refused(act(db, world, doing, "aya", klus.id), "verkeerd_moment", kind=Conflict)
            assert await owner.fetchval("select state from klus") == state


async def test_R2_two_at_once_only_one_closes(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)

    async def attempt() -> bool:
        try:
            await act(db, world, close_klus, "aya", klus.id)
        except Refusal:
            return False
        return True

    assert sorted(await asyncio.gather(*(attempt() for _ in range(6)))) == [False] * 5 + [True]
    assert (await entries(owner, klus.id)).count("klus.closed") == 1


async def test_a_change_made_of_an_older_version_is_refused(db: Database, world: World) -> None:
    klus = await posted(db, world)
    await act(db, world, change_klus, "aya", klus.id, form(world, titel="Eerst"), version=klus.version)
    await refused(
        act(db, world, change_klus, "bram", klus.id, form(world, titel="Te laat"), version=klus.version), "verouderd",
        kind=Conflict,
    )  # fmt: skip


async def test_R8_never_fewer_places_than_are_held(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world)
    for who in ("cato", "bram"):
        await claim(db, world, who, klus.id)
    await refused(
        act(db, world, change_klus, "aya", klus.id, form(world, plaatsen=1), version=klus.version), "R8", kind=Conflict
    )
    assert await owner.fetchval("select places from klus") == 3


async def test_R8_seats_are_numbered_anew_when_places_go(db: Database, world: World, owner: asyncpg.Connection) -> None:
    klus = await posted(db, world, plaatsen=4, van=TODAY)
    held = {who: await claim(db, world, who, klus.id) for who in ("cato", "bram", "aya", "dirk")}
    for who in ("cato", "bram"):
        await act(db, world, complete_claim, who, held[who])
    klus = await act(db, world, change_klus, "aya", klus.id, form(world, plaatsen=2, van=TODAY), version=klus.version)
    assert klus.places == klus.taken == 2
    assert await claims_of(owner, klus.id) == [("afgerond", None), ("afgerond", None), ("lopend", 1), ("lopend", 2)]
    await refused(claim(db, world, "kees", klus.id), "vol", kind=Conflict)


@pytest.mark.parametrize(
    ("change", "asks"),
    [({"urenMin": 5}, True), ({"tot": LATER + timedelta(days=7)}, True), ({"van": SOON + timedelta(days=1)}, True),
     ({"titel": "Anders"}, False), ({"plaatsen": 5}, False)],
)  # fmt: skip
async def test_R8_other_hours_or_dates_ask_each_claimant_again(
    db: Database, world: World, owner: asyncpg.Connection, change: dict[str, Any], asks: bool
) -> None:
    klus = await posted(db, world)
    held = {who: await claim(db, world, who, klus.id) for who in ("cato", "bram")}
    await act(db, world, change_klus, "aya", klus.id, form(world, **change), version=klus.version)
    waiting = "select count(*) from claim c join klus k on k.id = c.klus_id where c.terms < k.terms"
    assert await owner.fetchval(waiting) == (2 if asks else 0)
    await act(db, world, reconfirm_claim, "cato", held["cato"])
    assert await owner.fetchval(waiting) == (1 if asks else 0)


async def test_R8_R5_hours_that_no_longer_fit_are_not_confirmed(db: Database, world: World) -> None:
    klus = await posted(db, world)
    held = await claim(db, world, "cato", klus.id)
    await act(db, world, change_klus, "aya", klus.id, form(world, urenMin=37), version=klus.version)
    await refused(act(db, world, reconfirm_claim, "cato", held), "uren_te_veel", kind=Conflict)
    await refused(act(db, world, reconfirm_claim, "bram", held), "onbekend", kind=NotFound)


async def test_R8_a_running_klus_does_not_move_to_the_future(db: Database, world: World) -> None:
    klus = await posted(db, world, van=TODAY)
    await claim(db, world, "cato", klus.id)
    with pytest.raises(Invalid) as wrong:
        await act(db, world, change_klus, "aya", klus.id, form(world, van=SOON), version=klus.version)
    assert set(wrong.value.fields) == {"van"}


async def test_R10_cancelling_ends_every_claim_and_deletes_nothing(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    klus = await posted(db, world)
    for who in ("cato", "bram"):
        await claim(db, world, who, klus.id)
    await act(db, world, cancel_klus, "aya", klus.id, reason="Het geld is op.")
    assert await claims_of(owner, klus.id) == [("beeindigd", None)] * 2
    assert tuple(await owner.fetchrow("select state, taken, accepting from klus")) == ("ingetrokken", 0, False)
    assert (await owner.fetchval("select count(*) from claim where ended_on is not null and ended_at is not null")) == 2
    assert sorted(await entries(owner, klus.id))[:3] == ["claim.ended", "claim.ended", "claim.made"]
    await refused(claim(db, world, "sef", klus.id), "gesloten", kind=Conflict)


async def test_R15_a_klus_is_complete_when_nobody_is_at_work(db: Database, world: World) -> None:
    klus = await posted(db, world, van=TODAY)
    held = {who: await claim(db, world, who, klus.id) for who in ("cato", "bram")}
    refusal = await refused(act(db, world, complete_klus, "aya", klus.id), "R15", kind=Conflict)
    assert refusal.reasons[0].values == {"names": "Cato Proef, Bram Proef"}
    await act(db, world, complete_claim, "cato", held["cato"])
    refusal = await refused(act(db, world, complete_klus, "aya", klus.id), "R15", kind=Conflict)
    assert refusal.reasons[0].values == {"names": "Bram Proef"}
    await act(db, world, complete_claim, "aya", held["bram"])
    assert (await act(db, world, complete_klus, "aya", klus.id)).state == "afgerond"


async def test_due_transitions_come_first(db: Database, world: World, owner: asyncpg.Connection) -> None:
    """Nobody ran the job; each act meets the klus as the calendar wants it."""
    klus = await posted(db, world)
    await moved(owner, klus.id, apply_until=TODAY - timedelta(days=1))
    await refused(act(db, world, close_klus, "aya", klus.id), "verkeerd_moment", kind=Conflict)
    busy = await posted(db, world)
    await claim(db, world, "cato", busy.id)
    await moved(owner, busy.id, starts=TODAY)
    closed = await act(db, world, close_klus, "aya", busy.id)
    assert (closed.state, closed.accepting) == ("in_uitvoering", False)
    assert await claims_of(owner, busy.id) == [("lopend", 1)]
    assert await entries(owner, busy.id) == [
        "klus.posted",
        "klus.published",
        "claim.made",
        "klus.started",
        "klus.closed",
    ]


async def test_nobody_invites_themselves_or_who_takes_part(db: Database, world: World) -> None:
    klus = (await posted(db, world)).id
    await claim(db, world, "dirk", klus)
    for who, code in (("aya", "eigen_aanvraag"), ("dirk", "al_ingeschreven")):
        await refused(act(db, world, invite, "aya", klus, world.people[who]), code, kind=Conflict)
    await act(db, world, invite, "aya", klus, world.people["cato"])
