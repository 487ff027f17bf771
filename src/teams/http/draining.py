"""Whether this process is about to stop: then it is not ready any more, though it still answers. And how long a connection waits."""

import signal
from typing import Any

KEEP = 75
"""Seconds that an idle connection stays open: longer than a proxy keeps it, which so never sends on one that just closed."""
SIGNAL = signal.SIGUSR1
_begun = False


def begin(*_signal: Any) -> None:
    global _begun
    _begun = True


def begun() -> bool:
    return _begun


def listen() -> None:
    """In a process that another one manages: begin when told."""
    signal.signal(SIGNAL, begin)
