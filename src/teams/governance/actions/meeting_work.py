"""The tactical meeting: what a team looks at each time, what is said of it, and the next steps that come out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.meeting_room import enter, line, no, note, present, who_records
from teams.governance.meeting_forms import OutputForm, ReportForm, StandingForm
from teams.governance.meeting_models import ItemState
from teams.governance.meeting_seen import item_of
from teams.governance.queries import members_at, own_roles
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_

_ADD = text(
    """
    insert into standing_item (team_id, kind, role_id, label, made_by) values (:team, :kind, :role, :label, :me) returning id
    """
)
_STANDING = text("select id, team_id, kind, role_id, ended_at from standing_item where id = :id for update")
_END = text("update standing_item set ended_at = now() where id = :id")
_FILLS = text(
    """
    select exists (select from role_version v join role_filling f on f.role_id = v.role_id and upper_inf(f.recorded)
        and f.valid @> now() and f.person_id = :person
        where v.role_id = :role and v.team_id = :team and upper_inf(v.recorded)
        and v.valid @> (now() at time zone 'Europe/Amsterdam')::date)
    """
)
_MOST = 50
_COUNT = text("select count(*) from standing_item where team_id = :team and ended_at is null")


async def add_standing(session: AsyncSession, team_id: UUID, form: StandingForm, *, by: Actor, at: datetime) -> UUID:
    """G35: a check, a figure or a project of one's own role, shown in every tactical meeting of the team."""
    then = (NextStep(N_("Bekijk de rollen van het team."), f"/teams/{team_id}"),)
    if not any(role.id == form.rolId and role.team_id == team_id for role in await own_roles(session, by, at=at)):
        raise Conflict(
            Reason("G35", N_("Je zet iets op deze lijst voor een rol die je zelf vervult in dit team.")), then=then
        )
    if (await session.scalar(_COUNT, {"team": team_id}) or 0) >= _MOST:
        raise Conflict(Reason("vol", N_("De lijst van dit team is vol. Haal eerst iets weg.")), then=then)
    given = {"team": team_id, "kind": form.soort, "role": form.rolId, "label": form.label, "me": by.person_id}
    made: UUID = (await session.execute(_ADD, given)).scalar_one()
    await record(
        session,
        Note("standing.added", (("team", team_id), ("role", form.rolId)), {"standing": str(made), "kind": form.soort}),
        by=by,
    )
    return made


async def end_standing(session: AsyncSession, standing_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """Taken off the list by a member; what was said of it stays in the minutes. Returns the team."""
    row = (await session.execute(_STANDING, {"id": standing_id})).one_or_none()
    if row is None:
        raise _none()
    if by.person_id not in {member.id for member in await members_at(session, row.team_id, at=at)}:
        raise NotAllowed(
            Reason("G35", N_("Dit haalt alleen een lid van het team weg.")),
            then=(NextStep(N_("Bekijk het team."), f"/teams/{row.team_id}"),),
        )
    if row.ended_at is None:
        await session.execute(_END, {"id": standing_id})
        await record(
            session,
            Note("standing.ended", (("team", row.team_id), ("role", row.role_id)), {"standing": str(standing_id)}),
            by=by,
        )
    team: UUID = row.team_id
    return team


async def report_standing(
    session: AsyncSession, meeting_id: UUID, standing_id: UUID, form: ReportForm, *, by: Actor, at: datetime
) -> None:
    """One line about it in its own step, by who fills the role or who writes the minutes."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    row = (await session.execute(_STANDING, {"id": standing_id})).one_or_none()
    if row is None or row.team_id != meeting.team_id or row.ended_at is not None:
        raise _none()
    if row.kind != meeting.step:
        raise no(meeting, "verkeerd_moment", N_("Hier is het overleg nu niet mee bezig."))
    acting = None
    if not await session.scalar(_FILLS, {"person": me, "role": row.role_id, "team": meeting.team_id}):
        acting = who_records(meeting, room, me)
    try:
        async with session.begin_nested():
            await line(
                session, meeting, "melding", meeting.step, by=me, standing=standing_id, acting=acting, words=form.tekst
            )
    except IntegrityError:
        raise no(meeting, "verkeerd_moment", N_("Hier is in dit overleg al iets over gezegd.")) from None
    await note(session, "meeting.reported", meeting, by=by, standing=str(standing_id))


async def add_output(
    session: AsyncSession, meeting_id: UUID, item_id: UUID, form: OutputForm, *, by: Actor, at: datetime
) -> None:
    """A tension ends with next steps, each of a role and of who fills it. G17: never in a governance meeting."""
    meeting, room, me = await enter(session, meeting_id, by=by, at=at)
    present(meeting, room, me)
    if meeting.is_governance:
        raise no(meeting, "G17", N_("Werkafspraken horen in een werkoverleg. Hier gaat het over rollen en afspraken."))
    item = await item_of(session, meeting, item_id)
    if item.state != ItemState.NOW:
        raise no(meeting, "verkeerd_moment", N_("Dit punt wordt nu niet besproken."))
    if form.persoonId != me and me != item.person_id:
        who_records(meeting, room, me)
    if not await session.scalar(_FILLS, {"person": form.persoonId, "role": form.rolId, "team": meeting.team_id}):
        raise Invalid({"persoonId": Reason("persoonId", N_("Kies een rol van dit team en iemand die haar vervult."))})
    await line(
        session, meeting, form.soort, item.step or meeting.step, by=me, person=form.persoonId, item=item.id, role=form.rolId,
        words=form.tekst,
    )  # fmt: skip
    about = (("person", form.persoonId), ("role", form.rolId))
    await note(
        session,
        "meeting.output",
        meeting,
        by=by,
        also=about,
        output=form.soort,
        role=str(form.rolId),
        person=str(form.persoonId),
    )


def _none() -> NotFound:
    return NotFound(
        Reason("onbekend", N_("Dit staat niet op de lijst van het team.")),
        then=(NextStep(N_("Bekijk de overleggen."), "/overleggen"),),
    )
