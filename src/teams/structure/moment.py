"""The two questions of every page of structure: as of which moment (`op`), and as known at which moment (`bekend`)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from teams.kit.clock import day_of, end_of
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_

FIRST = date(1900, 1, 1)

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?) ?(Z|[+ -][0-9]{2}:?[0-9]{2})?"
)

_NO_DATE = N_("Vul een dag in als 31-12-2026, of een tijdstip met tijdzone.")
_NO_ZONE = N_("Zet de tijdzone achter het tijdstip, bijvoorbeeld +01:00.")
_TOO_EARLY = N_("Kies een dag na 1 januari 1900.")


@dataclass(frozen=True)
class Moment:
    """What held at `op`, as it was recorded at `known`; both at most `now`."""

    op: datetime
    known: datetime
    now: datetime

    @property
    def day(self) -> date:
        """The calendar day in Amsterdam of `op`: structure other than fillings holds by day."""
        return day_of(self.op)

    @property
    def is_now(self) -> bool:
        return self.op == self.now and self.known == self.now

    @property
    def values(self) -> dict[str, datetime | date]:
        """The parameters of a query: `op`, `day` and `known`."""
        return {"op": self.op, "day": self.day, "known": self.known}


def moment_from(op: str | None, known: str | None, now: datetime) -> Moment:
    """Read both texts; empty means now. `Invalid` names the fields `op` and `bekend`, all of them at once."""
    wrong: dict[str, Reason] = {}
    found = {"op": now, "bekend": now}
    for field, value in (("op", op), ("bekend", known)):
        if value is None or not value.strip():
            continue
        answer = _read(value.strip(), now)
        if isinstance(answer, str):
            wrong[field] = Reason(field, answer)
        else:
            found[field] = answer
    if wrong:
        raise Invalid(wrong)
    return Moment(op=found["op"], known=found["bekend"], now=now)


def _read(value: str, now: datetime) -> datetime | str:
    """The moment meant, at most `now`; or what is wrong."""
    try:
        if match := _ISO.fullmatch(value):
            return _end(date(int(match[1]), int(match[2]), int(match[3])), now)
        if match := _DUTCH.fullmatch(value):
            return _end(date(int(match[3]), int(match[2]), int(match[1])), now)
        if match := _MOMENT.fullmatch(value):
            if match[2] is None:
                return _NO_ZONE
            # a plus sign that was not escaped arrives as a space
            moment = datetime.fromisoformat(match[1] + match[2].replace(" ", "+"))
            return _TOO_EARLY if moment.date() <= FIRST else min(moment, now)
    except ValueError:
        pass
    return _NO_DATE


def _end(day: date, now: datetime) -> datetime | str:
    if day <= FIRST:
        return _TOO_EARLY
    return now if day >= day_of(now) else end_of(day) - timedelta(microseconds=1)
