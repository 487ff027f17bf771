"""The OpenAPI 3.1 document, made from the papers of every call (NLGov REST API Design Rules)."""

import re
from collections.abc import Iterable
from typing import Any

from litestar.handlers import HTTPRouteHandler
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from teams.api.problems import MEDIA, TITLES, Probleem
from teams.api.routes import Doc
from teams.http.gate import API_VERSION
from teams.http.wants import Policy

Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_ALWAYS = (400, 401, 403, 406, 414, 429, 500, 503)
_WITH_BODY = (408, 413, 415)
_WITH_KEY = (409, 422)
_POLICIES = {
    Policy.SIGNED_IN: "Voor iedereen met een account, ook raadslezers.",
    Policy.EMPLOYEE: "Voor iedereen die in de organisatie werkt.",
    Policy.CLAIMANT: "Voor medewerkers; niet voor bestuurders en raadslezers.",
    Policy.SECRETARY: "Alleen voor de gemeentesecretaris.",
}
_DUTCH = {
    "AdviceForm": "Advies op één voorwaarde. `gegevenDoor`: alleen als wie adviseerde niet in Teams staat.",
    "AnswerForm": "Het antwoord op een vraag om inlichtingen.",
    "ClaimState": "De stand van een inzet.",
    "ConfirmForm": "Het antwoord van de tweede persoon, met dezelfde verklaring.",
    "CorrectionForm": "Een verschrijving; het bedrag en de bevoegdheid zijn geen verschrijving maar een ander besluit.",
    "ObjectionLostForm": "Een uitspraak op bezwaar of beroep die zegt dat de bevoegdheid ontbrak.",
    "DefectForm": "Een gebrek in de bevoegdheid dat achteraf blijkt.",
    "HandUpForm": "Aan wie het mag, en waarom.",
    "InformationForm": "Een vraag van wie het mandaat gaf, met een termijn (Awb 10:6 lid 2).",
    "IntentState": "De stand van een voornemen: waarop het wacht, of hoe het afliep.",
    "OrganForm": "Het orgaan dat de bevoegdheid heeft.",
    "OutcomeForm": "Wat het orgaan besloot, met dag en nummer van de besluitenlijst.",
    "ProposalTextForm": "De tekst van het voorstel; `versie` is de versie die je las.",
    "RatificationForm": "De bekrachtiging door het orgaan; bij privaatrecht ook wanneer de andere partij het hoorde (BW 3:69).",
    "SecondForm": "Wie meebeslist.",
    "Standing": "Of het controlepunt van het logboek de regel omvat.",
    "ConsentForm": "De vorm waarin een team besluit, van licht naar streng.",
    "CriteriaForm": "Leeg: vraag om de toets. Gevuld: de uitkomst, door wie toetst.",
    "Criterion": "De vier vragen van de toets: schade, raakt een rol van de indiener, nieuw door dit voorstel, zeker of te laat te herstellen.",
    "CriterionForm": "Het antwoord op één van de vier vragen.",
    "HandBackForm": "Waarom je teruggeeft en wat de volgende moet weten; allebei mag wegblijven.",
    "IntegrationForm": "Hoe het bezwaar is opgelost; met `wijzigingen` wordt dat de volgende versie, zodra de ander bevestigt.",
    "Items": "Wat erbij komt (teksten) en wat weg gaat (ids).",
    "ItemOutcome": "Waar een punt op uitkwam.",
    "ItemState": "De stand van een punt.",
    "ItemStep": "De stappen van een punt in het roloverleg, in deze volgorde.",
    "Kind": "Klus: losse uren. Project: deeltijd voor een periode. Vacature: vaste formatie.",
    "KlusForm": "Een klus: uren per week (`urenMin`, `urenMax`) of in totaal (`urenTotaal`); `tot` is tot en met.",
    "KlusState": "De stand van een klus.",
    "MandateRequest": "Vraag om een mandaat; een team kan dat zelf niet geven.",
    "MeetingKind": "Roloverleg: over rollen en afspraken. Werkoverleg: over het werk van nu.",
    "MeetingState": "De stand van een overleg.",
    "MeetingStep": "De stappen van een overleg.",
    "ObjectionForm": "Een overwegend bezwaar: één zin is genoeg.",
    "ObjectionState": "De stand van een overwegend bezwaar.",
    "Origin": "Waar een klus vandaan komt.",
    "PolicyEnd": "Een afspraak vervalt.",
    "PolicyKind": "De soorten afspraken; vanaf besluitvorm volgt de software wat er staat.",
    "PolicyMove": "Een afspraak gaat naar het team direct erboven of eronder.",
    "PolicyNew": (
        "Een nieuwe afspraak. `vorm` en `termijn` (werkdagen) horen bij de soort besluitvorm; `wie` bij vervulling en instemming;"
        " `kandidaten` bij kandidaten; `percentage` bij quorum."
    ),
    "ProposalForm": "Een spanning uit een eigen rol, een echt voorbeeld, en wat er verandert.",
    "ProposalState": "De stand van een voorstel.",
    "DecisionForm": "Akkoord of niet; bij niet hoort een reden.",
    "ElectionForm": "Wat de rol nu vraagt en tot en met wanneer; geen woord over kandidaten.",
    "ElectionState": "De stand van een verkiezing.",
    "Filling": "Wie een rol gaat vervullen; dit maakt een verkiezing of een vraag, nooit een voorstel.",
    "NominationForm": "Precies één naam, met een reden.",
    "OfferForm": "Zonder persoon: ik wil deze rol zelf vervullen.",
    "OfferState": "De stand van een vraag om een rol te vervullen.",
    "ReasonForm": "Waarom; mag wegblijven.",
    "ResponseForm": "Een antwoord op één versie.",
    "RoleChange": "Een rol van het team verandert.",
    "RoleEnd": "Een rol vervalt.",
    "RoleMove": "Een rol gaat naar het team direct erboven of eronder.",
    "RoleNew": "Een nieuwe rol: een naam, en een doel, verantwoordelijkheid of domein.",
    "StandingKind": "Wat een team in elk werkoverleg langsloopt.",
    "StrikeForm": "Welke regel of wet het aangenomen voorstel brak.",
    "VersionForm": "De hele reeks wijzigingen opnieuw.",
    "Way": "Hoe de plekken worden verdeeld.",
}
"""What the shapes of the domain mean; those of the API say it themselves."""
_PATH: dict[str, Json] = {
    "uuid": {"type": "string", "format": "uuid"},
    "str": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"},
}
_PARAMETER = re.compile(r"{(\w+):(\w+)}")


def document(handlers: Iterable[HTTPRouteHandler], *, host: str) -> Json:
    """The whole document; `host` is the name under which the API stands."""
    calls = [(handler, handler.opt["doc"]) for handler in handlers]
    schemas = _schemas([doc for _, doc in calls])
    paths: Json = {}
    for handler, doc in calls:
        path = sorted(handler.paths)[0]
        method = sorted(handler.http_methods)[0].lower()
        paths.setdefault(_PARAMETER.sub(r"{\1}", path), {})[method] = _operation(handler, doc, path, method, schemas)
    queries = {doc.query.__name__ for _, doc in calls if doc.query is not None}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Teams",
            "version": API_VERSION,
            "description": "Klussen, inzet, teams, rollen en mensen van een gemeente die met zelfsturende teams werkt.",
            "contact": {"name": "Beheer van Teams", "url": f"https://{host}/hulp", "email": f"teams@{host}"},
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": f"https://{host}/api/v1"}],
        "tags": [{"name": name} for name in sorted({_tag(path) for path in paths})],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "responses": {f"Fout{status}": _problem(status) for status in sorted(TITLES)},
            "headers": {
                "API-Version": {
                    "description": "versie van de API", "schema": {"type": "string", "examples": [API_VERSION]},
                },
                "Retry-After": {"description": "zoveel seconden wachten", "schema": {"type": "integer", "minimum": 0}},
                "Location": {
                    "description": "adres van wat er nu is", "schema": {"type": "string", "format": "uri-reference"},
                },
            },
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "uit `teams token create`"},
                "sessie": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
                "formulier": {
                    "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
                    "description": "bij een sessie, voor alles wat iets verandert",
                },
            },
        },
    }  # fmt: skip


def _schemas(docs: list[Doc]) -> Json:
    wanted: set[tuple[type[BaseModel], Any]] = {(Probleem, "serialization")}
    for doc in docs:
        wanted.add((doc.answer, "serialization"))
        wanted.update((model, "validation") for model in (doc.body, doc.query) if model is not None)
    ordered = sorted(wanted, key=lambda pair: (pair[0].__name__, pair[1]))
    _, found = models_json_schema(ordered, ref_template=_REF)
    schemas: Json = found["$defs"]
    for name, schema in schemas.items():
        if name in _DUTCH:
            schema["description"] = _DUTCH[name]
        for part in (schema, *schema.get("properties", {}).values()):
            part.pop("title", None)
    return schemas


def _operation(handler: HTTPRouteHandler, doc: Doc, path: str, method: str, schemas: Json) -> Json:
    statuses = {*_ALWAYS, *doc.refusals}
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _PATH[kind]} for name, kind in _PARAMETER.findall(path)
    ]
    if doc.query is not None:
        parameters += _query(schemas[doc.query.__name__])
    changes: Json = {}
    if method in ("post", "patch"):
        statuses |= {*_WITH_BODY}
    if doc.body is not None:
        changes["requestBody"] = _body(doc, schemas)
    if method == "post":
        statuses |= {*_WITH_KEY}
        parameters.append(
            {
                "name": "Idempotency-Key", "in": "header",
                "description": "hetzelfde verzoek met dezelfde sleutel gebeurt één keer (24 uur)",
                "schema": {"type": "string", "pattern": "^[!-~]{1,200}$", "minLength": 1, "maxLength": 200},
            }
        )  # fmt: skip
    headers: Json = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    if doc.status == 201:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    success = {
        "description": doc.summary,
        "headers": headers,
        "content": {doc.media: {"schema": {"$ref": _REF.format(model=doc.answer.__name__)}}},
    }
    sessions: Json = {"sessie": []} if method == "get" else {"sessie": [], "formulier": []}
    return {
        "operationId": _operation_id(path, method),
        "summary": doc.summary,
        "description": _POLICIES[Policy(handler.opt["policy"])],
        "tags": [_tag(path)],
        "security": [{"token": []}, sessions],
        "parameters": parameters,
        **changes,
        "responses": {
            str(doc.status): success,
            **{str(status): {"$ref": f"#/components/responses/Fout{status}"} for status in sorted(statuses)},
        },
    }


def _body(doc: Doc, schemas: Json) -> Json:
    assert doc.body is not None
    content: Json = {"schema": {"$ref": _REF.format(model=doc.body.__name__)}}
    if doc.example is not None:
        content["example"] = doc.example
    required = bool(schemas[doc.body.__name__].get("required"))
    return {"required": required, "content": {"application/json": content}}


def _query(schema: Json) -> list[Json]:
    """Each field of a query model as a parameter; a parameter is there or not, never null."""
    found = []
    for name, part in schema["properties"].items():
        kinds = [kind for kind in part.get("anyOf", [part]) if kind.get("type") != "null"]
        described = {key: part[key] for key in ("examples",) if key in part}
        parameter = {"name": name, "in": "query", "schema": {**kinds[0], **described}}
        for needless in ("default" if part.get("default") in (None, "") else "", "description"):
            parameter["schema"].pop(needless, None)
        if "description" in part:
            parameter["description"] = part["description"]
        found.append(parameter)
    return found


def _problem(status: int) -> Json:
    headers: Json = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    if status in (429, 503):
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    return {
        "description": TITLES[status],
        "headers": headers,
        "content": {MEDIA: {"schema": {"$ref": _REF.format(model="Probleem")}}},
    }


def _operation_id(path: str, method: str) -> str:
    """getKlussen, getKlus-like names from the address: one per call, camelCase."""
    words = [word for word in re.split(r"[/{}:-]", _PARAMETER.sub(r"met-\1", path)) if word]
    return method + "".join(word[0].upper() + word[1:] for word in words)


def _tag(path: str) -> str:
    parts = path.strip("/").split("/")
    return "inzet" if "inzet" in parts else parts[0]
