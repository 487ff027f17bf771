"""Around a klus: co-owners, a copy, inviting somebody, questions and answers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.actions.klus import managed_klus, post_klus, wrong_state
from teams.klussen.forms import KlusForm
from teams.klussen.models import ENDED, LIVE, Klus
from teams.klussen.queries import klus_for, no_klus

_PERSON = text(
    "select exists (select from contract where person_id = :p and upper_inf(recorded) and range_contains_elem(valid, cast(:today as date)))"
)
_ADD = text(
    "insert into klus_owner (klus_id, person_id, added_by) values (:klus, :p, :by) on conflict do nothing returning id"
)
_REMOVE = text(
    "update klus_owner set ended_at = now() where klus_id = :klus and person_id = :p and ended_at is null returning id"
)
_INVITE = text(
    "insert into klus_invite (klus_id, person_id, invited_by) values (:klus, :p, :by) on conflict do nothing returning klus_id"
)
_TAKES_PART = text("select exists (select from claim where klus_id = :klus and person_id = :p and ended_at is null)")
_ASK = text("insert into klus_question (klus_id, person_id, question) values (:klus, :p, :question) returning id")
_ANSWER = text(
    """
    update klus_question set answer = :answer, answered_by = :by, answered_at = now()
    where id = :id and answer is null returning person_id
    """
)
_QUESTION = text("select klus_id from klus_question where id = :id")
_BY_NUMBER = text("select id from klus where number = :number")


async def add_owner(session: AsyncSession, klus_id: UUID, person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Ask a colleague to help manage the klus; not by somebody who only helps."""
    klus = await managed_klus(session, klus_id, by=by, at=at, full=True)
    if klus.state in ENDED:
        raise wrong_state(klus)
    await _in_service(session, person_id, at=at)
    if (await session.execute(_ADD, {"klus": klus.id, "p": person_id, "by": by.person_id})).first() is not None:
        await _told(session, "klus.owner_added", klus, person_id, by=by)


async def remove_owner(session: AsyncSession, klus_id: UUID, person_id: UUID, *, by: Actor, at: datetime) -> None:
    klus = await managed_klus(session, klus_id, by=by, at=at, full=by.person_id != person_id)
    if (await session.execute(_REMOVE, {"klus": klus.id, "p": person_id})).first() is not None:
        await _told(session, "klus.owner_removed", klus, person_id, by=by)


async def copy_klus(session: AsyncSession, klus_id: UUID, *, by: Actor, at: datetime) -> Klus:
    """The same klus once more as a draft of one's own; a period that has begun is moved to begin today."""
    seen = await klus_for(session, klus_id, by, at=at)
    shift = max(timedelta(0), day_of(at) - seen.starts)

    def moved(day: Any) -> Any:
        return None if day is None else day + shift

    form = KlusForm(
        titel=seen.title, omschrijving=seen.description or None, soort=seen.kind, teamId=seen.team_id,
        plaatsen=seen.places, urenMin=seen.hours_min, urenMax=seen.hours_max, urenTotaal=seen.hours_total,
        van=moved(seen.starts), tot=moved(seen.ends), aanmeldenTot=moved(seen.apply_until), wijze=seen.way,
        vaardigheden=list(seen.skills), herkomst=seen.origin, herkomstKenmerk=seen.origin_reference or None,
        bevoegdheden=list(seen.powers),
    )  # fmt: skip
    return await post_klus(session, form, by=by, at=at)


async def invite(session: AsyncSession, klus_id: UUID, person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Point a colleague to a klus, once; by who manages it. It gives no place and no right."""
    klus = await managed_klus(session, klus_id, by=by, at=at)
    if klus.state not in LIVE:
        raise wrong_state(klus)
    await _in_service(session, person_id, at=at)
    if person_id == by.person_id:
        reason = Reason("eigen_aanvraag", N_("Jezelf hoef je niet uit te nodigen."))
        raise Conflict(reason, then=(NextStep(N_("Bekijk de klus."), f"/klussen/{klus.id}"),))
    if await session.scalar(_TAKES_PART, {"klus": klus.id, "p": person_id}):
        reason = Reason("al_ingeschreven", N_("Deze collega doet al mee of heeft zich al aangemeld."))
        raise Conflict(reason, then=(NextStep(N_("Nodig een andere collega uit."), f"/klussen/{klus.id}"),))
    if (await session.execute(_INVITE, {"klus": klus.id, "p": person_id, "by": by.person_id})).first() is not None:
        await _told(session, "klus.invited", klus, person_id, by=by)


async def ask_question(session: AsyncSession, klus_id: UUID, question: str, *, by: Actor, at: datetime) -> UUID:
    """Anybody who sees the klus may ask, as long as it has not ended; question and answer stand under it for all."""
    seen = await klus_for(session, klus_id, by, at=at)
    if seen.state in ENDED:
        raise wrong_state(seen)
    given = {"klus": klus_id, "p": by.person_id, "question": question}
    asked: UUID = (await session.execute(_ASK, given)).scalar_one()
    about = (("klus", klus_id), ("team", seen.team_id), *((("person", by.person_id),) if by.person_id else ()))
    await record(session, Note("klus.asked", about, {"question": str(asked)}, {"question": question}), by=by)
    return asked


async def answer_question(session: AsyncSession, question_id: UUID, answer: str, *, by: Actor, at: datetime) -> UUID:
    """Answered once, by who manages the klus. Returns the klus."""
    klus_id = await session.scalar(_QUESTION, {"id": question_id})
    if klus_id is None:
        raise NotFound(
            Reason("onbekend", N_("Deze vraag bestaat niet.")), then=(NextStep(N_("Zoek in de klussen."), "/klussen"),)
        )
    klus = await managed_klus(session, klus_id, by=by, at=at)
    row = (await session.execute(_ANSWER, {"id": question_id, "answer": answer, "by": by.person_id})).one_or_none()
    if row is None:
        raise Conflict(
            Reason("verkeerd_moment", N_("Deze vraag is al beantwoord.")),
            then=(NextStep(N_("Bekijk het antwoord."), f"/klussen/{klus.id}#vragen"),),
        )
    about = (("klus", klus.id), ("team", klus.team_id), ("person", row.person_id))
    await record(session, Note("klus.answered", about, {"question": str(question_id)}, {"answer": answer}), by=by)
    return klus.id


async def klus_by_number(session: AsyncSession, number: int, by: Actor, *, at: datetime) -> UUID:
    """The klus behind a short link, for who may see it; for others it does not exist."""
    klus_id = await session.scalar(_BY_NUMBER, {"number": number})
    if klus_id is None:
        raise no_klus()
    await klus_for(session, klus_id, by, at=at)
    found: UUID = klus_id
    return found


async def _in_service(session: AsyncSession, person_id: UUID, *, at: datetime) -> None:
    if not await session.scalar(_PERSON, {"p": person_id, "today": day_of(at)}):
        raise Invalid({"persoonId": Reason("persoonId", N_("Kies een collega uit de lijst."))})


async def _told(session: AsyncSession, verb: str, klus: Klus, person: UUID, *, by: Actor) -> None:
    await record(session, Note(verb, (("klus", klus.id), ("team", klus.team_id), ("person", person))), by=by)
