"""What a form on the page of a proposal does: one act each, from its fields."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from teams.governance.actions.objections import (
    confirm_objection,
    examine_objection,
    integrate_objection,
    raise_objection,
    withdraw_objection,
)
from teams.governance.actions.proposals import (
    call_meeting,
    submit_proposal,
    withdraw_proposal,
)
from teams.governance.actions.responses import respond
from teams.governance.actions.striking import strike_proposal
from teams.governance.choice_forms import StrikeForm
from teams.governance.forms import CriteriaForm, IntegrationForm, ObjectionForm, ResponseForm
from teams.governance.models import Criterion
from teams.journal.models import Actor
from teams.kit.forms import validated
from teams.web.forms import Fields

Act = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]


async def _submit(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await submit_proposal(session, id, by=by, at=at)


async def _withdraw(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await withdraw_proposal(session, id, by=by, at=at)


async def _meet(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await call_meeting(session, id, by=by, at=at)


async def _respond(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    """The one form of a member: no objection, an objection, or a question."""
    fields.only("versie", "r", "zin", "vraag", "regelbreuk")
    version, said = fields.one("versie"), fields.one("r")
    if said == "bezwaar":
        given = {"versie": version, "tekst": fields.one("zin"), "regelbreuk": fields.one("regelbreuk") == "1"}
        await raise_objection(session, id, validated(ObjectionForm, given), by=by, at=at)
        return
    given = {"versie": version, "reactie": said, "tekst": fields.one("vraag") or None}
    await respond(session, id, validated(ResponseForm, given), by=by, at=at)


async def _strike(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("schrap")
    await strike_proposal(session, id, validated(StrikeForm, {"tekst": fields.one("schrap")}), by=by, at=at)


ACTS: dict[str, Act] = {
    "schrapping": _strike,
    "indiening": _submit,
    "intrekking": _withdraw,
    "overleg": _meet,
    "reacties": _respond,
}


async def _examine(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    names = [name for one in Criterion for name in (one.value, f"{one.value}_tekst")]
    fields.only("regelbreuk", *names)
    asked = [one for one in Criterion if fields.one(one)]
    criteria = [
        {"criterium": one, "ja": fields.one(one) == "ja", "tekst": fields.one(f"{one.value}_tekst")} for one in asked
    ]
    breach = fields.one("regelbreuk")
    given = {"criteria": criteria, "regelbreuk": breach == "ja" if breach else None}
    await examine_objection(session, id, validated(CriteriaForm, given), by=by, at=at)


async def _integrate(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("tekst")
    await integrate_objection(session, id, validated(IntegrationForm, {"tekst": fields.one("tekst")}), by=by, at=at)


async def _confirm(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await confirm_objection(session, id, by=by, at=at)


async def _drop(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await withdraw_objection(session, id, by=by, at=at)


OBJECTION_ACTS: dict[str, Act] = {
    "toets": _examine, "verwerking": _integrate, "bevestiging": _confirm, "intrekking": _drop,
}  # fmt: skip
