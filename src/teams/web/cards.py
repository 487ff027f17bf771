"""A klus as the list draws it, kept as long as nothing changes that stands on it."""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from teams.web.drawn import OF_TEAM, Drawn
from teams.web.pages import environment


class Shown(NamedTuple):
    """All that a card shows of a klus beside its words."""

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


def cards(language: str, rows: list[tuple[Any, Drawn]]) -> list[Markup]:
    """One card for each row of a listing with its words."""
    return [
        _card(
            language,
            Shown(k.id, k.number, k.title, k.kind, k.team_id, k.team, tuple(k.skills), tuple(k.my_skills), k.places, k.taken),
            words,
        )
        for k, words in rows
    ]  # fmt: skip


@lru_cache(maxsize=2000)
def _card(language: str, klus: Shown, words: Drawn) -> Markup:
    template = environment(language).get_template("klussen/_klussen.html")
    return Markup(template.render(rows=[(klus, words)], of_team=OF_TEAM))  # noqa: S704 - the template escapes
