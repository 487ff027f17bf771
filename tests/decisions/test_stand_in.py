"""Who stands in decides over HTTP under the bans of both persons: who made the report, and who has an interest (M10, M19, M23)."""

from uuid import UUID

import asyncpg

from teams.kit.db import Database
from tests.decisions.desk import desks
from tests.mandates.stored import EARLY, uid
from tests.places import Place

FINE = {
    "bevoegdheid": "BOE-01", "gevoelig": False, "onderwerp": "Boete café De Zwaan", "motivering": "Er is geschonken aan een kind.",
    "belangVerklaring": True,
}  # fmt: skip


async def stands_in(owner: asyncpg.Connection, role: str, person: str) -> None:
    await owner.execute(
        "insert into replacement (role_id, person_id, reason, decision, valid, recorded)"
        " values ($1, $2, 'afwezig', 'besluit 31', tstzrange($3, null), tstzrange($3, null))",
        UUID(uid(role)), UUID(uid(person)), EARLY,
    )  # fmt: skip


async def test_m10_who_reports_does_not_fine_nor_does_who_stands_in(
    place: Place, db: Database, owner: asyncpg.Connection
) -> None:
    """Refused: made by the one who stands in, by the absent one, by nobody knows whom; not by a third."""
    async with desks(place, db, owner, demo=True) as desk:
        await stands_in(owner, "jurist", "vera")
        vera = await desk("vera")
        for reporter in ("vera", "julia", None):
            said = {"rapporteur": uid(reporter)} if reporter else {}
            done = await vera.json("POST", "/api/v1/besluiten", {**FINE, "zaak": "26-B-1", **said})
            assert done.status_code == 409, done.text
            assert [line["code"] for line in done.json()["redenen"]] == ["M10"]
        assert await owner.fetchval("select count(*) from decision") == 0
        done = await vera.json("POST", "/api/v1/besluiten", {**FINE, "zaak": "26-B-1", "rapporteur": uid("gijs")})
        assert done.status_code == 201 and "plv." in done.json()["ondertekening"], done.text


async def test_m19_an_interest_of_the_absent_binds_who_stands_in(
    place: Place, db: Database, owner: asyncpg.Connection
) -> None:
    """The absent one declared it at an attempt; who stands in is refused in the same case, spelt otherwise."""
    async with desks(place, db, owner, demo=True) as desk:
        julia, vera = await desk("julia"), await desk("vera")
        case = {**FINE, "rapporteur": uid("gijs")}
        first = await julia.json("POST", "/api/v1/besluiten", {**case, "zaak": "26-B-7", "belang": True})
        assert "M19" in [line["code"] for line in first.json()["redenen"]], first.text
        await stands_in(owner, "jurist", "vera")
        done = await vera.json("POST", "/api/v1/besluiten", {**case, "zaak": "26 b 7"})
        assert done.status_code == 409 and [line["code"] for line in done.json()["redenen"]] == ["M19"], done.text
        free = await vera.json("POST", "/api/v1/besluiten", {**case, "zaak": "26-B-8"})
        assert free.status_code == 201, free.text
