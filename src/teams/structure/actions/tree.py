"""The tree of teams at every moment: a parent that exists, no circle, at most twenty deep."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from teams.kit.errors import Reason
from teams.kit.history import Timeline, at_moment, covers
from teams.kit.text import N_

DEEPEST = 20


def faults(teams: Mapping[UUID, Timeline[date]], *, since: date | None = None) -> dict[UUID, Reason]:
    """Per team what is wrong with its place, on any day from `since` on; empty when all is well."""
    wrong: dict[UUID, Reason] = {}
    for team, timeline in teams.items():
        for span in timeline:
            parent = span.fields["parent_id"]
            if parent is None or (since is not None and span.end is not None and span.end <= since):
                continue
            start = span.start if since is None else max(span.start, since)
            if not covers(teams.get(parent, ()), start, span.end):
                wrong.setdefault(team, _reason("bovenliggend", N_("Het bovenliggende team bestaat dan niet (meer).")))
    turns = {span.start for timeline in teams.values() for span in timeline}
    for day in sorted(day if since is None else max(day, since) for day in turns):
        _check_day(teams, day, wrong)
    return wrong


def _check_day(teams: Mapping[UUID, Timeline[date]], day: date, wrong: dict[UUID, Reason]) -> None:
    parents: dict[UUID, UUID | None] = {}
    for team, timeline in teams.items():
        span = at_moment(timeline, day)
        if span is not None:
            parents[team] = span.fields["parent_id"]
    depths: dict[UUID, int] = {}
    for team in parents:
        path: list[UUID] = []
        on_path: set[UUID] = set()
        here: UUID | None = team
        while here is not None and here in parents and here not in depths and here not in on_path:
            path.append(here)
            on_path.add(here)
            here = parents[here]
        if here in on_path:
            for member in path[path.index(here) :] if here is not None else ():
                wrong.setdefault(member, _reason("kring", N_("Dit team zou onder zichzelf komen te hangen.")))
        depth = depths.get(here, 0) if here is not None else 0
        for member in reversed(path):
            depth += 1
            depths[member] = depth
            if depth > DEEPEST:
                wrong.setdefault(
                    member, _reason("te_diep", N_("Teams hangen hooguit {n} diep onder elkaar."), n=DEEPEST)
                )


def _reason(code: str, text: str, **values: Any) -> Reason:
    return Reason(code, text, values)
