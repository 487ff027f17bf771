"""What a handler may ask for by name, and the policy that every route must name: who may come in."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.gate import SAFE
from teams.kit.errors import NextStep, NotAllowed, Reason
from teams.kit.text import N_

Session = NamedDependency[AsyncSession]
Me = NamedDependency[Visitor]
Page = Request[Any, Any, Any]


class Policy(StrEnum):
    """Who may come in. Without one a route lets nobody in."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    EMPLOYEE = "employee"
    CLAIMANT = "claimant"
    SECRETARY = "secretary"
    CONTROLLER = "controller"
    AUDIT = "audit"
    ACCOUNT = "account"
    OPERATIONS = "operations"
    ADMINISTRATOR = "administrator"
    DIRECTORY = "directory"


class NotSignedIn(Exception):
    """Log in first; `next` is where to go afterwards."""


class MustChangePassword(Exception):
    """The first password is changed before anything else."""

    goal = "/wachtwoord"


class MustAddStep(MustChangePassword):
    """A password alone opens nothing but the page where the second step is added."""

    goal = "/profiel/tweede-stap"


class MustProve(MustChangePassword):
    """Something that concerns the account itself: show once more who you are, then come back to `page`."""

    def __init__(self, page: str) -> None:
        self.goal = f"/inloggen/opnieuw?{urlencode({'next': page})}"


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The app's one guard: what the gate refused is refused here, then the route's policy decides.

    Asynchronous although it waits for nothing: Litestar gives every other guard a thread.
    """
    state = connection.scope["state"]
    if state.get("refused"):
        raise state["refused"]
    if isinstance(connection, Request) and connection.method == "OPTIONS":
        # Litestar's own answer names no policy; RFC 9110 15.5.6 asks what the address does know
        here = [route for route in connection.app.routes if route.path_format == connection.scope["path_template"]]
        known = {method for route in here for method in getattr(route, "methods", ()) if method != "OPTIONS"}
        raise MethodNotAllowedException(headers={"Allow": ", ".join(sorted(known))})
    policy = Policy(handler.opt["policy"])
    visitor: Visitor | None = state.get("visitor")
    if policy is Policy.PUBLIC:
        return
    if policy is Policy.DIRECTORY and state.get("directory"):
        return
    if visitor is None or policy is Policy.DIRECTORY:
        raise NotSignedIn
    if visitor.must_change and not handler.opt.get("first_login"):
        raise MustChangePassword
    if visitor.weak and not handler.opt.get("first_login"):
        raise MustAddStep
    if handler.opt.get("fresh") and not visitor.proved:
        raise MustProve(handler.opt["fresh"])
    if not _lets_in(policy, visitor):
        raise NotAllowed(_WHY[policy], then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),))


def _lets_in(policy: Policy, visitor: Visitor) -> bool:
    match policy:
        case Policy.EMPLOYEE:
            return visitor.is_employee
        case Policy.CLAIMANT:
            return visitor.may_claim
        case Policy.SECRETARY:
            return visitor.is_secretary
        case Policy.CONTROLLER:
            return "controller" in visitor.rights
        case Policy.AUDIT:
            return not visitor.rights.isdisjoint({"secretaris", "controller"})
        case Policy.ACCOUNT:
            return not visitor.rights.isdisjoint({"secretaris", "controller", "bestuurder", "raad"})
        case Policy.OPERATIONS:
            return not visitor.rights.isdisjoint({"secretaris", "beheer"})
        case Policy.ADMINISTRATOR:
            return "beheer" in visitor.rights
        case _:
            return True


_WHY = {
    Policy.EMPLOYEE: Reason("geen_recht", N_("Dit is voor wie in de organisatie werkt.")),
    Policy.CLAIMANT: Reason(
        "geen_recht", N_("Klussen doe je als medewerker. Bestuurders en raadslezers doen niet mee.")
    ),
    Policy.SECRETARY: Reason("geen_recht", N_("Dit doet alleen de gemeentesecretaris.")),
    Policy.CONTROLLER: Reason("geen_recht", N_("Dit doet alleen de concerncontroller.")),
    Policy.AUDIT: Reason("geen_recht", N_("Dit is voor de gemeentesecretaris en de concerncontroller.")),
    Policy.ACCOUNT: Reason(
        "geen_recht", N_("De verantwoording lezen raad, college, gemeentesecretaris en concerncontroller.")
    ),
    Policy.ADMINISTRATOR: Reason("geen_recht", N_("Dit doet alleen de systeembeheerder.")),
    Policy.OPERATIONS: Reason("geen_recht", N_("Dit is voor de systeembeheerder en de gemeentesecretaris.")),
}


async def provide_session(state: State, request: Page) -> AsyncIterator[AsyncSession]:
    """The gate's own session for safe requests; one transaction for all others."""
    if request.method in SAFE:
        yield request.scope["state"]["reading"]
    else:
        async with state.database.begin() as session:
            yield session


def provide_me(request: Page, session: Session) -> Visitor:
    """After the session, which it does not need: two that may come at once get a task each from Litestar."""
    visitor: Visitor | None = request.scope["state"]["visitor"]
    if visitor is None:
        raise NotSignedIn
    return visitor


def language_of(request: Page) -> str:
    """The account's language, or a visitor's first wish that we speak."""
    visitor: Visitor | None = request.scope["state"].get("visitor")
    if visitor is not None:
        return visitor.language
    chosen = request.cookies.get("__Host-taal")
    if chosen in ("nl", "en"):
        return str(chosen)
    wishes = request.headers.get("accept-language", "").lower()
    return "en" if wishes.startswith("en") else "nl"
