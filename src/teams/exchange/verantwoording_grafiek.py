"""The line of decisions per quarter: points for the page, and a drawing by itself for the paper."""

from html import escape
from typing import Any

_LEFT, _TOP, _BOTTOM, _STEP = 70, 25, 215, 108
_INK, _GREY, _LINE = "#1b1f23", "#5c6670", "#00558c"


def chart(quarters: list[dict[str, Any]]) -> dict[str, Any]:
    """Points of the line of decisions per quarter in a box of 540 by 250: (x, y, period, number, how many went wrong)."""
    most = max((row["besluiten"] for row in quarters), default=0)
    top = _round_up(most)
    height = _BOTTOM - _TOP
    points = [
        (
            _LEFT + _STEP * place,
            round(_BOTTOM - height * row["besluiten"] / top),
            row["periode"],
            row["besluiten"],
            row["mis"],
        )
        for place, row in enumerate(quarters)
    ]
    lines = [(round(_BOTTOM - height * part / 3), round(top * part / 3)) for part in range(4)]
    return {"punten": points, "lijnen": lines, "pad": "M" + "L".join(f"{x} {y}" for x, y, *_ in points)}


def _round_up(value: int) -> int:
    """A round number that three lines divide, not below `value`."""
    steps: list[int] = [part * 10**power for power in range(12) for part in (3, 6, 9, 15)]
    return next(step for step in steps if step >= value)


def svg(quarters: list[dict[str, Any]]) -> str:
    """The chart with its own colours and font, for a place without a style sheet; its table stands beside it."""
    drawn = chart(quarters)
    parts = [
        f'<path d="M40 {y}H540" stroke="#d0d5da"/><text x="36" y="{y + 5}" text-anchor="end" font-size="12" fill="{_GREY}">{_n(value)}</text>'
        for y, value in drawn["lijnen"]
    ]
    parts.append(f'<path d="{drawn["pad"]}" fill="none" stroke="{_LINE}" stroke-width="3"/>')
    for x, y, period, number, _wrong in drawn["punten"]:
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="5.5" fill="{_LINE}"/>'
            f'<text x="{x}" y="{y - 13}" text-anchor="middle" font-weight="bold" fill="{_INK}">{_n(number)}</text>'
            f'<text x="{x}" y="238" text-anchor="middle" fill="{_INK}">{escape(period)}</text>'
        )
    font = 'font-family="Libertinus Serif" font-size="14"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 250" {font}>{"".join(parts)}</svg>'


def spoken(quarters: list[dict[str, Any]]) -> str:
    """The same for who does not see it."""
    return "Lijndiagram. " + "; ".join(f"{row['periode']}: {_n(row['besluiten'])} besluiten" for row in quarters) + "."


def _n(value: int) -> str:
    return f"{value:,}".replace(",", ".")
