"""The account names the frameworks that held in its period, and how many decisions fell under each, on every form it has."""

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
import python_calamine

from teams.account.periods import Period, period_of
from teams.account.rules import canonical
from teams.kit.db import Database
from teams.mandates.actions.frameworks import set_framework
from teams.mandates.forms import KaderForm
from teams.reports.accountability import figures_of, without_people
from tests.account.acts import MOMENT, decision, do, power
from tests.paper import text_of
from tests.web.test_verantwoording import BY, STEPS
from tests.world import World

Visit = Callable[..., Any]
ADDRESS = "/verantwoording/2026-K3"
_GRANT = """
    insert into grant_version (grant_id, kinds, grantors, holder, powers, framework_id, decided_on, decision, published_on, valid, recorded)
    values ($1, '{mandaat}', '{orgaan:college}', $2, '{SUB-01}', (select id from framework where code = $3), '2026-01-01', 'B&W 1',
        '2026-01-01', tstzrange('2026-01-01', null), tstzrange($4, null)) returning hash
"""


async def framework(db: Database, world: World, code: str, van: date, tot: date | None = None, **more: Any) -> None:
    given: dict[str, Any] = {"titel": f"Kader {code}", "tekst": "Zo doen we dat.", "besluit": f"B&W {code}"} | more
    form = KaderForm(code=code, orgaan="college", beslotenOp=date(2026, 6, 1), van=van, tot=tot, **given)
    await do(db, set_framework, form, by=world.actor("sef"))


async def grant(owner: asyncpg.Connection, world: World, number: str, code: str | None) -> str:
    """A grant that refers to a framework, or to none; its link in a chain."""
    await power(owner)
    made = await owner.fetchval("insert into power_grant (number) values ($1) returning id", number)
    role, since = f"rol:{world.roles['boom']}", datetime(2026, 1, 1, tzinfo=UTC)
    return f"{number}@{await owner.fetchval(_GRANT, made, role, code, since)}"


async def refer_now(owner: asyncpg.Connection, world: World, number: str, code: str | None) -> str:
    """From now on the grant is known to refer to another framework."""
    made = await owner.fetchval(
        "update grant_version v set recorded = tstzrange(lower(v.recorded), now()) from power_grant g"
        " where g.id = v.grant_id and g.number = $1 and upper_inf(v.recorded) returning g.id", number,
    )  # fmt: skip
    role, now = f"rol:{world.roles['boom']}", await owner.fetchval("select now()")
    return f"{number}@{await owner.fetchval(_GRANT, made, role, code, now)}"


async def kaders(db: Database, known: datetime, period: Period | None = None) -> tuple[dict[str, int], int]:
    found = (await figures(db, known, period))["kaders"]
    assert found["aantal"] == len(found["lijst"])
    return {row["code"]: row["besluiten"] for row in found["lijst"]}, found["zonder"]


async def figures(db: Database, known: datetime, period: Period | None = None) -> dict[str, Any]:
    async with db.read() as session:
        return await figures_of(session, period or period_of("2026-K3"), known)


@pytest.fixture
async def town(db: Database, owner: asyncpg.Connection, world: World) -> dict[str, str]:
    """Two frameworks in the third quarter, one before it and one after it; three grants; five decisions."""
    await framework(db, world, "INK", date(2026, 1, 1))
    await framework(db, world, "GROEN", date(2026, 6, 1), date(2026, 8, 31))
    await framework(db, world, "OUD", date(2025, 1, 1), date(2026, 6, 30))
    await framework(db, world, "NIEUW", date(2026, 10, 1))
    links = {
        number: await grant(owner, world, number, code)
        for number, code in (("M-1", "INK"), ("M-2", "GROEN"), ("M-3", None))
    }
    for chains, at in (
        ([["M-1"]], MOMENT), ([["M-1", "M-2"]], MOMENT), ([["M-1"], ["M-1", "M-3"]], MOMENT), ([["M-3"]], MOMENT),
        ([["M-2"]], datetime(2026, 9, 10, tzinfo=UTC)),
    ):  # fmt: skip
        named, held = (
            sorted({one for chain in chains for one in chain}),
            [[links[one] for one in chain] for chain in chains],
        )
        await decision(owner, world, grants=named, chains=json.dumps(held), at=at)
    return links


async def test_each_framework_with_the_decisions_that_were_taken_under_it(db: Database, town: dict[str, str]) -> None:
    found = (await figures(db, datetime.now(UTC)))["kaders"]
    assert found == {"aantal": 2, "zonder": 2, "lijst": [
        {"code": "INK", "titel": "Kader INK", "orgaan": "College van B en W", "besluit": "B&W INK", "besloten_op": "2026-06-01",
         "vanaf": "2026-01-01", "tot_en_met": None, "besluiten": 3},
        {"code": "GROEN", "titel": "Kader GROEN", "orgaan": "College van B en W", "besluit": "B&W GROEN", "besloten_op": "2026-06-01",
         "vanaf": "2026-06-01", "tot_en_met": "2026-08-31", "besluiten": 1},
    ]}  # fmt: skip
    assert await kaders(db, datetime.now(UTC), Period(2025)) == ({"OUD": 0}, 0)
    year, _ = await kaders(db, datetime.now(UTC), Period(2026))
    assert year == {"INK": 3, "GROEN": 1, "OUD": 0} | ({"NIEUW": 0} if date.today() > date(2026, 9, 30) else {})


async def test_what_is_laid_down_ended_or_referred_to_later_changes_no_earlier_account(
    db: Database, owner: asyncpg.Connection, world: World, town: dict[str, str]
) -> None:
    before = datetime.now(UTC)
    kept = canonical(await figures(db, before))
    await framework(db, world, "LATER", date(2026, 7, 1))
    await framework(db, world, "INK", date(2026, 8, 1), date(2026, 8, 5), titel="Strenger", besluit="B&W 9")
    moved = await refer_now(owner, world, "M-3", "LATER")
    assert moved != town["M-3"]
    assert canonical(await figures(db, before)) == kept, "the same period and `bekend` give the same bytes"
    found = (await figures(db, datetime.now(UTC)))["kaders"]
    assert [(row["titel"], row["vanaf"], row["tot_en_met"], row["besluiten"]) for row in found["lijst"]] == [
        ("Kader GROEN", "2026-06-01", "2026-08-31", 1), ("Kader INK", "2026-01-01", "2026-07-31", 0),
        ("Strenger", "2026-08-01", "2026-08-05", 0), ("Kader LATER", "2026-07-01", None, 0),
    ], "a decision stays under what its grant said when it was taken"  # fmt: skip
    await decision(owner, world, grants=["M-3"], chains=json.dumps([[moved]]))
    assert (await kaders(db, datetime.now(UTC)))[0]["LATER"] == 1
    assert canonical(await figures(db, datetime(2020, 1, 1, tzinfo=UTC))).count('"kaders"') == 1, (
        "long before the period"
    )


async def test_frameworks_stand_on_page_paper_sheet_and_in_public(
    visit: Visit, owner: asyncpg.Connection, world: World, town: dict[str, str]
) -> None:
    people = {who: await visit(who) for who in ("sef", "kees", "wil", None)}
    await people["sef"].send_form("/verantwoording", {"periode": "2026-K3"})
    for step in ("bevinding", "vaststelling", "verzending"):
        await people[BY[step]].send_form(f"{ADDRESS}/{step}", STEPS[step])
    for who, address in (("sef", ADDRESS), (None, f"/openbaar{ADDRESS}")):
        page = (await people[who].get(address)).text
        part = page[page.index('id="kaders"') : page.index('id="top"')]
        said = " ".join(re.sub(r"<[^>]+>", " ", part).split())
        assert (
            "Kader GROEN GROEN College van B en W, B&amp;W GROEN 1 juni 2026 1 juni 2026 t/m 31 augustus 2026 1" in said
        )
        assert "Onder geen kader: 2 van 5 besluiten." in said
        paper = (await people[who].get(f"{address}/bestand/pdf")).content
        text = text_of(paper)
        assert "Binnen welke kaders?" in text and "Kader INK (INK)" in text and "Onder geen kader: 2 besluiten." in text
        book = (await people[who].get(f"{address}/bestand/xlsx")).content
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("kaders").to_python()
        assert [(row[1], row[-1]) for row in rows[1:]] == [
            ("Kader INK", 3),
            ("Kader GROEN", 1),
            ("onder geen kader", 2),
        ]
    public = without_people(json.loads(await owner.fetchval("select figures from board_account_version")))["kaders"]
    assert public["zonder"] == 2 and not any(str(person) in json.dumps(public) for person in world.people.values())


async def test_an_account_of_before_the_frameworks_is_drawn_as_it_was(
    visit: Visit, owner: asyncpg.Connection, world: World, town: dict[str, str]
) -> None:
    sef = await visit("sef")
    await sef.send_form("/verantwoording", {"periode": "2026-K3"})
    held = json.loads(await owner.fetchval("select figures from board_account_version"))
    del held["kaders"]
    await owner.execute("alter table board_account_version disable trigger user")
    await owner.execute("update board_account_version set figures = $1", canonical({**held, "versie": 2}))
    page = await sef.get(ADDRESS)
    assert page.status_code == 200 and 'id="kaders"' not in page.text
    for kind in ("pdf", "xlsx", "json"):
        made = await sef.get(f"{ADDRESS}/bestand/{kind}")
        assert made.status_code == 200 and b"kader" not in made.content
