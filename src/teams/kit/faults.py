"""What can be wrong outside the program - a setting, the database, a port - said in one Dutch sentence."""

import socket
from collections.abc import Iterator

import asyncpg
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError

from teams.kit.settings import Settings


class Stopped(Exception):
    """It cannot go on; the message says in one sentence why and what to do."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"TEAMS_{name.upper()}"


def owner_url(settings: Settings) -> str:
    if settings.owner_database_url is None:
        raise Stopped(f"{variable('owner_database_url')} ontbreekt: het adres van de database voor de rol teams_owner.")
    return settings.owner_database_url


def settings_faults(error: ValidationError) -> Iterator[str]:
    """A sentence for every setting that is missing or does not fit."""
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else ""
        field = Settings.model_fields.get(name)
        meant = f" ({field.description})" if field and field.description else ""
        if fault["type"] == "missing":
            yield f"{variable(name)} ontbreekt{meant}. Zet die in de omgeving, of in het bestand dat TEAMS_SETTINGS noemt."
        else:
            yield f"{variable(name)} heeft een waarde die niet past{meant}."


def fault_of(error: BaseException | None) -> str | None:
    """The sentence for a fault outside the program, found among the causes of `error`; None for one of our own."""
    while error is not None:
        if isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError | ArgumentError):
            return why(error)
        error = getattr(error, "orig", None) or error.__cause__
    return None


def why(error: BaseException) -> str:
    """What is wrong with a connection and how to mend it, in Dutch."""
    match error:
        case asyncpg.InvalidCatalogNameError():
            return "Deze database bestaat niet op de server. Maak haar aan, of verbeter de naam in het adres."
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "De server laat deze rol niet toe. Verbeter rol of wachtwoord in het adres, of maak de rollen aan met migrations/roles.sql."
        case asyncpg.InsufficientPrivilegeError():
            return "Deze rol heeft hier het recht niet voor. Geef als eigenaar: teams migrate."
        case asyncpg.UndefinedTableError() | asyncpg.UndefinedFunctionError():
            return "De tabellen staan er nog niet. Geef: teams migrate."
        case asyncpg.TooManyConnectionsError():
            return "De server heeft geen verbinding meer vrij. Verhoog max_connections, of verlaag TEAMS_POOL."
        case asyncpg.PostgresError():
            return f"De database zegt: {error}."
        case TimeoutError():
            return "De server antwoordt niet binnen 5 seconden. Kijk of PostgreSQL draait en of het adres klopt."
        case OSError() if error.filename:
            return f"{error.filename}: {error.strerror}."
        case OSError():
            return "De database is niet te bereiken. Kijk of PostgreSQL draait en of het adres (host, poort of map met de socket) klopt."
        case _:
            return "Het adres van de database is niet te lezen. Schrijf postgresql://rol@host:5432/database."


def need_port(host: str, port: int) -> None:
    """`Stopped` when another program listens there."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise Stopped(f"poort {port} op {host} is niet vrij; kies een andere met --port NUMMER") from error
