"""Bezwaren: object to a proposal, ask for the test or give its outcome, integrate, confirm, withdraw."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, post
from teams.governance.actions.objections import (
    confirm_objection,
    examine_objection,
    integrate_objection,
    raise_objection,
    withdraw_objection,
)
from teams.governance.forms import CriteriaForm, IntegrationForm, ObjectionForm
from teams.governance.models import Objection, ObjectionState
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now


class BezwaarStand(BaseModel):
    """De nieuwe stand van een overwegend bezwaar."""

    id: UUID
    status: ObjectionState


@post(
    "/voorstellen/{id:uuid}/bezwaren",
    policy="employee",
    doc=Doc(
        "Meld een overwegend bezwaar", answer=BezwaarStand, body=ObjectionForm, status=201, refusals=(404, 409),
        example={"versie": 1, "tekst": "Zonder jaargrens is het budget halverwege op."},
    ),
)  # fmt: skip
async def object_to(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, ObjectionForm), actor(request, me), await now(session)
    made = await raise_objection(session, id, form, by=by, at=at)
    return answer(BezwaarStand(id=made.id, status=ObjectionState(made.state)), status=201)


ObjectionAct = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Objection]]


async def _examine(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Objection:
    return await examine_objection(session, id, await body_of(request, CriteriaForm), by=by, at=at)


async def _integrate(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Objection:
    return await integrate_objection(session, id, await body_of(request, IntegrationForm), by=by, at=at)


async def _confirm(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Objection:
    await body_of(request, Leeg)
    return await confirm_objection(session, id, by=by, at=at)


async def _drop(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Objection:
    await body_of(request, Leeg)
    return await withdraw_objection(session, id, by=by, at=at)


def _on_objection(noun: str, summary: str, act: ObjectionAct, body: type[BaseModel] = Leeg) -> Any:
    """One call that moves an objection."""

    @post(
        f"/bezwaren/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=BezwaarStand, body=body, refusals=(404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        done = await act(session, id, actor(request, me), await now(session), request)
        return answer(BezwaarStand(id=done.id, status=ObjectionState(done.state)))

    return verb


HANDLERS = [
    object_to,
    _on_objection("toets", "Vraag de toets, of geef de uitkomst", _examine, CriteriaForm),
    _on_objection("verwerking", "Schrijf op hoe het bezwaar is opgelost", _integrate, IntegrationForm),
    _on_objection("bevestiging", "Bevestig de oplossing", _confirm),
    _on_objection("intrekking", "Trek je bezwaar in", _drop),
]
