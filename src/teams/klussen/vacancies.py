"""Vacancies (klussen 3.2): the stages in their order, how long each lasts at least, and what may follow."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import Reason
from teams.kit.text import N_, OptionalReason
from teams.klussen.forms import Day, Form


class Stage(StrEnum):
    REPORTED = "gemeld"
    FORMATION = "formatietoets"
    PRIORITY = "voorrang"
    INTERNAL = "intern"
    REGIONAL = "regionaal"
    EXTERNAL = "extern"
    FILLED = "vervuld"
    WITHDRAWN = "ingetrokken"
    DELETED = "formatie_vervallen"


LINE = (Stage.REPORTED, Stage.FORMATION, Stage.PRIORITY, Stage.INTERNAL, Stage.REGIONAL, Stage.EXTERNAL)
SKIPPABLE = (Stage.PRIORITY, Stage.INTERNAL, Stage.REGIONAL)
ENDS = (Stage.FILLED, Stage.WITHDRAWN, Stage.DELETED)
FROM = {
    Stage.PRIORITY: ("intern",), Stage.INTERNAL: ("intern",), Stage.REGIONAL: ("intern", "regionaal"),
    Stage.EXTERNAL: ("intern", "regionaal", "extern"),
}  # fmt: skip
"""From where somebody may come in each stage: nobody from outside while it is open inside only."""
HRM = "HRM"
"""An appointment is a decision under a power whose code begins with this."""


class StageForm(Form):
    """The next stage; `overslaan` says why the stages between are left out."""

    stap: Stage
    van: Day
    dagen: Annotated[int, Field(ge=0, le=365)] = 0
    overslaan: OptionalReason = None
    reden: OptionalReason = None


class FilledForm(Form):
    """An appointment: the decision by its number, and from inside the person."""

    op: Day
    besluit: Annotated[str, Field(min_length=1, max_length=20)]
    herkomst: Annotated[str, Field(pattern="^(intern|regionaal|extern)$")]
    persoonId: UUID | None = None


def between(now: Stage, to: Stage) -> list[Stage]:
    """The stages that a step leaves out."""
    if to not in LINE:
        return []
    return list(LINE[LINE.index(now) + 1 : LINE.index(to)])


def why_not_next(last: Any, form: StageForm) -> list[Reason]:
    """All reasons why this step cannot be taken. `last`: the newest row of `stages_of`."""
    now, found = Stage(last.stage), []
    if now in ENDS:
        return [Reason("verkeerd_moment", N_("Deze vacature is klaar. Er volgt geen stap meer."))]
    if form.stap in LINE and LINE.index(form.stap) <= LINE.index(now):
        found.append(Reason("verkeerd_moment", N_("Deze stap is al voorbij.")))
        return found
    missing = between(now, form.stap)
    if Stage.FORMATION in missing:
        found.append(Reason("verkeerd_moment", N_("Doe eerst de formatietoets. Die wordt nooit overgeslagen.")))
    elif missing and not form.overslaan:
        found.append(Reason("overslaan", N_("Je slaat een stap over. Schrijf op waarom.")))
    if form.stap in (Stage.WITHDRAWN, Stage.DELETED) and not form.reden:
        found.append(Reason("reden", N_("Schrijf op waarom deze vacature stopt.")))
    due = last.starts + timedelta(days=last.minimum_days)
    if form.van < (due if form.stap in LINE else last.starts):
        found.append(
            Reason("te_vroeg", N_("Deze stap kan vanaf {dag}."), {"dag": due if form.stap in LINE else last.starts})
        )
    return found


def why_not_filled(last: Any, form: FilledForm) -> list[Reason]:
    now = Stage(last.stage)
    if now not in FROM:
        return [Reason("verkeerd_moment", N_("In deze stap kan niemand benoemd worden."))]
    found = []
    if form.herkomst not in FROM[now]:
        found.append(Reason("verkeerd_moment", N_("De vacature staat nog niet open voor mensen van buiten.")))
    if (form.herkomst == "intern") != (form.persoonId is not None):
        found.append(Reason("persoonId", N_("Kies wie er van binnenuit benoemd is, en alleen dan.")))
    due = last.starts + timedelta(days=last.minimum_days)
    if form.op < due:
        found.append(Reason("te_vroeg", N_("Deze stap kan vanaf {dag}."), {"dag": due}))
    return found


_STAGES = text(
    """
    select s.id, s.step, s.stage, s.starts, s.minimum_days, s.skipped, s.reason, s.filled_from, s.decision, s.at, s.person_id,
        p.name as made_by, a.name as person
    from vacancy_stage s left join person p on p.id = s.made_by left join person a on a.id = s.person_id
    where s.klus_id = :klus order by s.step
    """
)
_DECISION = text("select number, power, outcome, person_id from decision where number = :number")


async def stages_of(session: AsyncSession, klus_id: UUID) -> Sequence[Row[Any]]:
    return (await session.execute(_STAGES, {"klus": klus_id})).all()


async def is_over(session: AsyncSession, klus_id: UUID) -> bool:
    """Filled or stopped; not while it was never reported."""
    rows = await stages_of(session, klus_id)
    return bool(rows) and rows[-1].stage in ENDS


async def appointing(session: AsyncSession, number: str) -> Row[Any] | None:
    """The decision with this number, if it is one under an HRM power and within mandate."""
    row = (await session.execute(_DECISION, {"number": number})).one_or_none()
    return row if row is not None and row.power.startswith(HRM) and row.outcome == "bevoegd" else None
