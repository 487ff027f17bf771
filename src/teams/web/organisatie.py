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

from teams.http.readable import Refused
from teams.http.wants import Page, Session
from teams.http.words import catalogue
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.klussen.placed import wanted_roles
from teams.structure.branch import PAGE as BRANCH
from teams.structure.branch import is_large, part_of, roles_within
from teams.structure.circles import TeamCircle, clusters, draw
from teams.structure.lists import Place, teams_page
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
    if await is_large(session):
        return await _part(request, session, asked)
    teams, found = await _drawn(session, asked)
    states = {team: [state for _, state in roles] for team, roles in found.items()}
    circles = _circles(asked, teams, states)
    areas = clusters(circles)
    return page(
        request, "organisatie/index.html", status=asked.status, vraag=asked, teams=teams,
        rollen=sum(map(len, states.values())), mensen=teams[0].everyone if teams else 0, gebieden=areas,
        open=sum(of.count("open") for of in states.values()),
        deels=sum(of.count("deels") for of in states.values()), kaart=await to_thread(_map, asked, circles),
        lijst=_tree(teams, found, areas), deel=None, meer="",
    )  # fmt: skip


async def _part(request: Page, session: AsyncSession, asked: Asked) -> Response[str]:
    """Of a large organisation one team with those within it; each of these opens its own part."""
    part = await part_of(session, _team(asked), asked.moment, after=_place(asked))
    if part is None:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet.")))
    first = _place(asked) is None
    teams = [*([part.top] if part.top is not None and first else []), *part.within]
    roles = await roles_within(session, [team.id for team in teams], asked.moment)
    found = await _with_roles(session, asked, roles, few=True)
    states = {team: [state for _, state in roles] for team, roles in found.items()}
    circles = _circles(asked, teams, states)
    areas = clusters(circles)
    return page(
        request, "organisatie/index.html", status=asked.status, vraag=asked, teams=teams, gebieden=areas,
        rollen=sum(map(len, states.values())), open=sum(of.count("open") for of in states.values()),
        deels=sum(of.count("deels") for of in states.values()), kaart=await to_thread(_map, asked, circles),
        lijst=_tree(teams, found, areas), deel=part, meer=_next(asked, "/organisatie", part.after, part.top),
    )  # fmt: skip


def _team(asked: Asked) -> UUID | None:
    return _uuid(asked.query.one("tak"), "tak")


def _place(asked: Asked) -> Place | None:
    after = _uuid(asked.query.one("na"), "na")
    return (asked.query.one("vanaf")[:200], after) if after else None


def _uuid(value: str, field: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Refused(400, field) from None


def _next(asked: Asked, path: str, after: Place | None, top: Row[Any] | None = None) -> str:
    below = {"tak": str(top.id)} if top is not None else {}
    return asked.to(path, **below, vanaf=after[0], na=str(after[1])) if after else ""


@get("/organisatie/tabel", policy="employee")
async def table(request: Page, session: Session) -> Response[str]:
    """The same as the map: every role with its team, and how far it is filled."""
    asked = await ask(request, session)
    more = ""
    if large := await is_large(session):
        teams, after = await teams_page(session, asked.moment, after=_place(asked), limit=BRANCH)
        held = await roles_within(session, [team.id for team in teams], asked.moment)
        roles = await _with_roles(session, asked, held, few=True)
        more = _next(asked, "/organisatie/tabel", after)
    else:
        teams, roles = await _drawn(session, asked)
    order = teams if large else sorted(teams, key=lambda team: (not team.cluster, team.cluster, team.name))
    rows = [(team, role, state) for team in order for role, state in roles[team.id]]
    return page(
        request, "organisatie/tabel.html", status=asked.status, vraag=asked, rijen=rows, teams=len(teams), groot=large,
        meer=more, later=_place(asked) is not None,
    )  # fmt: skip


Roles = dict[UUID, list[tuple[Row[Any], str]]]


async def _drawn(session: AsyncSession, asked: Asked) -> tuple[list[Row[Any]], Roles]:
    """All teams, and by team its roles with their state."""
    teams, roles = await organisation_map(session, asked.moment)
    return teams, await _with_roles(session, asked, roles)


async def _with_roles(session: AsyncSession, asked: Asked, roles: list[Row[Any]], *, few: bool = False) -> Roles:
    among = [role.id for role in roles] if few else None
    wanted = await wanted_roles(session, among) if asked.moment.is_now else set()
    found: Roles = defaultdict(list)
    for role in roles:
        found[role.team_id].append((role, role_state(role.fillers, role.id, role.core, wanted)))
    return found


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
