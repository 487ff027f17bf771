"""The verifiable log: acts covered a second, from act to signed head, an idle transaction, and cost against its length."""

import asyncio
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg

from teams.demo.bench.ledger_pour import pour
from teams.demo.bench.measure import Measure, cost
from teams.demo.postgres import Server, tie_to_parent
from teams.jobs.logboek import begin_once
from teams.kit.db import Database, plain_url
from teams.kit.migrate import migrate, provide_roles
from teams.ledger import queries, verifier
from teams.ledger.check import verify
from teams.ledger.folder import write_folder
from teams.ledger.memory import Files
from teams.ledger.sequencer import Sequencer
from teams.ledger.signer import CHUNK, Signer

PART = "logboek"
NAME, ORIGIN, ORG = "bench_ledger", "mandaat.zandermeer.example/log1", "zandermeer"
CLIENTS = 16
_GATES = Namespace(covered=0.25, proof=5.0, leaves=40_000, held=0.5)
# A decision's entry, as the app writes it: facts in clear, four texts with keys of their own.
_ACT = """
    with e as (
        insert into journal (actor, verb, accountable, facts)
        select uuidv7(), 'decision.taken', true, jsonb_build_object('nummer', '2026-' || g, 'bevoegdheid', 'SUB-01',
            'uitkomst', 'bevoegd', 'keten', jsonb_build_array('T12@sha256:' || repeat('ab', 32)))
        from generate_series($1::int, $2::int) g returning id
    )
    insert into journal_text (entry, field, key, value)
    select e.id, t.field, sha256(uuid_send(uuidv7())), t.value from e,
        (values ('actor', 'Noor Elsdijk'), ('bedrag', '1250000'), ('onderwerp', 'Snoei aan de Zandweg')) t(field, value)
    returning entry
"""
_BEHIND = """
    select (select count(*) from journal where accountable) - coalesce((select max(size) from checkpoint), 0)
"""
_COVER = """
    select l.entry, (select min(c.at) from checkpoint c where c.size > l.seq and c.log = l.log) as at
    from leaf l where l.entry = any($1)
"""


@dataclass(frozen=True)
class Sizes:
    """How much is measured; a test takes a twentieth. From `acted` leaves on the log grows by COPY, without its acts."""

    acts: int = 10_000
    seconds: float = 10.0
    rate: int = 200
    held: float = 3.0
    lengths: Sequence[int] = (1_000, 10_000, 100_000, 1_000_000)
    acted: int = 100_000
    proofs: int = 200


async def ledger(server: Server, sizes: Sizes) -> list[Measure]:
    """On databases of its own, which stay until the server goes."""
    with tempfile.TemporaryDirectory(prefix="teams-bench-log-") as folder:
        found = await live(server, sizes, Path(folder) / "live")
        return found + await growing(server, sizes, Path(folder) / "growing")


async def live(server: Server, sizes: Sizes, folder: Path) -> list[Measure]:
    """With work and signer as processes of their own, polling as they do in service."""
    name = f"{NAME}_live"
    files = await _provide(server, name, folder)
    pool = await asyncpg.create_pool(plain_url(server.url("teams_app", name)), min_size=CLIENTS, max_size=CLIENTS)
    boss = await asyncpg.connect(plain_url(server.url(database=name)))
    try:
        begin = time.perf_counter()
        await _closed(pool, sizes.acts)
        bare = sizes.acts / (time.perf_counter() - begin)
        with _processes(server, name, files):
            await _until_covered(boss)
            begin = time.perf_counter()
            await _closed(pool, sizes.acts)
            written = time.perf_counter() - begin
            await _until_covered(boss)
            covered = time.perf_counter() - begin
            calm = await _open(pool, boss, sizes)
            held = await _open(pool, boss, sizes, hold=sizes.held)
    finally:
        await pool.close()
        await boss.close()
    return [
        Measure(PART, "vastgelegd en ondertekend: deel van alleen schrijven", sizes.acts / covered / bare, "", least=_GATES.covered,
            note=f"{sizes.acts / covered:.0f}/s ondertekend, {sizes.acts / written:.0f}/s geschreven, {bare:.0f}/s zonder logboek, {CLIENTS} schrijvers; streven: 1000/s"),
        Measure(PART, f"van daad tot controlepunt bij {sizes.rate}/s, p99", calm[1], "ms", note=f"p50 {calm[0]:.0f} ms; streven: 250"),
        Measure(PART, f"idem naast een open transactie van {sizes.held:.0f} s, p99", held[1], "ms", note=f"p50 {held[0]:.0f} ms; streven: 250"),
        Measure(PART, "langste wacht als deel van die transactie", held[2] / 1e3 / sizes.held, "", most=_GATES.held),
    ]  # fmt: skip


async def growing(server: Server, sizes: Sizes, folder: Path) -> list[Measure]:
    """One log that grows from length to length; the same things measured at each."""
    name = f"{NAME}_growing"
    files = await _provide(server, name, folder)
    urls = [plain_url(server.url(role, name)) for role in ("teams_app", "teams_worker", "teams_signer", "postgres")]
    app, worker, signing, boss = [await asyncpg.connect(url, timeout=5) for url in urls]
    database, found = Database(server.url("teams_app", name), pool=1), list[Measure]()
    log, sign = Sequencer(worker, ORG), Signer(signing, files, files.keys(), files.memory())  # type: ignore[arg-type]
    try:
        for length in sizes.lengths:
            if length > sizes.acted:
                await pour(boss, log, length - 1)
                log = Sequencer(worker, ORG)
            found += await _at(length, sizes, app, boss, database, log, sign)
            if length == sizes.acted:
                found += await _whole(boss, folder, files)
    finally:
        for connection in (app, worker, signing, boss):
            await connection.close()
        await database.close()
    return found


async def _at(
    length: int, sizes: Sizes, app: Any, boss: Any, database: Database, log: Sequencer, sign: Signer
) -> list[Measure]:
    if length <= sizes.acted:
        await _fill(boss, length - log.edge.size - 1)
    begin, before = time.process_time(), sign.memory.size
    while await log.step() or log.place is not None:
        pass
    sequenced = (time.process_time() - begin) / (log.edge.size - before) * 1e3
    begin = time.process_time()
    while await sign.step() == CHUNK:
        pass
    signed = (time.process_time() - begin) / (sign.memory.size - before) * 1e3
    await boss.execute("analyze leaf, node, checkpoint, leaf_seed, journal, journal_text")
    entries = [row[0] for row in await boss.fetch("select entry from leaf order by random() limit $1", sizes.proofs)]

    async def proofs() -> None:
        async with database.read() as session:
            for entry in entries:
                assert await queries.receipt_of(session, entry)

    await proofs()
    rounds = [await cost(proofs, len(entries)) for _ in range(5)]
    polls = []
    for _ in range(20):
        await app.execute(_ACT, 1, 1)
        begin = time.perf_counter()
        assert await log.step() == 1
        polls.append((time.perf_counter() - begin) * 1e3)
    while await sign.step():
        pass
    size = await boss.fetchval(
        "select sum(pg_total_relation_size(t)) from unnest('{leaf,leaf_seed,node}'::regclass[]) t"
    )
    last, acted = length == max(sizes.lengths), length <= sizes.acted
    return [
        Measure(PART, f"{length} regels: rekentijd per bewijs", median(c.cpu for c in rounds), "ms",
            most=_GATES.proof if last else None, note=f"{median(c.wall for c in rounds):.2f} ms op de klok"),
        Measure(PART, f"{length} regels: één daad in het logboek", median(polls), "ms", note="vinden, schrijven, knopen"),
        *([Measure(PART, f"{length} regels: rekentijd per regel, vastleggen", sequenced, "ms")] if acted else []),
        Measure(PART, f"{length} regels: rekentijd per regel, ondertekenen", signed, "ms"),
        Measure(PART, f"{length} regels: ruimte per regel", int(size) / log.edge.size, "bytes"),
    ]  # fmt: skip


async def _whole(boss: Any, folder: Path, files: Files) -> list[Measure]:
    """Verification by `teams log verify` and by the one file over an export."""
    cpu, wall = time.process_time(), time.perf_counter()
    checked = await verify(boss)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    leaves = await write_folder(boss, folder / "export")
    (folder / "vkey").write_text(str(files.keys()[0].verifier))
    words = [sys.executable, verifier.__file__, "export", str(folder / "export"), "--vkey", str(folder / "vkey")]
    used = [await asyncio.to_thread(_run, words, folder / "said") for _ in range(3)]
    rate = leaves / min(one.ru_utime + one.ru_stime for one in used)
    note = f"{leaves} regels met vier openingen; de beste van drie"
    return [
        Measure(PART, "teams log verify: regels per seconde rekentijd", checked.leaves / cpu, "/s",
            note=f"{checked.leaves} regels met journaal, openingen, knopen en hoofden; {checked.leaves / wall:.0f}/s op de klok"),
        Measure(PART, "los bestand: regels per seconde rekentijd", rate, "/s", least=_GATES.leaves, note=note),
    ]  # fmt: skip


def _run(words: Sequence[str], said: Path) -> resource.struct_rusage:
    """What this one process took; what it says goes to a file."""
    with said.open("wb") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said.read_text()
    return used


async def _provide(server: Server, name: str, folder: Path) -> Files:
    boss = await asyncpg.connect(plain_url(server.url(database="postgres")))
    await boss.execute(f'create database "{name}"')
    await boss.close()
    await provide_roles(server.url(), name)
    await asyncio.to_thread(migrate, server.url("teams_owner", name))
    files = Files(folder / "key", folder / "state")
    await begin_once(server.url("teams_signer", name), files, ORIGIN)
    return files


async def _fill(boss: Any, acts: int) -> None:
    await boss.execute("set synchronous_commit = off")
    for first in range(0, acts, 50_000):
        await boss.execute(_ACT, first + 1, min(first + 50_000, acts))


async def _closed(pool: Any, acts: int) -> None:
    """As fast as they can: every client acts again when its act is committed."""
    left = iter(range(acts))

    async def client() -> None:
        for number in left:
            await pool.fetch(_ACT, number, number)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def _open(pool: Any, boss: Any, sizes: Sizes, hold: float = 0.0) -> tuple[float, float, float]:
    """Acts at a fixed rate; p50, p99 and the longest from commit to signed head, in ms."""
    done: dict[Any, float] = {}

    async def one(number: int) -> None:
        rows = await pool.fetch(_ACT, number, number)
        done[rows[0]["entry"]] = time.time()

    async def idle() -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.fetch(_ACT, 0, 0)
            await asyncio.sleep(hold)

    begin, tasks = time.perf_counter(), [asyncio.create_task(idle())] if hold else []
    for number in range(int(sizes.seconds * sizes.rate)):
        await asyncio.sleep(max(0.0, begin + number / sizes.rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    await _until_covered(boss)
    waits = sorted((row["at"].timestamp() - done[row["entry"]]) * 1e3 for row in await boss.fetch(_COVER, list(done)))
    return waits[len(waits) // 2], waits[len(waits) * 99 // 100], waits[-1]


async def _until_covered(boss: Any) -> None:
    for _ in range(6000):
        if not await boss.fetchval(_BEHIND):
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("niet alles is ondertekend")


@contextlib.contextmanager
def _processes(server: Server, name: str, files: Files) -> Iterator[None]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("TEAMS_")} | {
        "TEAMS_DATABASE_URL": server.url("teams_app", name),
        "TEAMS_WORKER_DATABASE_URL": server.url("teams_worker", name),
        "TEAMS_SIGNER_DATABASE_URL": server.url("teams_signer", name),
        "TEAMS_SIGNER_KEY": str(files.key),
        "TEAMS_SIGNER_STATE": str(files.state),
        "TEAMS_LOG_ORIGIN": ORIGIN,
    }
    running = [
        subprocess.Popen([sys.executable, "-m", "teams", words], env=env, preexec_fn=tie_to_parent())
        for words in ("work", "sign")
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)
