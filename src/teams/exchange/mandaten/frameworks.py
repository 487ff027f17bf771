"""Frameworks of the file, laid beside those that organs set before."""

from typing import Any
from uuid import UUID

from teams.exchange.mandaten.register import Register, Thing, fits, now_of, period
from teams.exchange.mandaten.rows import Meant
from teams.exchange.mandaten.state import Moments
from teams.journal.models import Note
from teams.kit.clock import day_of, start_of
from teams.kit.history import aim
from teams.mandates.models import FrameworkEntity, FrameworkVersion

_WORDS = {"title": "titel", "text": "tekst", "decided_on": "besloten_op", "decision": "besluit"}


def plan_frameworks(register: Register, rows: list[Meant]) -> None:
    """A framework stays of the organ that set it; what differs holds from now, or from its own first day."""
    for row in register.once(rows, "code"):
        framework = register.frameworks.get(row.key) or next(register.ids)
        register.frameworks[row.key] = framework
        old = register.state.framework_versions.get(framework, [])
        organ = register.state.organs.get(row.given["organ"])
        if organ is None:
            row.row.wrong("orgaan", f"er is geen orgaan '{row.given['organ']}'")
        elif old and old[-1].fields["organ_id"] != organ:
            row.row.wrong("orgaan", "dit kader is van een ander orgaan; kies een andere code")
        if row.given["decided_on"] > register.draft.today:
            row.row.wrong("besloten_op", "ligt na vandaag")
        if organ is not None and row.row.good:
            _settle(register, row, framework, organ, old)


def _settle(register: Register, row: Meant, framework: UUID, organ: UUID, old: Moments) -> None:
    before = now_of(old, register.at).fields if old else {}
    decided = start_of(row.given["decided_on"])
    if old and day_of(before["decided_on"]) == row.given["decided_on"]:
        decided = before["decided_on"]
    said: dict[str, Any] = {"title": row.given["title"], "text": row.given["text"], "decision": row.given["decision"]}
    start, end = period(old, row)
    defaults = {"framework_id": framework, "organ_id": organ}
    new = aim(old, {**said, "decided_on": decided}, defaults, start=start, end=end, today=register.at)
    if not fits(row, new, end):
        return
    verb = "framework.changed" if old else "framework.set"
    about = (("framework", framework), ("organ", organ))
    register.settle(
        Thing(
            "kaders", row.key, row.given["title"], FrameworkEntity, {"id": framework, "code": row.key}, FrameworkVersion,
            old, new, _WORDS, Note(verb, about, {"code": row.key}, accountable=True),
        )
    )  # fmt: skip
