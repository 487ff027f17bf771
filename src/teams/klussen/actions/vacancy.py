"""The stages of a vacancy, its filling by a decision under an HRM power, and what an appointment from inside leaves behind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, Reason
from teams.kit.text import N_
from teams.klussen.actions.klus import managed_klus
from teams.klussen.actions.phases import end_vacancy
from teams.klussen.models import Kind, Klus
from teams.klussen.vacancies import (
    ENDS,
    FilledForm,
    Stage,
    StageForm,
    appointing,
    between,
    stages_of,
    why_not_filled,
    why_not_next,
)

_ADD = text(
    """
    insert into vacancy_stage (klus_id, step, stage, starts, minimum_days, skipped, reason, filled_from, person_id, decision, made_by)
    values (:klus, :step, :stage, :starts, :days, :skipped, :reason, :source, :person, :decision, :by)
    """
)
_USED = text("select exists (select from vacancy_stage where decision = :number)")
_IN_SERVICE = text(
    """
    select exists (select from contract where person_id = :person and upper_inf(recorded) and range_contains_elem(valid, cast(:day as date)))
    """
)
_GAP = text(
    "insert into vacancy_gap (klus_id, kind, next_id, reason, made_by) values (:klus, :kind, :next, :reason, :by) on conflict do nothing returning klus_id"
)
_NEXT = text("select id from klus where number = :number and kind = 'vacature'")
_TAKEN = text("select exists (select from vacancy_gap where next_id = :next)")


async def report_vacancy(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> None:
    """The first stage: a vacancy is reported. A second time changes nothing."""
    klus = await _vacancy(session, klus_id, by=by, at=at)
    if not await stages_of(session, klus.id):
        await _add(session, klus, 1, Stage.REPORTED, {"starts": day_of(at)}, by=by)


async def next_stage(session: AsyncSession, klus_id: UUID, form: StageForm, *, by: Actor, at: datetime) -> None:
    """One step on; stages that are left out stand there with the reason. It ends by withdrawal or when the place is deleted."""
    klus = await _vacancy(session, klus_id, by=by, at=at)
    rows = await stages_of(session, klus.id)
    if not rows:
        raise Conflict(Reason("verkeerd_moment", N_("Meld de vacature eerst.")), then=(_look(klus_id),))
    if form.stap in (Stage.REPORTED, Stage.FILLED):
        raise Conflict(Reason("verkeerd_moment", N_("Zo kom je niet in deze stap.")), then=(_look(klus_id),))
    if reasons := why_not_next(rows[-1], form):
        raise Conflict(*reasons, then=(_look(klus_id),))
    step = len(rows)
    for skipped in between(Stage(rows[-1].stage), form.stap):
        step += 1
        await _add(session, klus, step, skipped, {"starts": form.van, "skipped": form.overslaan}, by=by)
    await _add(
        session, klus, step + 1, form.stap, {"starts": form.van, "days": form.dagen, "reason": form.reden or ""}, by=by
    )
    if form.stap in ENDS:
        await end_vacancy(session, klus, filled=False, by=by, at=at)


async def fill_vacancy(session: AsyncSession, klus_id: UUID, form: FilledForm, *, by: Actor, at: datetime) -> None:
    """R17: an appointment is a decision, never a claim. The decision is in the log, under an HRM power, and used once."""
    klus = await _vacancy(session, klus_id, by=by, at=at)
    rows = await stages_of(session, klus.id)
    if not rows:
        raise Conflict(Reason("verkeerd_moment", N_("Meld de vacature eerst.")), then=(_look(klus_id),))
    if reasons := why_not_filled(rows[-1], form):
        raise Conflict(*reasons, then=(_look(klus_id),))
    number = form.besluit.strip()
    if await appointing(session, number) is None:
        raise Invalid(
            {
                "besluit": Reason(
                    "besluit",
                    N_("Vul het nummer in van een besluit binnen mandaat over personeel (een bevoegdheid HRM)."),
                )
            }
        )
    if await session.scalar(_USED, {"number": number}):
        raise Invalid({"besluit": Reason("besluit", N_("Met dit besluit is al een andere vacature vervuld."))})
    if form.persoonId and not await session.scalar(_IN_SERVICE, {"person": form.persoonId, "day": day_of(at)}):
        raise Invalid({"persoonId": Reason("persoonId", N_("Deze persoon is niet in dienst."))})
    given = {"starts": form.op, "source": form.herkomst, "person": form.persoonId, "decision": number}
    await _add(session, klus, len(rows) + 1, Stage.FILLED, given, by=by)
    await end_vacancy(session, klus, filled=True, by=by, at=at)


async def say_what_is_left(
    session: AsyncSession, klus_id: UUID, kind: str, next_number: int | None, reason: str, *, by: Actor, at: datetime
) -> None:
    """What the old place of somebody from inside became: the next vacancy, a place that goes, or nothing. Said once."""
    klus = await _vacancy(session, klus_id, by=by, at=at)
    rows = await stages_of(session, klus.id)
    if not rows or rows[-1].filled_from != "intern":
        raise Conflict(
            Reason("verkeerd_moment", N_("Dit geldt voor een vacature die van binnenuit vervuld is.")),
            then=(_look(klus_id),),
        )
    following: UUID | None = None
    if kind == "vacature":
        following = await session.scalar(_NEXT, {"number": next_number})
        if following is None or following == klus.id or await session.scalar(_TAKEN, {"next": following}):
            raise Invalid(
                {
                    "volgende": Reason(
                        "volgende",
                        N_("Vul het nummer in van de vacature die hieruit volgt, en die nergens anders uit volgt."),
                    )
                }
            )
    elif kind not in ("vervalt", "geen") or not reason:
        raise Invalid({"reden": Reason("reden", N_("Schrijf op waarom er geen vacature volgt."))})
    given = {"klus": klus.id, "kind": kind, "next": following, "reason": reason, "by": by.person_id}
    if (await session.execute(_GAP, given)).first() is None:
        raise Conflict(Reason("verkeerd_moment", N_("Dit is al gezegd.")), then=(_look(klus_id),))
    facts = {"kind": kind, "next": str(following) if following else None}
    await record(
        session, Note("vacancy.followed", (("klus", klus.id), ("team", klus.team_id)), facts, {"reason": reason} if reason else {}, accountable=True), by=by
    )  # fmt: skip


async def _vacancy(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.kind != Kind.VACANCY:
        raise Conflict(
            Reason("verkeerd_moment", N_("Dit is geen vacature.")),
            then=(NextStep(N_("Bekijk de klus."), f"/klussen/{klus_id}"),),
        )
    return klus


def _look(klus_id: UUID) -> NextStep:
    return NextStep(N_("Bekijk de stappen."), f"/klussen/{klus_id}/vacature")


async def _add(session: AsyncSession, klus: Klus, step: int, stage: Stage, given: dict[str, Any], *, by: Actor) -> None:
    row = {"days": 0, "skipped": "", "reason": "", "source": None, "person": None, "decision": None, **given}
    await session.execute(_ADD, {"klus": klus.id, "step": step, "stage": stage.value, "by": by.person_id, **row})
    about = (("klus", klus.id), ("team", klus.team_id), *((("person", row["person"]),) if row["person"] else ()))
    facts = {
        "stage": stage.value,
        "step": step,
        "from": row["starts"].isoformat(),
        "decision": row["decision"],
        "source": row["source"],
    }
    texts = {name: row[name] for name in ("skipped", "reason") if row[name]}
    await record(
        session,
        Note("vacancy.skipped" if row["skipped"] else "vacancy.moved", about, facts, texts, accountable=True),
        by=by,
    )
