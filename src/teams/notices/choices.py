"""What a person wants to hear by mail, and when not: a choice for each kind, and quiet hours in Amsterdam."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import AMSTERDAM
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_
from teams.notices.hears import DEFAULTS, Kind, Mail

QUIET_FROM, QUIET_UNTIL = time(19), time(7, 30)

_READ = text(
    """
    select a.person_id, coalesce(q.starts, cast(:starts as time)) as starts, coalesce(q.ends, cast(:ends as time)) as ends,
        (select coalesce(jsonb_object_agg(c.kind, c.mail), '{}') from notice_choice c where c.person_id = a.person_id) as choices
    from account a left join quiet_hours q on q.person_id = a.person_id
    where a.person_id = any(cast(:people as uuid[])) and a.disabled_at is null
    """
)
_SET = text(
    "insert into notice_choice (person_id, kind, mail) values (:me, :kind, :mail)"
    " on conflict (person_id, kind) do update set mail = excluded.mail"
)
_QUIET = text(
    "insert into quiet_hours (person_id, starts, ends) values (:me, :starts, :ends)"
    " on conflict (person_id) do update set starts = excluded.starts, ends = excluded.ends"
)


@dataclass(frozen=True)
class Choices:
    """One person's wishes; what was never chosen has the light default."""

    mails: Mapping[Kind, Mail]
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL

    def mail(self, kind: Kind) -> Mail:
        if kind is Kind.ACCOUNT:
            return Mail.NOW
        wished = self.mails.get(kind, DEFAULTS[kind])
        return Mail.DAY if kind is Kind.SEARCH and wished is Mail.NOW else wished  # at most daily

    def send_at(self, at: datetime) -> datetime:
        """The first moment from `at` on that is not quiet. Days and hours are Amsterdam's, also in the nights that the clock moves."""
        local = at.astimezone(AMSTERDAM)
        clock, first, last = local.time(), self.quiet_from, self.quiet_until
        quiet = first <= clock < last if first <= last else clock >= first or clock < last
        if not quiet:
            return at
        day = local.date() + timedelta(days=1 if first > last and clock >= first else 0)
        end = datetime.combine(day, last, AMSTERDAM).astimezone(UTC)
        return end if end >= at else end + timedelta(hours=1)  # in the hour that a night in October has twice


async def choices_of(session: AsyncSession, people: Collection[UUID]) -> dict[UUID, Choices]:
    """Wishes of those who have an account that is open; the others get no mail."""
    given = {"people": list(people), "starts": QUIET_FROM, "ends": QUIET_UNTIL}
    rows = (await session.execute(_READ, given)).all() if people else []
    return {
        row.person_id: Choices(
            {Kind(kind): Mail(mail) for kind, mail in row.choices.items() if kind in list(Kind)}, row.starts, row.ends
        )
        for row in rows
    }


async def choose(
    session: AsyncSession, person: UUID, mails: Mapping[str, str], quiet_from: str, quiet_until: str
) -> None:
    """Set the choice for some kinds, and the quiet hours ('19:00'; both empty: never quiet). Refused with every reason."""
    wrong: dict[str, Reason] = {}
    for kind, mail in mails.items():
        if kind not in list(Kind) or kind == Kind.ACCOUNT or mail not in list(Mail):
            wrong[kind] = Reason(kind, N_("Kies een van de mogelijkheden."))
    hours = []
    for name, typed in (("stil_van", quiet_from), ("stil_tot", quiet_until)):
        try:
            hours.append(_hour(typed))
        except ValueError:
            wrong[name] = Reason(name, N_("Schrijf een tijd als 19:00, of laat beide tijden leeg."))
    if not wrong and (hours[0] is None) != (hours[1] is None):
        name = "stil_van" if hours[0] is None else "stil_tot"
        wrong[name] = Reason(name, N_("Vul ook deze tijd in, of laat beide tijden leeg."))
    if wrong:
        raise Invalid(wrong)
    for kind, mail in mails.items():
        await session.execute(_SET, {"me": person, "kind": kind, "mail": mail})
    await session.execute(_QUIET, {"me": person, "starts": hours[0] or time(), "ends": hours[1] or time()})


async def stop_mail(session: AsyncSession, person: UUID, kinds: Collection[Kind]) -> None:
    """No mail any more about these kinds; in the app everything stays."""
    for kind in kinds:
        await session.execute(_SET, {"me": person, "kind": kind, "mail": Mail.NEVER})


def _hour(typed: str) -> time | None:
    if not typed:
        return None
    hours, _, minutes = typed.replace(".", ":").partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError(typed)
    return time(int(hours), int(minutes))
