"""The gates of the log at a twentieth of the size, with loose bounds: it measures, and it would notice a collapse."""

import pytest

from teams.demo.bench.crowd import drop
from teams.demo.bench.ledger import NAME, Sizes, ledger
from teams.demo.postgres import Server

pytestmark = pytest.mark.long


async def test_acts_are_covered_and_proofs_are_cheap(server: Server) -> None:
    sizes = Sizes(acts=500, seconds=1.0, rate=50, lengths=(500, 2_500), proofs=20, export=2_500, held=1.0)
    try:
        found = {m.what: m for m in await ledger(server, sizes)}
    finally:
        await drop(server, f"{NAME}_live", f"{NAME}_growing")
    assert found["vastgelegd en ondertekend per seconde"].value > 50
    assert found["2500 regels: rekentijd per bewijs"].value < 50
    assert found["los bestand: regels per seconde rekentijd"].value > 4000
    assert found["langste wacht als deel van die transactie"].value < 0.9
    assert found["van daad tot controlepunt bij 50/s, p99"].value < 2500
