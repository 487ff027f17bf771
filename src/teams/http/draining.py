"""Whether this process is about to stop: then it is not ready any more, though it still answers."""

import signal
from typing import Any

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
