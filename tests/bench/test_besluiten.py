"""Deciding measured at a small size with loose bounds: it measures, and it would notice a collapse."""

from datetime import date

import pytest

from teams.app import create_app
from teams.demo.bench.crowd import GROUND, drop
from teams.demo.bench.decisions import decisions
from teams.demo.postgres import Server

pytestmark = pytest.mark.slow


@pytest.mark.timeout(120)
async def test_a_decision_costs_little_beside_its_sql(server: Server) -> None:
    try:
        found = await decisions(server, create_app, today=date(2026, 11, 22), rounds=1, calls=12)
    finally:
        await drop(server, GROUND)
    figures = {measure.what: measure.value for measure in found}
    assert figures["opdrachten aan de database per besluit"] <= 12
    assert figures["door de API: rekentijd"] < 60
    assert figures["snelheid naast dezelfde SQL in pgbench"] > 0.02
