"""Notices by the clock: the outbox told, reminders made, mail gathered and sent, what is old cleared away."""

import logging
from collections.abc import Sequence

from teams.jobs.post import send_mail
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.notices import tell
from teams.notices.hears import Mail
from teams.notices.post import gather
from teams.notices.remind import BATCH, RULES, Rule, remind
from teams.notices.retention import BATCH as CLEARED_AT_ONCE
from teams.notices.retention import KINDS, clear

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


async def make_reminders(database: Database, settings: Settings, rules: Sequence[Rule] = RULES) -> None:
    """R12: each rule in its own transaction; a rule that fails does not stop the others."""
    failed: Exception | None = None
    for rule in rules:
        made = BATCH
        while made == BATCH:
            try:
                async with database.begin() as session:
                    made = await remind(
                        session, rule, at=await now(session), mail=settings.sends_mail, wait=settings.stale_wait_days
                    )
            except Exception as error:
                log.warning("de herinnering %s lukt niet; de andere gaan door", rule.name)
                failed, made = error, 0
    if failed is not None:
        raise failed


async def remind_of_klussen(database: Database, settings: Settings) -> None:
    """A klus begins, an offer or a consent ends."""
    await make_reminders(database, settings, _rules("klus_begins", "offer_ends", "consent_ends"))


async def ask_about_stale_klussen(database: Database, settings: Settings) -> None:
    """Whoever manages a klus that stays open is asked each sixty days whether it still stands, and told when it closes."""
    await make_reminders(database, settings, _rules("klus_stale", "klus_closes"))


async def remind_of_terms(database: Database, settings: Settings) -> None:
    """The term of a role or a mandate ends within four weeks, that of a correction within one."""
    await make_reminders(database, settings, _rules("role_ends", "grant_ends", "correction_due"))


async def gather_mail(database: Database, settings: Settings) -> None:
    """Daily and weekly mail, once their moment has come."""
    if settings.sends_mail:
        for sort in (Mail.DAY, Mail.WEEK):
            async with database.begin() as session:
                await gather(session, sort, at=await now(session))


async def deliver_mail(database: Database, settings: Settings) -> None:
    """All mail that is due."""
    await send_mail(database, settings)


async def clear_old_notices(database: Database, settings: Settings) -> dict[str, int]:
    """What is older than the setting goes, a batch a transaction; what went is written down."""
    gone = dict.fromkeys(KINDS, 0)
    full = True
    while full:
        async with database.begin() as session:
            batch = await clear(session, days=settings.notice_days, at=await now(session))
        gone = {kind: gone[kind] + count for kind, count in batch.items()}
        full = CLEARED_AT_ONCE in batch.values()
    if any(gone.values()):
        log.info("opgeruimd na %d dagen: %s", settings.notice_days, gone)
    return gone


def _rules(*names: str) -> list[Rule]:
    return [rule for rule in RULES if rule.name in names]
