"""The gates of the mobility figures at a twentieth of the size: it would notice a question that grows with the square of the years."""

import pytest

from teams.demo.bench.crowd import drop
from teams.demo.bench.mobility import NAME, YEARS, mobility
from teams.demo.postgres import Server

pytestmark = pytest.mark.long


async def test_five_years_cost_at_most_five_times_one(server: Server) -> None:
    try:
        found = {m.what: m.value for m in await mobility(server, rounds=3, part=20)}
    finally:
        await drop(server, NAME)
    assert found["vijf jaar tegen één jaar, blokken"] <= YEARS, found
    assert found["vijf jaar tegen één jaar, tijd"] <= YEARS, found
    assert found["vragen meer bij vijf jaar"] == 0
