"""When a team must consent to lend somebody out, and what its policy says of it (R6), as pure functions.

A policy of kind `instemming:ROL[:altijd][:DAGEN][:stil]` names the core role that answers; `altijd`: for every klus of
another team, not only above the own budget; DAGEN working days to answer; `stil`: silence is consent.
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
)


@dataclass(frozen=True)
class Lending:
    """Who answers for the lending team, within how many working days, and what silence means."""

    kind: str = ""
    core: str = "rolverdeler"
    always: bool = False
    days: int = CONSENT_DAYS
    silent: bool = False


UNSAID = Lending()
"""What holds where a team has agreed nothing: the rolverdeler answers, and without an answer it lapses."""


def lending(kind: str | None) -> Lending:
    """What the policy of a home team says."""
    found = _POLICY.fullmatch(kind or "")
    if found is None:
        return UNSAID
    return Lending(
        found[0], found[1], bool(found[2]), int(found[3]) if found[3] else CONSENT_DAYS, found[4] is not None
    )


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
    has_home: bool, abroad: bool,
) -> Room:  # fmt: skip
    """Within the own budget: yes. Over it because of role hours: with consent. Over contract by klus hours: no.

    `abroad`: the klus is of another team than the home team.
    """
    reasons = fits(hours, asked, starts=starts, ends=ends, total=total, today=today)
    if not reasons:
        return Room(consent=policy.always and abroad and has_home)
    if has_home and all(reason.code == "uren_te_veel" for reason in reasons):
        known = replace(hours, roles=())
        if not fits(known, asked, starts=starts, ends=ends, total=total, today=today):
            return Room(consent=True)
    return Room(tuple(reasons))
