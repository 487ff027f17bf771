"""The figures of mobility and savings for other systems: the same numbers as the page, with definition, parts, period and rows."""

import json
from datetime import timedelta

import asyncpg

from tests.api.conftest import Call
from tests.klussen.test_hours_booked import running
from tests.world import TODAY, World


async def test_each_figure_with_definition_parts_period_and_rows(
    call: Call, owner: asyncpg.Connection, world: World
) -> None:
    await running(owner, world, "cato", "dirk", starts=TODAY - timedelta(days=10))
    await owner.execute(
        "insert into budget (code, year, name, team_id, formation) values ('FORM-GROEN', $1, 'Formatie', $2, 720)",
        TODAY.year, world.teams["groen"],
    )  # fmt: skip
    aya = await call("aya")
    told = (await aya.get("/mobiliteit")).json()
    assert (told["periode"], told["van"], told["tot"]) == (str(TODAY.year), f"{TODAY.year}-01-01", str(TODAY))
    numbers = {one["code"]: one for one in told["getallen"]}
    assert list(numbers) == ["M1", "M2", "M3", "M4", "M5"]
    two = numbers["M2"]
    assert (two["teller"], two["procent"], two["getoond"]) == (2, 25.0, True)
    assert two["delenDoor"] * 8 == two["noemer"] and "ander team" in two["definitie"]
    assert (
        sum(row["teller"] for row in two["rijen"]) == 2 and sum(row["noemer"] for row in two["rijen"]) == two["noemer"]
    )
    assert numbers["M3"] == {**numbers["M3"], "teller": 0.0, "procent": 0.0}
    assert (numbers["M4"]["procent"], numbers["M4"]["noemer"]) == (None, 0), "no vacancy, no percentage"
    assert {row["naam"] for row in told["bezetting"]} == {"Kleine teams samen"}
    assert told["bezetting"][0]["mensen"] == 8 and told["bezetting"][0]["formatie"] == 72.0
    assert sum(flow["plekken"] for flow in told["stromen"]) == 2
    assert "Cato" not in json.dumps(told) and "Dirk" not in json.dumps(told), "no people"


async def test_figures_of_few_people_are_not_given(call: Call, owner: asyncpg.Connection, world: World) -> None:
    _, (claim,) = await running(owner, world, "cato", starts=TODAY - timedelta(days=3))
    await owner.execute(
        "insert into hours_booking (claim_id, person_id, day, tenths) values ($1, $2, $3, 35)",
        claim, world.people["cato"], TODAY - timedelta(days=1),
    )  # fmt: skip
    told = (await (await call("aya")).get("/mobiliteit", params={"periode": TODAY.year})).json()
    [three] = [one for one in told["getallen"] if one["code"] == "M3"]
    assert three["getoond"] is False and three["teller"] is None and three["rijen"] == []
    assert told["uren"] == []


async def test_a_period_before_the_first_day_has_no_figures_and_one_in_the_future_does_not_exist(
    call: Call, world: World
) -> None:
    aya = await call("aya")
    for path in ("/mobiliteit", "/besparingen"):
        for asked, status in (
            ("2001", 200),
            ("2001-K2", 200),
            ("2199", 404),
            ("2026-K5", 404),
            ("x", 404),
            ("12345678", 400),
        ):
            answer = await aya.get(path, params={"periode": asked})
            assert answer.status_code == status, (path, asked)
        assert (await aya.get(path, params={"team": "x"})).status_code == 400
        assert (await (await call(None)).get(path)).status_code == 401
        assert (await (await call("gea")).get(path)).status_code == 200
    told = (await aya.get("/mobiliteit", params={"periode": "2001"})).json()
    assert all(one["procent"] is None and one["van"] is None for one in told["getallen"])


async def test_savings_structural_and_incidental_apart(call: Call, owner: asyncpg.Connection, world: World) -> None:
    klus = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts) values"
        " ('Ecoloog', 'vacature', 'selectie', 'open', $1, $2, 1, 24, 24, $3) returning id",
        world.teams["groen"], world.people["bram"], TODAY - timedelta(days=300),
    )  # fmt: skip
    first = TODAY.replace(month=1, day=1)
    for kind, cents, ends, state in (
        ("formatie", 49_666_67, None, "bevestigd"), ("inhuur", 1_234_56, first, "verwacht"), ("werving", 500_00, first, "bevestigd"),
    ):  # fmt: skip
        await owner.execute(
            "insert into saving (type, klus_id, place_id, cents, starts, ends, ground, made_by, state, settled_by, settled_at) values"
            " ($1, $2, $2, $3, $4, $5, 'Uit de formatie.', $6, $7, case when $7 = 'bevestigd' then $8::uuid end, case when $7 = 'bevestigd' then now() end)",
            kind, klus, cents, first, ends, world.people["bram"], state, world.people["kees"],
        )  # fmt: skip
    junior = await owner.fetchval(
        "insert into klus (title, kind, way, state, team_id, posted_by, places, hours_min, hours_max, starts) values"
        " ('Medewerker groen', 'vacature', 'selectie', 'open', $1, $2, 1, 24, 24, $3) returning id",
        world.teams["groen"], world.people["bram"], TODAY - timedelta(days=200),
    )  # fmt: skip
    await owner.execute("insert into vacancy_gap (klus_id, kind, next_id) values ($1, 'vacature', $2)", klus, junior)
    await owner.execute(
        "insert into vacancy_gap (klus_id, kind, reason) values ($1, 'vervalt', 'Het werk is weg.')", junior
    )
    told = (await (await call("kees")).get("/besparingen")).json()
    assert told["bevestigd"] == {"structureel": 49666.67, "incidenteel": 500.0}
    assert told["verwacht"] == {"structureel": 0.0, "incidenteel": 1234.56}
    assert [(row["soort"], row["structureel"], row["tot"] is None) for row in told["resultaten"]] == [
        ("formatie", True, True), ("inhuur", False, False), ("werving", False, False),
    ]  # fmt: skip
    chains = [[(link["klus"]["naam"], link["werd"]) for link in row["keten"]] for row in told["resultaten"]]
    whole = [("Ecoloog", "vacature"), ("Medewerker groen", "vervalt")]
    assert chains == [whole, [], whole], "each move up to where it ends; hiring that was avoided has none"
