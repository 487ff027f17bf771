"""What leaves the log as a file is an entry: what kind, how many decisions, the digest of the file, the head it rests on."""

import hashlib
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.rules import need
from teams.journal.models import Actor, Note, record

_HEAD = text("select size from checkpoint order by log desc, size desc limit 1")


async def record_export(session: AsyncSession, kind: str, made: bytes, count: int, *, by: Actor, at: datetime) -> None:
    """`kind`: csv, xlsx, json, bewijs, werkpapier or verantwoording."""
    need(by, "secretaris", "controller")
    size = await session.scalar(_HEAD)
    facts = {"soort": kind, "aantal": count, "bestand": "sha256:" + hashlib.sha256(made).hexdigest()}
    await record(session, Note("export.made", (), facts | ({"hoofd": size} if size else {}), accountable=True), by=by)
