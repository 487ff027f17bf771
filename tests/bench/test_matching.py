"""Matching measured at a small size: it measures, and it would notice a query for each klus."""

from datetime import date

import pytest

from teams.demo.bench.crowd import drop
from teams.demo.bench.matching import NAME, matching
from teams.demo.postgres import Server

pytestmark = pytest.mark.long


@pytest.mark.timeout(60)
async def test_matching_costs_few_queries(server: Server) -> None:
    try:
        found = await matching(server, people=600, klussen=60, today=date.today())
    finally:
        await drop(server, NAME)
    figures = {measure.what: measure.value for measure in found}
    assert figures["vragen voor één mens"] <= 3
    assert figures["de nacht, voor iedereen"] < 5
    assert figures["vragen om haar door te schuiven"] <= 10
