"""Skills as the organisation names them: synonyms that find them, and codes of an open list (ESCO, CompetentNL)."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Invalid, NotFound, Reason
from teams.kit.text import N_, Line
from teams.people.forms import SkillName

_LIST = text(
    """
    select s.id, s.name, s.code, array(select y.name from skill_synonym y where y.skill_id = s.id order by y.name) as synonyms
    from skill s order by s.name
    """
)
_TAKEN = text(
    """
    select exists (select from skill_name n where n.id <> :skill
            and n.name = any(array(select plain(x) from unnest(cast(:names as text[])) x))) as name,
        exists (select from skill where code = :code and id <> :skill) as code
    """
)
_CODE = text("update skill set code = :code where id = :skill returning id")
_FORGET = text("delete from skill_synonym where skill_id = :skill")
_ADD = text(
    """
    insert into skill_synonym (skill_id, name) select distinct on (plain(x)) :skill, x
    from unnest(cast(:names as text[])) x join skill s on s.id = :skill where plain(x) <> plain(s.name)
    """
)


class SkillForm(BaseModel):
    """What stands beside the name of a skill."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[Line, Field(max_length=80)] | None = None
    synoniemen: Annotated[tuple[SkillName, ...], Field(max_length=20)] = ()


async def skill_list(session: AsyncSession) -> list[Row[Any]]:
    """id, name, code, synonyms; by name."""
    return list((await session.execute(_LIST)).all())


async def change_skill(session: AsyncSession, skill_id: UUID, form: SkillForm, *, by: Actor) -> None:
    """Exactly this code and these synonyms; one that is a skill, or another's synonym, is refused."""
    given = {"skill": skill_id, "code": form.code, "names": list(form.synoniemen)}
    taken = (await session.execute(_TAKEN, given)).one()
    if taken.name:
        raise Invalid(
            {"synoniemen": Reason("bezet", N_("Een van deze woorden is al een vaardigheid of een synoniem."))}
        )
    if taken.code:
        raise Invalid({"code": Reason("bezet", N_("Deze code hoort al bij een andere vaardigheid."))})
    if (await session.execute(_CODE, given)).first() is None:
        raise NotFound(Reason("onbekend", N_("Deze vaardigheid bestaat niet.")))
    await session.execute(_FORGET, given)
    await session.execute(_ADD, given)
    await record(session, Note("skill.changed", (("skill", skill_id),), {"synonyms": len(form.synoniemen)}), by=by)
