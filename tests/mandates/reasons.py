"""What a row of the table of reasons is: one rule, the fact that turns it, and what it then says."""

from dataclasses import replace
from typing import Any, NamedTuple

from teams.mandates.chains import Book
from teams.mandates.conditions import parse_conditions
from teams.mandates.facts import Facts, Filling, Party, Role
from teams.mandates.judge import judge
from teams.mandates.question import Question
from teams.mandates.rules.after import AFTER
from teams.mandates.rules.base import Finding, Verdict
from tests.mandates.town import COLLEGE, YES, ask, changed, grant, role, town

K = 1_000_00


class Row(NamedTuple):
    """`says`: ok, nee, let_op or nvt, and where a note changes the verdict what it makes of it."""

    rule: str
    fact: str
    facts: Facts
    q: Question
    says: str
    sentence: str
    todo: str = ""


def told(row: Row) -> tuple[str, str, str]:
    """What the row's rule finds of the best chain: word, sentence, and what the person can still supply."""
    finding = found(row)
    word = finding.outcome.value if finding.effect in (Verdict.YES, Verdict.NO) else finding.effect.word
    return word, str(finding.text), finding.todo


def found(row: Row) -> Finding:
    judged = judge(Book(row.facts, row.q), row.q, row.q.person, row.q.role)
    for after in AFTER:
        if after.code == row.rule:
            return after.check(judged.parts[0].view, judged.verdict)
    return next(finding for rule, finding in judged.merged if rule.code == row.rule)


def noor(cents: int | None = K, **more: Any) -> Question:
    """Noor asks for a subsidy: T15, below the secretary's T01, from the college."""
    return ask("SUB-01", "noor", cents, **more)


def gijs(**more: Any) -> Question:
    """Gijs registers: T09, straight from the college."""
    return ask("WKPB-1", "gijs", **more)


def with_(number: str, facts: Facts | None = None, **more: Any) -> Facts:
    """The town with one grant changed; `conditions` as typed."""
    if "conditions" in more:
        more["conditions"] = parse_conditions(more["conditions"])
    return changed(facts or town(), number, **more)


def power_(code: str, facts: Facts | None = None, **more: Any) -> Facts:
    """The town with one power changed."""
    facts = facts or town()
    return replace(facts, powers=tuple(replace(p, **more) if p.code == code else p for p in facts.powers))


def deeper(**more: Any) -> Facts:
    """A third step: T15b from Noor's role to the one who looks after the buildings."""
    facts = changed(town(), "T15", sub=YES)
    below = grant("T15b", "SUB-01", role("subsidies"), role("gebouw"), parent="T15", **more)
    return replace(facts, grants=(*facts.grants, below))


def steps(count: int) -> Facts:
    """A chain of `count` grants D1… with `d1`… as roles; the person at the end is called like the last role."""
    links = [grant("D1", "SUB-01", COLLEGE, role("d1"), sub=YES)]
    for n in range(2, count + 1):
        links.append(grant(f"D{n}", "SUB-01", role(f"d{n - 1}"), role(f"d{n}"), parent=f"D{n - 1}", sub=YES))
    roles = tuple(Role(f"d{n}", f"D{n}") for n in range(1, count + 1))
    return town(grants=tuple(links), roles=roles, fillings=(Filling(f"d{count}", f"d{count}"),))


def party(kind: Any, name: str) -> Party:
    return Party(kind, name)
