"""The mobility figures (klussen 3.4): recomputed by a second, plain implementation over the demo's two years; groups under five."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from teams.demo.seed import seed
from teams.exchange.mobiliteit import csv_parts, sheets_of, xlsx_parts
from teams.kit.db import Database
from teams.reports.few import PLACE, SMALLEST, small, small_on_any, whole_places
from teams.reports.mobility import heads_of, mobility_of, places_of
from teams.reports.savings import occupancy_of, openings_of, savings_of, together
from tests.places import Place
from tests.reports.plain import Plain

TODAY = date(2026, 11, 22)
PERIODS = (
    (date(2025, 1, 1), date(2026, 1, 1)),
    (date(2026, 1, 1), date(2026, 11, 23)),
    (date(2026, 7, 1), date(2026, 10, 1)),
)


async def compare(session: AsyncSession, plain: Plain, first: date, until: date) -> Any:
    """Every figure equal to what plain counting finds, to the hour and the cent; nothing impossible; nobody to be told apart."""
    found, wanted = await mobility_of(session, first, until), plain.count(first, until)
    figures = found.figures
    length = (until - wanted.first).days
    assert (found.first, found.since) == (wanted.first, wanted.since)
    headcount = sum(wanted.heads.values())
    assert (figures["M1"].above, figures["M1"].below, figures["M1"].divide) == (len(wanted.movers), headcount, length)
    assert (figures["M2"].above, figures["M2"].below, figures["M2"].divide) == (len(wanted.away), headcount, length)
    unit = PLACE * length or 1
    heads = await heads_of(session, {"first": wanted.first, "until": until})
    assert sum(row.tenth_days for row in heads.values()) == wanted.tenth_days
    in_places = (2 * wanted.tenth_days + unit) // (2 * unit) * unit
    assert (figures["M3"].above, figures["M3"].below, figures["M3"].divide) == (wanted.hours, in_places, 7)
    assert all(row.below % unit == 0 for row in figures["M3"].rows), "whole places: nobody's contract"
    _hours_of_no_few(found, plain, first, until)
    assert (figures["M4"].above, figures["M4"].below) == (wanted.inside, len(wanted.filled))
    assert (figures["M5"].above, figures["M5"].below) == (len(wanted.ever), wanted.ever_days)
    assert found.days_to_fill == wanted.wait and len(found.vacancies) == len(wanted.filled)
    places = [one async for part in places_of(session, found) for one in part]
    assert len(places) == sum(flow.places for flow in found.flows) == len(wanted.places)
    _flows(found, places, wanted.places)
    if places:
        one = [p for p in places if (p.lends, p.borrows) == (places[0].lends, places[0].borrows)]
        some = places_of(session, found, lends=one[0].lends, borrows=one[0].borrows)
        assert [place async for part in some for place in part] == one
    for code, since, heads in (("M1", wanted.first, wanted.heads), ("M2", wanted.first, wanted.heads)):
        _nobody_told_apart(figures[code].rows, Counter(plain.last_home(person, since, until) for person in heads))
    for figure in figures.values():
        assert sum(row.above for row in figure.rows) == figure.above, figure.code
        assert sum(row.below for row in figure.rows) == figure.below, figure.code
        assert (figure.percentage is None) == (figure.below == 0) and figure.mean >= 0
    for code in ("M1", "M2", "M5"):
        if code != "M5":
            assert not figures["M3"].shown or figures[code].shown
        assert figures[code].shown == (
            len(wanted.heads if code != "M5" else plain.count(found.since, until).heads) >= SMALLEST
        )
    if found.balances:
        assert (until - first).days > 92
        assert sum(b.lent for b in found.balances) == sum(b.borrowed for b in found.balances) == wanted.hours
        for one in found.balances:
            if one.team:
                assert (one.lent, one.borrowed) == (wanted.lent[one.team], wanted.borrowed[one.team])
    savings = await savings_of(session, first, until)
    for kind, structural in (("structureel", True), ("incidenteel", False)):
        mine = plain.savings(first, until, structural=structural)
        for state in ("bevestigd", "verwacht"):
            assert savings.total(kind, state) == sum(s["cents"] for s in mine if s["state"] == state)
        assert len(savings.of(kind)) == len(mine)
    last = until - timedelta(days=1)
    occupancy = await occupancy_of(session, last)
    _occupancy(occupancy, plain, last)
    assert together("", occupancy).vacant == sum(one.tenths for one in await openings_of(session, last))
    sheets = sheets_of(found, savings, occupancy)
    told = b"".join([part async for part in csv_parts(sheets, places_of(session, found))])
    assert told.startswith(b"\xef\xbb\xbfgetallen;getal;van")
    assert told.count(b"\r\nplekken;") == len(places) + 1
    book = b"".join([part async for part in await xlsx_parts(sheets, places_of(session, found), until)])
    assert book[:2] == b"PK"
    return found


def _nobody_told_apart(rows: list[Any], sizes: Counter[Any]) -> None:
    """Each row that stands apart has at least SMALLEST people; and so has what is left when those are taken from the total."""
    apart = [row.team for row in rows if row.name]
    assert all(sizes[team] >= SMALLEST for team in apart)
    rest = sum(sizes.values()) - sum(sizes[team] for team in apart)
    assert rest == 0 or rest >= SMALLEST or not apart


def _hours_of_no_few(found: Any, plain: Plain, first: date, until: date) -> None:
    """Contracts, hours lent and borrowed part the teams in one way; behind each cell stand nobody or SMALLEST people at least, also
    behind what is left when those cells are taken from the total."""
    if not found.balances:
        return
    apart = {row.team for row in found.figures["M3"].rows if row.name}
    assert {row.team for row in found.balances if row.team} <= apart
    sides: list[dict[Any, set[Any]]] = [defaultdict(set), defaultdict(set), defaultdict(set)]
    for person in plain.count(first, until).heads:
        sides[0][plain.last_home(person, first, until)].add(person)
    for b in plain.rows["booking"]:
        home = plain.home(b["person_id"], b["day"])
        if first <= b["day"] < until and home is not None and home != b["team_id"]:
            sides[1][home].add(b["person_id"])
            sides[2][b["team_id"]].add(b["person_id"])
    for side in sides:
        cells = [side[team] for team in apart] + [set().union(*(side[team] for team in side.keys() - apart))]
        assert all(len(people) == 0 or len(people) >= SMALLEST for people in cells)


def _flows(found: Any, places: list[Any], wanted: set[tuple[Any, Any, Any, Any]]) -> None:
    """From team to team as counted, and as the places behind them; the flows of small teams stand together."""
    plain = Counter((lends, borrows) for _, lends, borrows, _ in wanted)
    told = Counter({(flow.lends, flow.borrows): flow.places for flow in found.flows})
    assert told == Counter((place.lends, place.borrows) for place in places)
    assert sum(plain.values()) == sum(told.values())
    # what stands apart is what was counted: the largest numbers between named teams occur among the plain ones
    apart = sorted(count for (lends, borrows), count in told.items() if lends and borrows)
    assert not Counter(apart) - Counter(plain.values())


def _occupancy(rows: list[Any], plain: Plain, day: date) -> None:
    counted = plain.occupancy(day)
    everybody = together("", rows)
    assert everybody.people == sum(people for people, _ in counted.values())
    hours = sum(tenths for _, tenths in counted.values())
    assert everybody.tenths == (2 * hours + PLACE) // (2 * PLACE) * PLACE
    known = [b["formation"] for b in plain.rows["budget"] if b["year"] == day.year]
    assert everybody.formation == (sum(known) if known else None)
    for row in rows:
        if row.team:
            people, tenths = counted.get(row.team, (0, 0))
            assert row.people == people and row.tenths % PLACE == 0 and abs(row.tenths - tenths) < PLACE
            assert row.people >= SMALLEST or row.people == 0


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_every_figure_again_by_plain_counting(place: Place, owner: asyncpg.Connection) -> None:
    await seed(place.url("teams_owner"), TODAY, lambda line: None, decisions=1_500)
    plain = await Plain.read(owner)
    database = Database(place.url(), pool=1)
    for first, until in PERIODS:
        async with database.read() as session:
            found = await compare(session, plain, first, until)
        assert found.figures["M2"].above > 0 and found.figures["M3"].above > 0
        if until - first > timedelta(200):
            assert found.vacancies and len(found.balances) > 3
    await database.close()
    assert any(s["type"] == "formatie" for s in plain.rows["saving"])
    assert (
        await owner.fetchval("select max(t) from (select sum(tenths) t from hours_booking group by person_id, day) x")
        <= 240
    )


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 9), max_size=12))
@settings(max_examples=60)
def test_small_groups_hide_also_by_subtraction(sizes: dict[str, int]) -> None:
    people: dict[Any, int] = dict(sizes)
    hidden = small(people)
    assert {team for team, size in people.items() if 0 < size < SMALLEST} <= hidden
    if hidden:
        left = {team for team, size in people.items() if size} - hidden
        assert sum(people[team] for team in hidden) >= SMALLEST or not left
        assert len(hidden) >= 2 or not left


_SIDE = st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 20), max_size=9), max_size=6)


@given(st.lists(_SIDE, min_size=1, max_size=3))
@settings(max_examples=150)
def test_hours_of_no_few_people_by_any_subtraction(sides: list[dict[int, set[int]]]) -> None:
    """People may stand in several teams. Every cell has nobody or enough people, and so has the rest, as long as there is anybody to
    put beside them."""
    hidden = small_on_any([{team: len(people) for team, people in side.items()} for side in sides])
    for side in sides:
        apart = {team for team in side.keys() - hidden if side[team]}
        assert all(len(side[team]) >= SMALLEST for team in apart)
        rest = set().union(*(side[team] for team in side.keys() & hidden))
        assert not rest or len(rest) >= SMALLEST or not apart


@given(st.lists(st.integers(0, 40 * PLACE), max_size=12), st.integers(0, 11), st.integers(0, PLACE))
@settings(max_examples=80)
def test_no_two_readings_tell_what_one_contract_is(teams: list[int], where: int, hours: int) -> None:
    """Sums stay sums, no cell is a place away, and whoever comes with any hours may as well have come with others: each cell moves by
    at most two places, whatever the contract."""
    before = whole_places(dict(enumerate(teams)), PLACE)
    assert all(
        value % PLACE == 0 and abs(value - exact) < PLACE for value, exact in zip(before.values(), teams, strict=True)
    )
    assert 2 * abs(sum(before.values()) - sum(teams)) <= PLACE
    if teams:
        more = [value + hours * (number == where % len(teams)) for number, value in enumerate(teams)]
        after = whole_places(dict(enumerate(more)), PLACE)
        assert all(after[number] - before[number] in (-PLACE, 0, PLACE, 2 * PLACE) for number in before)
