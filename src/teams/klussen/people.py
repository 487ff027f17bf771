"""Finding what a form on a klus points at: a colleague by name or address, the klus of a question or a team claim."""

from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.errors import Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

_PERSON = text(
    """
    select id from person where lower(email) = lower(:words) or number = :words or plain(name) = plain(:words)
    order by id limit 2
    """
)
_QUESTION = text("select klus_id from klus_question where id = :id")
_TEAM_CLAIM = text("select klus_id from team_claim where id = :id")


async def person_by_words(session: AsyncSession, words: str, *, field: str) -> UUID:
    """The one colleague with this name, address or number; `Invalid` on the field when there is none, or more."""
    found = list((await session.execute(_PERSON, {"words": words.strip()[:200]})).scalars()) if words.strip() else []
    if len(found) == 1:
        person: UUID = found[0]
        return person
    if found:
        raise Invalid({field: Reason(field, N_("Zo heten er meer. Vul het e-mailadres in."))})
    raise Invalid({field: Reason(field, N_("We vinden deze collega niet. Vul de hele naam of het e-mailadres in."))})


async def klus_of_question(session: AsyncSession, question_id: UUID) -> UUID:
    return await _klus(session, _QUESTION, question_id, N_("Deze vraag bestaat niet."))


async def klus_of_team_claim(session: AsyncSession, team_claim_id: UUID) -> UUID:
    return await _klus(session, _TEAM_CLAIM, team_claim_id, N_("Deze teamclaim bestaat niet."))


async def _klus(session: AsyncSession, query: TextClause, found_id: UUID, missing: str) -> UUID:
    klus: UUID | None = await session.scalar(query, {"id": found_id})
    if klus is None:
        raise NotFound(Reason("onbekend", missing), then=(NextStep(N_("Zoek in de klussen."), "/klussen"),))
    return klus
