"""Keys that make a repeated post harmless: the answer is kept in the transaction of the act itself."""

import hashlib
import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import Conflict, NextStep, Reason
from teams.kit.text import N_

_LOCK = text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
_FIND = text("select request_hash, status, answer from form_key where account_id = :account and key = :key")
_KEEP = text(
    """
    insert into form_key (account_id, key, request_hash, status, answer)
    values (:account, :key, :hash, :status, cast(:answer as jsonb))
    """
)
_SWEEP = text("delete from form_key where at < now() - interval '24 hours'")


class Kept(NamedTuple):
    """The answer that was given the first time."""

    status: int
    answer: Any


class OtherRequest(Exception):
    """This key was used before for something else; `kept` is what came of that."""

    def __init__(self, kept: Kept) -> None:
        super().__init__("other request")
        self.kept = kept


def fingerprint(*parts: bytes) -> bytes:
    """What makes two requests the same: method, address and body."""
    return hashlib.sha256(b"\x00".join(parts)).digest()


async def take_key(session: AsyncSession, account_id: UUID, key: str, request: bytes) -> Kept | None:
    """Hold the key until the transaction ends. The kept answer, or None when this is the first time.

    `Conflict` when the first is still under way; `OtherRequest` when the key was used for another request.
    """
    free = (await session.execute(_LOCK, {"name": f"form_key:{account_id}:{key}"})).scalar_one()
    if not free:
        raise Conflict(
            Reason("loopt_al", N_("Hetzelfde verzoek is nog bezig.")),
            then=(NextStep(N_("Wacht een paar tellen en vraag het dan opnieuw.")),),
        )
    found = (await session.execute(_FIND, {"account": account_id, "key": key})).one_or_none()
    if found is None:
        return None
    kept = Kept(found.status, found.answer)
    if found.request_hash != request:
        raise OtherRequest(kept)
    return kept


async def keep_answer(
    session: AsyncSession, account_id: UUID, key: str, request: bytes, *, status: int, answer: Any
) -> None:
    """Store the answer beside the act; both are there or neither is."""
    await session.execute(
        _KEEP,
        {"account": account_id, "key": key, "hash": request, "status": status, "answer": json.dumps(answer)},
    )


async def sweep(session: AsyncSession) -> None:
    """Forget keys after a day."""
    await session.execute(_SWEEP)
