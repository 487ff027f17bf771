"""The schedule itself: what it names, both nights in which the clock moves, a clock that jumps, a process that takes over."""

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from teams.jobs import work
from teams.jobs.notices import _rules
from teams.jobs.schedule import Turns, begin_again, noted, schedule
from teams.kit.clock import AMSTERDAM
from teams.kit.settings import Settings
from teams.notices.remind import RULES
from teams.web.werk import JOBS

NIGHTS = (datetime(2026, 10, 24, 12, tzinfo=AMSTERDAM), datetime(2027, 3, 27, 12, tzinfo=AMSTERDAM))
SETTINGS = Settings(database_url="postgresql://teams_app@localhost/none")


def planned() -> list[Any]:
    return list(schedule(None, SETTINGS).get_jobs())  # type: ignore[arg-type]


def moments(trigger: CronTrigger | IntervalTrigger, start: datetime, hours: int) -> list[datetime]:
    """Every moment from `start` on, in UTC."""
    found: list[datetime] = []
    at: datetime = start
    end = start.astimezone(UTC) + timedelta(hours=hours)
    while (at := trigger.get_next_fire_time(found[-1] if found else None, at)).astimezone(UTC) < end:
        found.append(at.astimezone(UTC))
        at = at.astimezone(UTC) + timedelta(seconds=1)
    return found


def test_every_job_that_should_be_there_is_planned_and_has_words() -> None:
    names = {job.args[0].__name__ for job in planned()}
    assert names >= {
        "start_and_expire_klussen", "settle_klussen", "ask_about_stale_klussen", "close_stale_klussen", "remind_of_klussen", "remind_of_terms",
        "call_elections", "gather_mail", "deliver_mail", "tell_what_happened", "clear_old_notices", "sweep_access",
        "end_what_leavers_had", "count_who_can",
    }  # fmt: skip
    assert names <= set(JOBS), "each has words on the page"


def test_R12_every_rule_of_reminders_is_in_one_job() -> None:
    shared = [
        _rules("klus_begins", "offer_ends", "consent_ends"),
        _rules("klus_stale", "klus_closes"),
        _rules("role_ends", "grant_ends", "correction_due"),
    ]
    assert [rule for rules in shared for rule in rules] == list(RULES)


def test_whoever_takes_over_makes_up_for_what_was_missed() -> None:
    """The schedule is kept in memory: a daily job whose moment fell between two leaders runs when the next begins."""
    soon = datetime.now(UTC) + timedelta(seconds=5)
    assert [job.args[0].__name__ for job in planned() if job.next_run_time > soon] == []


@pytest.mark.parametrize("night", NIGHTS, ids=["winter", "summer"])
def test_a_daily_job_runs_once_each_day_also_in_the_nights_that_the_clock_moves(night: datetime) -> None:
    daily = [job for job in planned() if isinstance(job.trigger, CronTrigger) and str(job.trigger.fields[5]) != "*"]
    assert len(daily) >= 5
    for job in daily:
        days = [at.astimezone(AMSTERDAM) for at in moments(job.trigger, night, 60)]
        assert len({at.date() for at in days}) == len(days) in (2, 3), job.args[0].__name__
        assert len({at.time() for at in days}) == 1, f"{job.args[0].__name__} at its own hour"


@pytest.mark.parametrize("night", NIGHTS, ids=["winter", "summer"])
def test_an_hourly_job_skips_no_hour_and_doubles_none(night: datetime) -> None:
    [hourly, *_] = [job for job in planned() if job.args[0].__name__ == "remind_of_terms"]
    hours = moments(hourly.trigger, night, 36)
    assert [b - a for a, b in itertools.pairwise(hours)] == [timedelta(hours=1)] * (len(hours) - 1)
    assert len(hours) == 36


def test_a_clock_that_is_put_back_or_forward_is_seen_and_slow_correction_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall, steady = [1_000_000.0], [50.0]
    monkeypatch.setattr(work.time, "time", lambda: wall[0])
    monkeypatch.setattr(work.time, "monotonic", lambda: steady[0])
    clock = work.Clock()
    for walls, steadies, jumped in ((2, 2, False), (2.5, 2, False), (-3600, 2, True), (2, 2, False), (86_400, 2, True), (1.9, 2, False)):  # fmt: skip
        wall[0] += walls
        steady[0] += steadies
        assert clock.jumped() is jumped


async def test_a_clock_that_is_put_back_an_hour_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without beginning again an interval waits for the hour to come back."""
    from apscheduler.schedulers import base

    back = timedelta()

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) - back

    monkeypatch.setattr(base, "datetime", Shifted)
    monkeypatch.setattr("teams.jobs.schedule.datetime", Shifted)
    ran = 0

    async def job() -> None:
        nonlocal ran
        ran += 1

    scheduler = AsyncIOScheduler(timezone=AMSTERDAM, job_defaults={"coalesce": True, "misfire_grace_time": None})
    scheduler.add_job(job, IntervalTrigger(seconds=0.1), next_run_time=datetime.now(UTC))
    scheduler.start()
    try:
        await _until(lambda: ran >= 2)
        back = timedelta(hours=1)
        await asyncio.sleep(0.3)
        stood = ran
        await asyncio.sleep(0.4)
        assert ran == stood, "it stands still: that is what beginning again is for"
        begin_again(scheduler)
        await _until(lambda: ran >= stood + 3)
    finally:
        scheduler.shutdown(wait=False)


async def _until(true: Any) -> None:
    begin = time.monotonic()
    while not true():
        assert time.monotonic() - begin < 90
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("ends", [True, False], ids=["ends", "goes on"])
async def test_a_stop_lets_what_is_under_way_end_and_prints_no_trace(
    ends: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, may_end, done = asyncio.Event(), asyncio.Event(), list[str]()

    async def slow(database: Any) -> None:
        began.set()
        try:
            await may_end.wait()
            done.append("whole")
        finally:
            await asyncio.sleep(0)
            done.append("closed")

    async def told(*_: Any, **more: Any) -> None:
        done.append("told")

    monkeypatch.setattr("teams.jobs.schedule.ran", told)
    turns = Turns()
    scheduler = AsyncIOScheduler(executors={"default": turns})
    scheduler.add_job(noted, args=[slow, None])
    scheduler.start()
    await asyncio.wait_for(began.wait(), 10)
    scheduler.pause()
    if ends:
        asyncio.get_running_loop().call_later(0.05, may_end.set)
    await turns.end(60 if ends else 0)
    assert done == (["whole", "closed", "told"] if ends else ["closed"]), "ended before the stop goes on"
    scheduler.shutdown(wait=False)
    assert not [record for record in caplog.records if record.levelname in ("WARNING", "ERROR") or record.exc_info]
