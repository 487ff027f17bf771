"""One table from everything that can go wrong to a status, its reasons and the next steps; each face draws it."""

import logging

from asyncpg import InternalClientError
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from teams.auth.refused import TooMany
from teams.http.readable import Refused
from teams.http.wants import Page
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason, Refusal
from teams.kit.text import N_

log = logging.getLogger("teams")
STATUS: dict[type[Refusal], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422, TooMany: 429}
# Waits that were cut short, a server that stops or takes no writes, and whole classes: connection, resources, disk.
_BUSY = {"55P03", "40P01", "40001", "57014", "25P03", "25P04", "25006", "57P01", "57P02", "57P03", "57P05"}
_BUSY_CLASSES = ("08", "53", "58")
_UNREADABLE = {"22021", "22003", "22007", "22008", "22P02", "22P05", "08P01"}
OUT_OF_REACH = (DBAPIError, PoolTimeout, InternalClientError, OSError)
"""What the way to the database raises; asyncpg has errors of its own that SQLAlchemy does not know."""
AT_THE_GATE = {
    400: N_("In '{field}' staat iets wat niet te lezen is."),
    401: N_("Het token in '{field}' kennen we niet."),
    403: N_(
        "Dit formulier is te oud of komt van een andere site ({field}). Laad de bladzijde opnieuw en verstuur het nog eens."
    ),
    408: N_("Het duurde te lang tot alles binnen was ({field}). Verstuur het nog eens."),
    413: N_("Wat je stuurt is te groot ({field})."),
    414: N_("Het adres is te lang ({field})."),
    415: N_("Deze vorm kunnen we niet lezen ({field})."),
    429: N_("Er zijn te veel verzoeken gedaan ({field}). Wacht even en probeer het dan opnieuw."),
}
SIGNED = {
    "Teams-Tijdstip": N_(
        "'{field}' ontbreekt of ligt meer dan vijf minuten van nu. Onderteken opnieuw met de tijd van nu, in seconden sinds 1970."
    ),
    "Teams-Handtekening": N_(
        "'{field}' ontbreekt of past niet bij dit bericht. Kijk of het zaaksysteem hetzelfde geheim gebruikt."
    ),
}


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def from_database(error: Exception) -> Refusal | int:
    """What an error of the database means to a person: a refusal, or the status of a fault of ours."""
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    if code in _UNREADABLE:
        return Invalid({"invoer": Reason("invoer", N_("Er staat een waarde in die te groot is of niet te lezen is."))})
    # the second: who waited for a lock is of before what was written meanwhile, so what it ends would end before it began
    if (code or "").startswith("23") or (code == "22000" and "range lower bound" in str(error)):
        return Conflict(
            Reason("verouderd", N_("Er is intussen iets veranderd, dus dit kan nu niet.")),
            then=(NextStep(N_("Laad de bladzijde opnieuw en probeer het nog eens.")),),
        )
    if code in _BUSY or (code or "").startswith(_BUSY_CLASSES) or getattr(error, "connection_invalidated", False):
        return 503
    return 503 if isinstance(error, PoolTimeout | InternalClientError | OSError) else 500


def read_error(request: Page, error: Exception) -> tuple[int, tuple[Reason, ...], tuple[NextStep, ...]]:
    """The status, reasons and next steps of anything that went wrong; faults of ours go to the log with their number."""
    while isinstance(error, ExceptionGroup):  # what went wrong when the transaction was ended after the handler
        error = error.exceptions[0]
    if isinstance(error, Refused):
        reason = Reason(
            error.field or "verzoek", SIGNED.get(error.field, AT_THE_GATE[error.status]), {"field": error.field}
        )
        return error.status, (reason,), ()
    if isinstance(error, OUT_OF_REACH):
        found = from_database(error)
        if found == 503:
            cause = getattr(error, "orig", None) or error
            log.warning("request %s: %s: %s", request.scope["state"].get("request_id"), type(cause).__name__, cause)
            return 503, (), ()
        if isinstance(found, int):
            log.error("request %s failed: %s", request.scope["state"].get("request_id"), error, exc_info=error)
            return found, (), ()
        error = found
    if isinstance(error, Refusal):
        return status_of(error), error.reasons, error.then
    if isinstance(error, HTTPException):
        status = 405 if error.status_code == 405 else error.status_code
        return status, (), ()
    log.error("request %s failed", request.scope["state"].get("request_id"), exc_info=error)
    return 500, (), ()
