"""Recovery codes: ten, each good for one log-in without app or passkey; kept as salted argon2id, shown once."""

import asyncio
import re
import secrets
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.passwords import AT_ONCE
from teams.auth.sessions import subjects_of
from teams.journal.models import Actor, Note, record

CODES = 10
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]")
_SALT = text("select salt from recovery_code where account_id = :account and used_at is null limit 1")
_TAKE = text(
    "update recovery_code set used_at = now() where account_id = :account and hash = :hash and used_at is null returning hash"
)
_FORGET = text("delete from recovery_code where account_id = :account")
_KEEP = text("insert into recovery_code (account_id, salt, hash) values (:account, :salt, :hash)")


async def new_codes(session: AsyncSession, *, by: Actor) -> list[str]:
    """Ten new codes of 80 bits; the old ones end."""
    assert by.account_id is not None
    await forget_codes(session, by.account_id)
    codes, salt = ["-".join(secrets.token_hex(2) for _ in range(5)) for _ in range(CODES)], secrets.token_bytes(16)
    for code in codes:
        kept = await _hashed(code, salt)
        await session.execute(_KEEP, {"account": by.account_id, "salt": salt, "hash": kept})
    await record(session, Note("account.codes_made", subjects_of(by)), by=by)
    return codes


async def take_code(session: AsyncSession, account_id: UUID, code: str, *, by: Actor) -> bool:
    """Whether `code` was one that is left. It is used from then on: of two at once one gets a yes."""
    salt = await session.scalar(_SALT, {"account": account_id})
    kept = await _hashed(_written(code[:100]), salt or b"no codes are left")
    if salt is None or await session.scalar(_TAKE, {"account": account_id, "hash": kept}) is None:
        return False
    await record(session, Note("account.code_used", subjects_of(by)), by=by)
    return True


async def forget_codes(session: AsyncSession, account_id: UUID) -> None:
    await session.execute(_FORGET, {"account": account_id})


def _written(code: str) -> str:
    """As it was shown, however capitals, spaces and hyphens were typed over."""
    bare = _BETWEEN.sub("", code).lower()
    return "-".join(bare[part : part + 4] for part in range(0, len(bare), 4))


async def _hashed(code: str, salt: bytes) -> bytes:
    """One salt for the ten, so that a try costs one hash and not ten."""
    async with AT_ONCE:
        return await asyncio.to_thread(
            hash_secret_raw, code.encode(), salt, time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
        )  # fmt: skip
