"""The command `teams`: argparse in Dutch, one function per command; 0 is good, 1 is no, 2 is wrong use."""

import contextlib
import ctypes
import logging
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from teams.cli.parser import parser
from teams.kit import logs
from teams.kit.errors import NextStep, Reason, Refusal
from teams.kit.faults import Stopped, fault_of, settings_faults
from teams.kit.settings import Settings

_M_MMAP_THRESHOLD = -3


def main(arguments: list[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    logs.start("text")
    sentences: Iterable[str]
    code = 1
    try:
        done: int = args.run(args)
        return done
    except KeyboardInterrupt:
        return 130
    except Refusal as refusal:
        parts: list[Reason | NextStep] = [*refusal.reasons, *refusal.then]
        sentences = [part.text.format(**part.values) for part in parts]
    except ValidationError as error:
        sentences, code = settings_faults(error), 2
    except Stopped as error:
        sentences = [str(error)]
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        sentences = [fault]
    for sentence in sentences:
        logging.getLogger("teams").error("%s", sentence)
    return code


def application() -> Any:
    """What uvicorn starts in each of its processes."""
    from teams.app import create_app
    from teams.kit.process import settle

    # A check of a password takes 19 MiB for a moment. glibc would keep that, once for each thread.
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 1_000_000)
    settings = Settings()
    logs.start(settings.log)
    if settings.drain_seconds:
        from teams.http import draining

        draining.listen()
    app = create_app(settings)
    settle()
    if settings.log == "text" and settings.metrics_port is None:
        return app
    from teams.http.observe import Observed

    return Observed(app)
