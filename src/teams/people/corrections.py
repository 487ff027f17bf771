"""Asking that what is recorded about oneself is put right (AVG 16): within a month, answered by somebody else."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_, Text

OPEN = 5
"""So many requests a person may have open at once."""

_COLUMNS = """c.id, c.number, c.person_id, p.name, c.words, c.at, c.due, c.state, c.answer, c.answered_at, a.name as answered_by,
    c.state = 'gevraagd' and c.due < cast(:today as date) as late"""
_FROM = "from correction c join person p on p.id = c.person_id left join person a on a.id = c.answered_by"
_LIST = text(
    f"""
    select {_COLUMNS} {_FROM} where cast(:mine as uuid) is null or c.person_id = :mine
    order by c.state <> 'gevraagd', case when c.state = 'gevraagd' then c.number else -c.number end limit 200
    """
)
_LOCK = text("select from person where id = :me for no key update")
_OPEN = text("select count(*) from correction where person_id = :me and state = 'gevraagd'")
_ASK = text(
    """
    insert into correction (person_id, words, due)
    values (:me, :words, (cast(:today as date) + interval '1 month')::date) returning id, number
    """
)
_ONE = text("select id, number, person_id, state from correction where id = :id for update")
_ANSWER = text(
    "update correction set state = :to, answer = :answer, answered_by = :by, answered_at = :at where id = :id and state = 'gevraagd'"
)


class Outcome(StrEnum):
    MENDED = "verbeterd"
    REJECTED = "afgewezen"


class AskForm(BaseModel):
    """What is wrong, and what it should be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    watKloptNiet: Annotated[Text, Field(max_length=1000)]


class AnswerForm(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    uitkomst: Outcome
    antwoord: Annotated[Text, Field(max_length=1000)]


async def ask_correction(session: AsyncSession, form: AskForm, *, by: Actor, at: datetime) -> UUID:
    """The person's own request; it must be answered within a month (AVG 12, lid 3)."""
    me = by.person_id
    if me is None:
        raise NotFound(Reason("onbekend", N_("Bij dit account hoort geen mens. Er is niets om te tonen.")))
    await session.execute(_LOCK, {"me": me})
    if (await session.scalar(_OPEN, {"me": me}) or 0) >= OPEN:
        raise Conflict(
            Reason("te_veel", N_("Je hebt al {most} verzoeken die op antwoord wachten."), {"most": OPEN}),
            then=(NextStep(N_("Bekijk je verzoeken."), "/profiel/gegevens#correcties"),),
        )
    made = (await session.execute(_ASK, {"me": me, "words": form.watKloptNiet, "today": day_of(at)})).one()
    about = (("correction", made.id), ("person", me))
    await record(session, Note("correction.asked", about, {"number": made.number}, {"words": form.watKloptNiet}), by=by)
    found: UUID = made.id
    return found


async def answer_correction(
    session: AsyncSession, correction: UUID, form: AnswerForm, *, by: Actor, at: datetime
) -> None:
    """By the secretary or the controller, never by who asked; the answer says what was done, or why not."""
    if not by.has("secretaris", "controller"):
        raise NotFound(Reason("onbekend", N_("Dit verzoek bestaat niet.")))
    row = (await session.execute(_ONE, {"id": correction})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Dit verzoek bestaat niet.")))
    if row.person_id == by.person_id:
        raise NotAllowed(
            Reason("eigen_aanvraag", N_("Dit is je eigen verzoek. Iemand anders beantwoordt het.")),
            then=(NextStep(N_("Vraag de concerncontroller of een andere secretaris.")),),
        )
    if row.state != "gevraagd":
        raise Conflict(
            Reason("verkeerd_moment", N_("Dit verzoek is al beantwoord.")),
            then=(NextStep(N_("Bekijk de verzoeken."), "/correcties"),),
        )
    if by.person_id is None:
        raise Invalid({"antwoord": Reason("antwoord", N_("Een systeembeheerder beantwoordt dit niet."))})
    given = {"id": row.id, "to": form.uitkomst.value, "answer": form.antwoord, "by": by.person_id, "at": at}
    await session.execute(_ANSWER, given)
    about = (("correction", row.id), ("person", row.person_id))
    facts = {"number": row.number, "outcome": form.uitkomst.value}
    await record(session, Note("correction.answered", about, facts, {"answer": form.antwoord}), by=by)


async def corrections(session: AsyncSession, *, today: date, mine: UUID | None = None) -> Sequence[Row[Any]]:
    """Open ones first, the oldest first; `mine`: only what this person asked."""
    return (await session.execute(_LIST, {"mine": mine, "today": today})).all()
