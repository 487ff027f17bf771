"""A letter as it goes out: text and HTML in the reader's language, headers that nothing can be put into, a stable Message-ID."""

from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cache
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, select_autoescape

from teams.http.telling import KINDS, link_of, said, stoppable
from teams.http.words import catalogue, words
from teams.kit.migrate import folder
from teams.kit.settings import Settings
from teams.kit.text import N_
from teams.notices.hears import Mail
from teams.notices.post import Letter

SUBJECTS = {Mail.DAY: N_("Wat er vandaag voor je is"), Mail.WEEK: N_("Je week in Teams")}
_LINE = 100


class _Whole(UnstructuredHeader):
    """A header that is written as it is, on one line: a mail program reads an address in it letter by letter (RFC 2369, RFC 8058)."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "message-id"):
    _HEADERS.map_to_type(_name, _Whole)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=_HEADERS)


@cache
def _templates(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(folder("templates")), autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    env.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return env


def write_letter(
    letter: Letter, names: dict[UUID, str], settings: Settings, *, token: str | None, at: datetime
) -> EmailMessage:
    """`token`: stops mail about these kinds without logging in; none where mail cannot be stopped."""
    speak = words(letter.language)
    base = settings.public_url.rstrip("/")
    lines = [(said(notice, names, speak), base + link_of(notice)) for notice in letter.notices]
    subject = speak.say(SUBJECTS[Mail(letter.sort)]) if letter.sort != Mail.NOW else lines[0][0]
    stop = f"{base}/meldingen/afmelden/{token}" if token else None
    given = {
        "naam": letter.name, "regels": lines, "stop": stop, "voorkeuren": f"{base}/meldingen/voorkeuren", "taal": speak.language,
        "gemeente": settings.municipality, "onderwerp": subject,
        "soorten": ", ".join(f"‘{speak.say(KINDS[kind][0])}’" for kind in sorted(stoppable(letter.kinds))),
    }  # fmt: skip
    env = _templates(speak.language)
    mail = EmailMessage(policy=POLICY)
    sender, domain = settings.mail_from, settings.mail_from.rpartition("@")[2]
    mail["From"] = Address(_header(f"Teams {settings.municipality}"), addr_spec=sender)
    mail["To"] = address(letter.email)
    mail["Subject"] = _header(subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{letter.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if token:
        mail["List-Unsubscribe"] = f"<{base}/meldingen/afmelden/{token}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(env.get_template("mail/melding.txt").render(given))
    mail.add_alternative(env.get_template("mail/melding.html").render(given), subtype="html")
    mail["Content-Language"] = speak.language  # last: parts take what is there before
    return mail


def address(email: str) -> Address:
    """One address and nothing else; `ValueError` for what is no address, or has a line end or a second one in it."""
    local, _, domain = email.strip().rpartition("@")
    if (
        not local
        or not domain
        or "=?" in email
        or any(char.isspace() or ord(char) < 32 or char in ',;<>()[]"\\:' for char in email)
    ):
        raise ValueError("address")
    return Address(username=local, domain=domain.encode("idna").decode("ascii"))


def _header(value: str) -> str:
    """One line, without control characters, of a length that fits a subject. An encoded word that somebody typed stays as
    it was typed: the library would read it, and write the line end that was in it as a line end of the head."""
    line = " ".join("".join(char if char.isprintable() else " " for char in value).split()).replace("=?", "= ?")
    return line if len(line) <= _LINE else line[: _LINE - 1].rstrip() + "…"
