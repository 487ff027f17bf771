"""How much one account asks in a minute (ASVS 2.4.1): counted in the process, so that it costs an ordinary request nothing."""

import time
from uuid import UUID

_MINUTE = 60


class Pace:
    """So many requests in each minute of an account; 0 is no end."""

    def __init__(self, most: int) -> None:
        self.most, self._minute = most, 0
        self._seen: dict[UUID, int] = {}

    def wait(self, account: UUID) -> int:
        """Counts one request. 0 when it may go on, else the seconds until the next minute."""
        if not self.most:
            return 0
        minute, gone = divmod(int(time.monotonic()), _MINUTE)
        if minute != self._minute:
            self._minute, self._seen = minute, {}
        self._seen[account] = self._seen.get(account, 0) + 1
        return 0 if self._seen[account] <= self.most else _MINUTE - gone
