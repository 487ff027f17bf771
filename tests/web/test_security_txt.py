"""security.txt as RFC 9116 and internet.nl want it, judged by the library that internet.nl uses."""

from datetime import UTC, datetime

import httpx
import pytest
from sectxt import Parser

from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.places import Place


async def fetch(place: Place, db: Database, contact: str) -> httpx.Response:
    """Served under a second name too, of the kind that a watcher on the machine itself uses."""
    hosts, public = "127.0.0.1,teams.test", "https://teams.test/"
    app = app_for(Settings(database_url=place.url(), hosts=hosts, public_url=public, security_contact=contact), db)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://teams.test") as client:
        return await client.get("/.well-known/security.txt")


@pytest.mark.parametrize("contact", ["mailto:beveiliging@zandermeer.example", "https://zandermeer.example/melden"])
async def test_it_is_valid(place: Place, db: Database, contact: str) -> None:
    answer = await fetch(place, db, contact)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/plain; charset=utf-8"
    parser = Parser(answer.content.replace(b"\n", b"\r\n"), urls="https://teams.test/.well-known/security.txt")
    assert parser.errors == [] and f"Contact: {contact}" in answer.text
    expires = datetime.fromisoformat(answer.text.split("Expires: ")[1].split()[0])
    assert 30 < (expires - datetime.now(UTC)).days < 366


async def test_without_a_contact_there_is_none(place: Place, db: Database) -> None:
    assert (await fetch(place, db, "")).status_code == 404
