"""A klus as the list draws it, kept as long as nothing changes that stands on it."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from teams.http.words import words
from teams.klussen.hours import Hours
from teams.web.drawn import OF_TEAM, act_for, written
from teams.web.pages import environment


class Shown(NamedTuple):
    """All that a card shows of a klus, for one reader or another."""

    id: UUID
    number: int
    title: str
    kind: str
    team_id: UUID
    team: str
    skills: tuple[str, ...]
    my_skills: tuple[str, ...]
    places: int
    taken: int
    hours_min: Decimal | None
    hours_max: Decimal | None
    hours_total: Decimal | None
    starts: date
    ends: date | None


def cards(language: str, rows: list[Any], *, hours: Hours | None, today: date) -> list[Markup]:
    """One card for each row of a listing."""
    return [_card(language, _shown(row), *act_for(row, hours, today)) for row in rows]


def _shown(k: Any) -> Shown:
    return Shown(
        k.id, k.number, k.title, k.kind, k.team_id, k.team, tuple(k.skills), tuple(k.my_skills), k.places, k.taken,
        k.hours_min, k.hours_max, k.hours_total, k.starts, k.ends,
    )  # fmt: skip


@lru_cache(maxsize=2000)
def _card(language: str, klus: Shown, act: str, short_of: Decimal) -> Markup:
    template = environment(language).get_template("klussen/_klussen.html")
    rows = [(klus, written(klus, words(language), act, short_of))]
    return Markup(template.render(rows=rows, of_team=OF_TEAM))  # noqa: S704 - the template escapes


def choices(side: Any, skills: list[str], team: str) -> dict[str, Any]:
    """The long lists of the filters, as markup that is kept from one page to the next."""
    chosen = tuple(skills)
    own = tuple(skill["name"] for skill in side.skills if skill["mine"])
    other = tuple(skill["name"] for skill in side.skills if not skill["mine"])
    return {
        "team_options": _options(tuple((one["id"], one["name"]) for one in side.teams), team),
        "own_skills": _ticks("vaardigheid", own, chosen),
        "other_skills": _ticks("vaardigheid", other, chosen),
        "other_chosen": not set(other).isdisjoint(chosen),
    }


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
