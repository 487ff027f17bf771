"""Someone loses access: every single thing that an account can act with ends in one transaction, and none comes back (R13; BIO2 5.18.01)."""

from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from teams.auth import second_step
from teams.auth.actions import create_token, disable_account
from teams.auth.second_step import confirm_app, offer_app
from teams.auth.sessions import open_session
from teams.exchange.leaving import end_access
from teams.journal.models import SYSTEM
from teams.kit.clock import now
from teams.kit.db import Database
from tests.auth.test_passkeys import actor, with_passkey
from tests.conftest import Place
from tests.governance.test_offer import grant_on
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.notices.scene import told
from tests.world import World

ACCOUNT = {
    "sessions": "select count(*) from session where account_id = $1",
    "tokens": "select count(*) from api_token where account_id = $1 and revoked_at is null",
    "passkeys": "select count(*) from passkey where account_id = $1",
    "app": "select count(*) from totp where account_id = $1",
    "recovery codes": "select count(*) from recovery_code where account_id = $1",
    "password": "select count(*) from account where id = $1 and password_hash is not null",
    "identities": "select count(*) from identity where account_id = $1 and ended_at is null",
    "log-in under way": "select count(*) from login_step where account_id = $1",
    "feed": "select count(*) from calendar_feed where account_id = $1 and revoked_at is null",
    "rights": "select count(*) from account_right where account_id = $1",
    "right that was asked": "select count(*) from right_request where account_id = $1 and settled_at is null",
}
PERSON = {
    "fillings": "select count(*) from role_filling where person_id = $1 and upper_inf(recorded) and valid @> clock_timestamp()",
    "claims": "select count(*) from claim where person_id = $1 and ended_at is null",
    "roles by a group": "select count(*) from scim_filling where person_id = $1",
}


async def left(owner: asyncpg.Connection, world: World, queries: dict[str, str], id_of: Any) -> dict[str, int]:
    return {name: await owner.fetchval(query, id_of) for name, query in queries.items()}


@pytest.fixture
async def armed(db: Database, owner: asyncpg.Connection, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Bram has one of everything, fills roles and holds a grant."""
    import pyotp

    account, person = world.accounts["bram"], world.people["bram"]
    await with_passkey(db, world, "bram")
    klus = await posted(db, world, urenMin=1)
    await claim(db, world, "bram", klus.id)
    async with db.begin() as session:
        await open_session(session, account, device="test", old=None)
        await create_token(session, "bram@proefdam.example", "proef")
        await offer_app(session, account)
    secret = await owner.fetchval("select secret from totp where account_id = $1", account)
    monkeypatch.setattr(second_step, "time", SimpleNamespace(time=lambda: 3_000_000_015))
    async with db.begin() as session:
        await confirm_app(session, pyotp.TOTP(secret).at(3_000_000_015), by=actor(world, "bram"))
    for query in (
        "insert into account_right (account_id, \"right\") values ($1, 'controller')",
        "insert into identity (account_id, issuer, subject) values ($1, 'https://i', 's')",
        "insert into login_step (browser, account_id) values (decode(repeat('00', 32), 'hex'), $1)",
        "insert into calendar_feed (account_id, hash) values ($1, decode(repeat('01', 32), 'hex'))",
    ):
        await owner.execute(query, account)
    await owner.execute(
        "insert into right_request (account_id, \"right\", asked_by) values ($1, 'beheer', $2)",
        account, world.accounts["beer"],
    )  # fmt: skip
    await owner.execute(
        "with g as (insert into scim_group (name) values ('g') returning id)"
        " insert into scim_filling (group_id, person_id, role_id) select id, $1, $2 from g",
        person, world.roles["water"],
    )  # fmt: skip
    await grant_on(owner, world, "water")
    assert min((await left(owner, world, ACCOUNT, account)).values()) >= 1
    assert min((await left(owner, world, PERSON, person)).values()) >= 1
    return world


async def test_nothing_is_left_and_all_in_one_transaction(
    db: Database, place: Place, owner: asyncpg.Connection, armed: World
) -> None:
    async with db.begin() as session:
        await end_access(session, armed.accounts["bram"], by=SYSTEM, at=await now(session))
    assert set((await left(owner, armed, ACCOUNT, armed.accounts["bram"])).items()) == {(name, 0) for name in ACCOUNT}
    assert set((await left(owner, armed, PERSON, armed.people["bram"])).items()) == {(name, 0) for name in PERSON}
    verbs = ("person.access_ended", "account.disabled", "account.right_taken", "role.emptied", "claim.ended")
    rows = await owner.fetch("select verb, xid::text as act from journal where verb = any($1)", list(verbs))
    assert {row["verb"] for row in rows} == set(verbs) and len({row["act"] for row in rows}) == 1
    holder = "select facts ->> 'number' from journal where verb = 'grant.holder_left' and accountable"
    assert await owner.fetchval(holder) == "GW-07", "who held a grant is named beside it"
    heard = await told(db, place, armed, "sef")
    assert any("heeft geen toegang meer" in line for line in heard), heard
    assert any("had mandaat GW-07" in line for line in heard), heard


async def test_an_account_that_opens_again_has_none_of_it(
    db: Database, owner: asyncpg.Connection, armed: World
) -> None:
    """Closed by an administrator, opened by the directory: what was, is not there again."""
    account = armed.accounts["bram"]
    async with db.begin() as session:
        await disable_account(session, "bram@proefdam.example")
    await owner.execute("update account set disabled_at = null where id = $1", account)
    assert set((await left(owner, armed, ACCOUNT, account)).items()) == {(name, 0) for name in ACCOUNT}


async def test_if_one_part_fails_nothing_ended(
    db: Database, owner: asyncpg.Connection, armed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*rest: Any, **options: Any) -> None:
        raise RuntimeError("the last step")

    monkeypatch.setattr("teams.exchange.leaving.disable_account", fails)
    with pytest.raises(RuntimeError):
        async with db.begin() as session:
            await end_access(session, armed.accounts["bram"], by=SYSTEM, at=await now(session))
    assert min((await left(owner, armed, ACCOUNT, armed.accounts["bram"])).values()) >= 1
    assert min((await left(owner, armed, PERSON, armed.people["bram"])).values()) >= 1
