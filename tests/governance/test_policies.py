"""Policies that the software follows (rules 18, 19), quorum (28), moving up and down (17c, 17d), tallies without a database."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from teams.governance.changes import CHANGES, PolicyNew
from teams.governance.inherited import inherited
from teams.governance.meeting_rules import MeetingTerms, terms
from teams.governance.models import PolicyKind
from teams.governance.policies import in_force
from teams.governance.queries import form_of_team
from teams.governance.rules import chosen_form
from teams.governance.tally import drawn, latest, leading, may_nominate_again, settled
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.klussen.lending import CONSENT_DAYS, lending
from teams.structure.actions.teams import create_team
from teams.structure.forms import TeamForm
from tests.conftest import Place
from tests.governance.acts import bigger, close, consent, draft, pass_time, policy, refused, state, submitted
from tests.world import TODAY, World, add_role

PEOPLE = [UUID(int=n) for n in range(5)]
NAMES = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), max_size=5)
FLAGS = st.sampled_from(["", ":ook_onder", ":ook_onder:dwingend", ":dwingend"])
POLICIES = st.lists(st.tuples(st.uuids(), FLAGS, st.integers(0, 3)), max_size=6)


@given(POLICIES)
def test_g19_a_forcing_policy_of_the_highest_team_holds_then_the_nearest(given_: list[tuple[UUID, str, int]]) -> None:
    found = in_force([(id, f"quorum:50{flags}", distance) for id, flags, distance in given_], PolicyKind.QUORUM)
    assert all(one.below for one in found if one.distance), "from above only what says so"
    if found and found[0].forced:
        assert found[0].distance == max(one.distance for one in found if one.forced)
    elif found:
        assert not any(one.forced for one in found)
        assert found[0].distance == min(one.distance for one in found)
    ids = {id: (flags, distance) for id, flags, distance in given_}
    chosen = chosen_form([(id, f"besluitvorm:streng{flags}", d) for id, flags, d in given_ if flags != ":dwingend"])
    if chosen.policy_id is not None and "dwingend" in ids[chosen.policy_id][0]:
        assert ids[chosen.policy_id][1] == max(d for flags, d in ids.values() if flags == ":ook_onder:dwingend")


@given(NAMES, st.sets(st.sampled_from(PEOPLE), max_size=2), st.sets(st.sampled_from(PEOPLE), max_size=2))
def test_g30_who_leads_and_how_a_tie_ends(now_: dict[UUID, UUID], dropped: set[UUID], incumbents: set[UUID]) -> None:
    tied = leading(now_, dropped)
    counts = Counter(one for one in now_.values() if one not in dropped)
    assert tied == {one for one in counts if counts[one] == max(counts.values())}
    winner = settled(now_, tied, incumbents)
    assert winner is None or winner in tied
    if len(tied) == 1:
        assert winner == next(iter(tied))
    assert all(now_[who] not in tied for who in may_nominate_again(now_, tied))
    if tied:
        seed = uuid4()
        assert drawn(seed, sorted(tied)) == drawn(seed, sorted(tied, reverse=True)) in tied


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), unique_by=lambda x: x[:2])
)
def test_g30_the_last_round_of_everyone_counts(said: list[tuple[int, UUID, UUID]]) -> None:
    for who, name in latest(said).items():
        assert name == max((one for one in said if one[1] == who), key=lambda one: one[0])[2]


@pytest.mark.parametrize(
    "change",
    [
        {"afspraaksoort": "vervulling"},
        {"afspraaksoort": "vervulling", "wie": "rol"},
        {"afspraaksoort": "vervulling", "wie": "baas"},
        {"afspraaksoort": "beperking", "wie": "team"},
        {"afspraaksoort": "instemming", "wie": "team"},
        {"afspraaksoort": "instemming", "wie": "rolverdeler", "ookOnder": True},
        {"afspraaksoort": "instemming", "wie": "rolverdeler", "termijn": 31},
        {"afspraaksoort": "klustoets", "wie": "team"},
        {"afspraaksoort": "klustoets", "wie": "rolverdeler", "stil": True},
        {"afspraaksoort": "vervulling", "wie": "team", "altijd": True},
        {"afspraaksoort": "vervulling", "wie": "team", "besluitUren": 8},
        {"afspraaksoort": "instemming", "wie": "rolverdeler", "besluitWeken": 0},
        {"afspraaksoort": "instemming", "wie": "rolverdeler", "besluitEuro": "7.5"},
        {"afspraaksoort": "instemming", "wie": "rolverdeler", "besluitEuro": "7500,50"},
        {"afspraaksoort": "vervulling", "wie": "team", "besluitEuro": 7500},
        {"afspraaksoort": "quorum", "percentage": 50, "aantal": 3},
        {"afspraaksoort": "vervulling", "wie": "begeleider"},
        {"afspraaksoort": "kandidaten", "kandidaten": "vrienden"},
        {"afspraaksoort": "quorum"},
        {"afspraaksoort": "quorum", "percentage": 101},
        {"afspraaksoort": "quorum", "percentage": 0},
        {"afspraaksoort": "quorum", "percentage": 50, "dwingend": True},
        {"afspraaksoort": "beperking", "ookOnder": True},
    ],
)
def test_g18_a_policy_says_all_that_its_kind_asks_and_no_more(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CHANGES.validate_python([{"soort": "afspraak_nieuw", "tekst": "Zo.", **change}])


@given(
    st.sampled_from(["rolverdeler", "begeleider", "teamsecretaris", "afgevaardigde"]), st.booleans(),
    st.none() | st.integers(1, 30), st.booleans(), st.none() | st.integers(1, 40), st.none() | st.integers(1, 260),
    st.sampled_from([(None, 0), (1, 1), ("7.500", 7500), ("€ 7.500,-", 7500), ("7500,00", 7500), ("100000000", 100_000_000)]),
)  # fmt: skip
def test_g18_what_is_proposed_about_lending_is_what_lending_follows(
    core: str,
    always: bool,
    days: int | None,
    silent: bool,
    hours: int | None,
    weeks: int | None,
    euros: tuple[object, int],
) -> None:
    """R6, R7: each part is a field of the proposal, and is read back as it was meant."""
    change = {"afspraaksoort": "instemming", "wie": core, "altijd": always, "termijn": days, "stil": silent}
    change |= {"besluitUren": hours, "besluitWeken": weeks, "besluitEuro": euros[0]}
    (made,) = CHANGES.validate_python([{"soort": "afspraak_nieuw", "tekst": "Zo lenen wij uit.", **change}])
    assert isinstance(made, PolicyNew)
    said = lending(made.kind)
    assert said.kind == made.kind, "the klussenbank understands it"
    assert (said.core, said.always, said.days, said.silent) == (core, always, days or CONSENT_DAYS, silent)
    assert (said.hours, said.weeks, said.euros) == (hours or 0, weeks or 0, euros[1])


def test_g18_what_is_proposed_about_meetings_and_review_is_what_the_software_reads() -> None:
    meeting, review = CHANGES.validate_python([
        {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "overleg", "termijn": 4, "aantal": 3},
        {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "klustoets", "wie": "rolverdeler"},
    ])  # fmt: skip
    assert isinstance(meeting, PolicyNew)
    assert isinstance(review, PolicyNew)
    assert terms([(meeting.kind, 0)]) == MeetingTerms(4, 3)
    assert review.kind == "klustoets:rolverdeler"


async def test_g28_silence_waits_for_the_quorum_of_the_team(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    await bigger(world, owner)
    await policy(owner, world.teams["groen"])
    await policy(owner, world.teams["groen"], "quorum:60")
    made = await submitted(db, world)
    await consent(db, world, "bram", made.id)
    await pass_time(place, 15)
    await close(db)
    assert (await state(owner, made.id))[0] == "consent", "one of three is too few"
    await consent(db, world, "cato", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    assert await owner.fetchval("select by_silence and silent = 1 from adoption")


async def test_g19_what_holds_below_is_followed_and_shown(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    top = world.teams["top"]
    forcing = await policy(owner, top, "besluitvorm:streng:9:ook_onder:dwingend")
    await policy(owner, top, "quorum:30:ook_onder")
    await policy(owner, world.teams["groen"], "besluitvorm:licht:5")
    own = await policy(owner, world.teams["groen"], "quorum:70")
    limit = await policy(owner, top, "beperking")
    await policy(owner, top, "vervulling:rolverdeler")
    async with db.begin() as session:
        at = await now(session)
        chosen = await form_of_team(session, world.teams["groen"], at=at)
        assert (chosen.form, chosen.days, chosen.policy_id, chosen.quorum) == ("streng", 9, forcing, 70)
        above = await inherited(session, world.teams["groen"], day=TODAY, known=at)
        assert {row.id for row in above} == {forcing, limit}
    assert own is not None


async def test_g17_roles_and_policies_move_one_team_up_or_down_with_all_they_have(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    top, groen = world.teams["top"], world.teams["groen"]
    rule = await policy(owner, groen, "beperking")
    item = await owner.fetchval("select item_id from role_item where role_id = $1", world.roles["water"])
    made = await submitted(
        db, world, {"soort": "rol_verplaatsen", "rolId": str(world.roles["water"]), "teamId": str(top)},
        {"soort": "afspraak_verplaatsen", "afspraakId": str(rule), "teamId": str(top)},
    )  # fmt: skip
    await consent(db, world, "bram", made.id)
    assert (await state(owner, made.id))[0] == "aangenomen"
    today = "upper_inf(v.recorded) and v.valid @> (now() at time zone 'Europe/Amsterdam')::date"
    row = await owner.fetchrow(
        f"select team_id, name from role_version v where role_id = $1 and {today}", world.roles["water"]
    )
    assert tuple(row) == (top, "Waterbeheerder")
    assert await owner.fetchval("select count(*) from role_item where item_id = $1 and upper_inf(recorded)", item) == 1
    teams = await owner.fetch(
        "select y.team_id from policy y join policy_version v on v.policy_id = y.id where v.kind = 'beperking'"
        " and upper_inf(v.recorded) and v.valid @> $1::date", TODAY,
    )  # fmt: skip
    assert [one[0] for one in teams] == [top]


async def test_g17_bad_moves_are_refused_and_nothing_is_stored(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    groen, balie, top = (str(world.teams[name]) for name in ("groen", "balie", "top"))
    grant = await owner.fetchval("insert into power_grant (number) values ('M-8') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, valid) values"
        " ($1, '{mandaat}', '{orgaan:college}', $2, '{}', tstzrange(now() - interval '1 day', null))",
        grant, f"rol:{world.roles['leeg']}",
    )  # fmt: skip
    await add_role(owner, world.teams["groen"], "Begeleider", core="begeleider")

    def move(role: str, team: str) -> dict[str, Any]:
        return {"soort": "rol_verplaatsen", "rolId": str(world.roles[role]), "teamId": team}

    for codes, change in (
        (["G17"], move("water", groen)),
        (["G17"], move("water", balie)),
        (["G17"], move("water", str(uuid4()))),
        (["G17"], move("balie", top)),
        (["G15"], move("groen_lead", top)),
        (["G36"], move("leeg", top)),
        (["G17"], {"soort": "afspraak_nieuw", "tekst": "x", "afspraaksoort": "vervulling", "wie": "rol", "wieRolId": str(world.roles["balie"])}),
    ):  # fmt: skip
        await refused(draft(db, world, change), *codes, kind=Conflict)
    assert await owner.fetchval("select count(*) from proposal") == 0


async def test_form_2_9b_a_new_team_decides_lightly(db: Database, world: World) -> None:
    async with db.begin() as session:
        at = await now(session)
        form = TeamForm(code="egel", naam="Egels", bovenliggendId=world.teams["top"])
        team = await create_team(session, form, first=TODAY, by=world.actor("sef"), at=at)
        chosen = await form_of_team(session, team, at=at)
    assert (chosen.form, chosen.days) == ("licht", 5)
