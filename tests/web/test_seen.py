"""What others see of a person, and of a klus that is still a draft: nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.kit.db import Database
from teams.klussen.actions.claim import hand_back_claim
from tests.klussen.acts import act, claim, draft
from tests.klussen.test_claim import posted
from tests.world import START, TODAY, World, give_contract

SECRETS = {
    "hours of the contract": r"33[,.]7",
    "balance of hours": r"\b5[,.]2\b",
    "hours of the claim": r"6[,.]5\b",
    "absence": r"17[- ](03|maart|mrt)\D{0,2}2031|2031-03-17",
    "why she wants it": "Geheim motief",
    "why she stopped": "Geheime reden",
}
"""What others never see of Cato: 33.7 hours of contract, 22 in roles, 6.5 in a klus, so 5.2 free."""


@pytest.mark.parametrize("who", ["aya", "bram", "dirk", "sef", "kees", "beer", "wil"])
async def test_what_others_see_of_a_person(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World, who: str
) -> None:
    klus = await cato_at_work(db, owner, world)
    pages = (
        f"/klussen/{klus}", "/klussen", f"/personen/{world.people['cato']}", f"/teams/{world.teams['groen']}",
        f"/teams/{world.teams['balie']}", f"/rollen/{world.roles['balie']}", "/", "/organisatie", "/profiel",
    )  # fmt: skip
    client, cato = await visit(who), await visit("cato")
    for path in pages:
        page = await client.get(path)
        assert page.status_code == 200, path
        for what, pattern in SECRETS.items():
            assert re.search(pattern, plain(page.text)) is None, (path, what)
    own = "".join([plain((await cato.get(path)).text) for path in pages])
    for what in ("hours of the contract", "balance of hours", "hours of the claim", "absence"):
        assert re.search(SECRETS[what], own), f"Cato reads her own {what}"
    assert "Cato Proef" in (await client.get(f"/klussen/{klus}")).text


def plain(page: str) -> str:
    """A page without its drawings: text and attributes."""
    return re.sub(r"<svg.*?</svg>", " ", page, flags=re.S)


async def cato_at_work(db: Database, owner: asyncpg.Connection, world: World) -> UUID:
    """Cato works 6.5 hours on a klus of Groen, gave another one back with a reason, and is away one day in 2031."""
    cato = world.people["cato"]
    await owner.execute("update contract set recorded = tstzrange(lower(recorded), now()) where person_id = $1", cato)
    await give_contract(owner, cato, Decimal("33.7"), START)
    day = TODAY.replace(year=2031, month=3, day=17)
    await owner.execute(
        "insert into absence (person_id, valid) values ($1, daterange($2, $3))", cato, day, day + timedelta(days=1)
    )
    klus = await posted(db, world, urenMin=3, urenMax=9, van=TODAY)
    first = await claim(db, world, "cato", klus.id, hours=Decimal("6.5"), motivation="Geheim motief")
    await act(db, world, hand_back_claim, "cato", first, reason="Geheime reden", handover="In de kast.")
    await claim(db, world, "cato", klus.id, hours=Decimal("6.5"), motivation="Geheim motief")
    found: UUID = klus.id
    return found


@pytest.mark.parametrize("who", ["dirk", "kees", "beer", "wil"])
async def test_a_draft_is_invisible_everywhere(visit: Callable[..., Any], db: Database, world: World, who: str) -> None:
    klus = await draft(db, world, titel="Verborgen klus", omschrijving="Nog niemand weet dit.")
    client = await visit(who)
    for path in (
        "/", "/klussen", "/klussen?zoek=verborgen", "/klussen?zoek=verborgn", f"/teams/{world.teams['groen']}",
        f"/rollen/{world.roles['boom']}", f"/personen/{world.people['aya']}", "/organisatie",
    ):  # fmt: skip
        page = await client.get(path)
        assert page.status_code == 200
        assert "Verborgen klus" not in page.text, path
        assert str(klus.id) not in page.text, path
    assert (await client.get(f"/klussen/{klus.id}")).status_code == 404
    assert "Verborgen klus" in (await (await visit("aya")).get(f"/klussen/{klus.id}")).text
