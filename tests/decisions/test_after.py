"""What comes after a decision is a new entry: correction, defect, ratification, information; and text that is destroyed (M15, M27)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.decisions.actions.after import answer_information, ask_information, correct, ratify, report_defect
from teams.decisions.forms import AnswerForm, CorrectionForm, DefectForm, InformationForm, RatificationForm
from teams.decisions.queries.seen import decision_for, decisions_of
from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.decisions.acts import act, refusal, settle, taken, who
from tests.mandates.stored import uid

DEFECT = DefectForm(grond="niet_bekendgemaakt", reden="Het mandaat was nog niet bekendgemaakt.")


@pytest.fixture(autouse=True)
async def there(owner: asyncpg.Connection) -> None:
    await settle(owner)


async def today(db: Database) -> date:
    async with db.begin() as session:
        return day_of(await now(session))


async def sees(db: Database, number: str, name: str) -> str | None:
    async with db.read() as session:
        try:
            return (await decision_for(session, number, who(name))).level
        except NotFound:
            return None


async def test_a_correction_is_a_new_entry_and_the_first_stays(db: Database, owner: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00, case="26-GW-1108")
    form = CorrectionForm(veld="zaak", waarde="26-GW-1180", reden="Typefout.")
    await act(db, correct, done.number, form, by="noor")
    with pytest.raises(Conflict):
        await act(db, correct, done.number, form, by="noor")
    with pytest.raises(NotFound):
        await act(db, correct, done.number, form, by="julia")
    assert await owner.fetchval("select case_number from decision") == "26-GW-1108"
    row = await owner.fetchrow("select * from decision_act")
    assert (row["old_value"], row["new_value"]) == ("26-GW-1108", "26-GW-1180")
    facts = await owner.fetchval("select facts from journal where id = $1", row["entry_id"])
    assert str(done.entry) in facts
    assert "1180" not in facts
    for case in ("26-GW-1108", "26-GW-1180"):
        assert "M21" in (await refusal(db, "SUB-01", "gijs", 3_000_00, case=case)).weighed.answer.codes


async def test_m27_a_defect_stays_on_record_and_the_organ_ratifies(db: Database, owner: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00)
    day = await today(db)
    form = RatificationForm(besloten=day, besluitnummer="B&W 2026-51")
    with pytest.raises(Conflict):
        await act(db, ratify, done.number, form, by="alder")
    await act(db, report_defect, done.number, DEFECT, by="coen")
    with pytest.raises(Conflict):
        await act(db, report_defect, done.number, DEFECT, by="coen")
    for name in ("noor", "coen"):
        with pytest.raises(NotAllowed):
            await act(db, ratify, done.number, form, by=name)
    with pytest.raises(Invalid):
        later = form.model_copy(update={"besloten": day + timedelta(days=1)})
        await act(db, ratify, done.number, later, by="alder")
    await act(db, ratify, done.number, form, by="alder")
    with pytest.raises(Conflict):
        await act(db, ratify, done.number, form, by="alder")
    async with db.read() as session:
        seen = await decision_for(session, done.number, who("noor"))
    assert [one.kind for one in seen.acts] == ["gebrek", "bekrachtiging"]
    assert seen.ratified
    assert await owner.fetchval("select outcome from decision") == "bevoegd", "what was recorded stays as it was"


async def test_m27_private_law_is_ratified_towards_the_other_party(db: Database) -> None:
    """BW 3:69."""
    done = await taken(db, "INK-02", "bram", 9_000_00, counterparty="Van Aalst")
    await act(db, report_defect, done.number, DEFECT, by="bram")
    day = await today(db)
    form = RatificationForm(besloten=day, besluitnummer="B&W 2026-52")
    with pytest.raises(Invalid) as fault:
        await act(db, ratify, done.number, form, by="mayor")
    assert "meegedeeldOp" in fault.value.fields
    await act(db, ratify, done.number, form.model_copy(update={"meegedeeldOp": day}), by="mayor")


async def test_nobody_ratifies_an_own_decision(db: Database) -> None:
    done = await taken(db, "SUB-01", "wieke", 3_000_00)
    await act(db, report_defect, done.number, DEFECT, by="coen")
    with pytest.raises(Conflict) as refused:
        form = RatificationForm(besloten=await today(db), besluitnummer="B&W 1")
        await act(db, ratify, done.number, form, by="wieke")
    assert [reason.code for reason in refused.value.reasons] == ["eigen_aanvraag"]


async def test_m15_who_gave_the_power_asks_with_a_term_and_gets_an_answer(db: Database, owner: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00)
    form = InformationForm(vraag="Waarom deze school?", uiterlijk=await today(db) + timedelta(days=7))
    for name in ("coen", "noor"):
        with pytest.raises(NotAllowed):
            await act(db, ask_information, done.number, form, by=name)
    asked = await act(db, ask_information, done.number, form, by="alder")
    assert await owner.fetchval("select acting_as from information_request") == "orgaan:college"
    words = AnswerForm(antwoord="Zij bereikt de meeste kinderen.")
    for name in ("alder", "gijs"):
        with pytest.raises(NotAllowed):
            await act(db, answer_information, done.number, asked, words, by=name)
    await act(db, answer_information, done.number, asked, words, by="noor")
    with pytest.raises(Conflict):
        await act(db, answer_information, done.number, asked, words, by="noor")
    verbs = await owner.fetch("select verb from journal where accountable and verb like 'information%' order by id")
    assert [row["verb"] for row in verbs] == ["information.asked", "information.answered"]


async def test_who_reads_which_decision(db: Database, boss: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00)
    readers = {"noor": "alles", "gijs": "alles", "wieke": "alles", "coen": "alles", "alder": "alles"}
    for name in ("noor", "gijs", "wieke", "coen", "alder", "julia", "tax", "mo"):
        assert await sees(db, done.number, name) == readers.get(name), name
    await boss.execute("update decision set confidential = true, subject = null")
    hidden = {"noor": "alles", "gijs": "alles", "wieke": "nummer", "coen": "alles", "alder": "nummer"}
    for name in ("noor", "gijs", "wieke", "coen", "alder", "julia"):
        assert await sees(db, done.number, name) == hidden.get(name), name
    async with db.read() as session:
        assert [row.number for row in await decisions_of(session, who("gijs"))] == [done.number]
        assert not await decisions_of(session, who("coen")), "the own list is not the log"


async def test_text_is_destroyed_by_an_act_and_the_rest_stays(db: Database, owner: Any, place: Any) -> None:
    done = await taken(db, "SUB-01", "noor", 3_000_00, case="Z-1", counterparty="Dansschool")
    await act(db, correct, done.number, CorrectionForm(veld="zaak", waarde="Z-2", reden="Typefout."), by="noor")
    app = await asyncpg.connect(place.url())
    entry = await app.fetchval(
        "insert into journal (verb, accountable, facts) values ('decision.erased', true, '{}') returning id"
    )
    made = await app.fetchval(
        "insert into decision_act (decision_id, kind, person_id, ground, approved_by, entry_id)"
        " values ($1, 'vernietigd', $2, 'selectielijst 2020, 11.1', $3, $4) returning id",
        done.id, UUID(uid("wieke")), UUID(uid("coen")), entry,
    )  # fmt: skip
    assert await app.fetchval("select erase_decision($1)", made) > 8
    row = await app.fetchrow("select * from decision")
    assert [row[name] for name in ("subject", "reasons", "case_number", "counterparty", "signature", "answer")] == [
        None
    ] * 6
    assert (row["number"], row["cents"], row["grants"]) == (done.number, 3_000_00, ["T01", "T15"])
    assert await app.fetchval("select count(*) from journal_text where entry = $1", done.entry) == 0
    assert await app.fetchval("select count(*) from journal where id = $1", done.entry) == 1
    await app.close()
