"""Who may change the register: the secretary with the organ's decision, officeholders for their organ, grantors for what they give."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.errors import NextStep, NotAllowed, Reason
from teams.kit.text import N_
from teams.mandates.queries.posts import posts_of

_LOCK = text("select pg_advisory_xact_lock(hashtext('teams.mandates'))")


async def lock_register(session: AsyncSession) -> None:
    """One change of the register at a time, so that rules over whole chains hold."""
    await session.execute(_LOCK)


async def may_change(session: AsyncSession, grantors: Collection[str], *, every: bool, by: Actor, at: datetime) -> None:
    """`every`: a decision needs all grantors, drafting and withdrawing one of them. Never the system administrator."""
    if by.has("beheer"):
        raise _refused(N_("Een systeembeheerder verandert niets aan mandaten."))
    if by.has("secretaris"):
        return
    mine = await posts_of(session, by, at) & frozenset(grantors)
    if not mine or (every and mine != frozenset(grantors)):
        raise _refused(
            N_("Alleen wie dit mandaat geeft, of de gemeentesecretaris met het besluit van het orgaan, mag dit.")
        )


def _refused(sentence: str) -> NotAllowed:
    return NotAllowed(Reason("geen_recht", sentence), then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),))
