"""The access review through HTTP: what it freezes, who marks, signs and checks it, and that each happens once."""

import asyncio
import csv
import hashlib
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from teams.account.periods import reviewable
from teams.kit.clock import day_of
from teams.kit.db import Database
from tests.decisions.desk import Desk, desks
from tests.mandates.stored import uid
from tests.places import Place

YEAR, QUARTER, *EARLIER = [str(one) for one in reviewable(day_of(datetime.now(UTC)))]
SIGN = {"opmerkingen": "De twee budgethouders zijn besproken."}
CHECK = {"oordeel": "met_punten", "bevinding": "Regel 1 is uitgezocht."}


@pytest.fixture
async def desk(place: Place, db: Database, owner: asyncpg.Connection) -> AsyncIterator[Desk]:
    async with desks(place, db, owner) as desk:
        yield desk


async def begun(by: httpx.AsyncClient, period: str) -> str:
    made = await by.send_form("/toegang", {"periode": period})  # type: ignore[attr-defined]
    assert made.status_code == 303, made.text[:3000]
    return str(made.headers["location"])


def lines_of(answer: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


async def test_each_year_everything_each_quarter_what_is_special(desk: Desk, owner: asyncpg.Connection) -> None:
    wieke = await desk("wieke")
    whole = lines_of(await wieke.get(await begun(wieke, YEAR) + "/regels.csv"))
    special = lines_of(await wieke.get(await begun(wieke, QUARTER) + "/regels.csv"))
    held = {line["mandaat"] for line in whole}
    stored = {
        row[0]
        for row in await owner.fetch(
            "select g.number from power_grant g where grant_state(g.id, now(), now()) = 'geldt'"
        )
    }
    assert held == stored and {"T01", "T14a", "T15"} <= held, "also those whose role or team is no more"
    assert (
        {line["mandaat"] for line in special}
        == {line["mandaat"] for line in whole if line["bijzonder"] != "False"}
        < held
    )
    assert "T17" in {line["mandaat"] for line in special}, "a fine is special by law (M10)"
    assert "T15" not in {line["mandaat"] for line in special}, "subsidies up to 5,000 euro are not"
    budget = [line for line in whole if line["mandaat"] == "T14a"]
    assert {line["grens"] for line in budget} == {"5000000"} and all(line["persoon"] for line in budget)


async def test_what_was_signed_does_not_change_with_the_register(desk: Desk, owner: asyncpg.Connection) -> None:
    wieke = await desk("wieke")
    review = await begun(wieke, YEAR)
    before = (await wieke.get(f"{review}/regels.csv")).content
    assert (await wieke.send_form(f"{review}/ondertekening", SIGN)).status_code == 303
    await owner.execute("update person set name = 'Iemand Anders' where id = $1", uid("noor"))
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where upper_inf(recorded)"
    )
    assert (await wieke.get(f"{review}/regels.csv")).content == before
    row = await owner.fetchrow("select digest, content, lines from access_review")
    assert row["digest"] == "sha256:" + hashlib.sha256(f"{row['content']}\n".encode()).hexdigest()
    entry = await owner.fetchrow("select id, accountable, facts from journal where verb = 'access.signed'")
    facts = json.loads(entry["facts"])
    assert entry["accountable"] and (facts["doc"], facts["aantal"]) == (row["digest"], row["lines"])
    texts = await owner.fetch("select value from journal_text where entry = $1", entry["id"])
    assert [text["value"] for text in texts] == [SIGN["opmerkingen"]], (
        "what was written can be erased, the signature not"
    )


async def test_marks_signature_and_check_each_by_whom_it_is_and_once(desk: Desk, owner: asyncpg.Connection) -> None:
    wieke, coen, noor, alder = [await desk(name) for name in ("wieke", "coen", "noor", "alder")]
    review = await begun(coen, QUARTER)
    mark = {"regel": "1", "oordeel": "uitzoeken", "toelichting": "<b>Waarom</b> twee?"}
    for stranger in (noor, alder):
        assert (await stranger.get(review)).status_code == 403 == (await stranger.get("/toegang")).status_code
        for step, form in (("regels", mark), ("ondertekening", SIGN), ("controle", CHECK)):
            assert (await stranger.send_form(f"{review}/{step}", form)).status_code == 403, step
    assert (await coen.send_form(f"{review}/controle", CHECK)).status_code == 409, (
        "nothing to check before the signature"
    )
    assert (await coen.send_form(f"{review}/ondertekening", SIGN)).status_code == 403, "only the secretary signs"
    for change, words in (
        ({"regel": "0"}, "Kies een regel uit de lijst."), ({"regel": "9" * 30}, "Kies een regel uit de lijst."), ({"regel": "een"}, "regel"),
        ({"toelichting": " "}, "Toelichting"), ({"oordeel": "goed"}, "Oordeel"),
    ):  # fmt: skip
        wrong = await coen.send_form(f"{review}/regels", {**mark, **change})
        assert wrong.status_code == 422 and words in wrong.text, change
    assert (await coen.send_form(f"{review}/regels", mark)).status_code == 303
    assert (await wieke.send_form(f"{review}/regels", mark)).status_code == 409, "one mark a line"
    page = (await wieke.get(review)).text
    assert "&lt;b&gt;Waarom" in page and "Uitzoeken" in page and "extern:" not in page and "orgaan:" not in page
    answers = await asyncio.gather(*(wieke.send_form(f"{review}/ondertekening", SIGN) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409], "sent three times, signed once"
    assert (await wieke.send_form(f"{review}/regels", {**mark, "regel": "2"})).status_code == 409, "signed is signed"
    assert (await wieke.send_form(f"{review}/controle", CHECK)).status_code == 403, "only the controller checks"
    assert (await coen.send_form(f"{review}/controle", {**CHECK, "bevinding": ""})).status_code == 422
    assert (await coen.send_form(f"{review}/controle", CHECK)).status_code == 303
    assert (await coen.send_form(f"{review}/controle", CHECK)).status_code == 409
    seen = (await wieke.get(review)).text
    assert SIGN["opmerkingen"] in seen and CHECK["bevinding"] in seen
    verbs = [row[0] for row in await owner.fetch("select verb from journal where verb like 'access.%' order by id")]
    assert verbs == ["access.signed", "access.checked"]


async def test_nobody_checks_the_own_signature(desk: Desk, owner: asyncpg.Connection) -> None:
    wieke = await desk("wieke")
    review = await begun(wieke, QUARTER)
    assert (await wieke.send_form(f"{review}/ondertekening", SIGN)).status_code == 303
    await owner.execute(
        "insert into account_right (account_id, \"right\") select id, 'controller' from account where person_id = $1",
        uid("wieke"),
    )
    answer = await wieke.send_form(f"{review}/controle", CHECK)
    assert answer.status_code == 403 and "Je kijkt niet na wat je zelf ondertekende." in answer.text
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("update access_review set checked_by = signed_by, checked_at = now()")


async def test_one_review_a_period_and_no_period_out_of_reach(desk: Desk, owner: asyncpg.Connection) -> None:
    wieke, coen = await desk("wieke"), await desk("coen")
    answers = await asyncio.gather(*(one.send_form("/toegang", {"periode": YEAR}) for one in (wieke, coen, wieke)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    for period in (f"{int(YEAR) + 1}", f"{int(YEAR) + 1}-K1", f"{int(YEAR) - 2}", f"{int(YEAR) - 2}-K1"):
        answer = await wieke.send_form("/toegang", {"periode": period})
        assert answer.status_code == 422 and "de drie kwartalen ervoor" in answer.text, period
    for period in ("", "2026-K5", "<b>", "9" * 5000):
        assert (await wieke.send_form("/toegang", {"periode": period})).status_code == 404, period[:9]
    offered = re.findall(r'<option value="([^"]+)"', (await wieke.get("/toegang")).text)
    assert offered == [QUARTER, *EARLIER], "what has been reviewed is not offered again"
    assert await owner.fetchval("select count(*) from access_review") == 1
