"""How many questions a second the engine answers alone: `python -m tests.mandates.bench_engine`."""

from dataclasses import replace
from time import process_time

from teams.mandates.engine import answer
from teams.mandates.facts import Facts, Filling, Role
from teams.mandates.question import Question
from tests.mandates.town import COLLEGE, FROM_START, SECRETARY, YES, ask, grant, role, town

K = 1_000_00


def deep() -> Facts:
    """SUB-01 five grants deep, with only the relevant facts."""
    full = town()
    links = [grant("D1", "SUB-01", COLLEGE, SECRETARY, ceiling=25 * K, sub=YES)]
    giver = SECRETARY
    for step in range(2, 6):
        holder = role(f"r{step}")
        links.append(
            grant(f"D{step}", "SUB-01", giver, holder, parent=f"D{step - 1}", ceiling=(26 - 4 * step) * K, sub=YES)
        )
        giver = holder
    return replace(
        full,
        powers=tuple(power for power in full.powers if power.code == "SUB-01"),
        grants=tuple(links),
        exclusions=(),
        roles=(*full.roles[:1], *(Role(f"r{n}", f"Rol {n}", "Team") for n in range(2, 6))),
        fillings=(full.fillings[0], *(Filling(f"r{n}", f"p{n}", FROM_START, FROM_START) for n in range(2, 6))),
    )


def rate(facts: Facts, q: Question, times: int = 1500) -> dict[str, float]:
    started = process_time()
    for _ in range(times):
        answer(facts, q)
    bare = process_time() - started
    started = process_time()
    for _ in range(times):
        answer(facts, q).to_json()
    return {"answer/s": times / bare, "answer+json/s": times / (process_time() - started)}


def main() -> None:
    facts = deep()
    for name, cents in (("ja", 4 * K), ("nee", 7 * K)):
        print(name, {key: round(value) for key, value in rate(facts, ask("SUB-01", "p5", cents)).items()})


if __name__ == "__main__":
    main()
