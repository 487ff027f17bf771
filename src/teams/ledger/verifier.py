"""Checks a receipt or an exported log offline: one file, Python 3.11 and `cryptography`, no trust in the server.

Controleert een ontvangstbewijs of een export van het logboek, zonder netwerk en zonder Teams.

    python verifier.py bewijs besluit.tlog-proof --vkey sleutel.txt
    python verifier.py export map/ --vkey sleutel.txt --vorige oud.tlog-proof

De sleutel (vkey) haal je niet van de server: neem haar over uit het gemeenteblad.
Is zij gewisseld, zet dan de oude en de nieuwe in het bestand, elk op een regel.
Uitkomst: 0 het klopt, 1 het klopt niet (met het eerste verschil), 2 verkeerd gebruik.
"""

import argparse
import base64
import io
import json
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS = 1, 4
MAX_TEXT, MAX_LINE = 1 << 20, 1 << 24
CLOCK_SLACK = 300
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
HOW = (__doc__ or "").partition("\n\n")[2]
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
OLDER = (
    " Het is een ouder controlepunt: is de sleutel sindsdien gewisseld, zet dan ook de oude in het bestand van --vkey."
)


class Wrong(Exception):
    """The first disagreement, in Dutch."""


class Misuse(Exception):
    """The question itself cannot be answered, in Dutch."""


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes
    witnesses: dict[str, int]


Keys = dict[tuple[str, bytes], tuple[int, Ed25519PublicKey]]


def refuse(literal: str) -> NoReturn:
    raise ValueError(literal)


def integer(literal: str) -> int:
    if len(literal) < 16:
        return int(literal)
    return int(literal) if len(literal) < 18 and abs(int(literal)) < 1 << 53 else refuse(literal)


decode = json.JSONDecoder(parse_float=refuse, parse_constant=refuse, parse_int=integer).decode
scan = json.JSONDecoder(parse_float=refuse, parse_constant=refuse, parse_int=integer).raw_decode
quoted = json.encoder.encode_basestring


def spelling() -> Callable[[Any], str]:
    """`JSONEncoder.encode` builds its inner part anew for every value, which takes longer than the value: built once."""
    build = getattr(json.encoder, "c_make_encoder", None)
    if build is None:
        return json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
    inner = build(None, refuse, quoted, None, ":", ",", True, False, False)
    return lambda value: "".join(inner(value, 0))


encode = spelling()
INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
INNER_REST, OUTER_REST = b"\x36" * 32, b"\x5c" * 32


def plain(value: Any) -> bool:
    """Keys ASCII and texts NFC, all the way down."""
    if isinstance(value, dict):
        return all(key.isascii() and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(plain(item) for item in value)
    return not isinstance(value, str) or unicodedata.is_normalized("NFC", value)


def from64(text: str, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if not raw or base64.b64encode(raw).decode() != text:
        raise Wrong(f"{what}: dit is geen goede base64.")
    return raw


def read_keys(paths: Sequence[Path], kind: int) -> Keys:
    """The vkeys in files, one a line."""
    keys: Keys = {}
    for path in paths:
        for line in small(path, Misuse).decode("utf-8", "replace").split():
            name, _, rest = line.partition("+")
            key_id, _, key = rest.partition("+")
            try:
                raw = base64.b64decode(key, validate=True)
            except ValueError:
                raw = b""
            right = sha256(name.encode() + b"\n" + raw).digest()[:4]
            if not name or len(raw) != 33 or raw[0] != kind or right.hex() != key_id:
                raise Misuse(f"{path}: dit is geen vkey van een {'logboek' if kind == LOG else 'getuige'}.")
            if (name, right) in keys:
                raise Misuse(f"{path}: twee sleutels hebben dezelfde naam en hetzelfde nummer.")
            keys[name, right] = (kind, Ed25519PublicKey.from_public_bytes(raw[1:]))
    return keys


def read_head(note: bytes, keys: Keys, quorum: int, hint: str = "") -> Head:
    """A signed head (C2SP tlog-checkpoint); lines of unknown keys are ignored, a wrong line of a known key is not."""
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise Wrong("Controlepunt: dit is geen UTF-8.") from None
    if any(char < " " and char != "\n" for char in whole):
        raise Wrong("Controlepunt: er staat een verboden teken in (of Windows-regeleinden).")
    body, mark, tail = whole.rpartition("\n\n")
    lines = body.split("\n")
    if not mark or not tail.endswith("\n") or len(lines) != 3 or not lines[0]:
        raise Wrong("Controlepunt: de vorm klopt niet.")
    if not NUMBER.fullmatch(lines[1]) or lines[1] == "0":
        raise Wrong("Controlepunt: het aantal regels is geen gewoon getal boven nul.")
    root = from64(lines[2], "Controlepunt")
    if len(root) != 32:
        raise Wrong("Controlepunt: het kenmerk is geen 32 bytes.")
    text = (body + "\n").encode()
    signed, witnesses, seen = False, {}, set()
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if (
            len(parts) != 3
            or parts[0] != "\N{EM DASH}"
            or not parts[1]
            or any(c == "+" or c.isspace() for c in parts[1])
        ):
            raise Wrong("Controlepunt: een handtekeningregel heeft niet de goede vorm.")
        raw = from64(parts[2], "Handtekening")
        who = (parts[1], raw[:4])
        if len(raw) < 5:
            raise Wrong("Controlepunt: een handtekening is te kort.")
        if who not in keys:
            continue
        if who in seen:
            raise Wrong(f"Controlepunt: {parts[1]} staat er twee keer onder.")
        seen.add(who)
        kind, key = keys[who]
        signature, message = raw[4:], text
        if kind == WITNESS:
            moment, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {moment}\n".encode() + text
            witnesses[parts[1]] = moment
        try:
            key.verify(signature, message)
        except InvalidSignature:
            raise Wrong(f"Controlepunt: de handtekening van {parts[1]} klopt niet.") from None
        signed = signed or (kind == LOG and parts[1] == lines[0])
    if not signed:
        raise Wrong(f"Controlepunt: niet ondertekend met de sleutel die jij gaf.{hint}")
    if len(witnesses) < quorum:
        raise Wrong(f"Controlepunt: {len(witnesses)} van de {quorum} getuigen tekenden mee.")
    return Head(lines[0], int(lines[1]), root, witnesses)


def check_entry(raw: bytes, seq: int, opened: Any) -> dict[str, Any]:
    """An entry in its one spelling at its own place, and every opening that was given for it."""
    try:
        text = raw.decode()
        leaf: Any = scan(text)[0]
        same = type(leaf) is dict and encode(leaf) == text and (text.isascii() or plain(leaf))
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise Wrong(f"Regel {seq}: de inhoud staat niet in de vaste schrijfwijze.")
    version, place, at = leaf.get("v"), leaf.get("seq"), leaf.get("at")
    if type(version) is not int or version != 1 or type(leaf.get("type")) is not str:
        raise Wrong(f"Regel {seq}: onbekende versie of soort.")
    if type(place) is not int or place != seq:
        raise Wrong(f"Regel {seq}: deze regel hoort op plaats {shown(place)}.")
    if type(at) is not str or not MOMENT.fullmatch(at):
        raise Wrong(f"Regel {seq}: het tijdstip heeft niet de goede vorm.")
    if not isinstance(opened, dict):
        raise Wrong(f"Regel {seq}: de openingen hebben niet de goede vorm.")
    for field, pair in opened.items():
        try:
            key, value = pair
            spelt = quoted(value) if type(value) is str else encode(value)
            secret = bytes.fromhex(key)
            # HMAC-SHA-256 (RFC 2104) with a key of 32 bytes, at half the time of `hmac.digest`
            inner = sha256(secret.translate(INNER) + INNER_REST + f"mandaatlog/v1/{field}\0{spelt}".encode()).digest()
            seal = sha256(secret.translate(OUTER) + OUTER_REST + inner).hexdigest()
            fits = len(secret) == 32 and secret.hex() == key and leaf.get(field) == f"c:{seal}"
        except (ValueError, TypeError, AttributeError, RecursionError):
            fits = False
        if not fits:
            raise Wrong(f"Regel {seq}: de getoonde inhoud van {shown(field)} past niet bij wat is vastgelegd.")
    found: dict[str, Any] = leaf
    return found


def check_clock(newest: str, head: Head) -> None:
    for name, moment in head.witnesses.items():
        limit = datetime.fromtimestamp(min(moment, 1 << 37) + CLOCK_SLACK, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if newest > limit:
            raise Wrong(f"Getuige {name} tekende eerder dan het tijdstip van een regel ({newest}).")


def read_proof(raw: bytes) -> tuple[int, list[bytes], bytes, bytes]:
    """Index, path, extra data and signed head of a tlog-proof."""
    top, mark, note = raw.partition(b"\n\n")
    lines = top.decode("ascii", "replace").split("\n")
    if not mark or lines.pop(0) != PROOF_HEADER:
        raise Wrong("Bewijs: de vorm klopt niet.")
    extra = from64(lines.pop(0)[6:], "Bewijs") if lines and lines[0].startswith("extra ") else b""
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines.pop(0)) if lines else None
    path = [from64(line, "Bewijs") for line in lines]
    if not index or len(path) > 63 or any(len(item) != 32 for item in path):
        raise Wrong("Bewijs: de plaats of het pad heeft niet de goede vorm.")
    return int(index[1]), path, extra, note


def root_from_path(index: int, size: int, current: bytes, path: Sequence[bytes]) -> bytes | None:
    last = size - 1
    for item in path:
        if not last:
            return None
        if index & 1 or index == last:
            current = sha256(b"\1" + item + current).digest()
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            current = sha256(b"\1" + current + item).digest()
        index, last = index >> 1, last >> 1
    return None if last else current


def check_receipt(raw: bytes, keys: Keys, quorum: int, leaf: bytes | None, openings: bytes | None) -> list[str]:
    index, path, extra, note = read_proof(raw)
    head = read_head(note, keys, quorum)
    try:
        inside = decode(extra.decode()) if extra else {}
        if set(inside) - {"leaf", "openings"} or (inside and "leaf" not in inside):
            raise ValueError
        opened = decode(openings.decode()) if openings else inside.get("openings", {})
        entry: bytes | None = inside["leaf"].encode() if leaf is None and "leaf" in inside else leaf
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Wrong("Bewijs: de meegegeven regel of openingen zijn niet leesbaar.") from None
    if entry is None:
        raise Misuse("In dit bewijs zit geen regel: geef haar mee met --regel.")
    if index >= head.size or root_from_path(index, head.size, sha256(b"\0" + entry).digest(), path) != head.root:
        raise Wrong(f"Regel {index}: deze inhoud staat niet op deze plaats in het logboek.")
    content = check_entry(entry, index, opened)
    check_clock(content["at"], head)
    lines = [f"Klopt. Regel {index} staat in logboek {head.origin}, dat {head.size} regels telt."]
    for field, value in content.items():
        sealed = isinstance(value, str) and value.startswith("c:")
        lines.append(f"  {shown(field)[1:-1]}: {shown(opened[field][1] if field in opened else value)}")
        if sealed:
            lines[-1] += " (getoond en gecontroleerd)" if field in opened else " (niet getoond of vernietigd)"
    return [*lines, *signers(head)]


class Log:
    """A log read from its first entry on: the edge of the tree, and the tiles that are still filling."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.size, self.edge, self.same = folder, 0, dict[int, bytes](), 0
        self.tiles: dict[int, list[bytes]] = {}

    def grow(self, hashes: Sequence[bytes]) -> None:
        edge, index = self.edge, self.size
        for current in hashes:
            self.size += 1
            level = 0
            while index >> level & 1:
                current = sha256(b"\1" + edge[level] + current).digest()
                level += 1
                if not level & 7:
                    self.tile(level >> 3, current)
            edge[level] = current
            index += 1

    def root(self) -> bytes:
        found = b""
        for level in range(self.size.bit_length()):
            if self.size >> level & 1:
                found = sha256(b"\1" + self.edge[level] + found).digest() if found else self.edge[level]
        return found

    def tile(self, level: int, item: bytes) -> None:
        hashes = self.tiles.setdefault(level, [])
        hashes.append(item)
        if len(hashes) == 256:
            self.compare(level, (self.size >> 8 * level) // 256 - 1, hashes)
            hashes.clear()

    def compare(self, level: int, index: int, hashes: Sequence[bytes]) -> None:
        """A hash tile in the export, when it is there, against what the entries themselves give."""
        name = tile_name(str(level), index, len(hashes))
        path = self.folder / name
        if path.exists():
            if small(path, Wrong) != b"".join(hashes):
                raise Wrong(f"{name}: deze tegel hoort niet bij de regels.")
            self.same += 1


def tile_name(kind: str, index: int, width: int) -> str:
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}}"
    parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    return f"tile/{kind}/{''.join(f'x{part}/' for part in parts[:-1])}{parts[-1]}{f'.p/{width}' if width < 256 else ''}"


def read_bundle(path: Path, first: int, width: int) -> list[bytes]:
    raw, entries, place = small(path, Wrong, 256 * 65_537), [], 0
    while place < len(raw):
        start, place = place + 2, place + 2 + int.from_bytes(raw[place : place + 2], "big")
        entries.append(raw[start:place])
    if place != len(raw) or len(entries) != width:
        raise Wrong(f"Regel {first} en verder: hier horen {width} regels te staan.")
    return entries


def json_lines(path: Path) -> Iterator[Any]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        while line := lines.readline(MAX_LINE + 1):
            try:
                text = line.decode() if len(line) <= MAX_LINE else refuse("long")
                value: Any
                value, end = scan(text)
            except (ValueError, RecursionError):
                value = None
            if value is None or text[end:] not in ("\n", ""):
                raise Wrong(f"{path.name}: hier staat een onleesbare regel.")
            yield value


def heads_in_order(folder: Path, earlier: Sequence[Head], final: Head, keys: Keys) -> Iterator[Head]:
    """Every head that the log must agree with, smallest first."""
    waiting = sorted(earlier, key=lambda head: head.size)
    last = 0
    for note in json_lines(folder / "heads.jsonl"):
        head = read_head(note.encode() if isinstance(note, str) else b"", keys, 0, OLDER)
        if not last <= head.size <= final.size or head.origin != final.origin:
            raise Wrong(f"heads.jsonl: het controlepunt over {head.size} regels staat op de verkeerde plaats.")
        last = head.size
        while waiting and waiting[0].size <= head.size:
            yield waiting.pop(0)
        yield head
    yield from waiting


def check_export(folder: Path, keys: Keys, quorum: int, earlier: Sequence[Head]) -> list[str]:
    final = read_head(small(folder / "checkpoint", Wrong), keys, quorum)
    for old in earlier:
        if old.origin != final.origin or old.size > final.size:
            raise Wrong(f"Een eerder controlepunt telt {old.size} regels van {old.origin}; dit logboek {final.size}.")
    heads, openings = heads_in_order(folder, earlier, final, keys), json_lines(folder / "openings.jsonl")
    head, opening = next(heads, None), next(openings, None)
    log, newest, sealed, opened, checked = Log(folder), "", 0, 0, 1
    tick = time.monotonic()
    while log.size < final.size:
        first, width = log.size, min(256, final.size - log.size)
        entries = read_bundle(folder / tile_name("entries", first // 256, width), first, width)
        for seq, raw in enumerate(entries, first):
            shown_here: Any = {}
            if opening is not None and type(opening) is dict and opening.get("seq") == seq:
                shown_here, opening = opening.get("openings"), next(openings, None)
            leaf = check_entry(raw, seq, shown_here)
            if leaf["at"] > newest:
                newest = leaf["at"]
            sealed += raw.count(b'":"c:')
            opened += len(shown_here)
        hashes = [sha256(b"\0" + raw).digest() for raw in entries]
        done = 0
        while head is not None and head.size <= first + width:
            log.grow(hashes[done : head.size - first])
            done = head.size - first
            if log.root() != head.root:
                raise Wrong(f"Het controlepunt over {head.size} regels hoort niet bij deze regels.")
            head, checked = next(heads, None), checked + 1
        log.grow(hashes[done:])
        log.compare(0, first // 256, hashes)
        if time.monotonic() - tick > 1:
            tick = time.monotonic()
            end = "\r" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"{100 * log.size // final.size} % ({log.size} van {final.size} regels){end}")
    if head is not None or log.root() != final.root:
        raise Wrong(f"Het controlepunt over {final.size} regels hoort niet bij deze regels.")
    if opening is not None:
        raise Wrong("openings.jsonl: een opening hoort bij geen enkele regel, of staat niet op volgorde.")
    for level, hashes in log.tiles.items():
        if hashes:
            log.compare(level, (log.size >> 8 * level) // 256, hashes)
    check_clock(newest, final)
    return [
        f"Klopt. Alle {final.size} regels van logboek {final.origin} zijn gecontroleerd.",
        f"  Controlepunten: {checked}. Tegels gelijk: {log.same}.",
        f"  Verborgen velden: {sealed}, waarvan {opened} getoond en gecontroleerd.",
        *signers(final),
    ]


def signers(head: Head) -> list[str]:
    times = {name: datetime.fromtimestamp(min(at, 1 << 37), UTC) for name, at in head.witnesses.items()}
    return [f"  Getuige {name} tekende mee op {at:%Y-%m-%d %H:%M:%S} UTC." for name, at in sorted(times.items())]


def shown(value: Any) -> str:
    """A value for a terminal: no control or direction characters."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in encode(value))


def small(path: Path, problem: type[Wrong] | type[Misuse], limit: int = MAX_TEXT) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError:
        raise problem(f"{path}: dit bestand ontbreekt of is niet leesbaar.") from None
    if len(raw) > limit:
        raise problem(f"{path}: dit bestand is te groot.")
    return raw


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Misuse(f"Zo moet het:{HOW.partition('Teams.')[2]}")


def answer(arguments: Sequence[str]) -> list[str]:
    parser = Parser(description=HOW, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="wat", required=True)
    receipt, export = commands.add_parser("bewijs"), commands.add_parser("export")
    receipt.add_argument("pad", type=Path, help="het ontvangstbewijs (.tlog-proof)")
    receipt.add_argument("--regel", type=Path, help="de regel zelf, als die niet in het bewijs zit")
    receipt.add_argument("--openingen", type=Path, help="de openingen, als die niet in het bewijs zitten")
    export.add_argument("pad", type=Path, help="de map met de export")
    export.add_argument("--vorige", type=Path, action="append", default=[], help="een ouder controlepunt of bewijs")
    for command in (receipt, export):
        command.add_argument("--vkey", type=Path, required=True, help="bestand met de sleutel van het logboek")
        command.add_argument(
            "--getuige", type=Path, action="append", default=[], help="bestand met de sleutel van een getuige"
        )
        command.add_argument("--quorum", type=int, default=0, help="zoveel getuigen moeten hebben meegetekend")
    given = parser.parse_args(arguments)
    log_keys, witnesses = read_keys([given.vkey], LOG), read_keys(given.getuige, WITNESS)
    keys = log_keys | witnesses
    if not log_keys or not 0 <= given.quorum <= len(witnesses):
        raise Misuse("Er is geen sleutel van het logboek, of er zijn minder getuigensleutels dan het quorum.")
    if given.wat == "bewijs":
        leaf, openings = (path and small(path, Misuse, MAX_LINE) for path in (given.regel, given.openingen))
        return check_receipt(small(given.pad, Misuse, MAX_LINE), keys, given.quorum, leaf, openings)
    if not given.pad.is_dir():
        raise Misuse(f"{given.pad}: dit is geen map.")
    notes = [small(path, Misuse, MAX_LINE) for path in given.vorige]
    earlier = [read_proof(raw)[3] if raw.startswith(PROOF_HEADER.encode()) else raw for raw in notes]
    return check_export(given.pad, keys, given.quorum, [read_head(note, keys, 0) for note in earlier])


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        lines = answer(sys.argv[1:] if arguments is None else arguments)
    except Wrong as problem:
        sys.stdout.write(f"Klopt niet. {problem}\n")
        return 1
    except Misuse as problem:
        sys.stderr.write(f"Verkeerd gebruik. {problem}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
