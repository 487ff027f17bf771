"""R1-R17 over the whole life of claims: a thousand steps ordinarily, twenty thousand at length; broken rules are found."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from teams.demo.postgres import Server
from teams.klussen.actions import asking
from tests.klussen import life
from tests.klussen.life import DECK, LifeMachine


def walk(server: Server, *, examples: int, steps: int) -> None:
    LifeMachine.server, LifeMachine.steps = server, 0
    LifeMachine.done.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        LifeMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True, phases=[Phase.generate],
        ),
    )  # fmt: skip


@pytest.mark.slow
def test_a_thousand_steps(server: Server) -> None:
    walk(server, examples=12, steps=100)
    assert LifeMachine.steps >= 1000


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_twenty_thousand_steps(server: Server) -> None:
    walk(server, examples=110, steps=200)
    assert LifeMachine.steps >= 20_000
    assert [act for act in DECK if not LifeMachine.done[act]] == [], "every act was done"


ASIDE = {"book", "correct", "approve", "renew", "stop_later", "go_on"}
"""Acts that neither break nor show these rules: without them the walk comes sooner to what does."""
BROKEN = {
    "R6: silence leaves the place waiting": (
        asking, "_ON", text("select cast(:claim as uuid), cast(:to as text)"),
    ),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_rule_is_found(server: Server, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(*BROKEN[what])
    monkeypatch.setattr(life, "DECK", [act for act in DECK if act not in ASIDE])
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(server, examples=40, steps=100)
