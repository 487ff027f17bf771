"""What the processes write about themselves: plain sentences for a terminal, or one JSON object a line (UTC)."""

import logging
import socket
import sys
from typing import Any

_FIELDS = ("action", "object", "result", "origin", "actor", "request", "ms")
_CHATTY = ("alembic", "apscheduler", "httpx", "httpcore")


def start(kind: str) -> None:
    """Set up logging for this process. `kind`: text or json. Both go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    if kind == "json":
        import structlog  # 5 MiB that plain sentences do not need

        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.ExtraAdder(allow=_FIELDS),
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                ],
                processors=[
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _whole,
                    structlog.processors.format_exc_info,
                    structlog.processors.EventRenamer("message"),
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            )
        )
    else:
        handler.setFormatter(_OneLine("teams: %(message)s"))
    # A terminal need not see every request.
    logging.getLogger("teams.request").setLevel(logging.INFO if kind == "json" else logging.ERROR)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _whole(_logger: Any, _method: str, line: Any) -> Any:
    """What a process says of itself has the fields of BIO2 8.15.01 too: from this machine, on nobody's behalf."""
    own = {
        "action": line["logger"],
        "object": None,
        "result": line["level"],
        "origin": socket.gethostname(),
        "actor": None,
    }
    return own | line


class _OneLine(logging.Formatter):
    """Text from outside cannot begin a line of its own or move the cursor."""

    def formatMessage(self, record: Any) -> str:
        return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in super().formatMessage(record))
