"""Every error of the API as application/problem+json, with all reasons and the next steps."""

import json
from http import HTTPStatus
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from pydantic import BaseModel, Field

from teams.auth.form_keys import OtherRequest
from teams.auth.refused import TooMany
from teams.http.readable import Refused
from teams.http.refusals import read_error
from teams.http.wants import MustAddStep, MustChangePassword, NotSignedIn, Page, language_of
from teams.http.words import words
from teams.kit.errors import Invalid, NextStep, Reason
from teams.kit.text import N_

MEDIA = "application/problem+json"
TITLES: dict[int, str] = {
    400: N_("Dit verzoek klopt niet"),
    401: N_("Wie ben je?"),
    403: N_("Dit mag je niet"),
    404: N_("Niet gevonden"),
    405: N_("Dit kan hier niet"),
    406: N_("Deze vorm hebben we niet"),
    408: N_("Het duurde te lang"),
    409: N_("Dit kan nu niet"),
    413: N_("Te groot"),
    414: N_("Het adres is te lang"),
    415: N_("Deze vorm lezen we niet"),
    422: N_("Deze sleutel is al gebruikt"),
    429: N_("Te vaak"),
    500: N_("Er ging bij ons iets mis"),
    503: N_("Teams is even dicht"),
}
_SENTENCES: dict[int, str] = {
    400: N_("Kijk na wat je stuurt."),
    401: N_("Stuur een token mee, of log eerst in."),
    403: N_("Je hebt hier geen recht op."),
    404: N_("Op dit adres staat niets, of je mag het niet zien."),
    405: N_("Gebruik een van de methoden die dit adres kent."),
    406: N_("Vraag om application/json."),
    413: N_("Stuur minder tegelijk."),
    415: N_("Stuur application/json in UTF-8."),
    422: N_("Kies voor een ander verzoek een nieuwe Idempotency-Key."),
    500: N_("Het ligt niet aan jou. Meld het bij de beheerder met het nummer van het verzoek."),
    503: N_("Teams kan nu even niet bij de gegevens, of het is te druk. Probeer het over een paar tellen opnieuw."),
}
_FIRST = {
    MustChangePassword: NextStep(N_("Kies eerst een eigen wachtwoord."), "/wachtwoord"),
    MustAddStep: NextStep(N_("Voeg eerst een tweede stap toe."), MustAddStep.goal),
}


class Reden(BaseModel):
    """Waarom het niet kan. Bij een fout in de invoer is `code` de naam van het veld."""

    code: str
    tekst: str


class Vervolg(BaseModel):
    """Wat je nu kunt doen."""

    tekst: str
    url: str | None = None


class Probleem(BaseModel):
    """Een fout volgens RFC 9457."""

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Dit kan nu niet",
                    "status": 409,
                    "detail": "Alle 3 plekken zijn bezet.",
                    "redenen": [{"code": "vol", "tekst": "Alle 3 plekken zijn bezet."}],
                    "vervolg": [{"tekst": "Zoek een andere klus met een vrije plek.", "url": "/klussen?vrij=1"}],
                }
            ]
        }
    }

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    redenen: list[Reden]
    vervolg: list[Vervolg]
    verzoek: str | None = Field(None, description="nummer van het verzoek, bij een fout van ons")


def refuse(request: Page, error: Exception) -> Response[Any]:
    """What went wrong, as a problem: pages say 422 to a wrong form, the API says 400."""
    status, reasons, then, headers = _read(request, error)
    if status not in TITLES:
        status = 400 if status < 500 else 500
    speak = words(language_of(request))
    redenen = [Reden(code=reason.code, tekst=speak.reason(reason)) for reason in reasons]
    detail = " ".join(reden.tekst for reden in redenen) or speak.say(_SENTENCES.get(status, TITLES[status]))
    problem = Probleem(
        title=speak.say(TITLES[status]), status=status, detail=detail, redenen=redenen,
        vervolg=[Vervolg(tekst=speak.reason(step), url=step.url) for step in then],
        verzoek=request.scope["state"].get("request_id") if status >= 500 else None,
    )  # fmt: skip
    body = problem.model_dump(mode="json", exclude={"verzoek"} if problem.verzoek is None else None)
    for step in body["vervolg"]:
        if step["url"] is None:
            del step["url"]
    return Response(
        json.dumps(body, ensure_ascii=False).encode(), status_code=status, media_type=MEDIA, headers=headers
    )


def _read(request: Page, error: Exception) -> tuple[int, tuple[Reason, ...], tuple[NextStep, ...], dict[str, str]]:
    headers: dict[str, str] = {}
    if isinstance(error, NotSignedIn):
        return 401, (), (), {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MustChangePassword):
        return 403, (), (_FIRST[type(error)],), headers
    if isinstance(error, OtherRequest):
        return 422, (), (), headers
    status, reasons, then = read_error(request, error)
    if isinstance(error, Invalid) or status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = 400
    if isinstance(error, Refused):
        headers = {name.decode(): value.decode() for name, value in error.headers}
    if isinstance(error, HTTPException) and error.headers:
        headers = {name: value for name, value in error.headers.items() if name.lower() == "allow"}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.wait)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "2"
    return status, reasons, then, headers
