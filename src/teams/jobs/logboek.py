"""`teams sign` and `teams log`: the signer as a process, and what an auditor or citizen does with the log."""

import asyncio
import signal
import sys
import time
from argparse import Namespace
from pathlib import Path

from teams.decisions.check import changed_decision
from teams.kit import logs
from teams.kit.db import Database, connect, plain_url
from teams.kit.faults import Stopped, variable
from teams.kit.settings import Settings
from teams.ledger import keys, queries
from teams.ledger.check import Checked, Disagreement, verify
from teams.ledger.folder import write_folder
from teams.ledger.memory import Files
from teams.ledger.note import BadNote, VerifierKey, parse_vkey
from teams.ledger.signer import sign
from teams.ledger.witness import read_witnesses


class Misuse(Stopped):
    """A file that was named is not what it should be: wrong use, and no answer about the log."""


def run(settings: Settings, given: Namespace) -> int:
    """`teams sign`, `teams log verify`, `teams log receipt`, `teams log export`."""
    match getattr(given, "wat", "sign"):
        case "verify":
            try:
                code, lines = run_verify(settings, given)
            except Misuse as wrong:
                sys.stderr.write(f"teams: {wrong}\n")
                return 2
            sys.stdout.write("\n".join(lines) + "\n")
            return code
        case "receipt":
            sys.stdout.buffer.write(run_receipt(settings, given.nummer))
        case "export":
            sys.stdout.write(f"{run_export(settings, given.map)} regels geschreven in {given.map}.\n")
        case _:
            sys.stdout.writelines(f"{line}\n" for line in run_signer(settings, given))
    return 0


def run_signer(settings: Settings, given: Namespace) -> list[str]:
    """One of the rare acts on the keys, or sign until SIGTERM."""
    if settings.signer_database_url is None:
        raise Stopped(
            f"{variable('signer_database_url')} ontbreekt: het adres van de database voor de rol teams_signer."
        )
    files = Files(settings.signer_key, settings.signer_state)
    with files.alone():
        if given.begin or given.erbij or given.eraf or given.nieuw or given.herstel:
            return asyncio.run(_act_on_keys(settings, files, given))
        logs.start(settings.log)
        asyncio.run(_sign(settings, files))
    return []


async def begin_once(url: str, files: Files, origin: str) -> None:
    """The demo's first start: a key where there is none."""
    if not files.key.exists():
        connection = await connect(url)
        try:
            await keys.begin(connection, files, origin)
        finally:
            await connection.close()


async def _act_on_keys(settings: Settings, files: Files, given: Namespace) -> list[str]:
    connection = await connect(settings.signer_database_url or "")
    try:
        if given.herstel:
            size = await keys.remember_again(connection, files, read(given.herstel))
            lines = [f"Het geheugen is hersteld tot en met {size} regels."]
            if later := await keys.signed_later(connection, files):
                lines.append(
                    f"Er is een later controlepunt van deze sleutel, over {later} regels. De ondertekenaar tekent pas als je met dat"
                    " controlepunt herstelt (alleen als een getuige of een ontvangstbewijs het ook kent), of met: teams sign --nieuw NAAM."
                )
            return lines
        if given.begin:
            vkey = await keys.begin(connection, files, settings.log_origin)
        elif given.nieuw:
            vkey = await keys.new_log(connection, files, given.nieuw)
        elif given.erbij:
            vkey = await keys.add_key(connection, files)
        else:
            return [f"Deze sleutel tekent niet meer: {await keys.remove_key(connection, files)}"]
        return [vkey, "Maak deze sleutel bekend in het gemeenteblad: wie controleert, neemt haar niet van de server."]
    finally:
        await connection.close()


async def _sign(settings: Settings, files: Files) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await sign(plain_url(settings.signer_database_url or ""), files, stop, read_witnesses(settings.witnesses))


def run_verify(settings: Settings, given: Namespace) -> tuple[int, list[str]]:
    """0 and what agreed; 1 and the first disagreement."""
    trusted = [key for path in given.vkey for key in read_keys(path)]
    begin = time.monotonic()
    try:
        checked = asyncio.run(_verify(settings, trusted, [read(path) for path in given.checkpoint]))
    except Disagreement as wrong:
        return 1, [f"Klopt niet. {wrong}"]
    return 0, list(_told(checked, bool(trusted), time.monotonic() - begin))


async def _verify(settings: Settings, trusted: list[VerifierKey], earlier: list[bytes]) -> Checked:
    connection = await connect(settings.auditor_database_url or settings.database_url)
    try:
        checked = await verify(connection, keys=trusted, earlier=earlier, progress=Bar())
        if number := await changed_decision(connection):
            raise Disagreement(
                f"Besluit {number} is veranderd nadat het is vastgelegd: de rij past niet bij het logboek."
            )
        return checked
    finally:
        await connection.close()


class Bar:
    """How far it is, on standard error: one line that is drawn again, or a line each five seconds."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, done: int, all_of_it: int) -> None:
        terminal = sys.stderr.isatty()
        if time.monotonic() - self.last < (0.2 if terminal else 5):
            return
        self.last = time.monotonic()
        part = done / max(all_of_it, 1)
        bar = f"[{'#' * round(30 * part):30}] " if terminal else ""
        sys.stderr.write(f"{bar}{part:4.0%} {done} van {all_of_it} regels{chr(13) if terminal else chr(10)}")


def _told(checked: Checked, independent: bool, seconds: float) -> list[str]:
    lines = [
        f"Klopt. Alle {checked.leaves} regels zijn gecontroleerd in {seconds:.1f} s.",
        *(f"  Logboek {name}." for name in checked.logs),
        f"  Controlepunten: {checked.heads}. Verborgen velden: {checked.sealed}, waarvan {checked.opened} te openen en gecontroleerd.",
    ]
    if checked.unsigned:
        lines.append(f"  {checked.unsigned} oudere controlepunten zijn van een andere sleutel.")
    if checked.waiting:
        lines.append(f"  {checked.waiting} vastleggingen staan nog niet in het logboek. Draait 'teams work'?")
    if not independent:
        lines.append(
            "  De sleutel kwam uit deze database. Geef --vkey met de sleutel uit het gemeenteblad voor zekerheid."
        )
    return lines


def run_receipt(settings: Settings, nummer: str) -> bytes:
    """The receipt of a decision; `Stopped` when there is none (yet)."""

    async def get() -> bytes | None:
        database = Database(settings.database_url, pool=1)
        try:
            async with database.read() as session:
                entry = await queries.entry_of(session, nummer)
                if entry is None:
                    raise Stopped(f"er staat geen besluit {nummer} in het logboek")
                return await queries.receipt_of(session, entry, quorum=settings.witness_quorum)
        finally:
            await database.close()

    receipt = asyncio.run(get())
    if receipt is None:
        raise Stopped(f"besluit {nummer} is nog in behandeling; probeer het zo weer, en kijk of 'teams sign' draait")
    return receipt


def run_export(settings: Settings, folder: Path) -> int:
    """The whole log in use as a folder for the standalone verifier; how many leaves."""

    async def write() -> int:
        connection = await connect(settings.auditor_database_url or settings.database_url)
        try:
            return await write_folder(connection, folder)
        finally:
            await connection.close()

    try:
        return asyncio.run(write())
    except FileExistsError:
        raise Stopped(f"{folder} is niet leeg; kies een lege map") from None
    except LookupError:
        raise Stopped("er is nog geen controlepunt; start 'teams sign'") from None


def read_keys(path: Path) -> list[VerifierKey]:
    """The vkeys in a file, one a line."""
    try:
        found = [parse_vkey(word) for word in read(path).decode().split()]
    except (BadNote, UnicodeDecodeError):
        found = []
    if not found:
        raise Misuse(f"{path}: dit is geen vkey van een logboek")
    return found


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Misuse(f"{path}: dit bestand ontbreekt of is niet leesbaar") from None
