"""Sending mail: what waits goes out one by one over a verified connection; what fails is tried again, then listed."""

import logging
import ssl
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from teams.http.telling import names_in, stoppable
from teams.jobs.letters import write_letter
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.notices.post import Letter, mark, stop_token, take

log = logging.getLogger("teams.work")

PATIENCE = 20.0  # shorter than the lease of a mail that was taken
_AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


class Server:
    """The mail server, connected when there is something to send."""

    def __init__(self, settings: Settings, *, trust: ssl.SSLContext | None = None) -> None:
        self.settings, self.trust = settings, trust or ssl.create_default_context()
        self.smtp: aiosmtplib.SMTP | None = None

    async def send(self, letter: Letter, message_to: str, mail: object) -> None:
        smtp = await self.connected()
        await smtp.send_message(mail, sender=self.settings.mail_from, recipients=[message_to])  # type: ignore[arg-type]

    async def connected(self) -> aiosmtplib.SMTP:
        """TLS from the start (smtps) or by STARTTLS; only a server on this machine may do without. Certificates are verified."""
        if self.smtp is not None and self.smtp.is_connected:
            return self.smtp
        url = urlsplit(self.settings.smtp_url or "")
        secure = url.scheme == "smtps"
        at_home = url.hostname in _AT_HOME
        smtp = aiosmtplib.SMTP(
            hostname=url.hostname, port=url.port or (465 if secure else 587), use_tls=secure,
            start_tls=not secure and not at_home,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            tls_context=self.trust, timeout=PATIENCE,
        )  # fmt: skip
        await smtp.connect()
        self.smtp = smtp
        return smtp

    async def close(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
            self.smtp = None


async def send_mail(database: Database, settings: Settings, server: Server | None = None) -> int:
    """Everything that is due; how many went out. A server that is away ends the turn: the rest waits for the next."""
    if not settings.sends_mail:
        return 0
    server = server or Server(settings)
    sent = 0
    try:
        while True:
            async with database.begin() as session:
                at = await now(session)
                found = await take(session, at=at)
            if found is None:
                return sent
            mail_id, tries, letter = found
            fault, for_good = ("", False) if letter is None else await _deliver(database, settings, server, letter)
            async with database.begin() as session:
                await mark(
                    session, mail_id, tries, at=await now(session), fault=fault, for_good=for_good, empty=letter is None
                )
            if fault:
                log.warning("een mail is niet verstuurd: %s", fault)
                if not for_good:
                    return sent
            elif letter is not None:
                sent += 1
    finally:
        await server.close()


async def _deliver(database: Database, settings: Settings, server: Server, letter: Letter) -> tuple[str, bool]:
    """Empty when it was handed over; else a code, and whether trying again is useless."""
    async with database.read() as session:
        names = await names_in(session, letter.notices)
        kinds = stoppable(letter.kinds)
        token = await stop_token(session, letter.person_id, kinds) if kinds else None
    try:
        mail = write_letter(letter, names, settings, token=token, at=datetime.now(UTC))
    except (ValueError, UnicodeError):
        return "adres", True
    try:
        await server.send(letter, mail["To"].addresses[0].addr_spec, mail)
    except aiosmtplib.SMTPRecipientsRefused as error:
        code = error.recipients[0].code if error.recipients else 0
        return f"SMTP {code}", 500 <= code < 600
    except aiosmtplib.SMTPResponseException as error:
        return f"SMTP {error.code}", 500 <= error.code < 600 and not isinstance(
            error, aiosmtplib.SMTPAuthenticationError
        )
    except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
        await server.close()
        return type(error).__name__, False
    return "", False
