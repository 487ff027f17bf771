"""When a team must consent to lend somebody out, and what its policy says of it (R6), as pure functions.

A policy of kind `instemming:ROL[:altijd][:DAGEN][:stil][:besluit-UREN-WEKEN[-EURO]]` names the core role that answers; `altijd`: for
every klus of another team, not only above the own budget; DAGEN working days to answer; `stil`: silence is consent; `besluit`: above so
many hours a week, so many weeks or so many euros (0: no bound) yes is a decision under a mandate (R7), and silence never is.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from teams.kit.clock import day_of, end_of
from teams.kit.errors import Reason
from teams.kit.workdays import after
from teams.klussen.hours import Hours
from teams.klussen.weighing import fits

OFFER_DAYS = 3
CONSENT_DAYS = 5
_POLICY = re.compile(
    r"instemming:(rolverdeler|begeleider|teamsecretaris|afgevaardigde)(:altijd)?(?::([1-9][0-9]?))?(:stil)?"
    r"(?::besluit-(0|[1-9][0-9]?)-(0|[1-9][0-9]{0,2})(?:-([1-9][0-9]{0,8}))?)?"
)


@dataclass(frozen=True)
class Lending:
    """Who answers for the lending team, within how many working days, and what silence means."""

    kind: str = ""
    core: str = "rolverdeler"
    always: bool = False
    days: int = CONSENT_DAYS
    silent: bool = False
    hours: int = 0
    weeks: int = 0
    euros: int = 0

    def decided(self, hours: Decimal, starts: date, ends: date | None, *, total: bool, rate: int | None) -> bool:
        """R7: whether lending out so many hours, for so long, at `rate` cents an hour, is for who holds the mandate.

        Without an end it is long; without an end or a rate nobody knows what it is worth, and then it is for them too (rule 3).
        """
        last = ends or (starts if total else None)
        days = None if last is None else (last - starts).days + 1
        return bool(
            (self.hours and hours > self.hours)
            or (self.weeks and (days is None or days > 7 * self.weeks))
            or (self.euros and worth(hours, days, rate, total=total) > 100 * self.euros)
        )


def worth(hours: Decimal, days: int | None, rate: int | None, *, total: bool) -> Decimal:
    """Cents: all hours, a begun week as a whole one, times what the work would otherwise cost; endless when that is unknown."""
    if rate is None or (days is None and not total):
        return Decimal("Infinity")
    return hours * rate * (1 if total or days is None else -(-days // 7))


UNSAID = Lending()
"""What holds where a team has agreed nothing: the rolverdeler answers, and without an answer it lapses."""


def lending(kind: str | None) -> Lending:
    """What the policy of a home team says."""
    found = _POLICY.fullmatch(kind or "")
    if found is None:
        return UNSAID
    return Lending(
        found[0], found[1], bool(found[2]), int(found[3]) if found[3] else CONSENT_DAYS, found[4] is not None,
        int(found[5] or 0), int(found[6] or 0), int(found[7] or 0),
    )  # fmt: skip


def term(at: datetime, days: int = OFFER_DAYS) -> datetime:
    """The end of the `days`-th working day from now (Awt 3)."""
    return end_of(after(day_of(at), days))


@dataclass(frozen=True)
class Room:
    """R5: the reasons why a klus cannot be taken on, or whether the home team is asked first."""

    reasons: tuple[Reason, ...] = ()
    consent: bool = False


def room(
    hours: Hours, asked: Decimal, *, starts: date, ends: date | None, total: bool, today: date, policy: Lending,
    has_home: bool, abroad: bool, rate: int | None,
) -> Room:  # fmt: skip
    """Within the own budget: yes. Over it because of role hours: with consent. Over contract by klus hours: no.

    `abroad`: the klus is of another team than the home team; `rate`: cents an hour that the work would otherwise cost.
    """
    reasons = fits(hours, asked, starts=starts, ends=ends, total=total, today=today)
    if not reasons:
        decided = policy.decided(asked, starts, ends, total=total, rate=rate)
        return Room(consent=(policy.always or decided) and abroad and has_home)
    if has_home and all(reason.code == "uren_te_veel" for reason in reasons):
        known = replace(hours, roles=())
        if not fits(known, asked, starts=starts, ends=ends, total=total, today=today):
            return Room(consent=True)
    return Room(tuple(reasons))
