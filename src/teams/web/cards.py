"""A klus as the list draws it, kept as long as nothing changes that stands on it."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from teams.http.words import words
from teams.kit.errors import Reason
from teams.klussen.hours import Hours
from teams.klussen.matching import why
from teams.klussen.queries import Side
from teams.web.drawn import OF_TEAM, act_for, written
from teams.web.forms import Fields
from teams.web.pages import environment


class Shown(NamedTuple):
    """All that a card shows of a klus, for one reader or another."""

    id: UUID
    number: int
    title: str
    kind: str
    team_id: UUID
    team: str
    places: int
    taken: int
    hours_min: Decimal | None
    hours_max: Decimal | None
    hours_total: Decimal | None
    starts: date
    ends: date | None
    skills: tuple[str, ...]
    my_skills: tuple[str, ...]
    why: tuple[str, ...]


def cards(language: str, rows: list[Any], side: Side, *, hours: Hours | None, today: date) -> list[Markup]:
    """One card for each row of a listing; with why it fits, for who may take it."""
    mine = tuple(side.mine.items())
    return [
        _card(language, _shown(row, _why(language, row, side, mine, hours, today)), *act_for(row, hours, today))
        for row in rows
    ]


_NOTES = 500


def _why(
    language: str, row: Any, side: Side, mine: tuple[Any, ...], hours: Hours | None, today: date
) -> tuple[str, ...]:
    """Why a klus fits, in words: worked out once for the same klus, person and day."""
    if hours is None:
        return ()
    asked = row.kind, tuple(row.skills), row.hours_min, row.hours_total, row.starts, row.ends
    key = language, today, mine, side.wishes, asked
    lines: tuple[str, ...] | None = hours.notes.get(key)
    if lines is None:
        if len(hours.notes) >= _NOTES:
            hours.notes.clear()
        lines = tuple(map(words(language).reason, why(row, side.mine, side.wishes, hours, today)))
        hours.notes[key] = lines
    return lines


_FIELDS = attrgetter(*(name for name in Shown._fields if name not in ("skills", "my_skills", "why")))


def _shown(k: Any, lines: tuple[str, ...]) -> Shown:
    return Shown._make((*_FIELDS(k), tuple(k.skills), tuple(k.my_skills), lines))


@lru_cache(maxsize=500)
def _card(language: str, klus: Shown, act: str, short_of: Decimal) -> Markup:
    template = environment(language).get_template("klussen/_klussen.html")
    rows = [(klus, written(klus, words(language), act, short_of))]
    return Markup(template.render(rows=rows, of_team=OF_TEAM))  # noqa: S704 - the template escapes


def filters(
    language: str, query: Fields, side: Any, faults: dict[str, Reason], *, active: int, team: str = ""
) -> Markup:
    """The filters as they stand, as markup that is kept from one page to the next."""
    speak, chosen = words(language), tuple(query.many("vaardigheid"))
    own = tuple(name for name in side.skills if name in side.mine)
    other = tuple(name for name in side.skills if name not in side.mine)
    return _filters(
        language, active, None if side.teams is None else len(side.teams), _options(side.teams or (), _first(query)), team,
        tuple(query.many("soort")), query.one("uren"), _ticks("vaardigheid", own, chosen),
        _ticks("vaardigheid", other, chosen), not set(other).isdisjoint(chosen), query.one("van"), query.one("tot"),
        query.one("vrij") == "1", tuple((name, speak.reason(fault)) for name, fault in faults.items()),
    )  # fmt: skip


def _first(query: Fields) -> str:
    return next(iter(query.many("team")), "")


@lru_cache(maxsize=500)
def _filters(
    language: str, active: int, teams: int | None, team_options: Markup, team: str, kinds: tuple[str, ...], hours: str,
    own_skills: Markup, other_skills: Markup, other_chosen: bool, starts: str, ends: str, free: bool,
    faults: tuple[tuple[str, str], ...],
) -> Markup:  # fmt: skip
    template = environment(language).get_template("klussen/_filters.html")
    drawn = template.render(
        active=active, teams=teams, team=team, team_options=team_options, kinds=kinds, hours=hours, own_skills=own_skills,
        other_skills=other_skills, other_chosen=other_chosen, starts=starts, ends=ends, free=free, faults=dict(faults),
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 - the template escapes


@lru_cache(maxsize=500)
def _options(pairs: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """The options of a select: (value, text), one of them chosen."""
    return Markup("").join(
        Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", text)
        for value, text in pairs
    )


@lru_cache(maxsize=500)
def _ticks(name: str, values: tuple[str, ...], chosen: tuple[str, ...]) -> Markup:
    """Check boxes that share a name; the value is its own text."""
    line = Markup('<label class="teams-keuze"><input type="checkbox" name="{}" value="{}"{}><span>{}</span></label>')
    return Markup("").join(
        line.format(name, value, Markup(" checked") if value in chosen else "", value) for value in values
    )
