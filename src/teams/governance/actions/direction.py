"""The rolverdeler says where the team is heading; no proposal is needed, for this is no governance (G8, G12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.direction import leads_of, version_of
from teams.governance.direction_forms import DirectionForm
from teams.journal.batch import Batch, known, lock_structure, new_ids
from teams.journal.models import Actor, Note
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, Reason
from teams.kit.history import Span, cut, overlay
from teams.kit.text import N_
from teams.structure.models import Direction, DirectionVersion
from teams.structure.moment import Moment
from teams.structure.queries import team_for

_OWN = text("select id from direction where team_id = :team")
_ROLE = text(
    """
    select exists (select from role_version v where v.role_id = :role and v.team_id = :team and upper_inf(v.recorded)
        and range_contains_elem(v.valid, cast(:today as date)))
    """
)


async def set_direction(session: AsyncSession, team_id: UUID, form: DirectionForm, *, by: Actor, at: datetime) -> None:
    """From today on. What stays under the same words keeps its id; the rest ends or begins."""
    await lock_structure(session)
    now = Moment(at, at, at)
    then = (NextStep(N_("Bekijk het team."), f"/teams/{team_id}"),)
    await team_for(session, team_id, by, now)
    role, _, people = await leads_of(session, team_id, at=at)
    if by.person_id not in people:
        said = N_(
            "De koers van een team bepaalt wie de rolverdeler is. Heb je een idee, bespreek het in het werkoverleg."
        )
        raise NotAllowed(Reason("G12", said), then=then)
    if await version_of(session, team_id) != form.versie:
        said = N_("De koers is intussen veranderd. Kijk wat er nu staat en pas dat aan.")
        raise Conflict(Reason("verouderd", said), then=(NextStep(N_("Bekijk de koers."), f"/teams/{team_id}/koers"),))
    wrong = {
        field: Reason(field, N_("Hier staat twee keer hetzelfde. Haal er een weg."))
        for field, lines in (("strategie", form.strategie), ("prioriteiten", form.prioriteiten))
        if len({line.casefold() for line in lines}) < len(lines)
    }
    given: dict[str, Any] = {"role": form.aanspreekrolId, "team": team_id, "today": day_of(at)}
    if form.aanspreekrolId is not None and not await session.scalar(_ROLE, given):
        wrong["aanspreekrolId"] = Reason("aanspreekrolId", N_("Kies een rol van dit team."))
    if wrong:
        raise Invalid(wrong)
    await _write(session, team_id, _wanted(form), role, by=by, at=at)


def _wanted(form: DirectionForm) -> list[dict[str, Any]]:
    lines = [("strategie", words) for words in form.strategie] + [("prioriteit", words) for words in form.prioriteiten]
    places: dict[str, int] = {}
    wanted: list[dict[str, Any]] = []
    for kind, words in lines:
        places[kind] = places.get(kind, 0) + 1
        wanted.append({"kind": kind, "text": words, "role_id": None, "position": places[kind]})
    if form.aanspreekrolId is not None:
        wanted.append({"kind": "aanspreekrol", "text": "", "role_id": form.aanspreekrolId, "position": 0})
    return wanted


async def _write(
    session: AsyncSession, team_id: UUID, wanted: list[dict[str, Any]], role: UUID | None, *, by: Actor, at: datetime
) -> None:
    today, batch, changed = day_of(at), Batch(), False
    ids = list(await session.scalars(_OWN, {"team": team_id}))
    stands = await known(session, DirectionVersion, lambda f: f["direction_id"], DirectionVersion.direction_id.in_(ids))
    left = list(wanted)
    for timeline in stands.values():
        here = next((span for span in timeline if span.holds(today)), None)
        if here is None:
            continue
        same = next(
            (one for one in left if all(one[key] == here.fields[key] for key in ("kind", "text", "role_id"))), None
        )
        if same is None:
            changed |= batch.rewrite(DirectionVersion, timeline, cut(timeline, today))
        else:
            left.remove(same)
            changed |= batch.rewrite(
                DirectionVersion, timeline, overlay(timeline, {"position": same["position"]}, today)
            )
    for new, fields in zip(await new_ids(session, len(left)), left, strict=True):
        batch.entities[Direction].append({"id": new, "team_id": team_id})
        changed |= batch.rewrite(DirectionVersion, [], [Span({"direction_id": new, **fields}, today, None)])
    if changed:
        number = {kind: sum(one["kind"] == kind for one in wanted) for kind in ("strategie", "prioriteit")}
        facts: dict[str, Any] = {
            "team": str(team_id),
            "from": today.isoformat(),
            "strategies": number["strategie"],
            "priorities": number["prioriteit"],
        }
        words = {f"{one['kind']}_{one['position']}": one["text"] for one in wanted if one["text"]}
        note = Note("team.direction_set", (("team", team_id),), facts, words, acting_role=role)
        batch.notes.append(note)
        await batch.write(session, by=by)
