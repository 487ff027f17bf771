"""What every act on a decision shares: who may act at all, the entry that it leaves, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, NotAllowed, Reason
from teams.kit.text import N_

RULES = (NextStep(N_("Lees wie wat mag."), "/spelregels"),)


def decider(by: Actor) -> UUID:
    """The person who acts. The system administrator never decides, nor does the system itself."""
    if by.person_id is None:
        raise NotAllowed(Reason("geen_recht", N_("Een besluit neemt een mens, geen systeem.")), then=RULES)
    if by.has("beheer"):
        raise NotAllowed(Reason("geen_recht", N_("Een systeembeheerder neemt geen besluiten.")), then=RULES)
    if by.has("raad"):
        raise NotAllowed(Reason("geen_recht", N_("Een raadslezer leest mee en neemt geen besluiten.")), then=RULES)
    return by.person_id


def wrong_moment(sentence: str, url: str, **values: Any) -> Conflict:
    return Conflict(
        Reason("verkeerd_moment", sentence, values), then=(NextStep(N_("Bekijk hoe het er nu voor staat."), url),)
    )


def refused(sentence: str, url: str = "/spelregels", **values: Any) -> NotAllowed:
    return NotAllowed(Reason("geen_recht", sentence, values), then=(NextStep(N_("Bekijk wie het wel mag."), url),))


async def write_entry(
    session: AsyncSession,
    verb: str,
    subjects: tuple[tuple[str, UUID], ...],
    facts: dict[str, Any],
    texts: Mapping[str, str | None],
    *,
    by: Actor,
    role: UUID | None = None,
    accountable: bool = True,
) -> UUID:
    """An entry of the log; texts that are not known are left out."""
    given = {name: value for name, value in texts.items() if value is not None}
    facts = {name: value for name, value in facts.items() if value is not None}
    return await record(session, Note(verb, subjects, facts, given, role, accountable), by=by)
