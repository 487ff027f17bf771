"""The organisation: its map, the same as a tree, and as a table."""

from asyncio import to_thread
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from markupsafe import Markup
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.http.wants import Page, Session
from teams.http.words import catalogue
from teams.klussen.placed import wanted_roles
from teams.structure.circles import TeamCircle, clusters, draw
from teams.structure.queries import organisation_map
from teams.web.answers import see_other
from teams.web.moments import Asked, ask, role_state
from teams.web.pages import page


@dataclass(frozen=True)
class Branch:
    """A team in the tree, with its roles (each with its state) and the teams within it."""

    team: Row[Any]
    roles: tuple[tuple[Row[Any], str], ...]
    open: int
    below: tuple["Branch", ...]


@get("/organisatie", policy="employee")
async def show(request: Page, session: Session) -> Response[Any]:
    asked = await ask(request, session)
    word = asked.query.one("zoek")
    if word:
        return see_other(asked.to("/zoeken", zoek=word))
    teams, found = await _drawn(session, asked)
    states = {team: [state for _, state in roles] for team, roles in found.items()}
    circles = _circles(asked, teams, states)
    areas = clusters(circles)
    return page(
        request, "organisatie/index.html", status=asked.status, vraag=asked, teams=teams,
        rollen=sum(map(len, states.values())), mensen=teams[0].everyone if teams else 0, gebieden=areas,
        open=sum(of.count("open") for of in states.values()),
        deels=sum(of.count("deels") for of in states.values()), kaart=await to_thread(_map, asked, circles),
        lijst=_tree(teams, found, areas),
    )  # fmt: skip


@get("/organisatie/tabel", policy="employee")
async def table(request: Page, session: Session) -> Response[str]:
    """The same as the map: every role with its team, and how far it is filled."""
    asked = await ask(request, session)
    teams, roles = await _drawn(session, asked)
    rows = [(team, role, state) for team in sorted(teams, key=lambda team: (not team.cluster, team.cluster, team.name))
            for role, state in roles[team.id]]  # fmt: skip
    return page(request, "organisatie/tabel.html", status=asked.status, vraag=asked, rijen=rows, teams=len(teams))


Roles = dict[UUID, list[tuple[Row[Any], str]]]


async def _drawn(session: AsyncSession, asked: Asked) -> tuple[list[Row[Any]], Roles]:
    """All teams, and by team its roles with their state."""
    teams, roles = await organisation_map(session, asked.moment)
    wanted = await wanted_roles(session) if asked.moment.is_now else set()
    found: Roles = defaultdict(list)
    for role in roles:
        found[role.team_id].append((role, role_state(role.fillers, role.id, role.core, wanted)))
    return teams, found


def _circles(asked: Asked, teams: list[Row[Any]], states: dict[UUID, list[str]]) -> tuple[TeamCircle, ...]:
    ngettext = catalogue(asked.speak.language).ngettext
    found = []
    for team in teams:
        roles = states.get(team.id, [])
        values = {"team": team.name, "num": len(roles), "open": roles.count("open")}
        if values["open"]:
            label = ngettext(
                "%(team)s, %(num)s rol, %(open)s open", "%(team)s, %(num)s rollen, %(open)s open", len(roles)
            )
        else:
            label = ngettext("%(team)s, %(num)s rol", "%(team)s, %(num)s rollen", len(roles))
        parent = str(team.parent_id) if team.parent_id else None
        found.append(
            TeamCircle(
                str(team.id), parent, team.name, team.cluster, asked.to(f"/teams/{team.id}"), label % values,
                tuple(roles),
            )
        )  # fmt: skip
    return tuple(found)


def _map(asked: Asked, circles: tuple[TeamCircle, ...]) -> Markup:
    ngettext = catalogue(asked.speak.language).ngettext
    label = ngettext(
        "Kaart met %(num)s team. Ieder team is een link.", "Kaart met %(num)s teams. Ieder team is een link.", len(circles)
    ) % {"num": len(circles)}  # fmt: skip
    return Markup(draw(circles, label))  # noqa: S704 - drawn by us, names escaped


def _tree(teams: list[Row[Any]], found: Roles, areas: list[str]) -> list[tuple[str, int, list[Branch]]]:
    """Areas with their teams as a tree: (name, number of the colour or 0, branches). The whole comes first."""
    known = {team.id: team for team in teams}
    below: dict[UUID | None, list[Row[Any]]] = defaultdict(list)
    for team in teams:
        below[team.parent_id if team.parent_id in known else None].append(team)

    def branch(team: Row[Any], *, deep: bool = True) -> Branch:
        roles = tuple(found[team.id])
        inside = tuple(branch(child) for child in below[team.id]) if deep else ()
        return Branch(team, roles, [state for _, state in roles].count("open"), inside)

    roots = below[None]
    whole = roots[0] if len(roots) == 1 and below[roots[0].id] else None
    first = roots if whole is None else below[whole.id]
    grown = [("", 0, [branch(whole, deep=False)])] if whole is not None else []
    for number, area in enumerate([*areas, ""]):
        inside = [branch(team) for team in first if team.cluster == area]
        if inside:
            grown.append((area, number % 4 + 1 if area else 0, inside))
    return grown


router = Router(path="/", route_handlers=[show, table])
