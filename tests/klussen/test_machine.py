"""R1-R15 in any order: after every step the database is what a plain model says; broken rules are found."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from teams.demo.postgres import Server
from teams.klussen import lending, rules
from teams.klussen.actions import klus as klus_actions
from teams.klussen.actions import steps as step_actions
from tests.klussen.machine import KlussenMachine


def walk(server: Server, *, examples: int, steps: int, shrink: bool = True) -> None:
    KlussenMachine.server, KlussenMachine.steps = server, 0
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        KlussenMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
            phases=list(Phase) if shrink else [Phase.generate],
        ),
    )  # fmt: skip


@pytest.mark.slow
def test_five_hundred_steps(server: Server) -> None:
    walk(server, examples=11, steps=50)
    assert KlussenMachine.steps >= 500


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_steps(server: Server) -> None:
    walk(server, examples=140, steps=80)
    assert KlussenMachine.steps >= 10_000


BROKEN = {
    "R5: hours are not weighed": (lending, "fits", lambda *given, **more: []),
    "R8: seats are not numbered anew": (
        klus_actions,
        "_RENUMBER",
        text("select cast(:klus as uuid), cast(:places as int)"),
    ),
    "R8: other hours are the same terms": (klus_actions, "_TERMS", ()),
    "R13: who leaves keeps the place": (
        step_actions,
        "_END",
        text(
            "select cast(:claim as uuid), cast(:from as text), cast(:to as text), cast(:day as date), cast(:reason as text),"
            " cast(:handover as text), cast(:result as text)"
        ),
    ),
    "a due klus is not started before a claim": (rules.ClaimFacts, "is_due", False),
}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rule_is_found(server: Server, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(*BROKEN[what])
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(server, examples=60, steps=50, shrink=False)
