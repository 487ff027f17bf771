"""What a person says of oneself for matching, and what people say to each other after a klus."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_, Line, Text
from teams.klussen.claims import claim_for
from teams.klussen.matching import Level
from teams.klussen.models import ClaimState
from teams.klussen.queries import klus_for

_LEVELS = text(
    """
    update person_skill ps set level = n.level
    from unnest(cast(:names as text[]), cast(:levels as int[])) n(name, level) join skill s on s.name = n.name
    where ps.person_id = :person and ps.skill_id = s.id and ps.level <> n.level returning ps.skill_id
    """
)
_WISHES = text(
    """
    insert into person_wish (person_id, open, hours_most, kinds) values (:person, :open, :most, :kinds)
    on conflict (person_id) do update set open = excluded.open, hours_most = excluded.hours_most, kinds = excluded.kinds
    """
)
_SAY = text(
    """
    insert into feedback (claim_id, author_id, about_id, words) values (:claim, :author, :about, :words)
    on conflict (claim_id, author_id) do nothing returning id
    """
)
_ENDORSE = text(
    """
    insert into endorsement (claim_id, skill_id, person_id, author_id)
    select :claim, s.id, :about, :author from klus_skill ks join skill s on s.id = ks.skill_id
    where ks.klus_id = :klus and s.name = any(cast(:names as text[])) on conflict do nothing
    """
)


class FeedbackForm(BaseModel):
    """What someone writes after a klus."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tekst: Annotated[Text, Field(max_length=1000)]
    vaardigheden: tuple[Line, ...] = ()


class WishForm(BaseModel):
    """What someone looks for; empty fields ask nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    open: bool = False
    urenHoogstens: Annotated[Decimal, Field(gt=0, le=60, decimal_places=1)] | None = None
    soorten: frozenset[str] = frozenset()


async def set_levels(session: AsyncSession, levels: Mapping[str, str], *, by: Actor) -> None:
    """The level of own skills by name; a skill that is not there is left alone."""
    known = {str(level.value) for level in Level}
    if not set(levels.values()) <= known:
        raise Invalid({"niveau": Reason("niveau", N_("Kies een van de mogelijkheden."))})
    given = {"person": by.person_id, "names": list(levels), "levels": [int(level) for level in levels.values()]}
    changed = (await session.execute(_LEVELS, given)).all()
    if changed:
        facts = {"added": 0, "dropped": 0, "levels": len(changed)}
        await record(session, Note("person.skills_changed", (("person", _me(by)),), facts), by=by)


async def set_wishes(session: AsyncSession, form: WishForm, *, by: Actor) -> None:
    """Own wishes; the journal says that they changed, not what they are."""
    if not form.soorten <= {"klus", "project", "vacature"}:
        raise Invalid({"soort": Reason("soort", N_("Kies een van de mogelijkheden."))})
    given = {"person": by.person_id, "open": form.open, "most": form.urenHoogstens, "kinds": sorted(form.soorten)}
    await session.execute(_WISHES, given)
    await record(session, Note("person.wishes_changed", (("person", _me(by)),), {"open": form.open}), by=by)


async def about_claim(session: AsyncSession, claim_id: UUID, *, by: Actor, at: datetime) -> tuple[Any, UUID]:
    """The finished claim and whom this person may say something about: who took part writes to who posted, and back."""
    claim = await claim_for(session, claim_id, by, at=at)
    klus = await klus_for(session, claim.klus_id, by, at=at)
    if claim.state != ClaimState.COMPLETED:
        raise Conflict(
            Reason("verkeerd_moment", N_("Een terugkoppeling schrijf je als de inzet is afgerond.")),
            then=(NextStep(N_("Bekijk de klus."), f"/klussen/{claim.klus_id}"),),
        )
    about = klus.posted_by if claim.person_id == by.person_id else claim.person_id
    if about == by.person_id:
        raise Conflict(Reason("eigen_aanvraag", N_("Over je eigen klus schrijf je geen terugkoppeling.")))
    if claim.person_id != by.person_id and not klus.may_manage:
        raise NotFound(Reason("onbekend", N_("Deze inzet bestaat niet.")))
    return claim, about


async def give_feedback(
    session: AsyncSession, claim_id: UUID, form: FeedbackForm, *, consent: bool, by: Actor, at: datetime
) -> None:
    """WOR 27: refused as long as the works council's consent is not recorded. Twice the same is once."""
    if not consent:
        raise NotAllowed(
            Reason("geen_recht", N_("De ondernemingsraad heeft hier nog niet mee ingestemd. Dit staat uit.")),
            then=(NextStep(N_("Lees wie wat ziet."), "/wat-ziet-wie"),),
        )
    claim, about = await about_claim(session, claim_id, by=by, at=at)
    given = {"claim": claim_id, "author": by.person_id, "about": about, "words": form.tekst, "klus": claim.klus_id}
    if (await session.execute(_SAY, given)).first() is None:
        return
    names = list(form.vaardigheden) if about == claim.person_id else []
    await session.execute(_ENDORSE, {**given, "names": names})
    facts = {"klus": str(claim.klus_id), "skills": len(names)}
    await record(session, Note("feedback.given", (("person", about),), facts), by=by)


def _me(by: Actor) -> UUID:
    assert by.person_id is not None
    return by.person_id
