"""What may stand behind `teams`, and what each part means."""

import argparse
import importlib.util
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from teams.cli import commands
from teams.kit.arguments import Parser

RIGHTS = ("secretaris", "controller", "raad", "beheer")
IMPORTS = ("personen", "organisatie", "mandaten", "budgetten", "besluiten", "toetslijst", "alles")


def parser() -> Parser:
    """Commands whose part is not in this installation are absent."""
    top = Parser(prog="teams", description="Werkplatform van een gemeente met zelfsturende teams.")
    groups = top.add_subparsers(metavar="OPDRACHT", required=True, parser_class=Parser, dest="opdracht")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_text: str, under: Any = groups) -> Parser:
        made: Parser = under.add_parser(name, help=help_text, description=help_text)
        made.set_defaults(run=run)
        return made

    def group(name: str, help_text: str) -> Any:
        made = groups.add_parser(name, help=help_text, description=help_text)
        return made.add_subparsers(metavar="WAT", required=True, parser_class=Parser, dest="wat")

    made_up = importlib.util.find_spec("teams.demo") is not None  # the image of deploy/ has none
    if made_up:
        one = command("demo", commands.demo, "de gemeente Zandermeer op deze machine, tot Ctrl-C")
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
    one = command("serve", commands.serve, "de webserver")
    one.add_argument("--host", default="127.0.0.1", metavar="ADRES", help="adres om op te luisteren (127.0.0.1)")
    one.add_argument("--port", type=int, default=8000, metavar="NUMMER", help="poort (8000)")
    one.add_argument("--workers", type=int, default=1, metavar="N", help="processen, elk met eigen verbindingen (1)")
    one.add_argument("--reload", action="store_true", help="herlaad als de code verandert")
    command("work", commands.work, "het werk op de klok: klussen beginnen en verlopen, opruimen")
    one = command("sign", commands.logboek, "onderteken het logboek: een eigen proces met een eigen sleutel")
    only = one.add_mutually_exclusive_group()
    only.add_argument("--begin", action="store_true", help="maak de eerste sleutel, toon haar en stop")
    only.add_argument("--erbij", action="store_true", help="een tweede sleutel: vanaf nu tekenen beide")
    only.add_argument("--eraf", action="store_true", help="de oudste van twee sleutels tekent niet meer")
    only.add_argument(
        "--nieuw", metavar="NAAM", help="na diefstal of verlies: een nieuw logboek met een nieuwe sleutel"
    )
    only.add_argument("--herstel", type=Path, metavar="CONTROLEPUNT", help="geheugen kwijt: begin bij dit controlepunt")
    logs = group("log", "het logboek controleren en meenemen")
    one = command("verify", commands.logboek, "controleer elke regel, elke opening en elk controlepunt", logs)
    for name, text in (
        ("checkpoint", "een controlepunt of bewijs dat je bewaarde"),
        ("vkey", "de sleutel, van papier"),
    ):
        one.add_argument(f"--{name}", type=Path, action="append", default=[], metavar="BESTAND", help=text)
    command("receipt", commands.logboek, "toon het bewijs van een besluit", logs).add_argument(
        "nummer", metavar="NUMMER"
    )
    one = command("export", commands.logboek, "schrijf het hele logboek in een map, voor de losse controle", logs)
    one.add_argument("map", type=Path, metavar="MAP", help="een lege map")
    command("migrate", commands.migrate, "breng de database naar het schema van dit programma, als eigenaar")
    command("check", commands.check, "kijk of instellingen, database, rechten en klok goed zijn")
    if made_up:
        one = command(
            "demo", commands.seed, "vul een lege database met Zandermeer", group("seed", "vul een lege database")
        )
        one.add_argument("--today", type=_day, metavar="DATUM", help="de dag waarop de gegevens eindigen (vandaag)")
    for name, act, told in (
        ("backup", commands.backup, "schrijf de hele database in één bestand en lees het terug, als eigenaar"),
        ("restore", commands.restore, "vul een lege database uit zo'n bestand en controleer het logboek, als eigenaar"),
    ):
        command(name, act, told).add_argument("bestand", type=Path, metavar="BESTAND")
    one = command("export", commands.export, "schrijf alles wat is vastgelegd als open bestanden, als eigenaar")
    one.add_argument("soort", choices=("alles",), help="alles")
    one.add_argument("map", type=Path, metavar="MAP", help="een nieuwe map")
    one = command(
        "import",
        commands.import_,
        "lees mensen, organisatie, mandaten, budgetten, besluiten of een toetslijst in uit CSV of XLSX, of een hele export",
    )
    one.add_argument("soort", choices=IMPORTS, help=", ".join(IMPORTS))
    one.add_argument("pad", type=Path, metavar="PAD", help="map met CSV-bestanden, één CSV of één werkboek")
    one.add_argument("--dry-run", action="store_true", help="zeg alleen wat er zou veranderen")
    one.add_argument("--namens", metavar="EMAIL", help="wie de invoer aanbiedt")
    users = group("user", "accounts")
    one = command("add", commands.user_add, "maak een account; toont het eerste wachtwoord", users)
    one.add_argument("email", metavar="EMAIL")
    one.add_argument("--recht", choices=RIGHTS, metavar="RECHT", help=", ".join(RIGHTS))
    for name, act, told in (
        ("disable", commands.user_disable, "sluit een account; sessies en tokens eindigen meteen"),
        ("second-step", commands.user_second_step, "haal app en herstelcodes weg van wie ze kwijt is"),
        ("password", commands.user_password, "geef een nieuw eerste wachtwoord; sessies eindigen"),
    ):
        command(name, act, told, users).add_argument("email", metavar="EMAIL")
    one = command("link", commands.user_link, "koppel een account aan iemands kenmerk bij de inlogdienst", users)
    one.add_argument("email", metavar="EMAIL")
    one.add_argument("kenmerk", metavar="KENMERK", help="zoals Teams het toont aan wie nog niet gekoppeld is")
    one.add_argument("--issuer", metavar="URL", help="de inlogdienst; anders TEAMS_OIDC_ISSUER")
    one = command("create", commands.token_create, "maak API-tokens; toont ze één keer", group("token", "API-tokens"))
    one.add_argument("--person", required=True, metavar="EMAIL[,EMAIL…]", help="voor wie")
    one.add_argument("--name", required=True, metavar="NAAM", help="waarvoor het token is")
    one = command(
        "token",
        commands.scim_token,
        "maak een token voor SCIM; toont het één keer, het vorige blijft geldig",
        group("scim", "de directory die accounts brengt"),
    )
    one.add_argument("--alleen", action="store_true", help="het vorige token geldt meteen niet meer")
    if made_up:
        one = command("bench", commands.bench, "meet Teams naast het kale werk van dezelfde machine")
        one.add_argument("--deel", action="append", default=[], metavar="DEEL", help="alleen dit deel; mag vaker")
        one.add_argument(
            "--schaal",
            "--scale",
            action="store_true",
            help="hetzelfde als --deel schaal: 1, 10 en 100 %% van een grote gemeente",
        )
        one.add_argument(
            "--tot", type=float, default=1.0, metavar="DEEL", help="de grootste maat van --schaal: 0.1 of 1 (1)"
        )
        one.add_argument("--minuten", type=float, default=1.0, metavar="N", help="hoe lang de belasting duurt (1)")
        one.add_argument(
            "--map", type=Path, metavar="MAP", help="bewaar de grote gemeenten hier voor een volgende keer"
        )
        one.add_argument(
            "--uit", type=Path, default=Path("bench.json"), metavar="BESTAND", help="waar de cijfers komen"
        )
    return top


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{value}' is geen datum; schrijf jjjj-mm-dd") from None
