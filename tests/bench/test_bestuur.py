"""The gates of map, past and search at a twentieth of the size, with loose bounds: they measure, and would notice a collapse."""

import pytest

from teams.app import create_app
from teams.demo.bench.bestuur import KLUSSEN, OTHERS, bestuur
from teams.demo.bench.bestuur_town import WORDS
from teams.demo.bench.crowd import GROUND, drop
from teams.demo.postgres import Server
from tests.world import TODAY

PART = 20
pytestmark = pytest.mark.long


async def test_map_past_and_search_cost_no_more_than_they_may(server: Server) -> None:
    try:
        found = {m.what: m for m in await bestuur(server, create_app, today=TODAY, rounds=1, calls=2, part=PART)}
    finally:
        await drop(server, GROUND, f"bench_{OTHERS // PART}", f"bench_{KLUSSEN // PART}")
    for what in ("kaart met boom", "tabel"):
        assert (
            found[f"{what}: vragen"].good
            and found[f"{what}: over de lijn"].good
            and found[f"{what}: rekentijd heel verzoek"].good
        )
    for what in ("team", "rol"):
        for how in ("toen", "zoals toen bekend"):
            assert found[f"{what} {how}: blokken tegen vandaag"].good
            assert found[f"{what} {how}: rekentijd tegen vandaag"].value < 3
    for what, word in WORDS.items():
        assert found[f"zoek {what} ({word}): tegen kale SQL"].value < 8
