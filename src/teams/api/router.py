"""All calls under `/api/v1`, and the document that describes them."""

import json
from functools import lru_cache
from typing import Any

import litestar
from litestar import Response, Router
from litestar.datastructures import State

from teams.api import (
    besluit_daarna,
    besluiten,
    bevoegdheden,
    bevoegdheidsvragen,
    bezwaren,
    invoer,
    inzet,
    klussen,
    koers,
    mandaat_inlichtingen,
    mandaat_wijzigen,
    mandaatinstelling,
    mandaten,
    mandatencheck,
    meldingen,
    mobiliteit,
    overleggen,
    personen,
    reeks,
    rollen,
    rolvervullingen,
    teamclaims,
    teams,
    terugkoppeling,
    uren,
    vacatures,
    vastgelopen,
    verkiezingen,
    voornemens,
    voorstellen,
    zoeken,
    zoekopdrachten,
)
from teams.api.openapi import document
from teams.api.routes import acceptable
from teams.kit.settings import Settings

HANDLERS: list[Any] = [
    *klussen.HANDLERS,
    *inzet.HANDLERS,
    *teamclaims.HANDLERS,
    *uren.HANDLERS,
    *vacatures.HANDLERS,
    *terugkoppeling.HANDLERS,
    *zoekopdrachten.HANDLERS,
    *teams.HANDLERS,
    *koers.HANDLERS,
    *vastgelopen.HANDLERS,
    *rollen.HANDLERS,
    *personen.HANDLERS,
    *invoer.HANDLERS,
    *zoeken.HANDLERS,
    *voorstellen.HANDLERS,
    *overleggen.HANDLERS,
    *bezwaren.HANDLERS,
    *verkiezingen.HANDLERS,
    *rolvervullingen.HANDLERS,
    *bevoegdheden.HANDLERS,
    *mandaatinstelling.HANDLERS,
    *mandaat_inlichtingen.HANDLERS,
    *mandaten.HANDLERS,
    *mandaat_wijzigen.HANDLERS,
    *bevoegdheidsvragen.HANDLERS,
    *mandatencheck.HANDLERS,
    *meldingen.HANDLERS,
    *mobiliteit.HANDLERS,
    *reeks.HANDLERS,
    *besluiten.HANDLERS,
    *besluit_daarna.HANDLERS,
    *voornemens.HANDLERS,
]


@lru_cache(maxsize=4)
def _document(host: str) -> bytes:
    return json.dumps(document(HANDLERS, host=host), ensure_ascii=False).encode()


def host_of(settings: Settings) -> str:
    """The name under which the API stands: the first that is served."""
    first = settings.hosts.split(",")[0].strip().lower()
    return first or "teams.example"


@litestar.get("/openapi.json", policy="public")
async def describe(state: State) -> Response[bytes]:
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(_document(host_of(state.settings)), media_type="application/json", headers=headers)


router = Router(path="/api/v1", route_handlers=[*HANDLERS, describe], guards=[acceptable])
