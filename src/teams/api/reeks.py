"""A reeks over the API: like decisions under one power, declared once, each an entry."""

import json
from typing import Annotated
from uuid import UUID

from litestar import Response
from pydantic import BaseModel, ConfigDict, Field

from teams.api.besluit_vormen import Genomen
from teams.api.besluiten import no_token_outside_the_demo
from teams.api.bevoegdheidsvragen import Reference, Vraag, as_written, question_from
from teams.api.problems import MEDIA, TITLES, Probleem, Reden, Vervolg
from teams.api.routes import Doc, actor, answer, post
from teams.decisions.actions.batch import MOST, Batch, NotAll, decide_batch
from teams.decisions.forms import DecisionForm, Herkomst, Reasons, Subject
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated_json
from teams.kit.text import N_
from teams.mandates.forms import PlainAmount


class ReeksRegel(BaseModel):
    """Eén besluit van de reeks; wat hier niet staat, geldt van de hele reeks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bedrag: PlainAmount = None
    zaak: Reference | None = None
    wederpartij: Reference | None = None
    onderwerp: Subject | None = None


class Reeks(Vraag):
    """De vraag en de verklaring één keer, en wat per besluit anders is."""

    onderwerp: Subject | None = None
    motivering: Reasons
    belangVerklaring: Annotated[
        bool, Field(description="je verklaart dat je bij geen enkel besluit een eigen belang hebt")
    ]
    herkomst: Herkomst = "intern"
    besluiten: Annotated[list[ReeksRegel], Field(min_length=1, max_length=MOST)]


class ReeksUit(BaseModel):
    """De besluiten van de reeks, in de volgorde van hun nummer."""

    reeks: UUID
    aantal: int
    besluiten: list[Genomen]


EXAMPLE = {
    "bevoegdheid": "WKP-01", "onderwerp": "Beperking ingeschreven", "motivering": "Volgt uit het bronbesluit.", "belangVerklaring": True,
    "gevoelig": False, "besluiten": [{"zaak": "26-WKP-0001"}, {"zaak": "26-WKP-0002"}],
}  # fmt: skip


@post(
    "/besluiten/reeks",
    policy="employee",
    doc=Doc("Leg een reeks besluiten vast", answer=ReeksUit, body=Reeks, example=EXAMPLE, status=201, refusals=(409,)),
)
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = validated_json(Reeks, as_written(as_written(await request.body() or b"{}", "bedrag"), "besluiten"))
    no_token_outside_the_demo(request)
    at = await now(session)
    if wish.bekend is not None:
        raise Invalid({"bekend": Reason("bekend", N_("Een besluit rust op wat nu bekend is. Laat dit veld weg."))})
    if wish.op is not None and wish.op[:10] > day_of(at).isoformat():
        raise Invalid({"op": Reason("op", N_("Een besluit leg je vast op de dag zelf of daarna, niet vooraf."))})
    rows = []
    for line in wish.besluiten:
        own = {name: value for name, value in line.model_dump().items() if value is not None}
        one = wish.model_copy(update=own)
        form = DecisionForm(
            onderwerp=one.onderwerp,
            motivering=one.motivering,
            belangVerklaring=one.belangVerklaring,
            herkomst=one.herkomst,
        )
        rows.append((question_from(one, me.person_id, at), form))
    done = await decide_batch(session, rows, by=actor(request, me), at=at)
    return made(done) if isinstance(done, Batch) else refused(request, done)


def made(done: Batch) -> Response[bytes]:
    taken = [
        Genomen(nummer=row.number, uitkomst=row.outcome, ondertekening=row.signature, vastgelegd=False)
        for row in done.rows
    ]
    return answer(ReeksUit(reeks=done.id, aantal=len(taken), besluiten=taken), status=201)


def refused(request: Page, done: NotAll) -> Response[bytes]:
    """409 with every line that stands in the way; the attempts stay recorded, so this is no error that undoes them."""
    speak = words(language_of(request))
    told = [
        (line.code, speak.say(N_("Besluit {n}: {zin}"), {"n": n, "zin": str(line.text)}))
        for n, one in done.refused
        for line in one.answer.reasons
    ]
    told += [
        ("M20", speak.say(N_("Besluit {n}: hier beslist een tweede persoon mee. Leg het apart vast."), {"n": n}))
        for n in done.together
    ]
    problem = Probleem(
        title=speak.say(TITLES[409]), status=409, detail=speak.say(N_("De reeks is niet vastgelegd: niet elk besluit mag.")),
        redenen=[Reden(code=code, tekst=sentence) for code, sentence in told],
        vervolg=[Vervolg(tekst=speak.say(N_("Haal deze besluiten uit de reeks en leg ze apart voor.")), url="/besluiten/nieuw")],
    )  # fmt: skip
    body = problem.model_dump(mode="json", exclude_none=True)
    return Response(json.dumps(body, ensure_ascii=False).encode(), status_code=409, media_type=MEDIA)


HANDLERS = [create]
