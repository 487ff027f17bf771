"""Saved searches: once a day each person is told of klussen that were placed since and fit."""

import logging
from uuid import UUID

from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.klussen.actions.searches import found_since
from teams.klussen.searches import who_to_tell
from teams.notices.hears import BY_KEY
from teams.notices.tell import Told, write

log = logging.getLogger("teams.work")

PEOPLE = 200
_FOUND = BY_KEY["search.found:persoon"]


async def tell_searches(database: Database, settings: Settings) -> None:
    """The job: one person, one transaction, in which klussen are marked as told; the mail of the day takes them along."""
    after: UUID | None = None
    while True:
        async with database.read() as session:
            people = await who_to_tell(session, today=day_of(await now(session)), after=after, limit=PEOPLE)
        for after in people:
            try:
                await _tell(database, settings, after)
            except OSError:
                raise
            except Exception:
                log.exception("de zoekopdrachten van %s lukken niet; de andere gaan door", after)
        if len(people) < PEOPLE:
            return


async def _tell(database: Database, settings: Settings, person: UUID) -> None:
    async with database.begin() as session:
        at = await now(session)
        found = await found_since(session, person, at=at)
        told = [Told(person, _FOUND, {"klus": str(klus)}, None, at) for klus in found]
        await write(session, told, at=at, mail=settings.sends_mail)
