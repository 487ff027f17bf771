"""R5 and R18 as pure sums: the quick search for the tightest week against a slow one that looks at every day."""

from datetime import date
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from teams.klussen.hours import FOREVER, Hours, Span, Week, hours_from, klus_end, weekly

DAY = date(2026, 9, 1).toordinal()
HORIZON = DAY + 150
days = st.integers(DAY, DAY + 110)
lengths = st.integers(1, 60)


@st.composite
def spans(draw: st.DrawFn, *, tenths: st.SearchStrategy[int], endless: bool = True) -> Span:
    start = draw(days)
    end = FOREVER if endless and draw(st.integers(0, 3)) == 0 else start + draw(lengths)
    return Span(start, end, draw(tenths))


def lists(tenths: st.SearchStrategy[int], size: int = 4, *, endless: bool = True) -> st.SearchStrategy[list[Span]]:
    return st.lists(spans(tenths=tenths, endless=endless), max_size=size)


HOURS = st.builds(
    Hours, contracts=lists(st.integers(0, 400)), absences=lists(st.just(0), endless=False),
    roles=lists(st.integers(0, 300)), others=lists(st.integers(0, 300)),
)  # fmt: skip


def weeks_of(start: int, end: int) -> dict[int, list[int]]:
    """Every week of the period: its Monday and its days within the period."""
    found: dict[int, list[int]] = {}
    for day in range(start, end):
        found.setdefault(day - date.fromordinal(day).weekday(), []).append(day)
    return found


def slow(hours: Hours, start: int, end: int) -> Week:
    """R5 read aloud, for every week and every day; beyond the horizon nothing changes any more."""

    def on(spans: list[Span], day: int) -> int:
        return sum(span.tenths for span in spans if span.start <= day < span.end)

    frees = []
    for monday, inside in weeks_of(start, min(end, HORIZON + 100)).items():
        contract = min(on(list(hours.contracts), day) for day in inside)
        away = [d for d in range(monday, monday + 5) if any(a.start <= d < a.end for a in hours.absences)]
        leave = -((-contract * len(away)) // 5)
        busy = max(on([*hours.roles, *hours.others], day) for day in inside)
        frees.append(Week(monday, contract - leave - busy))
    return min(frees, key=lambda week: (week.free, week.monday))


@given(hours=HOURS, start=days, length=st.one_of(st.none(), lengths))
@example(hours=Hours([Span(DAY, FOREVER, 360)], [Span(DAY + 20, DAY + 27, 0)], [], []), start=DAY, length=60)
def test_R5_the_tightest_week_is_that_of_the_slow_search(hours: Hours, start: int, length: int | None) -> None:
    end = FOREVER if length is None else start + length
    assert hours.tightest(start, end) == slow(hours, start, end)


@given(hours=HOURS, start=days, length=lengths)
def test_R5_in_service_means_a_contract_on_every_day(hours: Hours, start: int, length: int) -> None:
    apart, until = [], 0
    for span in sorted(hours.contracts):
        if span.start >= until:
            apart.append(span)
            until = span.end
    covered = all(any(s.start <= day < s.end for s in apart) for day in range(start, start + length))
    assert Hours(apart, [], [], []).in_service(start, start + length) == covered


@given(hours=HOURS, extra=spans(tenths=st.integers(1, 300)), start=days, length=lengths)
def test_R5_more_work_never_leaves_more_room(hours: Hours, extra: Span, start: int, length: int) -> None:
    fuller = Hours(hours.contracts, hours.absences, hours.roles, [*hours.others, extra])
    assert fuller.tightest(start, start + length).free <= hours.tightest(start, start + length).free


@given(tenths=st.integers(1, 20_000), start=days, length=lengths)
def test_R18_a_total_is_spread_over_the_weeks_it_touches_and_never_loses_an_hour(
    tenths: int, start: int, length: int
) -> None:
    weeks = len(weeks_of(start, start + length))
    each = weekly(tenths, start, start + length, total=True)
    assert (each - 1) * weeks < tenths <= each * weeks
    assert weekly(tenths, start, start + length, total=False) == tenths


def test_R18_a_one_off_takes_its_day_and_weekly_work_without_an_end_goes_on() -> None:
    assert klus_end(DAY, None, total=True) == DAY + 1
    assert klus_end(DAY, None, total=False) == FOREVER
    assert klus_end(DAY, date.fromordinal(DAY + 6), total=False) == DAY + 7


def test_R5_roles_without_known_hours_are_never_guessed() -> None:
    facts = {
        "contracts": [["2026-01-01", None, Decimal("36.0")]], "absences": [],
        "roles": [["2026-01-01", None, None], ["2026-01-01", None, Decimal("20.5")]],
        "others": [["2026-10-05", None, Decimal("8.0"), True]],
    }  # fmt: skip
    hours = hours_from(facts)
    assert [span.tenths for span in hours.roles] == [205]
    assert hours.tightest(DAY, FOREVER).free == 360 - 205 - 80
