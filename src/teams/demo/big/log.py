"""The log of it all: every accountable entry becomes a leaf, and one key signs a head over each five thousand of them."""

from pathlib import Path

import asyncpg

from teams.demo.postgres import Server
from teams.demo.run import LOG_ORIGIN
from teams.jobs.logboek import begin_once
from teams.kit.db import plain_url
from teams.ledger.memory import Files
from teams.ledger.sequencer import Sequencer
from teams.ledger.signer import Signer


async def seal(server: Server, name: str, folder: Path) -> None:
    """By the sequencer and the signer themselves, as in service."""
    files = Files(folder / "sleutel", folder / "geheugen.json")
    await begin_once(server.url("teams_signer", name), files, LOG_ORIGIN)
    memory = files.memory()
    if memory is None:
        raise RuntimeError("de ondertekenaar heeft geen geheugen")
    worker = await asyncpg.connect(plain_url(server.url("teams_worker", name)))
    signing = await asyncpg.connect(plain_url(server.url("teams_signer", name)))
    try:
        log = Sequencer(worker, LOG_ORIGIN.split("/", 1)[0])
        while await log.step() or log.place is not None:
            pass
        signer = Signer(signing, files, files.keys(), memory)
        while await signer.step():
            pass
    finally:
        await worker.close()
        await signing.close()
