"""What differs between two moments: every change once, on both time axes, in the same words whichever way one looks."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from hypothesis import given
from hypothesis import strategies as st

from teams.governance.actions.direction import set_direction
from teams.governance.direction import version_of
from teams.governance.direction_forms import DirectionForm
from teams.kit.clock import AMSTERDAM, day_of, now
from teams.kit.db import Database
from teams.structure.actions.policies import change_policy, create_policy
from teams.structure.actions.roles import change_role, create_role, end_role
from teams.structure.differences import Changed, acts_between, differences, pieces
from teams.structure.differences_sql import ACTS
from teams.structure.forms import PolicyForm, RoleForm
from teams.structure.models import ItemKind
from teams.structure.moment import Moment, moment_from
from tests.governance.acts import consent, new_role, submitted
from tests.plans import plan_of
from tests.structure.test_queries import CHANGED, LONG_AGO, queries, rename
from tests.world import TODAY, World

YESTERDAY = TODAY - timedelta(days=1)
A_WEEK_AGO = TODAY - timedelta(days=7)


async def moments(
    db: Database, van: Any, tot: Any = None, known_van: Any = None, known_tot: Any = None
) -> tuple[Moment, Moment]:
    async with db.read() as session:
        at = await now(session)
    read = [moment_from(op and str(op), known and str(known), at) for op, known in ((van, known_van), (tot, known_tot))]
    return read[0], read[1]


async def differ(db: Database, scope: str, scope_id: UUID | None, a: Moment, b: Moment) -> dict[str, Changed]:
    async with db.read() as session:
        found, _ = await differences(session, scope, scope_id, a, b)
    return {one.name: one for one in found}


def said(changed: Changed, field: str) -> tuple[list[str], list[str]]:
    (line,) = [line for line in changed.lines if line.field == field]
    return tuple(["".join(text for _, text in one) for one in side] for side in (line.before, line.after))  # type: ignore[return-value]


async def test_a_role_that_came_changed_and_went_stands_once_each(db: Database, world: World) -> None:
    by = world.actor("sef")
    async with db.begin() as session:
        at = await now(session)
        form = RoleForm(
            teamId=world.teams["groen"], naam="Droogtewachter", doel="Water op tijd.", verantwoordelijkheden=["Meten"]
        )
        await create_role(session, form, first=YESTERDAY, by=by, at=at)
        await change_role(
            session, world.roles["boom"], first=YESTERDAY, name="Bomenbeheerder", purpose="Gezonde bomen, veilig voor mensen.",
            add=[(ItemKind.DOMAIN, "De bomenlijst")], by=by, at=at,
        )  # fmt: skip
        await end_role(session, world.roles["leeg"], last=YESTERDAY - timedelta(1), by=by, at=at)
    a, b = await moments(db, A_WEEK_AGO)
    for scope, scope_id in (("team", world.teams["groen"]), ("organisatie", None)):
        found = await differ(db, scope, scope_id, a, b)
        assert {name: one.state for name, one in found.items()} == {
            "Droogtewachter": "nieuw", "Bomenbeheerder": "veranderd", "Ecoloog": "vervallen",
        }  # fmt: skip
        changed = found["Bomenbeheerder"]
        assert said(changed, "name") == (["Boombeheerder"], ["Bomenbeheerder"])
        assert said(changed, "domein") == ([], ["De bomenlijst"])
        assert said(found["Droogtewachter"], "verantwoordelijkheid") == ([], ["Meten"])
        assert said(found["Ecoloog"], "purpose") == (["Het doel van Ecoloog."], [])
        assert changed.team == "Groen en Water"
    assert await differ(db, "team", world.teams["balie"], a, b) == {}
    only = await differ(db, "rol", world.roles["boom"], a, b)
    assert list(only) == ["Bomenbeheerder"]
    assert await differ(db, "organisatie", None, b, b) == {}


async def test_looking_back_says_the_same_the_other_way(db: Database, world: World) -> None:
    async with db.begin() as session:
        at = await now(session)
        await change_role(
            session, world.roles["boom"], first=YESTERDAY, purpose="Iets anders nu.", by=world.actor("sef"), at=at
        )
    a, b = await moments(db, A_WEEK_AGO)
    there, back = [await differ(db, "rol", world.roles["boom"], *pair) for pair in ((a, b), (b, a))]
    assert said(there["Boombeheerder"], "purpose") == said(back["Boombeheerder"], "purpose")[::-1]


async def test_both_axes_what_held_then_and_what_was_known_then(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """A name that holds since a hundred days and was written down today."""
    team = world.teams["groen"]
    await rename(owner, team, "Groen, Water en Lucht")
    for van, tot, known_van, known_tot, seen in (
        (LONG_AGO, CHANGED, None, None, True), (CHANGED, None, None, None, False), (LONG_AGO, CHANGED, YESTERDAY, YESTERDAY, False),
        (CHANGED, CHANGED, YESTERDAY, None, True), (LONG_AGO, LONG_AGO, YESTERDAY, None, False), (None, None, YESTERDAY, None, True),
    ):  # fmt: skip
        a, b = await moments(db, van, tot, known_van, known_tot)
        found = await differ(db, "team", team, a, b)
        assert ("Groen, Water en Lucht" in found) is seen, (van, tot, known_van)
        if seen:
            assert said(found["Groen, Water en Lucht"], "name") == (["Groen en Water"], ["Groen, Water en Lucht"])


async def test_policies_and_people_are_part_of_it_and_hours_are_not(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    by, role = world.actor("sef"), world.roles["water"]
    async with db.begin() as session:
        at = await now(session)
        form = PolicyForm(
            teamId=world.teams["groen"], soort="beperking", titel="Start", tekst="Om 9 uur beginnen we samen buiten."
        )
        policy = await create_policy(session, form, first=A_WEEK_AGO - timedelta(9), by=by, at=at)
        await change_policy(session, policy, first=YESTERDAY, words="Om 8 uur beginnen we samen buiten.", by=by, at=at)
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where role_id = $1 and upper_inf(recorded)", role
    )  # fmt: skip
    for person, hours, first, last in (("bram", 1, -800, None), ("dirk", 3, -3, None), ("aya", 2, -300, -3)):
        await owner.execute(
            "insert into role_filling (role_id, person_id, hours, valid) values ($1, $2, $3, tstzrange($4, $5))",
            role, world.people[person], hours, TODAY + timedelta(first), last and TODAY + timedelta(last),
        )  # fmt: skip
    a, b = await moments(db, A_WEEK_AGO)
    found = await differ(db, "team", world.teams["groen"], a, b)
    before, after = said(found["Start"], "text")
    assert (before, after) == (["Om 9 uur beginnen we samen buiten."], ["Om 8 uur beginnen we samen buiten."])
    went, came = said(found["Waterbeheerder"], "vervuld")
    assert [name.split("Proef")[0] for name in went] == ["Aya "] and [name.split("Proef")[0] for name in came] == [
        "Dirk "
    ]
    assert len(found) == 2, "Bram stays; that his hours changed is his own"


async def test_by_which_act_and_which_proposal(db: Database, world: World) -> None:
    """G20, G22: the adopted proposal stands beside what it changed, and not beside what was done without it."""
    team = world.teams["groen"]
    async with db.begin() as session:
        at = await now(session)
        await change_role(
            session, world.roles["water"], first=day_of(at), purpose="Droge voeten.", by=world.actor("sef"), at=at
        )
    made = await submitted(db, world, new_role("Droogtewachter"))
    await consent(db, world, "bram", made.id)
    a, b = await moments(db, YESTERDAY)
    found = await differ(db, "team", team, a, b)
    async with db.read() as session:
        acts = await acts_between(session, {one.id for one in found.values()} | {team}, a, b)
    by_verb = {row.verb: row for row in acts}
    assert (by_verb["role.created"].proposal, by_verb["role.created"].number) == (made.id, made.number)
    assert by_verb["role.created"].actor is None and by_verb["role.changed"].proposal is None
    assert by_verb["role.changed"].actor == world.people["sef"]


async def test_acts_are_found_by_the_day_of_their_effect_whenever_they_were_done(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Done long before and in force now, done now and in force since long, and the last day of what ends: beside a slow look at all."""
    role, done = world.roles["boom"], []
    for days, facts, effect in (
        (-400, {"from": -1}, -1), (-400, {"until": 0}, 0), (-400, {"first": -30}, -30), (-400, {"last": -3}, -2), (-2, {"last": -2}, -1),
        (-400, {}, -400), (-400, {"from": -800}, -800), (0, {"from": -2}, -2), (-2, {}, -2), (-9, {"from": -9}, -9), (-9, {"last": -9}, -8),
    ):  # fmt: skip
        told = {key: str(TODAY + timedelta(ahead)) for key, ahead in facts.items()}
        at = datetime.combine(TODAY + timedelta(days), time(12), AMSTERDAM)
        entry = await owner.fetchval(
            "insert into journal (id, at, verb, facts) values (uuidv7($1::timestamptz - clock_timestamp()), $1, 'role.changed', $2::text::jsonb) returning id",
            at, json.dumps(told),
        )  # fmt: skip
        await owner.execute("insert into journal_subject (entry, kind, id) values ($1, 'role', $2)", entry, role)
        done.append((entry, at, TODAY + timedelta(effect)))
    for first, last in (
        (-1, 0),
        (-3, 0),
        (-10, -2),
        (-40, 0),
        (-9, -8),
        (-500, -300),
        (-900, -600),
        (-2, -1),
        (-30_000, 0),
    ):
        a, b = await moments(db, TODAY + timedelta(first), TODAY + timedelta(last))
        async with db.read() as session:
            found = {row.id for row in await acts_between(session, {role}, a, b)}
        assert found == {entry for entry, _, effect in done if a.day < effect <= b.day}, (first, last)
        a, b = await moments(db, TODAY, TODAY, TODAY + timedelta(first), TODAY + timedelta(last))
        async with db.read() as session:
            found = {row.id for row in await acts_between(session, {role}, a, b)}
        assert found == {entry for entry, at, _ in done if a.known < at <= b.known}, (first, last)


async def test_acts_are_read_from_the_indexes_of_what_changed_structure(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    a, b = await moments(db, A_WEEK_AGO)
    since = UUID(int=int(a.known.timestamp() * 1000) << 80)
    plan = await plan_of(
        owner,
        ACTS.text,
        ids=[world.teams["groen"]],
        since=since,
        known_a=a.known,
        known_b=b.known,
        day_a=a.day,
        day_b=b.day,
    )
    assert "ix_journal_structure" in plan and "ix_journal_later" in plan and "Seq Scan on journal " not in plan


async def test_g12_where_a_team_is_heading_is_part_of_it(db: Database, owner: asyncpg.Connection, world: World) -> None:
    """A priority with its place, who answers for the team by name; what stays as it was is not said; and who did it."""
    team, boom = world.teams["groen"], world.roles["boom"]
    for kind, words, role, place in (
        ("strategie", "Liever voorkomen dan herstellen", None, 1), ("strategie", "Samen buiten", None, 2), ("aanspreekrol", "", boom, 0),
        ("prioriteit", "Wadi's", None, 1), ("prioriteit", "Egels", None, 2), ("prioriteit", "Bankjes", None, 3),
    ):  # fmt: skip
        line = await owner.fetchval("insert into direction (team_id) values ($1) returning id", team)
        await owner.execute(
            "insert into direction_version (direction_id, kind, text, role_id, position, valid) values ($1, $2, $3, $4, $5, daterange($6, null))",
            line, kind, words, role, place, LONG_AGO,
        )  # fmt: skip
    async with db.begin() as session:
        form = DirectionForm(
            versie=await version_of(session, team), strategie=["Samen buiten"], prioriteiten=["Egels", "Wadi's", "Bankjes"],
            aanspreekrolId=world.roles["water"],
        )  # fmt: skip
        await set_direction(session, team, form, by=world.actor("bram"), at=await now(session))
    a, b = await moments(db, YESTERDAY)
    for scope, scope_id in (("team", team), ("organisatie", None)):
        (one,) = (await differ(db, scope, scope_id, a, b)).values()
        assert (one.kind, one.id, one.state) == ("team", team, "veranderd")
        assert said(one, "strategie") == (["Liever voorkomen dan herstellen"], [])
        assert said(one, "prioriteit") == (["1. Wadi's", "2. Egels"], ["1. Egels", "2. Wadi's"])
        assert said(one, "aanspreekrol") == (["Boombeheerder"], ["Waterbeheerder"])
    assert await differ(db, "rol", boom, a, b) == {} == await differ(db, "team", world.teams["balie"], a, b)
    async with db.read() as session:
        assert [row.verb for row in await acts_between(session, {team}, a, b)] == ["team.direction_set"]


async def test_two_statements_however_much_changed(db: Database, world: World) -> None:
    a, b = await moments(db, A_WEEK_AGO)
    counts = []
    for turn in range(2):
        async with db.read() as session:
            with queries(db) as sent:
                await differences(session, "organisatie", None, a, b)
        counts.append(len(sent))
        async with db.begin() as session:
            at = await now(session)
            for number in range(10):
                form = RoleForm(teamId=world.teams["balie"], naam=f"Rol {turn} {number}", doel="Iets.")
                await create_role(session, form, first=YESTERDAY, by=world.actor("sef"), at=at)
            a, b = await moments(db, A_WEEK_AGO)
    assert max(counts) <= 3


@given(st.lists(st.sampled_from(["boom", "water", "en", "\n", "  ", "groen."]), max_size=12), st.text(max_size=40))
def test_pieces_put_together_are_the_texts_and_differ_only_where_they_say_so(words: list[str], other: str) -> None:
    one, two = " ".join(words), " ".join(words[:4]) + other
    before, after = pieces(one, two)
    assert "".join(text for _, text in before) == one and "".join(text for _, text in after) == two
    assert {sign for sign, _ in before} <= {"", "del"} and {sign for sign, _ in after} <= {"", "ins"}
    assert [t for sign, t in before if not sign] == [t for sign, t in after if not sign]
