"""Two web nodes beside one: what a request costs of the processor, in rounds that take turns."""

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from teams.demo.bench.load import Seen, closed, env_of, joined, visitors_of
from teams.demo.bench.load_mix import Mix, Visitor, read_mix
from teams.demo.bench.measure import Measure
from teams.demo.bench.memory import HOST, _child, _free_port, _wait
from teams.demo.postgres import Server

ROUNDS, MOST = 5, 10
_TICKS = os.sysconf("SC_CLK_TCK")


async def nodes(server: Server, name: str, *, seconds: float) -> list[Measure]:
    """The same visitors, as many at once, on one node and on two; `seconds` in all."""
    mix, visitors, random = await read_mix(server, name), await visitors_of(server, name), Random(4)
    ports, costs = [_free_port(), _free_port()], {1: list[float](), 2: list[float]()}
    errors = 0
    with ExitStack() as stack:
        webs = [
            stack.enter_context(_child(["serve", "--host", HOST, "--port", str(port)], env_of(server, name)))
            for port in ports
        ]
        for port, web in zip(ports, webs, strict=True):
            _wait(port, web)
        turn = seconds / (2 * ROUNDS + 1)
        await _round(ports, visitors, mix, random, turn)
        for _ in range(ROUNDS):
            for number in (1, 2):
                before = sum(cpu(web.pid) for web in webs)
                seen = await _round(ports[:number], visitors, mix, random, turn)
                costs[number].append(1e3 * (sum(cpu(web.pid) for web in webs) - before) / len(seen.all))
                errors += sum(seen.errors.values())
    one, two = median(costs[1]), median(costs[2])
    return [
        Measure(
            "belasting", "processor per verzoek: twee knopen bij een", 100 * two / one - 100, "%", most=MOST,
            note=f"{one:.2f} en {two:.2f} ms; {errors} fouten",
        )
    ]  # fmt: skip


async def _round(ports: list[int], visitors: list[Visitor], mix: Mix, random: Random, seconds: float) -> Seen:
    both = await asyncio.gather(*(closed(port, visitors, mix, random, seconds, at_once=8) for port in ports))
    whole = both[0]
    for other in both[1:]:
        whole = joined(whole, other)
    return whole


def cpu(pid: int) -> float:
    """Seconds of the processor that a process took, in itself and in the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
