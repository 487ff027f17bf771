"""Claiming a klus, and what the one who claimed can do with it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, Router, post
from litestar.params import FromPath

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Refusal
from teams.kit.forms import validated
from teams.klussen.actions.claim import (
    claim_klus,
    complete_claim,
    hand_back_claim,
    keep_claim,
    reconfirm_claim,
    withdraw_claim,
)
from teams.klussen.actions.offers import accept_offer, decline_offer
from teams.klussen.actions.steps import klus_id_of
from teams.klussen.forms import ClaimForm, CompleteForm, HandBackForm, LineForm
from teams.klussen.models import ClaimState
from teams.web.answers import see_other
from teams.web.forms import decimal_text, form_of, iso_date
from teams.web.klussen import show_klus
from teams.web.pages import is_htmx

DONE = {
    ClaimState.WAITING: "op-de-lijst", ClaimState.APPLIED: "aangemeld", ClaimState.AWAITING: "instemming-gevraagd",
}  # fmt: skip


@post("/klussen/{klus_id:uuid}/inzet", policy="claimant")
async def create(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("uren", "motivatie", "sleutel", "wachtlijst")
    typed: dict[str, Any] = {"uren": decimal_text(fields.one("uren")), "motivatie": fields.one("motivatie")}
    typed["wachtlijst"] = fields.one("wachtlijst") == "1"
    try:
        form = validated(LineForm, typed)
        async with session.begin_nested():
            _, made = await claim_klus(
                session, klus_id, by=_by(request, me), hours=form.uren, motivation=form.motivatie, line=form.wachtlijst
            )
    except NotFound:
        raise
    except Refusal as refusal:
        template = "klussen/_geclaimd.html" if is_htmx(request) else "klussen/show.html"
        return await show_klus(
            request, session, me, klus_id, refusal=refusal, typed=fields.typed(), template=template,
            status=status_of(refusal),
        )  # fmt: skip
    done = DONE.get(made.state, "geclaimd")
    if is_htmx(request):
        return await show_klus(request, session, me, klus_id, done=done, template="klussen/_geclaimd.html")
    return see_other(f"/klussen/{klus_id}?gelukt={done}#claim")


@post("/inzet/{claim_id:uuid}/intrekking", policy="claimant")
async def withdraw(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    claim = await withdraw_claim(session, claim_id, by=_by(request, me), at=await now(session))
    return see_other(f"/klussen/{claim.klus_id}?gelukt=claim-ingetrokken")


@post("/inzet/{claim_id:uuid}/teruggave", policy="claimant")
async def hand_back(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("op", "reden", "overdracht")
    try:
        typed = {"op": iso_date(fields.one("op")), "reden": fields.one("reden"), "overdracht": fields.one("overdracht")}
        form = validated(HandBackForm, typed)
        async with session.begin_nested():
            claim = await hand_back_claim(
                session, claim_id, by=_by(request, me), at=await now(session), on=form.op, reason=form.reden,
                handover=form.overdracht,
            )  # fmt: skip
    except Invalid as refusal:
        klus_id = await klus_id_of(session, claim_id)
        return await show_klus(
            request, session, me, klus_id, refusal=refusal, typed=fields.typed(), status=status_of(refusal)
        )
    done = "teruggegeven" if claim.state == ClaimState.HANDED_BACK else "stopt"
    return see_other(f"/klussen/{claim.klus_id}?gelukt={done}")


@post("/inzet/{claim_id:uuid}/voortzetting", policy="claimant")
async def keep(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    claim = await keep_claim(session, claim_id, by=_by(request, me), at=await now(session))
    return see_other(f"/klussen/{claim.klus_id}?gelukt=voortgezet")


@post("/inzet/{claim_id:uuid}/afronding", policy="employee")
async def complete(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("resultaat")
    form = validated(CompleteForm, {"resultaat": fields.one("resultaat")})
    claim = await complete_claim(session, claim_id, by=_by(request, me), at=await now(session), result=form.resultaat)
    return see_other(f"/klussen/{claim.klus_id}?gelukt=inzet-afgerond")


@post("/inzet/{claim_id:uuid}/acceptatie", policy="claimant")
async def accept(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    claim = await accept_offer(session, claim_id, by=_by(request, me), at=await now(session))
    return see_other(f"/klussen/{claim.klus_id}?gelukt={DONE.get(ClaimState(claim.state), 'aangenomen')}#claim")


@post("/inzet/{claim_id:uuid}/afslag", policy="claimant")
async def decline(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    claim = await decline_offer(session, claim_id, by=_by(request, me), at=await now(session))
    return see_other(f"/klussen/{claim.klus_id}?gelukt=afgeslagen#claim")


@post("/inzet/{claim_id:uuid}/herbevestiging", policy="claimant")
async def reconfirm(request: Page, claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("uren")
    hours = validated(ClaimForm, {"uren": decimal_text(fields.one("uren"))}).uren
    claim = await reconfirm_claim(
        session, claim_id, by=_by(request, me), at=await now(session), hours=None if hours is None else Decimal(hours)
    )
    return see_other(f"/klussen/{claim.klus_id}?gelukt=herbevestigd")


def _by(request: Page, me: Any) -> Actor:
    actor: Actor = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    return actor


router = Router(path="/", route_handlers=[create, withdraw, hand_back, keep, complete, accept, decline, reconfirm])
