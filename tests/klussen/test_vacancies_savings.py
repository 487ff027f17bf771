"""Vacancies step by step (3.2) and the savings ledger (3.5): skipped only with a reason, appointed only by decision, never twice."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed
from teams.klussen.actions.phases import publish_klus
from teams.klussen.actions.savings import BaselineForm, SavingForm, book_saving, fix_baseline, settle_saving
from teams.klussen.actions.vacancy import fill_vacancy, next_stage, report_vacancy, say_what_is_left
from teams.klussen.queries import klus_for
from teams.klussen.savings import Gap, Saving, end_of_chain, hired, structural, vacant
from teams.klussen.vacancies import FilledForm, Stage, StageForm
from tests.account.acts import decision
from tests.klussen.acts import act, claim, draft, refused
from tests.klussen.test_hours_booked import LAST_MONDAY, book, close, running
from tests.world import TODAY, World

DAY = timedelta(days=1)


async def vacancy(db: Database, world: World, title: str = "Ecoloog, 24 uur") -> UUID:
    klus = await draft(db, world, "bram", titel=title, soort="vacature", wijze="selectie", plaatsen=1, urenMin=24)
    await act(db, world, report_vacancy, "bram", klus.id)
    return UUID(str(klus.id))


async def step(db: Database, world: World, klus: UUID, stage: str, day: date = TODAY, **more: Any) -> None:
    await act(db, world, next_stage, "bram", klus, StageForm(stap=Stage(stage), van=day, **more))


async def appointment(owner: asyncpg.Connection, world: World, power: str = "HRM-01", outcome: str = "bevoegd") -> str:
    _, number = await decision(owner, world, code=power, outcome=outcome, cents=None)
    return number


async def fill(
    db: Database,
    world: World,
    klus: UUID,
    number: str,
    source: str = "intern",
    who: str | None = "cato",
    day: date = TODAY,
) -> None:
    form = FilledForm(op=day, besluit=number, herkomst=source, persoonId=world.people[who] if who else None)
    await act(db, world, fill_vacancy, "bram", klus, form)


async def test_stages_follow_each_other_and_a_skip_needs_its_reason(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await vacancy(db, world)
    with pytest.raises(Conflict, match="nooit overgeslagen"):
        await step(db, world, klus, "voorrang")
    await step(db, world, klus, "formatietoets")
    with pytest.raises(Conflict, match="Schrijf op waarom"):
        await step(db, world, klus, "intern")
    await step(db, world, klus, "intern", overslaan="Er zijn geen voorrangskandidaten.", dagen=14)
    with pytest.raises(Conflict, match="al voorbij"):
        await step(db, world, klus, "voorrang")
    with pytest.raises(Conflict, match="kan vanaf"):
        await step(db, world, klus, "regionaal", TODAY + 13 * DAY)
    await step(db, world, klus, "extern", TODAY + 14 * DAY, overslaan="Geen regio.")
    with pytest.raises(Conflict):
        await step(db, world, klus, "formatie_vervallen", TODAY + 20 * DAY)
    await step(db, world, klus, "formatie_vervallen", TODAY + 20 * DAY, reden="Het werk stopt.")
    with pytest.raises(Conflict, match="klaar"):
        await step(db, world, klus, "ingetrokken", TODAY + 30 * DAY, reden="Nog eens.")
    rows = await owner.fetch("select stage, skipped from vacancy_stage where klus_id = $1 order by step", klus)
    assert [row["stage"] for row in rows if row["skipped"]] == ["voorrang", "regionaal"]
    assert await owner.fetchval(
        "select count(*) from journal where verb in ('vacancy.moved', 'vacancy.skipped') and accountable"
    ) == len(rows)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("update vacancy_stage set skipped = ''")


async def test_R17_an_appointment_is_a_decision_under_an_hrm_power(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await vacancy(db, world)
    other, defect, good = (
        await appointment(owner, world, "INK-02"),
        await appointment(owner, world, outcome="gebrek"),
        await appointment(owner, world),
    )
    await step(db, world, klus, "formatietoets")
    with pytest.raises(Conflict, match="kan niemand benoemd"):
        await fill(db, world, klus, good)
    await step(db, world, klus, "voorrang")
    await step(db, world, klus, "intern")
    with pytest.raises(Conflict, match="van buiten"):
        await fill(db, world, klus, good, "extern", None)
    for number in (other, defect, "2026-99999", "x"):
        with pytest.raises(Invalid):
            await fill(db, world, klus, number)
    await fill(db, world, klus, good)
    second = await vacancy(db, world, "Nog een ecoloog")
    for stage in ("formatietoets", "voorrang"):
        await step(db, world, second, stage)
    with pytest.raises(Invalid, match="andere vacature"):
        await fill(db, world, second, good)
    assert await owner.fetchval("select count(*) from claim") == 0, "never a claim"


async def test_R17_a_vacancy_that_is_over_takes_no_application_and_who_applied_is_told(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Filled, or stopped with a reason. An appointment comes after the days that the stage stands open at least."""
    for ends in ("vervuld", "ingetrokken", "formatie_vervallen"):
        klus = await vacancy(db, world, f"Ecoloog, {ends}")
        await act(db, world, publish_klus, "bram", klus)
        for stage in ("formatietoets", "voorrang"):
            await step(db, world, klus, stage)
        await step(db, world, klus, "intern", dagen=14)
        await claim(db, world, "dirk", klus)
        if ends == "vervuld":
            good = await appointment(owner, world)
            with pytest.raises(Conflict, match="kan vanaf"):
                await fill(db, world, klus, good)
            await fill(db, world, klus, good, day=TODAY + 14 * DAY)
        else:
            await step(db, world, klus, ends, TODAY + DAY, reden="Het werk stopt.")
        over = "afgerond" if ends == "vervuld" else "ingetrokken"
        assert await owner.fetchval("select state from klus where id = $1", klus) == over
        assert await owner.fetchval("select state from claim where klus_id = $1", klus) == "beeindigd"
        await refused(claim(db, world, "cato", klus), "gesloten", kind=Conflict)
    ended = await owner.fetchval(
        "select count(*) from outbox o join journal j on j.id = o.entry where j.verb = 'claim.ended'"
    )
    assert ended == 3, "each of them hears of it"


async def test_a_saving_exists_only_at_the_end_of_the_chain(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    first, second = await vacancy(db, world), await vacancy(db, world, "Baliemedewerker")
    number = await owner.fetchval("select number from klus where id = $1", second)
    for klus in (first, second):
        for stage in ("formatietoets", "voorrang"):
            await step(db, world, klus, stage)
    place = SavingForm(soort=Saving.PLACE, van=date(2027, 1, 1), norm=74_500_00, uren=240, grond="Uit de formatie.")

    async def save(klus: UUID, form: SavingForm = place) -> None:
        await act(db, world, book_saving, "sef", klus, form)

    with pytest.raises(Conflict, match="keten"):
        await save(first)
    await fill(db, world, first, await appointment(owner, world))
    with pytest.raises(Conflict, match="keten"):
        await save(first)
    await act(db, world, say_what_is_left, "bram", first, "vacature", number, "")
    with pytest.raises(Conflict, match="keten"):
        await save(first)
    await step(db, world, second, "formatie_vervallen", reden="Het werk is vervallen.")
    await save(first)
    assert await owner.fetchval("select cents from saving") == 49_666_67
    with pytest.raises(Conflict, match="al een besparing"):
        await save(second)
    months = SavingForm(
        soort=Saving.VACANT, van=date(2027, 1, 1), tot=date(2027, 3, 31), norm=74_500_00, uren=240, grond="Stond open."
    )
    with pytest.raises(Conflict, match="al een besparing"):
        await save(second, months)
    await save(second, months.model_copy(update={"van": date(2026, 10, 1), "tot": date(2026, 12, 31)}))
    with pytest.raises(Conflict, match="al een besparing"):
        await save(first, months.model_copy(update={"van": date(2026, 12, 1), "tot": date(2026, 12, 31)}))


async def test_the_baseline_is_fixed_when_posting_and_the_controller_confirms(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    klus = await draft(db, world, "bram")
    await act(db, world, fix_baseline, "bram", klus.id, BaselineForm(ingehuurd=True, tarief=95_00, bron="Raamcontract"))
    with pytest.raises(Conflict, match="ligt al vast"):
        await act(db, world, fix_baseline, "bram", klus.id, BaselineForm(ingehuurd=False))
    done, (claim,) = await running(owner, world, "cato")
    await owner.execute("update klus set published_at = now() - interval '9 days' where id = $1", done)
    with pytest.raises(Conflict, match="niet erna"):
        await act(db, world, fix_baseline, "bram", done, BaselineForm(ingehuurd=True, tarief=95_00))
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("insert into klus_baseline (klus_id, hired) values ($1, false)", done)
    form = SavingForm(soort=Saving.HIRED, van=LAST_MONDAY, tot=TODAY, vervanging=20_00, grond="Anders ingehuurd.")
    with pytest.raises(Conflict, match="Bij het plaatsen"):
        await act(db, world, book_saving, "bram", done, form)
    await owner.execute(
        "insert into klus_baseline (klus_id, hired, rate_cents, at) values ($1, true, 9500, now() - interval '10 days')",
        done,
    )
    await book(db, claim, world.actor("cato"), hours="3.5")
    with pytest.raises(Conflict, match="goedgekeurde uren"):
        await act(db, world, book_saving, "bram", done, form)
    await close(db, done, world.actor("bram"))
    await act(db, world, book_saving, "bram", done, form)
    saving = await owner.fetchrow("select id, cents, tenths, state from saving")
    assert (saving["cents"], saving["tenths"], saving["state"]) == (262_50, 35, "verwacht")
    for who in ("bram", "sef"):
        with pytest.raises(NotAllowed):
            await act(db, world, settle_saving, who, saving["id"], confirms=True, reason="")
    await act(db, world, settle_saving, "kees", saving["id"], confirms=True, reason="")
    with pytest.raises(Conflict, match="al afgehandeld"):
        await act(db, world, settle_saving, "kees", saving["id"], confirms=False, reason="Toch niet.")


@given(st.integers(1, 600), st.integers(1, 20_000_000), st.integers(0, 60), st.integers(0, 10_000))
def test_sums_by_the_cent(tenths: int, cents: int, months: int, cover: int) -> None:
    """A second way: exact fractions, rounded half up."""

    def rounded(value: Fraction) -> int:
        return int((value + Fraction(1, 2)) // 1)

    assert structural(tenths, cents) == rounded(Fraction(tenths, 360) * cents)
    assert vacant(months, tenths, cents, cover) == rounded(Fraction(months * tenths, 360 * 12) * cents) - cover
    assert hired(tenths, cents, cover) == rounded(Fraction(Decimal(tenths) / 10) * (cents - cover))


@given(st.dictionaries(st.integers(0, 6), st.sampled_from(("intern", "extern", "regionaal"))), st.dictionaries(st.integers(0, 6), st.integers(-2, 6)), st.sets(st.integers(0, 6)))  # fmt: skip
def test_a_chain_is_followed_to_its_end(filled: dict[int, str], after: dict[int, int], gone: set[int]) -> None:
    name = [UUID(int=n) for n in range(7)]
    gaps = {
        name[k]: Gap("vacature", name[n]) if n >= 0 else Gap("vervalt" if n == -1 else "geen", None)
        for k, n in after.items()
    }
    where = {name[k]: source for k, source in filled.items()}
    end = end_of_chain(name[0], gaps, where, {name[n] for n in gone})
    if end.state == "vervalt":
        assert end.klus.int in gone or (where[end.klus] == "intern" and gaps[end.klus].kind == "vervalt")
    if end.klus != name[0]:
        assert where[name[0]] == "intern" and name[0] in gaps


async def test_a_vacancy_that_is_over_before_it_was_placed_is_never_placed(
    db: Database, owner: asyncpg.Connection, world: World
) -> None:
    """Its page opens for all, as every vacancy that was filled stands under the figures; one of before that is refused too."""
    for ends, over in (("vervuld", "afgerond"), ("ingetrokken", "ingetrokken")):
        klus = await vacancy(db, world, f"Ecoloog, {ends}")
        for stage in ("formatietoets", "voorrang"):
            await step(db, world, klus, stage)
        if ends == "vervuld":
            await fill(db, world, klus, await appointment(owner, world))
        else:
            await step(db, world, klus, ends, reden="Het werk stopt.")
        assert await owner.fetchval("select state from klus where id = $1", klus) == over
        async with db.read() as session:
            assert (await klus_for(session, klus, world.actor("dirk"), at=await now(session))).state == over
        for state in (over, "concept", "gesloten"):
            await owner.execute("update klus set state = $2 where id = $1", klus, state)
            await refused(act(db, world, publish_klus, "bram", klus), "verkeerd_moment", kind=Conflict)
