"""The question 'as of when, as known when' on pages of structure: read from the address, kept in every link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.readable import Refused
from teams.http.wants import Page, language_of
from teams.http.words import Words, words
from teams.kit.clock import AMSTERDAM, day_of, end_of, now
from teams.kit.errors import Invalid
from teams.kit.text import N_
from teams.structure.moment import Moment, moment_from
from teams.web.forms import Fields, query_of

_THEN = N_("Je ziet hoe het was op {op}.")
_KNOWN = N_("Je ziet wat op {bekend} bekend was.")
_BOTH = N_("Je ziet hoe het was op {op}, zoals dat op {bekend} bekend was.")


@dataclass(frozen=True)
class Asked:
    """The moment that the page shows, what was typed for it, and what was wrong with that (then it shows now)."""

    moment: Moment
    typed: dict[str, str]
    wrong: dict[str, str]
    query: Fields
    speak: Words

    @property
    def status(self) -> int:
        return 422 if self.wrong else 200

    @property
    def past(self) -> str | None:
        """The sentence that says which past this is; None for the present."""
        moment = self.moment
        if moment.is_now:
            return None
        then = {"op": self._written(moment.op), "bekend": self._written(moment.known)}
        if moment.known == moment.now:
            return self.speak.say(_THEN, then)
        return self.speak.say(_KNOWN if moment.op == moment.now else _BOTH, then)

    def to(self, path: str, **more: str) -> str:
        """An address that asks the same moment."""
        kept = {} if self.wrong else self.typed
        query = urlencode({**{name: value for name, value in kept.items() if value}, **more})
        return f"{path}?{query}" if query else path

    def _written(self, at: datetime) -> str:
        """A day when it is a day's end, else day and time."""
        whole = (end_of(day_of(at)) - at.astimezone(AMSTERDAM)).total_seconds() < 1
        return self.speak.day(day_of(at)) if whole else self.speak.moment(at)


async def ask(request: Page, session: AsyncSession) -> Asked:
    """Read `op` and `bekend`. What cannot be read is kept as typed, with its error."""
    query = query_of(request)
    typed = {name: query.one(name) for name in ("op", "bekend")}
    speak, at = words(language_of(request)), await now(session)
    try:
        return Asked(moment_from(typed["op"], typed["bekend"], at), typed, {}, query, speak)
    except Invalid as refusal:
        wrong = {field: speak.reason(reason) for field, reason in refusal.fields.items()}
        return Asked(Moment(at, at, at), typed, wrong, query, speak)


def older(asked: Asked) -> UUID | None:
    """`voor`: the entry before which a next page of activity begins."""
    value = asked.query.one("voor")
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Refused(400, "voor") from None


def role_state(fillers: Any, role_id: UUID, core: str | None, wanted: set[UUID]) -> str:
    """Filled, open, or partly: filled while a vacature of the role itself still has a free place."""
    if not fillers:
        return "open"
    return "deels" if role_id in wanted and core is None else "vervuld"
