"""An objection lost because the authority was lacking: who enters it, that it settles the defect, and what the account says of it."""

import json
from datetime import date, timedelta
from html import unescape
from typing import Any

import asyncpg
import pytest

from teams.account.periods import quarter_of
from teams.decisions.actions.after import ratify, report_defect
from teams.decisions.actions.objections import objection_lost
from teams.decisions.forms import DefectForm, ObjectionLostForm, RatificationForm
from teams.decisions.queries.seen import decision_for
from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from teams.reports.accountability import figures_of, without_people
from tests.decisions.acts import act, settle, taken, who
from tests.decisions.desk import SUBSIDY, desks
from tests.places import Place

LOST = {
    "instantie": "bezwaar", "gevolg": "opnieuw", "kenmerk": "BZW-26-014", "grond": "verlopen", "reden": "Het mandaat was weg.",
}  # fmt: skip


@pytest.fixture
async def there(owner: asyncpg.Connection) -> None:
    await settle(owner)


async def today(db: Database) -> date:
    async with db.begin() as session:
        return day_of(await now(session))


def form(day: date, **change: Any) -> ObjectionLostForm:
    return ObjectionLostForm(**{**LOST, "besloten": day, **change})


@pytest.mark.usefixtures("there")
async def test_it_is_found_linked_settled_and_in_the_log(db: Database, owner: Any) -> None:
    """M27, Awb 7:11: where no defect was known, it is found here; a second ruling stands beside the first."""
    done, day = await taken(db, "SUB-01", "noor", 3_000_00), await today(db)
    await act(db, objection_lost, done.number, form(day), by="alder")
    async with db.read() as session:
        seen = await decision_for(session, done.number, who("noor"))
    defect, objection = seen.acts
    assert (defect.kind, objection.kind, objection.about_id, defect.repaired) == ("gebrek", "bezwaar", defect.id, True)
    assert (objection.organ, objection.ground, objection.effect, seen.ratified) == (
        "college",
        "verlopen",
        "opnieuw",
        False,
    )
    entry = await owner.fetchrow("select verb, accountable, facts from journal where id = $1", objection.entry_id)
    facts = json.loads(entry["facts"])
    assert (entry["verb"], entry["accountable"]) == ("decision.objection_lost", True)
    assert (facts["betreft"], facts["nummer"]) == (str(defect.entry_id), done.number)
    assert "weg" not in entry["facts"], "what the ruling said is erasable"
    with pytest.raises(Conflict):
        await act(db, objection_lost, done.number, form(day), by="alder")
    with pytest.raises(Conflict):
        await act(db, ratify, done.number, RatificationForm(besloten=day, besluitnummer="1"), by="alder")
    appeal = form(day, instantie="beroep", gevolg="in_stand", kenmerk="ECLI:NL:RBNHO:2026:1")
    await act(db, objection_lost, done.number, appeal, by="wieke")
    assert await owner.fetchval("select count(*) from decision_act where kind = 'gebrek'") == 1
    assert await owner.fetchval("select organ from decision_act where venue = 'beroep'") is None, "a court is no organ"
    flags = await owner.fetch("select flag from decision_flag order by 1")
    assert {"bezwaar", "gebrek"} <= {row["flag"] for row in flags}


@pytest.mark.usefixtures("there")
async def test_m09_never_by_who_decided_nor_by_who_has_no_say(db: Database, owner: Any) -> None:
    """Awb 10:3 lid 3."""
    day = await today(db)
    own = await taken(db, "SUB-01", "wieke", 3_000_00)
    with pytest.raises(Conflict) as refused:
        await act(db, objection_lost, own.number, form(day), by="wieke")
    assert [reason.code for reason in refused.value.reasons] == ["M09"]
    done = await taken(db, "SUB-01", "noor", 3_000_00, case="Z-2")
    for name, error in (("noor", NotAllowed), ("gijs", NotAllowed), ("coen", NotAllowed), ("julia", NotFound)):
        with pytest.raises(error):
            await act(db, objection_lost, done.number, form(day), by=name)
    for wrong in (day + timedelta(days=1), day - timedelta(days=1)):
        with pytest.raises(Invalid):
            await act(db, objection_lost, done.number, form(wrong), by="alder")
    assert not await owner.fetchval("select count(*) from decision_act")


@pytest.mark.usefixtures("there")
async def test_the_account_counts_it_in_the_period_of_the_ruling_as_known(db: Database) -> None:
    day, defect = await today(db), DefectForm(grond="boven_grens", reden="Boven de grens.")
    settled, open_ = [await taken(db, "SUB-01", "noor", 3_000_00, case=case) for case in ("Z-1", "Z-2")]
    for done in (settled, open_):
        await act(db, report_defect, done.number, defect, by="coen")
    async with db.begin() as session:
        before = await now(session)
    await act(db, objection_lost, settled.number, form(day, grond="boven_grens", gevolg="herroepen"), by="alder")
    period = quarter_of(day)
    async with db.begin() as session:
        at = await now(session)
    async with db.read() as session:
        figures, earlier = await figures_of(session, period, at), await figures_of(session, period, before)
        other = await figures_of(session, period.before, at)
    (ruling,) = figures["bezwaren"]["uitspraken"]
    assert (ruling["nummer"], ruling["gevolg"], ruling["kenmerk"]) == (settled.number, "herroepen", "BZW-26-014")
    assert (figures["bezwaren"]["aantal"], earlier["bezwaren"]["aantal"], other["bezwaren"]["aantal"]) == (1, 0, 0)
    assert (figures["totaal"]["mis"], figures["totaal"]["hersteld"], earlier["totaal"]["hersteld"]) == (2, 1, 0)
    (public,) = without_people(figures)["bezwaren"]["uitspraken"]
    assert settled.number not in str(public) and "BZW" not in str(public)


async def test_through_the_page_the_api_and_the_account(place: Place, db: Database, owner: asyncpg.Connection) -> None:
    async with desks(place, db, owner, demo=True) as desk:
        noor, alder, wieke = [await desk(name) for name in ("noor", "alder", "wieke")]
        day = await today(db)
        url = f"/besluiten/{(await noor.json('POST', '/api/v1/besluiten', SUBSIDY)).json()['nummer']}"
        typed = {**LOST, "besloten": f"{day:%d-%m-%Y}"}
        assert "Leg een verloren bezwaar vast" not in (await noor.get(url)).text
        assert "Leg een verloren bezwaar vast" in (await alder.get(url)).text
        for change, word in (
            ({"besloten": "31-02-2026"}, "besloten"), ({"kenmerk": ""}, "kenmerk"), ({"reden": ""}, "reden"),
            ({"gevolg": "vergeten"}, "gevolg"), ({"kenmerk": "x" * 61}, "kenmerk"),
        ):  # fmt: skip
            answer = await alder.send_form(f"{url}/bezwaar", {**typed, **change})
            assert answer.status_code == 422, change
            assert word in answer.text
            if "reden" not in change:
                assert "Het mandaat was weg." in answer.text, "what was typed stays"
        assert (await noor.send_form(f"{url}/bezwaar", typed)).status_code == 403
        assert (await alder.send_form(f"{url}/bezwaar", typed)).status_code == 303
        assert (await alder.send_form(f"{url}/bezwaar", typed)).status_code == 409, "twice is never two"
        page = unescape((await noor.get(url)).text)
        assert "Opnieuw besloten door het orgaan" in page and "BZW-26-014" in page
        ruled = {**LOST, "instantie": "beroep", "kenmerk": "ECLI:NL:RBNHO:2026:9", "besloten": day.isoformat()}
        told = await wieke.json("POST", f"/api/v1{url}/bezwaaruitkomsten", ruled)
        assert told.status_code == 201, told.text
        assert [one["soort"] for one in told.json()["daarna"]] == ["gebrek", "bezwaar", "bezwaar"]
        period = str(quarter_of(day))
        assert (await wieke.send_form("/verantwoording", {"periode": period})).status_code == 303
        account = unescape((await wieke.get(f"/verantwoording/{period}")).text)
        assert "2 uitspraken in deze periode zeiden dat de bevoegdheid ontbrak." in account
        assert (await wieke.get(f"/verantwoording/{period}/bestand/pdf")).content.startswith(b"%PDF")
