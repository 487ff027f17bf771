"""`teams bench`: ratios and counts in one run beside their limit, on a database of its own that goes away afterwards."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import uvloop

from teams.demo.bench.bestuur import bestuur
from teams.demo.bench.claims import claims, people_and_klussen, stress
from teams.demo.bench.controle import controle
from teams.demo.bench.crowd import crowd, more_live, provide
from teams.demo.bench.decisions import decisions
from teams.demo.bench.growth import growth
from teams.demo.bench.ledger import Sizes, ledger
from teams.demo.bench.load import load
from teams.demo.bench.load import provide as provide_load
from teams.demo.bench.load_nodes import nodes
from teams.demo.bench.mandates import mandates
from teams.demo.bench.matching import matching
from teams.demo.bench.measure import Measure, keep, table
from teams.demo.bench.memory import memory
from teams.demo.bench.mobility import mobility
from teams.demo.bench.pages import BuildApp, counts, pages, weight
from teams.demo.bench.scale import PARTS as ALL_SIZES
from teams.demo.bench.scale import scale
from teams.demo.postgres import Server, embedded
from teams.demo.run import say
from teams.kit.clock import AMSTERDAM
from teams.kit.faults import Stopped

ROUNDS = 5
FEW, SOME, MANY = 10_000, 100_000, 1_000_000
LIVE = 5_000
MATCH_PEOPLE, MATCH_KLUSSEN = 15_000, 2_000
GROWN_LIVE = 3_000
PARTS = (
    "vragen",
    "gewicht",
    "pagina",
    "geheugen",
    "claim",
    "groei",
    "mandaten",
    "bestuur",
    "besluiten",
    "logboek",
    "controle",
    "mobiliteit",
    "passen",
)
BIG = ("schaal", "belasting")
"""Parts that need minutes and gigabytes: only when they are asked for."""
SIZES = ALL_SIZES
LOAD_PEOPLE = 1 / 3
_TENTH = 10
_GROWTH_MOST = 1.5


@dataclass(frozen=True)
class Large:
    """`folder` keeps the municipalities for a next time; None: they go away. `minutes`: how long people work."""

    folder: Path | None = None
    sizes: Sequence[float] = SIZES
    minutes: float = 1.0


def main(parts: Sequence[str], out: Path, build: BuildApp, large: Large = Large()) -> int:
    """Measure `parts` (none: all but those of `BIG`), keep the figures in `out`. 0 when every gate holds, else 1.

    `build` makes the web application; only the floor above knows how.
    """
    if unknown := set(parts) - {*PARTS, *BIG}:
        raise Stopped(f"geen deel van de meting: {', '.join(sorted(unknown))}; kies uit {', '.join((*PARTS, *BIG))}")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="teams-bench-") as folder:
        Path(folder).chmod(0o755)
        asked = set(parts or PARTS)
        measures = run(Path(folder) / "pg", build, asked - set(BIG)) if asked - set(BIG) else []
        measures += _large(large.folder or Path(folder) / "groot", build, asked & set(BIG), large)
    print(table(measures))
    keep(out, measures, time.monotonic() - begin)
    missed, gates = [m for m in measures if not m.good], [m for m in measures if m.gate]
    say(f"{len(missed)} van {len(gates)} grenzen niet gehaald" if missed else f"alle {len(gates)} grenzen gehaald")
    return 1 if missed else 0


def run(folder: Path, build: BuildApp, parts: set[str]) -> list[Measure]:
    """Each part beside `folder` in a cluster of its own: what one leaves behind is no weight for the next."""
    found = (
        _klussen(folder, build, parts)
        if parts - {"mandaten", "bestuur", "besluiten", "logboek", "controle", "passen", "mobiliteit"}
        else []
    )
    if "bestuur" in parts:
        say("kaart, verleden en zoeken meten")
        with embedded(folder.with_name("bestuur"), shared_buffers="1GB", fast=True) as server:
            found += uvloop.run(bestuur(server, build, today=datetime.now(AMSTERDAM).date(), rounds=ROUNDS))
    if "besluiten" in parts:
        say("besluiten meten")
        with embedded(folder.with_name("besluiten"), shared_buffers="1GB") as server:
            found += uvloop.run(
                decisions(server, build, today=datetime.now(AMSTERDAM).date(), rounds=ROUNDS, calls=100)
            )
    if "mandaten" in parts:
        say("mandaatregisters meten")
        with embedded(folder.with_name("mandaten"), shared_buffers="1GB", fast=True) as server:
            found += uvloop.run(mandates(server, build, rounds=ROUNDS))
    if "logboek" in parts:
        say("logboek meten")
        with embedded(folder.with_name("logboek"), shared_buffers="1GB") as server:
            found += uvloop.run(ledger(server, Sizes()))
    if "mobiliteit" in parts:
        say("mobiliteit meten")
        with embedded(folder.with_name("mobiliteit"), shared_buffers="1GB", fast=True) as server:
            found += uvloop.run(mobility(server, rounds=ROUNDS))
    if "controle" in parts:
        say("mandaatlogboek en verantwoording meten")
        with embedded(folder.with_name("controle"), shared_buffers="1GB", fast=True) as server:
            found += uvloop.run(controle(server, rounds=ROUNDS))
    if "passen" in parts:
        say("klussen bij mensen meten")
        with embedded(folder.with_name("passen"), shared_buffers="1GB", fast=True) as server:
            day = datetime.now(AMSTERDAM).date()
            found += uvloop.run(matching(server, people=MATCH_PEOPLE, klussen=MATCH_KLUSSEN, today=day))
    return found


def _large(folder: Path, build: BuildApp, parts: set[str], asked: Large) -> list[Measure]:
    found = list[Measure]()
    if not parts:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    with embedded(folder, shared_buffers="4GB", fast=True, counted=True) as server:
        if "schaal" in parts:
            found += uvloop.run(scale(server, build, folder / "sleutels", parts=asked.sizes))
        if "belasting" in parts:
            name = uvloop.run(provide_load(server, LOAD_PEOPLE, folder / "sleutels"))
    if "belasting" in parts:
        with embedded(folder, shared_buffers="2GB") as server:
            found += uvloop.run(load(server, name, build, seconds=asked.minutes * 60))
            found += uvloop.run(nodes(server, name, seconds=min(180.0, max(20.0, asked.minutes * 12))))
    return found


def _klussen(folder: Path, build: BuildApp, parts: set[str]) -> list[Measure]:
    """Filled without safety against power failure; measured with it, as in service."""
    with embedded(folder, shared_buffers="1GB", fast=True) as server:
        uvloop.run(_fill(server, parts))
    with embedded(folder, shared_buffers="1GB") as server:
        found = uvloop.run(_measure(server, build, parts))
        if "geheugen" in parts:
            say("geheugen meten")
            found += memory(server, _name(SOME))
    if "groei" in parts:
        with embedded(folder, shared_buffers="1GB", fast=True) as server:
            found += uvloop.run(_grow(server))
    return found


async def _fill(server: Server, parts: set[str]) -> None:
    today = datetime.now(AMSTERDAM).date()
    say("Zandermeer vullen")
    await provide(server, today)
    for klussen, live, wanted in (
        (FEW, GROWN_LIVE, "groei" in parts),
        (SOME, LIVE, bool(parts - {"groei", "mandaten"})),
        (MANY, GROWN_LIVE, "groei" in parts),
    ):
        if wanted:
            say(f"{klussen} klussen plaatsen")
            await crowd(server, klussen, live=live, today=today)


async def _measure(server: Server, build: BuildApp, parts: set[str]) -> list[Measure]:
    today, found = datetime.now(AMSTERDAM).date(), list[Measure]()
    name = _name(SOME)
    if "vragen" in parts:
        found += await counts(server, name, build)
    if "gewicht" in parts:
        found += await weight(server, name, build)
    if "pagina" in parts:
        say("bladzijden meten")
        found += await pages(server, name, build, rounds=ROUNDS, calls=200)
    if "claim" in parts:
        say("claims meten")
        await people_and_klussen(server, name, today)
        found += await claims(server, name, build, rounds=ROUNDS, calls=960)
        found += await stress(server, name, seconds=4)
    return found


async def _grow(server: Server) -> list[Measure]:
    say("lijsten op een miljoen klussen meten")
    found = await growth(server, _name(FEW), _name(MANY), rounds=ROUNDS, calls=20, gate=_GROWTH_MOST)
    say("nu met een tiende lopend")
    await more_live(server, _name(MANY), MANY, live=MANY // _TENTH, today=datetime.now(AMSTERDAM).date())
    return found + await growth(server, _name(FEW), _name(MANY), rounds=ROUNDS, calls=20, gate=None)


def _name(klussen: int) -> str:
    return f"bench_{klussen}"
