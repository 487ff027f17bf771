"""API tokens: for a person with or without an account, kept only as a hash, dead with the account."""

from typing import Any

import pytest

from teams.auth.actions import create_token, disable_account
from teams.auth.sessions import visitor_by_token
from teams.kit.db import Database
from teams.kit.errors import NotFound
from tests.world import World


async def test_a_person_without_an_account_gets_one_for_the_token_only(db: Database, owner: Any, world: World) -> None:
    await owner.execute("insert into person (number, name, email) values ('P900', 'Nieuw', 'nieuw@proefdam.example')")
    async with db.begin() as session:
        token = await create_token(session, "Nieuw@proefdam.example", "proef")
    async with db.read() as session:
        visitor = await visitor_by_token(session, token)
    assert visitor is not None
    assert visitor.name == "Nieuw"
    assert await owner.fetchval("select password_hash from account where id = $1", visitor.account_id) is None
    assert await owner.fetchval("select count(*) from api_token where encode(hash, 'escape') like $1", token) == 0


async def test_nobody_is_no_account(db: Database, world: World) -> None:
    async with db.begin() as session:
        with pytest.raises(NotFound):
            await create_token(session, "niemand@proefdam.example", "proef")


async def test_a_closed_account_takes_its_tokens_along(db: Database, world: World) -> None:
    async with db.begin() as session:
        token = await create_token(session, "aya@proefdam.example", "proef")
    async with db.begin() as session:
        await disable_account(session, "aya@proefdam.example")
    async with db.read() as session:
        assert await visitor_by_token(session, token) is None
