"""Completeness: what a list has and the log has not is an open post with an owner, and a reason closes it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from teams.account.actions.checklists import Post, explain, lay_beside
from teams.account.forms import ExplainForm
from teams.account.queries.checklists import posts
from teams.exchange.toetslijst import import_checklist
from teams.journal.models import SYSTEM
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotFound
from tests.account.acts import MOMENT, decision, do, refused
from tests.world import World

DAY = MOMENT.date()
DIGEST = "sha256:" + "a" * 64


async def lay(db: Database, *rows: Post) -> Any:
    return await do(db, lay_beside, rows, file="inkoop.csv", digest=DIGEST, by=SYSTEM)


async def states(owner: asyncpg.Connection) -> dict[str, str]:
    rows = await owner.fetch(
        "select i.reference, i.state, d.number from checklist_item i left join decision d on d.id = i.decision_id order by i.reference"
    )
    return {row["reference"]: row["number"] or row["state"] for row in rows}


async def test_matched_by_number_case_or_party_and_amount(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    _, one = await decision(owner, world, case_number="Z-100", cents=500_000)
    _, two = await decision(owner, world, case_number="Z-200", cents=250_000, counterparty="Hovenier Groen BV")
    laid = await lay(
        db,
        Post("contract", "A nummer", DAY, number=one),
        Post("betaling", "B zaak", DAY, 100_000, case="z 100"),
        Post("betaling", "C meer dan besloten", DAY, 600_000, case="Z-100"),
        Post("contract", "D partij", DAY + timedelta(20), 250_000, party="HOVENIER GROEN B.V."),
        Post("contract", "E zelfde nog eens", DAY + timedelta(21), 250_000, party="Hovenier Groen BV"),
        Post("contract", "F ander bedrag", DAY, 249_999, party="Hovenier Groen BV"),
        Post("zaak", "G onbekend", DAY, case="Z-999", number="2026-77777"),
    )
    assert (laid.added, laid.found, laid.open) == (7, 3, 4)
    assert await states(owner) == {
        "A nummer": one, "B zaak": one, "C meer dan besloten": "open", "D partij": two, "E zelfde nog eens": "open",
        "F ander bedrag": "open", "G onbekend": "open",
    }  # fmt: skip


async def test_an_open_post_has_an_owner_and_a_later_decision_settles_it(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    await decision(owner, world, "bram", role="water", counterparty="Baggerwerken BV", cents=1)
    post = Post("contract", "K-1", DAY, 990_000, party="Baggerwerken BV")
    await lay(db, post, Post("zaak", "Z-1", DAY))
    owners = dict(await owner.fetch("select reference, owner_role from checklist_item"))  # type: ignore[arg-type]
    assert owners == {"K-1": world.roles["water"], "Z-1": world.roles["secretaris"]}
    for who, seen in (("bram", {"K-1"}), ("aya", set()), ("sef", {"K-1", "Z-1"}), ("kees", {"K-1", "Z-1"})):
        async with db.read() as session:
            rows, _ = await posts(session, world.actor(who))
        assert {row.reference for row in rows} == seen, who
    _, number = await decision(owner, world, counterparty="Baggerwerken BV", cents=990_000)
    again = await lay(db, post)
    assert (again.added, again.changed, again.same, again.found) == (0, 0, 1, 1)
    assert (await states(owner))["K-1"] == number


async def test_a_reason_closes_it_and_stays_readable(db: Database, owner: asyncpg.Connection, world: World) -> None:
    await lay(db, Post("betaling", "P-1", DAY, 100), Post("betaling", "P-2", DAY, 100))
    one, two = [row[0] for row in await owner.fetch("select id from checklist_item order by reference")]
    _, number = await decision(owner, world)
    why = ExplainForm(reden="zonder_besluit", toelichting="Er is nooit over besloten.")
    assert isinstance(await refused(db, explain, one, why, by=world.actor("aya")), NotFound)
    wrong = ExplainForm(reden="hoort_bij", nummer="2026-99999", toelichting="Hoort daarbij.")
    assert isinstance(await refused(db, explain, one, wrong, by=world.actor("kees")), Invalid)
    await do(db, explain, one, why, by=world.actor("sef"))
    await do(
        db,
        explain,
        two,
        ExplainForm(reden="hoort_bij", nummer=number, toelichting="Andere zaak."),
        by=world.actor("kees"),
    )
    assert isinstance(await refused(db, explain, one, why, by=world.actor("sef")), Conflict)
    assert await states(owner) == {"P-1": "verklaard", "P-2": number}
    assert await owner.fetchval("select count(*) from journal where verb = 'checklist.settled' and accountable") == 2
    assert await lay(db, Post("betaling", "P-1", DAY, 100)) and (await states(owner))["P-1"] == "verklaard"


async def read(db: Database, path: Path, *, dry_run: bool = False) -> tuple[int, list[str]]:
    async with db.begin() as session:
        return await import_checklist(session, path, by=SYSTEM, at=await now(session), dry_run=dry_run)


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (
            "kenmerk;soort;datum;bedrag\nI-1;contract;2026-08-01;7.500,00\nI-2;betaling;01-09-2026;100\n",
            0,
            "2 posten: 2 nieuw",
        ),
        ("kenmerk,soort,datum\nI-1,zaak,2026-08-01\n", 0, "1 posten staan open"),
        ("kenmerk;soort;datum\nI-1;order;2026-08-01\n", 1, "toetslijst:2:soort: 'order' kan hier niet"),
        ("kenmerk;soort;datum;bedrag\nI-1;contract;2026-08-01;7,500\n", 1, "toetslijst:2:bedrag:"),
        ("kenmerk;soort;datum\n;contract;31-02-2026\n", 1, "2 fouten, niets ingelezen"),
        (
            "kenmerk;soort;datum\nI-1;zaak;2026-08-01\nI-1;zaak;2026-08-02\n",
            1,
            "toetslijst:3:kenmerk: staat ook op rij 2",
        ),
    ],
)
async def test_the_file(
    db: Database, owner: asyncpg.Connection, tmp_path: Path, content: str, code: int, says: str
) -> None:
    (tmp_path / "toetslijst.csv").write_text(content, encoding="utf-8")
    answer, lines = await read(db, tmp_path / "toetslijst.csv")
    assert answer == code and any(says in line for line in lines), lines
    assert await owner.fetchval("select count(*) > 0 from checklist_item") == (code == 0)
