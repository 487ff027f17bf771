"""Besluiten: decide under a mandate, read a decision with its receipt, and what comes after it."""

import json
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response
from litestar.params import FromPath
from pydantic import Field, RootModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.besluit_vormen import Besluiten, BesluitKort, BesluitUit, Genomen, decision_out
from teams.api.bevoegdheidsvragen import Vraag, as_written, question_from
from teams.api.problems import MEDIA, TITLES, Probleem, Reden, Vervolg
from teams.api.routes import Doc, Paged, actor, answer, get, next_page, post, query_of
from teams.decisions.actions.decide import Refused, Taken, decide
from teams.decisions.actions.intents import prepare
from teams.decisions.forms import (
    DecisionForm,
    Herkomst,
    Reasons,
    Subject,
)
from teams.decisions.models import Source
from teams.decisions.queries.receipts import file_headers, receipt_for
from teams.decisions.queries.seen import decision_for, decisions_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NextStep, NotAllowed, Reason
from teams.kit.forms import validated_json
from teams.kit.text import N_, OptionalText
from teams.ledger.queries import Standing, covered
from teams.mandates.rules.base import Verdict


class Besluit(Vraag):
    """De vraag, en wat je erbij vastlegt. Bij een vertrouwelijke bevoegdheid wordt het onderwerp niet bewaard."""

    onderwerp: Subject | None = None
    motivering: Reasons
    belangVerklaring: Annotated[bool, Field(description="je verklaart dat je geen eigen belang hebt")]
    herkomst: Herkomst = "intern"
    instructieReden: Annotated[OptionalText, Field(description="waarom je een instructie niet volgt")] = None
    voornemen: Annotated[
        bool, Field(description="is het nog geen ja: bewaar het als voornemen in plaats van te weigeren")
    ] = False


class BesluitenVraag(Paged):
    bevoegdheid: Annotated[str, Field(max_length=40)] = ""


class Bewijs(RootModel[str]):
    """Een C2SP tlog-proof: de plek in het logboek, met de regel en wat je eruit mag openen."""


EXAMPLE = {
    "bevoegdheid": "SUB-01", "bedrag": 4000, "zaak": "26-SUB-0412", "gevoelig": False, "onderwerp": "Subsidie dansschool",
    "motivering": "Past in de regeling.", "belangVerklaring": True,
}  # fmt: skip


def no_token_outside_the_demo(request: Page) -> None:
    """A token from the command line proves no person: the system administrator made it."""
    if request.scope["state"].get("token_auth") and not request.app.state.settings.demo:
        raise NotAllowed(
            Reason("geen_recht", N_("Met een token leg je geen besluit vast. Log zelf in.")),
            then=(NextStep(N_("Log in en leg het daar vast."), "/besluiten/nieuw"),),
        )


@get("/besluiten", policy="employee", doc=Doc("Bekijk je besluiten", answer=Besluiten, query=BesluitenVraag))
async def list_own(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, BesluitenVraag)
    below = _place(wish.vanaf)
    rows = await decisions_of(
        session, actor(request, me), below=below, power=wish.bevoegdheid or None, most=wish.aantal + 1
    )
    places = await covered(session, [row.entry_id for row in rows], quorum=request.app.state.settings.witness_quorum)
    short = [
        BesluitKort(
            nummer=row.number, bevoegdheid=row.power, titel=row.power_title, uitkomst=row.outcome, onderwerp=row.subject,
            bedragCent=row.cents, beslotenOp=row.decided_at, vastgelegd=is_recorded(places, row.entry_id),
        )
        for row in rows[: wish.aantal]
    ]  # fmt: skip
    more = short[-1].nummer if len(rows) > wish.aantal else None
    return answer(Besluiten(resultaten=short, volgende=next_page(request, more)))


def _place(typed: str) -> str | None:
    if not typed:
        return None
    year, _, serial = typed.partition("-")
    if not (
        len(year) == 4
        and year.isascii()
        and year.isdigit()
        and serial.isascii()
        and serial.isdigit()
        and len(serial) < 10
    ):
        raise Invalid({"vanaf": Reason("vanaf", N_("Deze plek in de lijst kennen we niet. Begin vooraan."))})
    return typed


def is_recorded(places: Any, entry: UUID) -> bool:
    return entry in places and places[entry].standing is Standing.RECORDED


@post(
    "/besluiten",
    policy="employee",
    doc=Doc("Leg een besluit vast", answer=Genomen, body=Besluit, example=EXAMPLE, status=201, refusals=(409,)),
)
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = validated_json(Besluit, as_written(await request.body() or b"{}", "bedrag"))
    no_token_outside_the_demo(request)
    by, at = actor(request, me), await now(session)
    if wish.bekend is not None:
        raise Invalid({"bekend": Reason("bekend", N_("Een besluit rust op wat nu bekend is. Laat dit veld weg."))})
    if wish.op is not None and wish.op[:10] > day_of(at).isoformat():
        raise Invalid({"op": Reason("op", N_("Een besluit leg je vast op de dag zelf of daarna, niet vooraf."))})
    question = question_from(wish, me.person_id, at)
    form = DecisionForm.model_construct(**{name: getattr(wish, name) for name in DecisionForm.model_fields})
    done = await decide(session, question, form, by=by, at=at, source=Source.API, keep_attempt=not wish.voornemen)
    if isinstance(done, Taken):
        return taken(done)
    if done.needs_second or wish.voornemen:
        made = await prepare(session, question, form, by=by, at=at)
        verdict = "samen_met" if done.needs_second else done.weighed.answer.verdict.word
        return answer(
            Genomen(nummer=None, uitkomst=verdict, ondertekening=None, vastgelegd=False, voornemen=made),
            status=201, at=f"/api/v1/voornemens/{made}",
        )  # fmt: skip
    return refused(request, done)


def taken(done: Taken, status: int = 201) -> Response[bytes]:
    return answer(
        Genomen(nummer=done.number, uitkomst=done.outcome, ondertekening=done.signature, vastgelegd=False),
        status=status, at=f"/api/v1/besluiten/{done.number}",
    )  # fmt: skip


def refused(request: Request[Any, Any, Any], done: Refused) -> Response[bytes]:
    """409 with the question's answer: the attempt stays recorded, so this is no error that undoes it."""
    given = done.weighed.answer.to_dict()
    speak = words(language_of(request))
    reasons = [Reden(code=line.code, tekst=str(line.text)) for line in done.weighed.answer.reasons]
    steps = [Vervolg(tekst=str(step.text)) for step in done.weighed.answer.next_steps]
    if done.weighed.answer.verdict is not Verdict.NO:
        steps.append(
            Vervolg(
                tekst=speak.say(N_("Stuur het opnieuw met voornemen: true, dan wacht het op wie nog iets moet zeggen."))
            )
        )
    problem = Probleem(
        title=speak.say(TITLES[409]), status=409, detail=done.weighed.answer.sentence, redenen=reasons, vervolg=steps
    )
    body = {**given, **problem.model_dump(mode="json", exclude_none=True)}
    return Response(json.dumps(body, ensure_ascii=False).encode(), status_code=409, media_type=MEDIA)


@get("/besluiten/{nummer:str}", policy="employee", doc=Doc("Bekijk een besluit", answer=BesluitUit, refusals=(404,)))
async def show(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    return await shown(session, nummer, actor(request, me), quorum=request.app.state.settings.witness_quorum)


async def shown(session: AsyncSession, number: str, by: Actor, *, quorum: int, status: int = 200) -> Response[bytes]:
    seen = await decision_for(session, number, by)
    place = (await covered(session, [seen.row.entry_id], quorum=quorum)).get(seen.row.entry_id)
    return answer(decision_out(seen, place.standing if place else Standing.PENDING), status=status)


@get(
    "/besluiten/{nummer:str}/bewijs",
    policy="employee",
    doc=Doc("Haal het ontvangstbewijs op", answer=Bewijs, refusals=(404, 409), media="text/plain"),
)
async def receipt(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    made = await receipt_for(session, nummer, actor(request, me), quorum=request.app.state.settings.witness_quorum)
    return Response(made, media_type="text/plain", headers=file_headers(nummer))


HANDLERS = [list_own, create, show, receipt]
