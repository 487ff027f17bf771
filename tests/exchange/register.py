"""A small mandate register beside the municipality of `files`, and how tests bring it in."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from teams.exchange.run import run_import
from teams.exchange.waiting import confirm, waiting_imports
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from tests.exchange.files import FILES, LAST_YEAR, SECRETARY, Files, first_import, with_row, write

POWERS = [
    "code", "titel", "orgaan", "soort", "grondslag", "mandateerbaar", "alleen_aan", "mandateerbaar_bron", "grens_basis",
    "vier_ogen", "vastlegging", "vertrouwelijk", "trefwoorden",
]  # fmt: skip
GRANTS = [
    "nummer", "bevoegdheden", "soorten", "gever", "ontvanger", "ouder", "alles_behalve", "grens", "grens_basis", "ondermandaat",
    "voorwaarden", "instructies", "vorm", "zaak", "besloten_op", "bekendgemaakt_op", "publicatie", "instemming_ontvanger_op",
    "instemming_werkgever_op", "van", "tot", "ingetrokken_op",
]  # fmt: skip


def power(code: str, organ: str, kind: str = "besluit", **more: str) -> list[str]:
    cells = {"code": code, "titel": f"Besluiten over {code}", "orgaan": organ, "soort": kind, **more}
    return [cells.get(column, "") for column in POWERS]


def grant(number: str, powers: str, giver: str, holder: str, **more: str) -> list[str]:
    """Decided and published, from last year on."""
    cells = {
        "nummer": number, "bevoegdheden": powers, "gever": giver, "ontvanger": holder, "soorten": "mandaat",
        "besloten_op": LAST_YEAR, "bekendgemaakt_op": LAST_YEAR, "van": LAST_YEAR, **more,
    }  # fmt: skip
    return [cells.get(column, "") for column in GRANTS]


SECRETARY_ROLE = "functie:gemeentesecretaris"
REGISTER: dict[str, list[list[str]]] = {
    "bevoegdheden": [
        POWERS,
        power("SUB-01", "college", grondslag="Awb 4:23|ASV Zuidwolde 3", trefwoorden="subsidie dansschool"),
        power("INK-02", "college|burgemeester", "privaatrecht", grens_basis="totale_waarde", vier_ogen="20.000"),
        power("PW-07", "college", mandateerbaar="alleen_aan", alleen_aan=SECRETARY_ROLE, vertrouwelijk="ja"),
        power("OOV-01", "burgemeester", mandateerbaar="nee", mandateerbaar_bron="Gemeentewet 177"),
        power("BEZ-01", "college", grondslag="Awb 7:11", vastlegging="per_besluit"),
    ],
    "mandaten": [
        GRANTS,
        grant("C1", "SUB-01", "orgaan:college", SECRETARY_ROLE, grens="25.000", ondermandaat="ja"),
        grant("G1", "SUB-01", SECRETARY_ROLE, "rol:GR/Boombeheerder", ouder="C1", grens="5.000",
              voorwaarden="overleg:BU/Baliemedewerker|alleen voor bomen", instructies="Meld het de volgende dag"),
        grant("C2", "", "orgaan:college|orgaan:burgemeester", SECRETARY_ROLE, soorten="mandaat|volmacht",
              alles_behalve="SUB-01|PW-07|OOV-01|BEZ-01", ondermandaat="alleen_aan:GR/Boombeheerder"),
        grant("G2", "INK-02", SECRETARY_ROLE, "rol:GR/Boombeheerder", ouder="C2", soorten="volmacht", grens="€ 7.500,50"),
        grant("N1", "BEZ-01", "orgaan:college", "persoon:3", besloten_op="", bekendgemaakt_op="", van=""),
    ],
    "uitsluitingen": [
        ["bevoegdheid", "regel", "bron", "van", "tot"],
        ["SUB-01", "boven een ton beslist het college|bedrag>100.000", "Besluit 1", LAST_YEAR, ""],
    ],
    "vervangingen": [
        ["team", "rol", "vervanger", "reden", "van", "tot", "besluit"],
        ["ZW", "Gemeentesecretaris", "2", "afwezig", LAST_YEAR, "2027-01-31", "Besluit 2"],
    ],
    "budgetten": [
        ["code", "programma", "portefeuillehouder", "jaar", "bedrag", "budgethouder", "bevoegdheden"],
        ["P-GR", "Groen", "Sara Smit", "2026", "120.000,00", "GR/Boombeheerder", "INK-02"],
    ],
}  # fmt: skip
ORGANS = with_row(FILES, "organen", ["burgemeester", "Burgemeester", "1"], ["raad", "Gemeenteraad", ""])


async def municipality(db: Database, folder: Path) -> None:
    await first_import(db, folder / "organisatie", ORGANS)


async def with_register(db: Database, folder: Path, files: Files = REGISTER) -> None:
    """The municipality with its first register, which the secretary brought in."""
    await municipality(db, folder)
    write(folder / "register", files)
    for kind in ("mandaten", "budgetten"):
        code, lines = await run_import(db, kind, folder / "register", dry_run=False, namens=SECRETARY)
        assert (code, lines[-1]) == (0, "Ingelezen."), lines


async def offered(db: Database, folder: Path, files: Files, kind: str = "mandaten") -> list[str]:
    code, lines = await run_import(db, kind, write(folder, files), dry_run=False, namens=None)
    assert code == 0, lines
    return lines


async def confirmed(db: Database, owner: asyncpg.Connection) -> None:
    """The secretary confirms the newest import."""
    person = await owner.fetchval("select id from person where number = '1'")
    sara = Actor(person, "Sara", frozenset({"secretaris"}))
    async with db.begin() as session:
        await confirm(session, (await waiting_imports(session, sara))[0].id, by=sara, at=await now(session))


async def rows_of_register(owner: asyncpg.Connection) -> int:
    """How many version rows, journal entries and imports there are: a re-import adds none."""
    tables = (
        "power_version", "power_basis", "grant_version", "power_exclusion", "replacement", "budget", "journal", "pending_import",
    )  # fmt: skip
    return sum([await owner.fetchval(f"select count(*) from {table}") for table in tables])


async def taken(parts: AsyncIterator[bytes]) -> bytes:
    """A file that comes in parts."""
    return b"".join([part async for part in parts])
