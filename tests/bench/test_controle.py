"""The gates of the audit page and the account at a twentieth of the size: it would notice a page that reads the whole log."""

import pytest

from teams.demo.bench.controle import FEW, MANY, controle
from teams.demo.bench.crowd import drop
from teams.demo.postgres import Server

PART = 20
pytestmark = pytest.mark.long


async def test_the_audit_page_does_not_grow_with_the_log(server: Server) -> None:
    try:
        found = {m.what: m for m in await controle(server, rounds=1, calls=2, part=PART)}
    finally:
        await drop(server, f"bench_controle_{FEW}", f"bench_controle_{MANY // PART}")
    blocks = {what: m.value for what, m in found.items() if what.endswith("blokken")}
    assert len(blocks) == 8 and max(blocks.values()) < 1.5, blocks
    assert all(m.value < 5_000 for what, m in found.items() if what.startswith("kwartaalverantwoording"))
