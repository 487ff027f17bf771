"""Choosing a team: from a list while they are few, else by typing a part of its name; the field is `team` both ways."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import Reason
from teams.kit.text import N_
from teams.structure.named import CLOSE, names_of_teams, teams_named
from teams.web.forms import Fields

Teams = list[tuple[str, str]] | None
_NONE = N_("Geen team heet zo. Typ een deel van de naam.")
_ONE = N_("Meer teams heten zo. Typ de hele naam.")
_MORE = N_("Meer dan {most} teams heten zo. Typ meer van de naam.")


async def by_name(session: AsyncSession, fields: Fields, at: datetime, *, one: bool = False) -> Reason | None:
    """Put the teams (or `one`) that are called so in place of a name that was typed; what was wrong, and then the words stay."""
    typed = fields.one("team") if len(fields.all.get("team", [])) == 1 else ""
    if not typed or _is_id(typed):
        return None
    found = await teams_named(session, typed[:120], at)
    if not found:
        return Reason("team", _NONE)
    if len(found) > CLOSE:
        return Reason("team", _MORE, {"most": CLOSE})
    if one and len(found) > 1:
        return Reason("team", _ONE)
    fields.all["team"] = [team for team, _ in found]
    return None


async def team_filter(session: AsyncSession, query: Fields, few: Teams, at: datetime) -> tuple[str, Reason | None]:
    """For a list with a filter on one team, with `few` to choose from (None: type): what stands in the field, and what was wrong
    with it; the filter is then left out."""
    typed = query.one("team")
    if few is not None or not typed:
        return typed, None
    wrong = await by_name(session, query, at, one=True)
    if wrong:
        query.all.pop("team", None)
        return typed, wrong
    team = query.one("team")
    return (await names_of_teams(session, [UUID(team)], at)).get(team, typed), None


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
