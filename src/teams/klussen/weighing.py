"""Weighing the hours of a klus against what is free in each week (R5, R18)."""

from datetime import date
from decimal import Decimal

from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_
from teams.klussen.hours import FOREVER, Hours, klus_end, tenths, weekly


def asked_hours(hours: Decimal | None, least: Decimal | None, most: Decimal | None, total: Decimal | None) -> Decimal:
    """The hours of a claim: within the klus's bounds, one decimal; a one-off is done whole."""
    if total is not None:
        if hours is not None and hours != total:
            raise Invalid({"uren": Reason("uren", N_("Deze klus is in totaal {total} uur."), {"total": plain(total)})})
        return total
    assert least is not None and most is not None
    if hours is None:
        return least
    if not least <= hours <= most:
        raise Invalid(
            {
                "uren": Reason(
                    "uren",
                    N_("Vul een getal in van {least} tot en met {most}."),
                    {"least": plain(least), "most": plain(most)},
                )
            }
        )
    return hours


def fits(hours: Hours, asked: Decimal, *, starts: date, ends: date | None, total: bool, today: date) -> list[Reason]:
    """R5: in service all the time, and room in every week of the klus from today on."""
    first = starts.toordinal()
    end = klus_end(first, ends, total=total)
    start = max(first, today.toordinal())
    if start >= end:
        return []
    if not hours.in_service(start, end):
        return [Reason("niet_in_dienst", N_("Je bent niet in dienst in de hele periode van deze klus."))]
    need = weekly(tenths(asked), first, end, total=total)
    week = hours.tightest(start, end)
    if need <= week.free:
        return []
    return [
        Reason(
            "uren_te_veel",
            N_("In de week van {monday} heb je {free} uur vrij. Deze klus vraagt {need} uur."),
            {
                "monday": dutch_day(week.monday),
                "free": plain(Decimal(max(week.free, 0)) / 10),
                "need": plain(Decimal(need) / 10),
            },
        )
    ]


def dutch_day(day: int) -> date:
    """A day among a reason's values; the face writes it in the reader's language."""
    return date.fromordinal(min(day, FOREVER))


def nearest(hours: Decimal, least: Decimal | None, most: Decimal | None) -> Decimal | None:
    """Hours of before, within what the klus asks now; None for a one-off."""
    return None if least is None or most is None else min(max(hours, least), most)


def plain(hours: Decimal) -> Decimal:
    """Hours without needless zeros: 6, 6.5."""
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()
