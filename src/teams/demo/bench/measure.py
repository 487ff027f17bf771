"""One measured thing beside its limit, interleaved rounds, and the table on screen."""

import json
import os
import platform
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Measure:
    """`least` and `most` are gates; without one the figure is only told."""

    part: str
    what: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None
    note: str = ""

    @property
    def good(self) -> bool:
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    @property
    def gate(self) -> str:
        if self.least is not None:
            return f"≥ {written(self.least)}"
        return f"≤ {written(self.most)}" if self.most is not None else ""


class Cost(NamedTuple):
    """What one call costs: ms on the clock, ms of this process's CPU."""

    wall: float
    cpu: float


Work = Callable[[], Awaitable[Any]]


async def cost(work: Work, calls: int) -> Cost:
    """`work` does `calls` calls."""
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return Cost((time.perf_counter() - wall) / calls * 1e3, (time.process_time() - cpu) / calls * 1e3)


async def interleaved(works: dict[str, Work], calls: int, rounds: int) -> dict[str, list[Cost]]:
    """Every work in every round, so that a busy machine hits all of them alike. The first round only warms up."""
    for work in works.values():
        await work()
    found: dict[str, list[Cost]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(await cost(work, calls))
    return found


def ratio(mine: Sequence[Cost], limit: Sequence[Cost]) -> float:
    """Which part of the limit's speed we reach: the median of the rounds."""
    return median(theirs.wall / ours.wall for ours, theirs in zip(mine, limit, strict=True))


def middle_cpu(costs: Sequence[Cost]) -> float:
    return median(cost.cpu for cost in costs)


def middle_wall(costs: Sequence[Cost]) -> float:
    return median(cost.wall for cost in costs)


def written(value: float) -> str:
    digits = 0 if value == int(value) and abs(value) < 1e6 else 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}".replace(".", ",")


def table(measures: Sequence[Measure]) -> str:
    """What was measured beside its limit; a cross where a gate is missed."""
    rows = [
        (m.part, m.what, f"{written(m.value)} {m.unit}".strip(), m.gate, "" if not m.gate else "✓" if m.good else "✗", m.note)
        for m in measures
    ]  # fmt: skip
    rows.insert(0, ("deel", "wat", "gemeten", "grens", "", "hoe"))
    width = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join([*(cell.ljust(size) for cell, size in zip(row, width, strict=False)), row[5]]).rstrip()
        for row in rows
    )


def keep(path: Path, measures: Sequence[Measure], seconds: float) -> None:
    machine = {"cpus": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds),
        "machine": machine,
        "good": all(m.good for m in measures),
        "measures": [asdict(m) | {"good": m.good} for m in measures],
    }
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
