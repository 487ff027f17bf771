"""What comes after a decision: corrections, defects, ratifications, questions for information."""

from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel

from teams.api.besluit_vormen import BesluitUit
from teams.api.besluiten import no_token_outside_the_demo, shown
from teams.api.routes import Doc, actor, body_of, post
from teams.decisions.actions.after import answer_information, ask_information, correct, ratify, report_defect
from teams.decisions.actions.objections import objection_lost
from teams.decisions.forms import (
    AnswerForm,
    CorrectionForm,
    DefectForm,
    InformationForm,
    ObjectionLostForm,
    RatificationForm,
)
from teams.decisions.queries.seen import decision_for
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now


def _after(noun: str, summary: str, body: type[BaseModel], verb: Any) -> Any:
    """One call that adds an entry about a decision."""

    @post(
        f"/besluiten/{{nummer:str}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=BesluitUit, body=body, status=201, refusals=(403, 404, 409)),
    )
    async def after(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
        by, form = actor(request, me), await body_of(request, body)
        await decision_for(session, nummer, by)
        no_token_outside_the_demo(request)
        await verb(session, nummer, form, by=by, at=await now(session))
        return await shown(session, nummer, by, quorum=request.app.state.settings.witness_quorum, status=201)

    return after


@post(
    "/besluiten/{nummer:str}/inlichtingen/{id:uuid}/antwoord",
    policy="employee",
    doc=Doc("Beantwoord een vraag om inlichtingen", answer=BesluitUit, body=AnswerForm, status=201, refusals=(403, 404, 409)),
)  # fmt: skip
async def reply(request: Page, nummer: FromPath[str], id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    by, form = actor(request, me), await body_of(request, AnswerForm)
    await decision_for(session, nummer, by)
    no_token_outside_the_demo(request)
    await answer_information(session, nummer, id, form, by=by, at=await now(session))
    return await shown(session, nummer, by, quorum=request.app.state.settings.witness_quorum, status=201)


HANDLERS = [
    reply,
    _after("correcties", "Voeg een correctie toe", CorrectionForm, correct),
    _after("gebreken", "Meld een bevoegdheidsgebrek", DefectForm, report_defect),
    _after("bekrachtigingen", "Leg de bekrachtiging door het orgaan vast", RatificationForm, ratify),
    _after("bezwaaruitkomsten", "Leg vast dat een bezwaar of beroep gegrond was omdat de bevoegdheid ontbrak", ObjectionLostForm, objection_lost),
    _after("inlichtingen", "Vraag inlichtingen", InformationForm, ask_information),
]  # fmt: skip
