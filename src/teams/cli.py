"""The command `teams`: argparse in Dutch, one function per command; 0 is good, 1 is no, 2 is wrong use."""

# A command imports its own part: `teams work` carries no web server, and no command waits for what it does not use.
import argparse
import asyncio
import contextlib
import ctypes
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import actions
from teams.kit.arguments import Parser
from teams.kit.clock import AMSTERDAM
from teams.kit.db import Database
from teams.kit.errors import NextStep, Reason, Refusal
from teams.kit.faults import Stopped, fault_of, owner_url, settings_faults
from teams.kit.settings import Settings

if TYPE_CHECKING:
    from teams.http.gate import Gate

_M_MMAP_THRESHOLD = -3
RIGHTS = ("secretaris", "controller", "raad", "beheer")
IMPORTS = ("personen", "organisatie", "mandaten", "budgetten")


def main(arguments: list[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="teams: %(message)s", stream=sys.stderr)
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    sentences: Iterable[str]
    code = 1
    try:
        done: int = args.run(args)
        return done
    except KeyboardInterrupt:
        return 130
    except Refusal as refusal:
        parts: list[Reason | NextStep] = [*refusal.reasons, *refusal.then]
        sentences = [part.text.format(**part.values) for part in parts]
    except ValidationError as error:
        sentences, code = settings_faults(error), 2
    except Stopped as error:
        sentences = [str(error)]
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        sentences = [fault]
    for sentence in sentences:
        print(f"teams: {sentence}", file=sys.stderr)
    return code


def parser() -> Parser:
    """Commands whose part is not in this installation are absent."""
    top = Parser(prog="teams", description="Werkplatform van een gemeente met zelfsturende teams.")
    commands = top.add_subparsers(metavar="OPDRACHT", required=True, parser_class=Parser, dest="opdracht")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_text: str, under: Any = commands) -> Parser:
        made: Parser = under.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(run=run)
        return made

    def group(name: str, help_text: str) -> Any:
        made = commands.add_parser(name, help=help_text, description=help_text)
        return made.add_subparsers(metavar="WAT", required=True, parser_class=Parser, dest="wat")

    one = command("demo", _demo, "de gemeente Zandermeer op deze machine, tot Ctrl-C")
    one.add_argument("--port", type=int, default=8000, metavar="NUMMER", help="poort (8000)")
    one.add_argument("--fresh", action="store_true", help="begin opnieuw; de gegevens in de map gaan weg")
    one.add_argument(
        "--data",
        type=Path,
        metavar="MAP",
        help="map met de gegevens (data in de broncode, anders ~/.local/share/teams-demo)",
    )
    one.add_argument("--today", type=_day, metavar="DATUM", help="de dag waarop de verzonnen gegevens eindigen")
    one.add_argument("--reload", action="store_true", help="herlaad de webserver als de code verandert")
    one = command("serve", _serve, "de webserver")
    one.add_argument("--host", default="127.0.0.1", metavar="ADRES", help="adres om op te luisteren (127.0.0.1)")
    one.add_argument("--port", type=int, default=8000, metavar="NUMMER", help="poort (8000)")
    one.add_argument("--workers", type=int, default=1, metavar="N", help="processen, elk met eigen verbindingen (1)")
    one.add_argument("--reload", action="store_true", help="herlaad als de code verandert")
    command("work", _work, "het werk op de klok: klussen beginnen en verlopen, opruimen")
    one = command("sign", _logboek, "onderteken het logboek: een eigen proces met een eigen sleutel")
    only = one.add_mutually_exclusive_group()
    only.add_argument("--begin", action="store_true", help="maak de eerste sleutel, toon haar en stop")
    only.add_argument("--erbij", action="store_true", help="een tweede sleutel: vanaf nu tekenen beide")
    only.add_argument("--eraf", action="store_true", help="de oudste van twee sleutels tekent niet meer")
    only.add_argument(
        "--nieuw", metavar="NAAM", help="na diefstal of verlies: een nieuw logboek met een nieuwe sleutel"
    )
    only.add_argument("--herstel", type=Path, metavar="CONTROLEPUNT", help="geheugen kwijt: begin bij dit controlepunt")
    logs = group("log", "het logboek controleren en meenemen")
    one = command("verify", _logboek, "controleer elke regel, elke opening en elk controlepunt", logs)
    for name, text in (
        ("checkpoint", "een controlepunt of bewijs dat je bewaarde"),
        ("vkey", "de sleutel, van papier"),
    ):
        one.add_argument(f"--{name}", type=Path, action="append", default=[], metavar="BESTAND", help=text)
    command("receipt", _logboek, "toon het bewijs van een besluit", logs).add_argument("nummer", metavar="NUMMER")
    one = command("export", _logboek, "schrijf het hele logboek in een map, voor de losse controle", logs)
    one.add_argument("map", type=Path, metavar="MAP", help="een lege map")
    command("migrate", _migrate, "breng de database naar het schema van dit programma, als eigenaar")
    command("check", _check, "kijk of instellingen, database, rechten en klok goed zijn")
    one = command("demo", _seed, "vul een lege database met Zandermeer", group("seed", "vul een lege database"))
    one.add_argument("--today", type=_day, metavar="DATUM", help="de dag waarop de gegevens eindigen (vandaag)")
    one = command("import", _import, "lees mensen, organisatie, mandaten of budgetten in uit CSV of XLSX")
    one.add_argument("soort", choices=IMPORTS, help=", ".join(IMPORTS))
    one.add_argument("pad", type=Path, metavar="PAD", help="map met CSV-bestanden, één CSV of één werkboek")
    one.add_argument("--dry-run", action="store_true", help="zeg alleen wat er zou veranderen")
    one.add_argument("--namens", metavar="EMAIL", help="wie de invoer aanbiedt")
    users = group("user", "accounts")
    one = command("add", _user_add, "maak een account; toont het eerste wachtwoord", users)
    one.add_argument("email", metavar="EMAIL")
    one.add_argument("--recht", choices=RIGHTS, metavar="RECHT", help=", ".join(RIGHTS))
    for name, act, told in (
        ("disable", _user_disable, "sluit een account; sessies en tokens eindigen meteen"),
        ("password", _user_password, "geef een nieuw eerste wachtwoord; sessies eindigen"),
    ):
        command(name, act, told, users).add_argument("email", metavar="EMAIL")
    one = command("create", _token_create, "maak API-tokens; toont ze één keer", group("token", "API-tokens"))
    one.add_argument("--person", required=True, metavar="EMAIL[,EMAIL…]", help="voor wie")
    one.add_argument("--name", required=True, metavar="NAAM", help="waarvoor het token is")
    one = command("bench", _bench, "meet Teams naast het kale werk van dezelfde machine")
    one.add_argument("--deel", action="append", default=[], metavar="DEEL", help="alleen dit deel; mag vaker")
    one.add_argument("--uit", type=Path, default=Path("bench.json"), metavar="BESTAND", help="waar de cijfers komen")
    return top


def application() -> "Gate":
    """What uvicorn starts in each of its processes."""
    from teams.app import create_app

    # A check of a password takes 19 MiB for a moment. glibc would keep that, once for each thread.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1_000_000)
    return create_app(Settings())


def _demo(args: argparse.Namespace) -> int:
    from teams.demo.run import Demo, default_folder, run

    folder = (args.data or default_folder()).resolve()
    return run(Demo(folder, args.port, args.fresh, args.today, args.reload))


def _serve(args: argparse.Namespace) -> int:
    import uvicorn

    from teams.kit.faults import need_port

    settings = Settings()
    need_port(args.host, args.port)
    if not settings.demo:
        print(f"teams: web op http://{args.host}:{args.port}", flush=True)
    uvicorn.run(
        "teams.cli:application",
        factory=True,
        host=args.host,
        port=args.port,
        workers=None if args.reload else args.workers,
        reload=args.reload,
        reload_dirs=[str(Path(__file__).parent)] if args.reload else None,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
    )
    return 0


def _work(args: argparse.Namespace) -> int:
    from teams.jobs.work import work

    asyncio.run(work(Settings()))
    return 0


def _logboek(args: argparse.Namespace) -> int:
    from teams.jobs.logboek import run

    return run(Settings(), args)


def _migrate(args: argparse.Namespace) -> int:
    from teams.kit.migrate import migrate, newest

    migrate(owner_url(Settings()))
    print(f"Het schema is {newest()}.")
    return 0


def _check(args: argparse.Namespace) -> int:
    from teams.jobs.check import check, unknown_settings

    try:
        settings = Settings()
    except ValidationError as error:
        print("\n".join(f"FOUT: {sentence}" for sentence in settings_faults(error)), unknown_settings(), sep="\n")
        return 1
    findings = asyncio.run(check(settings))
    print("\n".join(map(str, findings)))
    return 0 if all(finding.good for finding in findings) else 1


def _seed(args: argparse.Namespace) -> int:
    from teams.demo.run import say
    from teams.demo.seed import seed

    today = args.today or datetime.now(AMSTERDAM).date()
    asyncio.run(seed(owner_url(Settings()), today, say))
    return 0


def _import(args: argparse.Namespace) -> int:
    from teams.exchange.run import run_import

    code, lines = asyncio.run(
        _with_database(lambda db: run_import(db, args.soort, args.pad, dry_run=args.dry_run, namens=args.namens))
    )
    print("\n".join(lines))
    return int(code)


def _user_add(args: argparse.Namespace) -> int:
    password = _act(lambda session: actions.add_account(session, args.email, right=args.recht))
    print(f"{args.email} {password}")
    return 0


def _user_disable(args: argparse.Namespace) -> int:
    _act(lambda session: actions.disable_account(session, args.email))
    print(f"Het account {args.email} is gesloten.")
    return 0


def _user_password(args: argparse.Namespace) -> int:
    print(f"{args.email} {_act(lambda session: actions.reset_password(session, args.email))}")
    return 0


def _token_create(args: argparse.Namespace) -> int:
    emails = [email.strip() for email in args.person.split(",") if email.strip()]

    async def act(session: AsyncSession) -> list[str]:
        return [f"{email} {await actions.create_token(session, email, args.name)}" for email in emails]

    print("\n".join(_act(act)))
    return 0


def _bench(args: argparse.Namespace) -> int:
    from teams.app import create_app
    from teams.demo import bench

    return bench.main(args.deel, args.uit, create_app)


def _act(act: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    """One act of the administrator: one transaction as the app."""

    async def within(database: Database) -> Any:
        async with database.begin() as session:
            return await act(session)

    return asyncio.run(_with_database(within))


async def _with_database(act: Callable[[Database], Awaitable[Any]]) -> Any:
    database = Database(Settings().database_url, pool=2)
    try:
        return await act(database)
    finally:
        await database.close()


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{value}' is geen datum; schrijf jjjj-mm-dd") from None
