"""Notices by the clock: the outbox told, reminders made, mail gathered and sent."""

import logging

from teams.jobs.post import send_mail
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.notices import tell
from teams.notices.hears import Mail
from teams.notices.post import gather
from teams.notices.remind import BATCH, RULES, remind

log = logging.getLogger("teams.work")


async def tell_what_happened(database: Database, settings: Settings) -> None:
    """The outbox, batch after batch. A batch that fails is told row by row, so that one does not stop the others."""
    told = 1
    while told:
        try:
            async with database.begin() as session:
                told = await tell.tell(session, at=await now(session), mail=settings.sends_mail)
        except OSError:
            raise
        except Exception:
            log.warning("een groep meldingen lukt niet; nu een voor een", exc_info=True)
            await _one_by_one(database, settings)


async def _one_by_one(database: Database, settings: Settings) -> None:
    async with database.begin() as session:
        entries = await tell.waiting(session)
    for entry in entries:
        try:
            async with database.begin() as session:
                await tell.tell(session, at=await now(session), mail=settings.sends_mail, only=entry)
        except Exception:
            log.exception("van vastlegging %s komt geen melding", entry)
            async with database.begin() as session:
                await tell.failed(session, entry)


async def make_reminders(database: Database, settings: Settings) -> None:
    """R12: each rule in its own transaction; a rule that fails does not stop the others."""
    failed: Exception | None = None
    for rule in RULES:
        made = BATCH
        while made == BATCH:
            try:
                async with database.begin() as session:
                    made = await remind(session, rule, at=await now(session), mail=settings.sends_mail)
            except Exception as error:
                log.warning("de herinnering %s lukt niet; de andere gaan door", rule.name)
                failed, made = error, 0
    if failed is not None:
        raise failed


async def gather_and_send_mail(database: Database, settings: Settings) -> None:
    """Daily and weekly mail once their moment has come, then all mail that is due."""
    if not settings.sends_mail:
        return
    for sort in (Mail.DAY, Mail.WEEK):
        async with database.begin() as session:
            await gather(session, sort, at=await now(session))
    await send_mail(database, settings)
