"""Where a team is heading (rules 6, 8, 11, 12) and a team whose deciding broke down (rule 34)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from teams.governance.actions.breakdowns import declare_breakdown, end_breakdown, take_over
from teams.governance.actions.direction import set_direction
from teams.governance.actions.offers import accept_offer, decide_offer, offer_role
from teams.governance.breakdowns import breakdown_now
from teams.governance.changes import CHANGES
from teams.governance.choice_forms import DecisionForm, OfferForm
from teams.governance.direction import DirectionSeen, direction_of, version_of
from teams.governance.direction_forms import BreakdownForm, DirectionForm
from teams.governance.queries import core_fillers
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed
from teams.structure.actions.fillings import end_filling
from teams.structure.moment import Moment
from tests.conftest import Place
from tests.governance.acts import YES, act, bigger, consent, examine, object_, pass_time, refused, sql, state, submitted
from tests.world import World, add_role, fill


@pytest.fixture(autouse=True)
async def groen(world: World, owner: asyncpg.Connection) -> None:
    """Sef facilitates Groen; Kees facilitates the team above, Beer is its secretary."""
    await bigger(world, owner)
    for short, core, who in (("top_fac", "begeleider", "kees"), ("top_sec", "teamsecretaris", "beer")):
        world.roles[short] = await add_role(owner, world.teams["top"], core.capitalize(), core=core)
        await fill(owner, world.roles[short], world.people[who], 1)


async def seen(db: Database, world: World, team: str = "groen", *, day: int = 0) -> DirectionSeen:
    async with db.read() as session:
        at = datetime.now(UTC)
        return await direction_of(session, world.teams[team], Moment(at - timedelta(days=day), at, at))


async def heads(db: Database, world: World, who: str = "bram", team: str = "groen", **given: Any) -> None:
    async with db.read() as session:
        version = await version_of(session, world.teams[team])
    form = DirectionForm.model_validate({"versie": version, **given})
    await act(db, world, set_direction, who, world.teams[team], form)


async def test_g12_the_rolverdeler_sets_strategies_and_priorities_without_a_proposal(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Each is a row with an id that stays while its words do; the past keeps what it was."""
    await heads(db, world, strategie=["Liever voorkomen"], prioriteiten=["Wadi's", "Egels"])
    first = await seen(db, world)
    assert [words for _, words in first.priorities] == ["Wadi's", "Egels"]
    assert await owner.fetchval("select count(*) from proposal") == 0
    await owner.execute("alter table direction_version disable trigger history")
    await owner.execute(
        "update direction_version set valid = daterange(lower(valid) - 9, null), recorded = tstzrange(now() - interval '9 days', null)"
    )
    await owner.execute("alter table direction_version enable trigger history")
    await heads(db, world, strategie=[], prioriteiten=["Egels", "Bomen", "Wadi's"])
    second = await seen(db, world)
    assert [words for _, words in second.priorities] == ["Egels", "Bomen", "Wadi's"] and not second.strategies
    assert dict(second.priorities).items() > dict(first.priorities).items(), "the same words keep their id"
    then = await seen(db, world, day=3)
    assert [words for _, words in then.priorities] == ["Wadi's", "Egels"] and len(then.strategies) == 1
    rows = await owner.fetch("select verb, facts, accountable from journal where verb = 'team.direction_set'")
    assert len(rows) == 2 and "Egels" not in str(rows[0]["facts"])


async def test_g12_nobody_else_and_not_what_was_seen_before(db: Database, world: World) -> None:
    for who in ("aya", "sef", "kees", "wil", "cato"):
        form = DirectionForm(versie=0, prioriteiten=["Bomen"])
        await refused(act(db, world, set_direction, who, world.teams["groen"], form), "G12", kind=NotAllowed)
    await heads(db, world, prioriteiten=["Bomen"])
    stale = DirectionForm(versie=0, prioriteiten=["Egels"])
    await refused(act(db, world, set_direction, "bram", world.teams["groen"], stale), "verouderd", kind=Conflict)
    with pytest.raises(Invalid):
        await heads(db, world, prioriteiten=["Bomen", "bomen"])
    assert [words for _, words in (await seen(db, world)).priorities] == ["Bomen"]


async def test_g6_g11_without_a_rolverdeler_the_one_above_sets_it(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    await act(db, world, _leaves, "sef", world.roles["groen_lead"], world.people["bram"])
    form = DirectionForm(versie=0, prioriteiten=["Bomen"])
    await refused(act(db, world, set_direction, "bram", world.teams["groen"], form), "G12", kind=NotAllowed)
    top = await add_role(owner, world.teams["top"], "Rolverdeler", core="rolverdeler")
    await fill(owner, top, world.people["gea"], 1)
    await heads(db, world, "gea", prioriteiten=["Bomen"])
    assert [words for _, words in (await seen(db, world)).priorities] == ["Bomen"]


async def _leaves(session: Any, role: UUID, person: UUID, *, by: Any, at: Any) -> None:
    await end_filling(session, role, person, end=at, by=by, at=at)


async def test_g8_who_answers_for_the_team_is_no_governance(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """Redirected at once by the rolverdeler; no proposal can hold it; a role that moved away answers no longer."""
    with pytest.raises(Invalid):
        await heads(db, world, aanspreekrolId=world.roles["balie"])
    with pytest.raises(Invalid):
        await heads(db, world, aanspreekrolId=uuid4())
    await heads(db, world, aanspreekrolId=world.roles["boom"])
    assert (await seen(db, world)).contact["fillers"] == ["Aya Proef"]
    await heads(db, world, aanspreekrolId=world.roles["water"])
    assert (await seen(db, world)).contact["role"] == "Waterbeheerder"
    assert await owner.fetchval("select count(*) from proposal") == 0
    for kind in ("aanspreekrol", "verwijzing", "prioriteit", "strategie"):
        with pytest.raises(ValueError, match="soort"):
            CHANGES.validate_python([{"soort": kind, "rolId": str(world.roles["boom"])}])
    await owner.execute(
        "update role_version set recorded = tstzrange(lower(recorded), now()) where role_id = $1", world.roles["water"]
    )
    assert (await seen(db, world)).contact is None


async def test_the_direction_of_the_past_is_not_rewritten(db: Database, world: World) -> None:
    await heads(db, world, prioriteiten=["Bomen"])
    for statement in (
        "update direction_version set text = 'x'", "delete from direction_version", "delete from direction",
        "insert into direction_version (direction_id, kind, text, position, valid, recorded) select id, 'prioriteit', 'x', 1,"
        " daterange('2020-01-01', null), tstzrange('2020-01-01', null) from direction",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"permission|only|history"):
            await sql(db, statement)


def stuck(words: str = "Bezwaren worden weggelachen.") -> BreakdownForm:
    return BreakdownForm(tekst=words)


async def declare(db: Database, world: World, who: str) -> Any:
    return await act(db, world, declare_breakdown, who, world.teams["groen"], stuck())


async def test_g34_declared_taken_over_by_the_team_above_and_over_again(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    for who in ("aya", "bram", "cato", "wil"):
        await refused(declare(db, world, who), "G34", kind=Conflict)
    await declare(db, world, "sef")
    await refused(declare(db, world, "kees"), "verkeerd_moment", kind=Conflict)
    for who, code in (("sef", "eigen_aanvraag"), ("bram", "G34"), ("beer", "G34")):
        await refused(act(db, world, take_over, who, world.teams["groen"]), code, kind=Conflict)
    await act(db, world, take_over, "kees", world.teams["groen"])
    await refused(act(db, world, take_over, "kees", world.teams["groen"]), "verkeerd_moment", kind=Conflict)
    async with db.read() as session:
        assert (await core_fillers(session, world.teams["groen"], at=datetime.now(UTC)))["begeleider"] == {
            world.people["kees"]
        }
    made = await submitted(db, world)
    objection = await object_(db, world, "bram", made.id)
    await refused(examine(db, world, "sef", objection.id, **YES), "geen_recht", kind=Conflict)
    await examine(db, world, "kees", objection.id, **YES)
    assert await state(owner, made.id) == ("bezwaar", 1)
    for who in ("sef", "aya", "beer"):
        await refused(
            act(db, world, end_breakdown, who, world.teams["groen"], stuck("Weer goed.")), "G34", kind=Conflict
        )
    await act(db, world, end_breakdown, "kees", world.teams["groen"], stuck("Weer goed."))
    async with db.read() as session:
        assert await breakdown_now(session, world.teams["groen"]) is None
        assert (await core_fillers(session, world.teams["groen"], at=datetime.now(UTC)))["begeleider"] == {
            world.people["sef"]
        }
    verbs = [
        row[0]
        for row in await owner.fetch(
            "select verb from journal where verb like 'breakdown.%' and accountable order by id"
        )
    ]
    assert verbs == ["breakdown.declared", "breakdown.taken", "breakdown.ended"]


async def test_g34_the_facilitator_above_who_said_it_leaves_taking_over_to_another(db: Database, world: World) -> None:
    """G16, and nobody approves an own request: then the secretary of the team above stands in."""
    await declare(db, world, "kees")
    await refused(act(db, world, take_over, "kees", world.teams["groen"]), "eigen_aanvraag", kind=Conflict)
    await act(db, world, take_over, "beer", world.teams["groen"])
    await refused(act(db, world, end_breakdown, "kees", world.teams["groen"], stuck()), "G34", kind=Conflict)


async def test_g34_one_more_rolverdeler_for_as_long_as_it_lasts(
    db: Database, world: World, owner: asyncpg.Connection
) -> None:
    lead = world.roles["groen_lead"]
    await declare(db, world, "sef")
    await act(db, world, take_over, "kees", world.teams["groen"])
    for person in ("dirk", "aya"):
        form = OfferForm(rolId=lead, persoonId=world.people[person], tekst="Even rust brengen.")
        offer = await act(db, world, offer_role, "kees", form)
        if person == "dirk":
            await act(db, world, accept_offer, "dirk", offer.id)
            await refused(
                act(db, world, decide_offer, "sef", offer.id, DecisionForm(akkoord=True)), "geen_recht", kind=Conflict
            )
            await act(db, world, decide_offer, "kees", offer.id, DecisionForm(akkoord=True))
    await act(db, world, end_breakdown, "kees", world.teams["groen"], stuck("Weer goed."))
    left = await owner.fetch("select p.name from role_filling f join person p on p.id = f.person_id where f.role_id = $1"
                             " and upper_inf(f.recorded) and f.valid @> now()", lead)  # fmt: skip
    assert [row[0] for row in left] == ["Bram Proef"], "who came by it goes with it"
    assert (
        await owner.fetchval("select state from filling_offer where person_id = $1", world.people["aya"])
        == "ingetrokken"
    )


async def test_g34_whoever_got_no_answer_may_say_it_too(
    db: Database, world: World, owner: asyncpg.Connection, place: Place
) -> None:
    made = await submitted(db, world)
    await object_(db, world, "bram", made.id)
    await refused(declare(db, world, "aya"), "G34", kind=Conflict)
    await pass_time(place, 91)
    await consent(db, world, "cato", made.id)
    assert (await state(owner, made.id))[0] == "vervallen"
    await declare(db, world, "aya")
    assert await owner.fetchval("select acting_as from process_breakdown") == "indiener"


async def test_g34_the_database_guards_it_too(db: Database, world: World) -> None:
    await declare(db, world, "sef")
    given: dict[str, Any] = {"team": world.teams["groen"], "me": world.people["kees"]}
    for statement in (
        "insert into process_breakdown (team_id, declared_by, acting_as, text) values (:team, :me, 'begeleider', 'Nog eens.')",
        "update process_breakdown set text = 'x'", "delete from process_breakdown",
        "update process_breakdown set taken_by = declared_by, taken_at = now()",
        "update process_breakdown set ended_at = now()",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"uq_breakdown_now|permission|never changes|ck_breakdown|no_change|keeps"):
            await sql(db, statement, **{name: value for name, value in given.items() if f":{name}" in statement})
