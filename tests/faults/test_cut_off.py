"""Two machines with a web and a work process each: one is cut off, the database is, mail and log-in are; nothing is lost."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from tests.faults.crowd import check
from tests.faults.nodes import Far, FarCrowd, Switch, Watch, outside, why_not
from tests.faults.test_kills import _waiting
from tests.faults.town import People, until

OTHER = {"one": "two", "two": "one"}
TAKES_OVER, BACK, CUTS = 15.0, 10.0, 4
_WISHES = "insert into notice_choice (person_id, kind, mail) select id, 'beheer', 'direct' from person"
_QUIET = "insert into quiet_hours (person_id, starts, ends) select id, '0:00', '0:00' from person"
pytestmark = [pytest.mark.long, pytest.mark.skipif(bool(why_not()), reason=why_not() or "possible here")]


class Scene:
    """What is asked of a town while it is cut in pieces; `took`: how long each thing lasted."""

    def __init__(self, town: Far, switch: Switch, crowd: FarCrowd) -> None:
        self.town, self.switch, self.crowd = town, switch, crowd
        self.took: list[str] = []

    def leader(self) -> str:
        until(lambda: any(map(self.town.leads, OTHER)), 30, "somebody leads")
        return next(host for host in OTHER if self.town.leads(host))

    def timed(self, what: str, true: Callable[[], object], bound: float) -> None:
        self.took.append(f"{what}: {until(lambda: self.crowd.broken or true(), bound, what):.1f} s")

    def acts_again(self, hosts: list[str], bound: float) -> None:
        begin = time.monotonic()
        for host in hosts:
            self.timed(f"acts on {host}", lambda at=self.town.base(host): self.crowd.acted_since(begin, at), bound)  # type: ignore[misc]

    def logged(self, bound: float) -> None:
        size = "select (select coalesce(max(size), 0) from checkpoint)"
        before = self.town.ask(size)[0][0]
        self.timed("the signed log goes on", lambda: self.town.ask(size)[0][0] > before, bound)

    def cut_off_the_leader(self) -> None:
        lost = self.leader()
        other = OTHER[lost]
        self.switch.cut(lost)
        self.timed(f"{other} leads", lambda: self.town.leads(other), TAKES_OVER)
        self.acts_again([other], TAKES_OVER)
        self.logged(TAKES_OVER)
        assert not self.town.leads(lost)
        assert self.switch.get(lost, f"{self.town.base(lost)}/health/live")[0] == 200
        assert self.switch.get(lost, f"{self.town.base(lost)}/health/ready")[0] == 503
        time.sleep(8)  # the cut lasts: what was under way has been given up by then
        self.switch.heal(lost)
        self.acts_again([lost, other], BACK)
        assert self.town.leads(other) and not self.town.leads(lost)

    def cut_off_the_database(self) -> None:
        self.switch.cut("data")
        for host in OTHER:
            assert self.switch.get(host, f"{self.town.base(host)}/health/ready")[0] == 503
        time.sleep(15)
        self.switch.heal("data")
        self.acts_again(list(OTHER), BACK)
        self.logged(BACK)
        self.timed("one leads", lambda: any(map(self.town.leads, OTHER)), BACK)

    def cut_off_the_outside(self) -> None:
        at = f"{self.town.base('one')}/inloggen/dienst"
        self.switch.cut("outside")
        begin = time.monotonic()
        assert self.switch.get("people", at)[0] == 503
        assert time.monotonic() - begin < 10
        self.acts_again(list(OTHER), BACK)
        self.switch.heal("outside")
        self.timed("log-in leads to the service", lambda: self.switch.get("people", at)[0] == 200, BACK)


def wishes(town: Far) -> None:
    """Whoever posted a klus wants mail about it at once, at any hour."""

    async def write() -> None:
        owner = await asyncpg.connect(town.url("teams_owner"))
        try:
            await owner.execute(_WISHES)
            await owner.execute(_QUIET)
        finally:
            await owner.close()

    asyncio.run(write())


@pytest.mark.timeout(600)
def test_machines_that_are_cut_off_lose_nothing_and_come_back_by_themselves(tmp_path: Path) -> None:
    with Switch() as switch, outside(switch, tmp_path) as (box, settings), Far(tmp_path, switch, **settings) as town:
        people: People = town.people()
        wishes(town)
        for host in OTHER:
            town.start_on(host)
        town.start("sign")
        for host in OTHER:
            until(
                lambda at=town.base(host): switch.get("people", f"{at}/health/ready")[0] == 200, 120, f"{host} starts"
            )  # type: ignore[misc]
        bases = [town.base(host) for host in OTHER]
        with Watch(town) as watch, FarCrowd(town, people, bases, seed=7, pause=0.3, patience=12) as crowd:
            scene = Scene(town, switch, crowd)
            scene.acts_again(list(OTHER), 60)
            scene.cut_off_the_leader()
            scene.cut_off_the_outside()
            scene.cut_off_the_database()
            scene.cut_off_the_leader()
            crowd.finish()
        print("\n".join(scene.took))
        until(lambda: asyncio.run(_waiting(town)) == 0, 60, "everything is in the log")
        check(crowd, town.ask)
        until(lambda: not town.ask("select from mail where state = 'wacht'"), 180, "the mail goes out")
        more = Counter(mail["message-id"] for mail in box.mails)
        again = sum(times - 1 for times in more.values())  # taken by the mail server, and cut off before that was noted
        print(
            f"{crowd.acts()} acts, {dict(crowd.answers)}, {dict(crowd.faults)}, {len(box.mails)} letters, {again} of them again, {watch.asked} looks"
        )
        assert box.mails and again <= CUTS
        assert watch.asked > 50 and not watch.both
        assert set(crowd.answers) <= {200, 201, 303, 409, 503}, crowd.answers
        for host in OTHER:
            assert "Traceback" not in town.log(f"web-{host}")
