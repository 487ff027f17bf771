"""Idempotency-Key: the act happens once, its answer is given again."""

import asyncio
from typing import Any

import pytest

from tests.api.conftest import Call, codes, klus, published
from tests.world import World


async def test_the_same_key_gives_the_same_answer_once(call: Call, owner: Any, world: World) -> None:
    aya = await call("aya")
    body, key = klus(world.teams["groen"]), {"idempotency-key": "a-1"}
    first = await aya.post("/klussen", json=body, headers=key)
    again = await aya.post("/klussen", json=body, headers=key)
    assert (first.status_code, first.json(), first.headers["location"]) == (
        again.status_code, again.json(), again.headers["location"],
    )  # fmt: skip
    assert await owner.fetchval("select count(*) from klus") == 1
    other = await aya.post("/klussen", json=body | {"plaatsen": 4}, headers=key)
    assert other.status_code == 422
    codes(other)
    place = await aya.post(f"/klussen/{first.json()['id']}/publicatie", headers=key)
    assert place.status_code == 422, "a key belongs to one address"
    bram = await call("bram")
    assert (await bram.post("/klussen", json=body, headers=key)).json()["id"] != first.json()["id"]
    assert await owner.fetchval("select count(*) from klus") == 2


async def test_the_same_key_at_the_same_moment_acts_once(call: Call, owner: Any, world: World) -> None:
    aya = await call("aya")
    body, key = klus(world.teams["groen"]), {"idempotency-key": "tegelijk"}
    answers = await asyncio.gather(*(aya.post("/klussen", json=body, headers=key) for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {code for answer in answers if answer.status_code == 409 for code in codes(answer)} <= {"loopt_al"}
    made = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert made
    assert len(set(made)) == 1
    assert await owner.fetchval("select count(*) from klus") == 1


async def test_a_refusal_is_not_kept(call: Call, owner: Any, world: World) -> None:
    aya, cato = await call("aya"), await call("cato")
    full = await published(aya, world.teams["groen"], plaatsen=1)
    claim = (await (await call("dirk")).post(f"/klussen/{full['id']}/inzet")).json()
    key = {"idempotency-key": "plek"}
    assert (await cato.post(f"/klussen/{full['id']}/inzet", headers=key)).status_code == 409
    assert await owner.fetchval("select count(*) from form_key") == 0
    assert (await (await call("dirk")).post(f"/inzet/{claim['id']}/intrekking")).status_code == 200
    made = await cato.post(f"/klussen/{full['id']}/inzet", headers=key)
    assert made.status_code == 201
    assert (await cato.post(f"/klussen/{full['id']}/inzet", headers=key)).json() == made.json()


@pytest.mark.parametrize("key", ["", "met spatie", "x" * 201, "é"])
async def test_a_key_that_is_none(call: Call, world: World, key: str) -> None:
    aya = await call("aya")
    answer = await aya.post("/klussen", json=klus(world.teams["groen"]), headers={b"idempotency-key": key.encode()})
    assert (answer.status_code, codes(answer)) == (400, ["Idempotency-Key"])
