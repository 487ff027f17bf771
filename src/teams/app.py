"""Puts the floors together; the only place that knows every part."""

from contextlib import suppress
from typing import Any

from litestar import Litestar, Response
from litestar.datastructures import State
from litestar.di import Provide
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from teams.api import notificaties, problems, scim, scim_answers
from teams.api import router as api
from teams.http.following import Following
from teams.http.gate import Gate
from teams.http.wants import Page, admit, provide_me, provide_session
from teams.jobs.check import check
from teams.kit.db import Database
from teams.kit.migrate import older
from teams.kit.settings import Settings
from teams.people.naming import name_organisation
from teams.web import (
    answers,
    beheer,
    besluit,
    besluit_reeks,
    besluit_voornemen,
    besluiten,
    bewaren,
    correcties,
    gegevens,
    geschiedenis,
    inloggen,
    inloggen_stap,
    instellingen,
    invoer,
    inzet,
    kaders,
    klus_kiezen,
    klus_om,
    klussen,
    koers,
    live,
    logboek,
    mag_ik_dit,
    mandaat_beheer,
    mandaat_beheer_besluit,
    mandaat_beheer_overnemen,
    mandaat_beheer_rond,
    mandaat_beheer_uit,
    mandaat_beheer_vraag,
    mandaat_inlichtingen,
    mandaatlogboek,
    mandaten,
    meldingen,
    mobiliteit,
    oidc,
    organisatie,
    overleggen,
    overleggen_agenda,
    passkeys,
    personen,
    profiel,
    rollen,
    rolvervulling,
    sessies,
    static,
    steekproef,
    teams,
    toegang,
    toetslijst,
    uren,
    vacature,
    vast,
    vastgelopen,
    verantwoording_stappen,
    verantwoording_uit,
    verkiezingen,
    voorstellen,
    week,
    werk,
    zoeken,
    zoekopdrachten,
)

PAGES: list[Any] = [
    week.router,
    mobiliteit.router,
    uren.router,
    vacature.router,
    profiel.router,
    zoekopdrachten.router,
    sessies.router,
    passkeys.router,
    gegevens.router,
    bewaren.router,
    correcties.router,
    toegang.router,
    beheer.router,
    instellingen.router,
    invoer.router,
    klussen.router,
    inzet.router,
    klus_om.router,
    klus_kiezen.router,
    mag_ik_dit.router,
    besluiten.router,
    besluit_reeks.router,
    besluit_voornemen.router,
    besluit.router,
    kaders.router,
    mandaten.router,
    mandaatlogboek.router,
    steekproef.router,
    toetslijst.router,
    verantwoording_stappen.router,
    verantwoording_uit.router,
    mandaat_beheer.router,
    mandaat_beheer_besluit.router,
    mandaat_beheer_overnemen.router,
    mandaat_beheer_rond.router,
    mandaat_beheer_uit.router,
    mandaat_beheer_vraag.router,
    mandaat_inlichtingen.router,
    inloggen.router,
    inloggen_stap.router,
    oidc.router,
    vast.router,
    logboek.router,
    organisatie.router,
    teams.router,
    koers.router,
    vastgelopen.router,
    rollen.router,
    rolvervulling.router,
    verkiezingen.router,
    personen.router,
    zoeken.router,
    geschiedenis.router,
    voorstellen.router,
    overleggen.router,
    overleggen_agenda.router,
    live.router,
    meldingen.router,
    werk.router,
    static.send_static,
]


def refuse(request: Page, error: Exception) -> Response[Any]:
    """Every error in the form of its face."""
    if request.scope["path"].startswith("/api/"):
        return problems.refuse(request, error)
    if request.scope["path"].startswith("/scim/"):
        return scim_answers.refuse(request, error)
    return answers.refuse(request, error)


def create_app(settings: Settings, database: Database | None = None) -> Gate:
    """The web application behind its gate. A `database` that is given stays open when the app stops."""
    own = database is None
    db = database or Database(settings.database_url, pool=settings.pool, read_url=settings.read_database_url)

    hub = live.hub_of(settings)

    async def listen() -> None:
        hub.end_at_sigterm()

    async def name() -> None:
        """A database that is away now is named at the next start."""
        with suppress(DBAPIError, PoolTimeout, OSError):
            async with db.begin() as session:
                chosen = "municipality" in settings.model_fields_set
                await name_organisation(session, settings.municipality, chosen=chosen)

    def use(found: Settings) -> None:
        app.state.settings = gate.settings = found
        gate.pace.most = found.account_rate

    following = Following(db, settings, use)

    async def close() -> None:
        await following.stop()
        await hub.stop()
        if own:
            await db.close()

    app = Litestar(
        route_handlers=[*PAGES, api.router, scim.router, notificaties.router],
        dependencies={"session": Provide(provide_session), "me": Provide(provide_me, sync_to_thread=False)},
        guards=[admit],
        exception_handlers={Exception: refuse},
        state=State(
            {
                "database": db,
                "settings": settings,
                "environment": settings,
                "older": older(),
                "live": hub,
                "check": check,
            }
        ),
        on_startup=[listen, name, following.start],
        on_shutdown=[close],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    gate = Gate(app, database=db, settings=settings)
    return gate
