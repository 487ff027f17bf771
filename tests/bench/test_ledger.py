"""The gates of the log at a twentieth of the size, with loose bounds: it measures, and it would notice a collapse."""

import asyncpg
import pytest

from teams.demo.bench.crowd import drop
from teams.demo.bench.ledger import NAME, Sizes, ledger
from teams.demo.postgres import Server
from teams.kit.db import plain_url
from teams.ledger.check import verify

pytestmark = pytest.mark.long


async def test_acts_are_covered_and_proofs_are_cheap(server: Server) -> None:
    sizes = Sizes(acts=500, seconds=1.0, rate=50, lengths=(500, 2_500, 5_000), acted=2_500, proofs=20, held=1.0)
    try:
        found = {m.what: m for m in await ledger(server, sizes)}
        boss = await asyncpg.connect(plain_url(server.url(database=f"{NAME}_growing")))
        checked = await verify(boss)
        await boss.close()
    finally:
        await drop(server, f"{NAME}_live", f"{NAME}_growing")
    assert found["vastgelegd en ondertekend: deel van alleen schrijven"].value > 0.02
    assert found["5000 regels: rekentijd per bewijs"].value < 50
    assert found["teams log verify: regels per seconde rekentijd"].value > 1000
    assert found["los bestand: regels per seconde rekentijd"].value > 4000
    assert found["langste wacht als deel van die transactie"].value < 0.9
    assert (checked.leaves, checked.waiting) == (5_020, 0), "what was poured is a log like any other"
    assert found["van daad tot controlepunt bij 50/s, p99"].value < 2500
