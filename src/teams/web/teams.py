"""One team: purpose, roles with who fills them, people, subteams, policies, klussen, activity."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath

from teams.governance.direction import direction_in
from teams.governance.inherited import inherited
from teams.governance.meeting_seen import list_meetings
from teams.http.wants import Me, Page, Session
from teams.klussen.placed import offer_of_team
from teams.mandates.queries.frameworks import frameworks_of
from teams.structure.models import CoreRole
from teams.structure.queries import roles_of, team_for
from teams.web import overleg
from teams.web.activity import activity
from teams.web.moments import ask, older, role_state
from teams.web.pages import page


@get("/teams/{team_id:uuid}", policy="employee")
async def show(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    asked = await ask(request, session)
    team = await team_for(session, team_id, me.actor(), asked.moment)
    roles = await roles_of(session, team_id, asked.moment)
    wanted: set[UUID] = set()
    klussen: list[Any] = []
    if asked.moment.is_now:
        klussen, wanted = await offer_of_team(session, team_id)
    lines, more = await activity(session, "team", team_id, asked.speak, before=older(asked), known=asked.moment.known)
    leads = [role for role in roles if role.core == CoreRole.CIRCLE_LEAD and role.fillers]
    above = await inherited(session, team_id, day=asked.moment.day, known=asked.moment.known)
    return page(
        request, "teams/show.html", status=asked.status, vraag=asked, team=team,
        lees=datetime.fromisoformat, rollen=[(role, role_state(role.fillers, role.id, role.core, wanted)) for role in roles],
        mensen=team.members, klussen=klussen, o=overleg,
        geerfd=above, koers=direction_in(team.direction), vast=team.stuck if asked.moment.is_now else None,
        stuurt=asked.moment.is_now and (not leads or me.person_id in {one.id for role in leads for one in role.fillers}),
        kaders=await frameworks_of(session, [*(p["id"] for p in team.policies), *(p.id for p in above)], asked.moment),
        overleggen=await list_meetings(session, at=asked.moment.now, team=team_id, ahead=True, limit=5), regels=lines, meer=more,
    )  # fmt: skip


router = Router(path="/", route_handlers=[show])
