"""What a process that answers people does once, before the first of them."""

import gc


def settle() -> None:
    """Everything that stands here now stays until the process ends: Python need not look through it each time it looks for what can
    go (`gc.freeze`, https://docs.python.org/3/library/gc.html)."""
    gc.collect()
    gc.freeze()
