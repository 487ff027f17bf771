"""The gates of 'mag ik dit' at a twentieth of the size, with loose bounds: it measures, and it would notice a collapse."""

import pytest

from teams.app import create_app
from teams.demo.bench.crowd import drop
from teams.demo.bench.mandates import GRANTS, mandates
from teams.demo.bench.mandates_town import POWERS
from teams.demo.postgres import Server

PART = 20
pytestmark = pytest.mark.slow


async def test_a_question_costs_little_and_hardly_more_in_a_larger_register(server: Server) -> None:
    try:
        found = {m.what: m for m in await mandates(server, create_app, rounds=1, part=PART)}
    finally:
        grants, powers = GRANTS // PART, POWERS // PART
        sizes = ((grants // 10, powers), (grants, powers), (grants, powers // 10))
        await drop(server, *(f"bench_mandates_{n}_{p}" for n, p in sizes))
    assert found["vragen aan de database per vraag"].good
    for word in ("ja", "nee"):
        assert found[f"door de API: rekentijd, {word}"].value < 40
        assert found[f"beoordelaar alleen, {word}"].value > 500
    assert found["kosten: mandaten × 10"].value < 6
