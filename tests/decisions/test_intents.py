"""What waits to become a decision: advice, a second person with rights of their own, a step up, an organ (M16, M19, M20, M25)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from teams.decisions.actions.advice import advise
from teams.decisions.actions.decide import Refused, Taken, weigh_locked, write_decision
from teams.decisions.actions.intents import choose_second, confirm, hand_up, take, withdraw
from teams.decisions.actions.organ import edit_proposal, enter_outcome, put_to_organ
from teams.decisions.forms import (
    AdviceForm,
    ConfirmForm,
    HandUpForm,
    OrganForm,
    OutcomeForm,
    ProposalTextForm,
    SecondForm,
)
from teams.decisions.queries.intents import acts_of, form_of_intent, intent_for, question_of, waiting_for
from teams.kit.clock import day_of, now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.decisions.acts import act, intend, settle, taken, who
from tests.mandates.stored import uid

ADVICE = "advies:Groen/Budgethouder>1000"
YES = ConfirmForm(akkoord=True, belangVerklaring=True)


@pytest.fixture(autouse=True)
async def there(owner: asyncpg.Connection) -> None:
    await settle(owner)


def advice(agrees: bool = True, **more: Any) -> AdviceForm:
    return AdviceForm(voorwaarde=ADVICE, akkoord=agrees, tekst="Prijs past bij vorig jaar.", **more)


async def state(owner: asyncpg.Connection, id: UUID) -> str:
    found: str = await owner.fetchval("select state from intent where id = $1", id)
    return found


async def waits(db: Database, name: str) -> list[str]:
    async with db.read() as session:
        return [row.what for row in await waiting_for(session, UUID(uid(name)))]


async def test_m25_recording_stays_off_until_the_advice_is_there(db: Database, owner: Any) -> None:
    id = await intend(db, "OMG-01", "julia", 2_000_00, case="Z-1")
    assert await state(owner, id) == "advies"
    assert await waits(db, "bram") == ["advies"]
    early = await act(db, take, id, by="julia")
    assert isinstance(early, Refused)
    assert early.weighed.answer.verdict.word == "eerst_overleg"
    with pytest.raises(NotAllowed):
        await act(db, advise, id, advice(), by="julia")
    with pytest.raises(NotFound):
        await act(db, advise, id, advice(), by="noor")
    await act(db, advise, id, advice(), by="bram")
    assert await state(owner, id) == "klaar"
    assert await waits(db, "julia") == ["verder"]
    done = await act(db, take, id, by="julia")
    assert isinstance(done, Taken)
    assert await state(owner, id) == "besloten"
    assert await owner.fetchval("select intent_id from decision") == id
    with pytest.raises(Conflict):
        await act(db, take, id, by="julia")
    assert await owner.fetchval("select count(*) from decision") == 1


async def test_m20_the_second_person_confirms_and_then_it_stands(db: Database, owner: Any) -> None:
    id = await intend(db, "PW-07L", "cas", 100_00, second=uid("coen"))
    assert await state(owner, id) == "tweede"
    assert await waits(db, "coen") == ["bevestig"]
    for name in ("cas", "noor"):
        with pytest.raises((NotAllowed, NotFound)):
            await act(db, confirm, id, YES, by=name)
    with pytest.raises(Invalid):
        await act(db, confirm, id, ConfirmForm(akkoord=True), by="coen")
    done = await act(db, confirm, id, YES, by="coen")
    assert isinstance(done, Taken)
    row = await owner.fetchrow("select * from decision")
    assert (str(row["person_id"]), str(row["second_id"])) == (uid("cas"), uid("coen"))
    sealed = dict(await owner.fetch("select field, value from journal_text where entry = $1", done.entry))
    assert (sealed["actor"], sealed["tweede"]) == (uid("cas"), uid("coen"))


async def test_m20_the_second_person_may_say_no(db: Database, owner: Any) -> None:
    id = await intend(db, "PW-07L", "cas", 100_00, second=uid("coen"))
    await act(db, confirm, id, ConfirmForm(akkoord=False, tekst="Onvolledig."), by="coen")
    assert await state(owner, id) == "klaar"
    assert isinstance(await act(db, take, id, by="cas"), Refused)
    with pytest.raises(Conflict):
        await act(db, choose_second, id, SecondForm(tweedePersoonId=UUID(uid("cas"))), by="cas")
    with pytest.raises(Conflict) as refused:
        await act(db, choose_second, id, SecondForm(tweedePersoonId=UUID(uid("noor"))), by="cas")
    assert [reason.code for reason in refused.value.reasons] == ["M20"]
    await act(db, choose_second, id, SecondForm(tweedePersoonId=UUID(uid("coen"))), by="cas")
    assert isinstance(await act(db, confirm, id, YES, by="coen"), Taken)


async def test_m20_nothing_stands_without_the_confirmation_whatever_the_app_does(db: Database, place: Any) -> None:
    id = await intend(db, "PW-07L", "cas", 100_00, second=uid("coen"))
    async with db.begin() as session:
        intent = await intent_for(session, id, who("cas"))
        at = await now(session)
        weighed = await weigh_locked(session, question_of(intent, await acts_of(session, id), at))
        with pytest.raises(Exception, match="not confirmed"):
            await write_decision(session, weighed, form_of_intent(intent), by=who("cas"), at=at, intent=intent)
        await session.rollback()


async def test_what_changed_meanwhile_is_weighed_again(db: Database, owner: Any) -> None:
    """M24: who left the role no longer decides, also when the second person confirms."""
    id = await intend(db, "PW-07L", "cas", 100_00, second=uid("coen"))
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where person_id = $1", uid("cas")
    )
    done = await act(db, confirm, id, YES, by="coen")
    assert isinstance(done, Refused)
    assert "M24" in done.weighed.answer.codes
    assert await state(owner, id) == "tweede"


async def test_a_no_goes_up_with_the_file_to_who_may(db: Database, owner: Any) -> None:
    id = await intend(db, "SUB-01", "noor", 7_500_00, case="Z-1")
    assert await state(owner, id) == "klaar"
    with pytest.raises(Conflict):
        await act(db, hand_up, id, HandUpForm(naar=UUID(uid("gijs")), reden="Boven mijn grens."), by="noor")
    await act(db, hand_up, id, HandUpForm(naar=UUID(uid("wieke")), reden="Boven mijn grens."), by="noor")
    assert await waits(db, "wieke") == ["verder"]
    with pytest.raises(NotAllowed):
        await act(db, take, id, by="noor")
    done = await act(db, take, id, by="wieke")
    assert isinstance(done, Taken)
    assert str(await owner.fetchval("select person_id from decision")) == uid("wieke")


async def test_to_the_organ_with_editable_text_and_its_outcome_afterwards(db: Database, owner: Any) -> None:
    id = await intend(db, "SUB-01", "noor", 90_000_00, case="Z-1")
    with pytest.raises(Conflict):
        await act(db, put_to_organ, id, OrganForm(orgaan="raad"), by="noor")
    await act(db, put_to_organ, id, OrganForm(orgaan="college"), by="noor")
    words = await owner.fetchval("select text from organ_proposal")
    assert "€ 90.000" in words
    assert "Past in het beleid." in words
    text = ProposalTextForm(titel="Subsidie", tekst="## Gevraagd besluit\nVerleen.", versie=1)
    await act(db, edit_proposal, id, text, by="noor")
    with pytest.raises(Conflict):
        await act(db, edit_proposal, id, text, by="noor")
    async with db.begin() as session:
        today = day_of(await now(session))
    outcome = OutcomeForm(uitkomst="besloten", besloten=today, besluitnummer="B&W 2026-44")
    for name in ("noor", "coen"):
        with pytest.raises((NotAllowed, NotFound)):
            await act(db, enter_outcome, id, outcome, by=name)
    with pytest.raises(Invalid):
        await act(db, enter_outcome, id, outcome.model_copy(update={"besluitnummer": None}), by="alder")
    with pytest.raises(Invalid):
        late = outcome.model_copy(update={"besloten": today + timedelta(days=1)})
        await act(db, enter_outcome, id, late, by="alder")
    await act(db, enter_outcome, id, outcome, by="alder")
    assert await state(owner, id) == "besloten"
    assert await owner.fetchval("select accountable from journal where verb = 'intent.outcome'")
    assert await owner.fetchval("select count(*) from decision") == 0, "the organ decided, not someone under a mandate"


async def test_a_withdrawn_file_stays_closed(db: Database, owner: Any, place: Any) -> None:
    id = await intend(db, "SUB-01", "noor", 7_500_00)
    await act(db, withdraw, id, by="noor")
    with pytest.raises(Conflict):
        await act(db, take, id, by="noor")
    app = await asyncpg.connect(place.url())
    with pytest.raises(asyncpg.CheckViolationError):
        await app.execute("update intent set state = 'klaar', version = version + 1")
    await app.close()
    await taken(db, "SUB-01", "noor", 100_00)
