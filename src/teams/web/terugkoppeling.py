"""Feedback after a finished klus, both ways; off until the works council's consent is recorded (WOR 27)."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import Conflict, Invalid, NotAllowed, Refusal
from teams.kit.forms import validated
from teams.klussen.actions.person import FeedbackForm, about_claim, give_feedback
from teams.klussen.queries import klus_for
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of
from teams.web.once import once
from teams.web.pages import page, sentences, steps


@get("/inzet/{claim_id:uuid}/terugkoppeling", policy="employee")
async def show(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, claim_id, Fields([]))


@post("/inzet/{claim_id:uuid}/terugkoppeling", policy="employee")
async def give(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _give(request, session, me, claim_id))


async def _give(request: Page, session: Any, me: Any, claim_id: UUID) -> Response[Any]:
    fields = await form_of(request)
    fields.only("tekst", "vaardigheid")
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    consent = bool(request.app.state.settings.works_council)
    try:
        given = {"tekst": fields.one("tekst"), "vaardigheden": fields.many("vaardigheid")}
        form = validated(FeedbackForm, given)
        async with session.begin_nested():
            await give_feedback(session, claim_id, form, consent=consent, by=by, at=await now(session))
    except (Invalid, NotAllowed, Conflict) as refusal:
        return await _show(request, session, me, claim_id, fields, refusal)
    return see_other("/profiel?gelukt=terugkoppeling")


async def _show(
    request: Page, session: Any, me: Any, claim_id: UUID, fields: Fields, refusal: Refusal | None = None
) -> Response[str]:
    at, by = await now(session), me.actor()
    claim, about = await about_claim(session, claim_id, by=by, at=at)
    klus = await klus_for(session, claim.klus_id, by, at=at)
    texts = sentences(request, refusal.reasons) if refusal else []
    return page(
        request, "profiel/terugkoppeling.html", status=status_of(refusal) if refusal else 200, claim=claim, klus=klus,
        naar=klus.poster if about == klus.posted_by else claim.name, over_mens=about == claim.person_id,
        typed=fields.typed(), gekozen=fields.many("vaardigheid"), aan=bool(request.app.state.settings.works_council),
        fouten=dict(zip(refusal.fields, texts, strict=True)) if isinstance(refusal, Invalid) else {},
        redenen=[] if isinstance(refusal, Invalid) else texts, vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, give])
