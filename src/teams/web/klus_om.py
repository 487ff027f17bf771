"""Around a klus: questions and answers, who helps manage it, inviting, a copy, team claims, a short link."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.actions.around import (
    add_owner,
    answer_question,
    ask_question,
    copy_klus,
    invite,
    klus_by_number,
    remove_owner,
)
from teams.klussen.actions.phases import send_back_klus
from teams.klussen.actions.team import claim_for_team, name_people, release_places
from teams.klussen.forms import AnswerForm, NamesForm, PersonForm, QuestionForm, ReasonForm, TeamClaimForm
from teams.klussen.people import klus_of_question, klus_of_team_claim, person_by_words
from teams.web.answers import see_other
from teams.web.forms import form_of
from teams.web.klussen import show_klus
from teams.web.once import once

Do = Callable[[Actor], Awaitable[Any]]


async def done(
    request: Page, session: Any, me: Any, klus_id: UUID, do: Do, goal: str, typed: dict[str, str] | None = None
) -> Response[Any]:
    """The act and then the page of the klus; a refusal draws that page with what was typed and what is wrong."""
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        async with session.begin_nested():
            await do(by)
    except NotFound:
        raise
    except Refusal as refusal:
        return await show_klus(
            request, session, me, klus_id, refusal=refusal, typed=typed or {}, status=status_of(refusal)
        )
    return see_other(f"/klussen/{klus_id}?gelukt={goal}")


@get("/k/{number:str}", policy="employee")
async def short_link(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[Any]:
    """A link to share, as short as it can be; it opens only for who may see the klus."""
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise NotFound(Reason("onbekend", N_("Deze klus bestaat niet.")))
    at = await now(session)
    return see_other(f"/klussen/{await klus_by_number(session, int(number), me.actor(), at=at)}")


@post("/klussen/{klus_id:uuid}/vragen", policy="employee")
async def ask(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("vraag")
    at = await now(session)

    async def do(by: Actor) -> None:
        form = validated(QuestionForm, {"vraag": fields.one("vraag")})
        await ask_question(session, klus_id, form.vraag, by=by, at=at)

    return await once(
        request, session, me, lambda: done(request, session, me, klus_id, do, "gevraagd#vragen", fields.typed())
    )


@post("/vragen/{question_id:uuid}/antwoord", policy="employee")
async def reply(request: Page, question_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("antwoord")
    at, klus_id = await now(session), await klus_of_question(session, question_id)

    async def do(by: Actor) -> None:
        form = validated(AnswerForm, {"antwoord": fields.one("antwoord")})
        await answer_question(session, question_id, form.antwoord, by=by, at=at)

    return await done(request, session, me, klus_id, do, "beantwoord#vragen", fields.typed())


@post("/klussen/{klus_id:uuid}/medebeheer", policy="employee")
async def help_manage(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("collega")
    at = await now(session)

    async def do(by: Actor) -> None:
        person = await person_by_words(session, fields.one("collega"), field="collega")
        await add_owner(session, klus_id, person, by=by, at=at)

    return await done(request, session, me, klus_id, do, "medebeheer#beheer", fields.typed())


@post("/klussen/{klus_id:uuid}/medebeheer-einde", policy="employee")
async def stop_helping(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("persoonId")
    at = await now(session)

    async def do(by: Actor) -> None:
        person = validated(PersonForm, {"persoonId": fields.one("persoonId")}).persoonId
        await remove_owner(session, klus_id, person, by=by, at=at)

    return await done(request, session, me, klus_id, do, "medebeheer-einde")


@post("/klussen/{klus_id:uuid}/uitnodigingen", policy="employee")
async def invite_colleague(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("genodigde")
    at = await now(session)

    async def do(by: Actor) -> None:
        person = await person_by_words(session, fields.one("genodigde"), field="genodigde")
        await invite(session, klus_id, person, by=by, at=at)

    return await done(request, session, me, klus_id, do, "uitgenodigd#beheer", fields.typed())


@post("/klussen/{klus_id:uuid}/kopie", policy="employee")
async def copy(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])

    async def do() -> Response[Any]:
        made = await copy_klus(session, klus_id, by=by, at=await now(session))
        return see_other(f"/klussen/{made.id}/wijzigen")

    return await once(request, session, me, do)


@post("/klussen/{klus_id:uuid}/terugsturing", policy="employee")
async def send_back(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("reden")
    at = await now(session)

    async def do(by: Actor) -> None:
        form = validated(ReasonForm, {"reden": fields.one("reden")})
        await send_back_klus(session, klus_id, by=by, at=at, reason=form.reden)

    return await done(request, session, me, klus_id, do, "teruggestuurd", fields.typed())


@post("/klussen/{klus_id:uuid}/teamclaims", policy="claimant")
async def reserve(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("team", "aantal")
    at = await now(session)

    async def do(by: Actor) -> None:
        typed = {"teamId": fields.one("team"), "plaatsen": fields.one("aantal")}
        form = validated(TeamClaimForm, typed)
        await claim_for_team(session, klus_id, form.teamId, form.plaatsen, by=by, at=at)

    return await done(request, session, me, klus_id, do, "vastgehouden#team", fields.typed())


@post("/teamclaims/{team_claim_id:uuid}/namen", policy="claimant")
async def name(request: Page, team_claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("personen")
    at, klus_id = await now(session), await klus_of_team_claim(session, team_claim_id)

    async def do(by: Actor) -> None:
        people = fields.many("personen")
        if not people:
            raise Invalid({"personen": Reason("personen", N_("Kies minstens één collega."))})
        form = validated(NamesForm, {"personen": people})
        await name_people(session, team_claim_id, form.personen, by=by, at=at)

    return await done(request, session, me, klus_id, do, "genoemd#team", fields.typed())


@post("/teamclaims/{team_claim_id:uuid}/vrijgave", policy="claimant")
async def release(request: Page, team_claim_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    at, klus_id = await now(session), await klus_of_team_claim(session, team_claim_id)

    async def do(by: Actor) -> None:
        await release_places(session, team_claim_id, by=by, at=at)

    return await done(request, session, me, klus_id, do, "vrijgegeven")


router = Router(
    path="/",
    route_handlers=[
        short_link, ask, reply, help_manage, stop_helping, invite_colleague, copy, send_back, reserve, name, release,
    ],
)  # fmt: skip
