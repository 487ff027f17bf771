"""Whether browser tests run: TEAMS_BROWSER=must (no Chromium is an error), none, or unset: when Chromium is there."""

import os
import shutil
from typing import Any

import pytest

_left_out = pytest.StashKey[tuple[int, str]]()


# The first is Chromium without its windows: the same pages, for two thirds of the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.hookimpl(trylast=True)  # after -m, so that only tests that would have run are counted
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wish, found = os.environ.get("TEAMS_BROWSER", ""), chromium() is not None
    if wish not in ("", "must", "none"):
        raise pytest.UsageError(f"TEAMS_BROWSER is must, none or empty, not {wish!r}")
    ours = [item for item in items if item.get_closest_marker("browser")]
    if not ours or (found and wish != "none"):
        return
    if wish == "must":
        raise pytest.UsageError("TEAMS_BROWSER=must, but there is no Chromium: apt-get install -y chromium")
    items[:] = [item for item in items if item not in ours]
    config.hook.pytest_deselected(items=ours)
    config.stash[_left_out] = len(ours), "TEAMS_BROWSER=none" if found else "no Chromium"
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = config.stash[_left_out]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Every worker collects all tests, so each has left out the same ones."""
    if left_out := getattr(node, "workeroutput", {}).get("left_out"):
        node.config.stash[_left_out] = tuple(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _left_out in config.stash:
        number, why = config.stash[_left_out]
        terminalreporter.write_line(f"{number} browser tests not run ({why})", yellow=True)
