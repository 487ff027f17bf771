"""What a notice says and where it leads, in a reader's language; the same words on the page, in the API and in a mail."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.words import Words
from teams.kit.text import N_
from teams.klussen.names import names_of
from teams.notices.hears import BY_KEY, Kind
from teams.notices.queries import Notice

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.ANSWER: (N_("Iemand wacht op jou"), N_("Een plek die je is aangeboden, een reactie of instemming die nodig is.")),
    Kind.KLUSSEN: (N_("Mijn klussen"), N_("Wat er gebeurt met klussen waar je aan meedoet.")),
    Kind.MANAGE: (N_("Klussen die ik beheer"), N_("Wie meedoet, stopt of klaar is.")),
    Kind.TEAM: (N_("Mijn team"), N_("Voorstellen, verkiezingen en overleggen.")),
    Kind.ROLES: (N_("Rollen, mandaten en besluiten"), N_("Rollen die je krijgt of die aflopen, mandaten en besluiten.")),
    Kind.SEARCH: (N_("Mijn zoekopdrachten"), N_("Nieuwe klussen bij wat je zoekt. Nooit vaker dan één keer per dag.")),
    Kind.ACCOUNT: (N_("Mijn account"), N_("Je wachtwoord en tokens. Hierover mailt Teams altijd meteen.")),
}  # fmt: skip
_SOMEBODY, _A_KLUS, _GONE = N_("iemand"), N_("een klus"), N_("Er is iets gebeurd wat je mag weten.")


async def names_in(session: AsyncSession, notices: Iterable[Notice]) -> dict[UUID, str]:
    """Names of everything that the sentences of these notices name; one query."""
    return await names_of(session, {UUID(one.facts[key]) for one in notices for key in _named(one)})


_NAMED = ("actor", "person", "klus", "role", "team")


def _named(notice: Notice) -> list[str]:
    """Which of its facts have a name in its sentence; a notice of a newer version has no sentence here."""
    hears = BY_KEY.get(notice.said)
    return [key for key in _NAMED if hears and key in notice.facts and f"{{{key}}}" in hears.sentence]


def said(notice: Notice, names: dict[UUID, str], speak: Words) -> str:
    """One sentence, plain text. What has no name any more is said in general words."""
    hears = BY_KEY.get(notice.said)
    if hears is None:  # written by a newer version
        return speak.say(_GONE)
    values: dict[str, str | date | datetime] = {
        "actor": "Teams", "person": speak.say(_SOMEBODY), "klus": speak.say(_A_KLUS), "role": "–", "team": "–", "number": "–",
    }  # fmt: skip
    for key, value in notice.facts.items():
        if key in _NAMED:
            if UUID(value) in names:
                values[key] = names[UUID(value)]
        elif key == "day":
            values[key] = date.fromisoformat(value)
        elif key == "moment":
            values[key] = datetime.fromisoformat(value)
        else:
            values[key] = value
    return speak.say(hears.sentence, values)


def link_of(notice: Notice) -> str:
    """Where it is about; the list itself when that cannot be said."""
    hears = BY_KEY.get(notice.said)
    try:
        return hears.link.format_map(notice.facts) if hears else "/meldingen"
    except KeyError:
        return "/meldingen"


def kind_of(notice: Notice) -> Kind | None:
    hears = BY_KEY.get(notice.said)
    return hears.kind if hears else None


def stoppable(kinds: Collection[Kind]) -> frozenset[Kind]:
    """What mail may be stopped about: not what guards an account."""
    return frozenset(kinds) - {Kind.ACCOUNT}
