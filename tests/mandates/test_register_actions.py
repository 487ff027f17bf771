"""Acts on the register: from draft to withdrawal, by whom, and every refusal; the engine's answers follow."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from teams.kit.forms import validated
from teams.mandates.actions.around import end_replacement, enter_interest, enter_replacement
from teams.mandates.actions.decrees import decide_decree, make_decree, publish_decree
from teams.mandates.actions.grants import (
    change_draft,
    consent_grant,
    decide_grant,
    draft_grant,
    publish_grant,
    withdraw_grant,
)
from teams.mandates.engine import answer
from teams.mandates.forms import (
    BekendmakingForm,
    BelangForm,
    BesluitForm,
    InstemmingForm,
    IntrekkingForm,
    MandaatbesluitForm,
    MandaatForm,
    VervangingForm,
)
from teams.mandates.models import GrantState
from teams.mandates.queries.facts import facts_for, facts_of_powers
from teams.mandates.queries.powers import power_list, powers_found, what_falls_away, what_role_may
from teams.mandates.queries.register import (
    RegisterWish,
    chain_of,
    children_of,
    grant_by_number,
    grants_of_person,
    grants_of_role,
    history_of,
    register_page,
)
from teams.mandates.question import Question
from teams.mandates.questions import role_powers
from teams.structure.moment import Moment
from tests.mandates.stored import with_powers
from tests.world import TODAY, World

BESLUIT = BesluitForm(beslotenOp=TODAY, besluit="B&W 2026-44")
PUBLICATIE = BekendmakingForm(bekendgemaaktOp=TODAY, publicatie="gmb-2026-1", adres="https://example.nl/gmb-2026-1")
INTREKKING = IntrekkingForm(besluit="B&W 2026-45")


@pytest.fixture
async def register(owner: asyncpg.Connection, world: World) -> World:
    return await with_powers(owner, world)


def form(world: World, **more: Any) -> MandaatForm:
    """College to secretary: SUB-01 up to 25.000, to be handed on."""
    values = {
        "nummer": "T1", "bevoegdheden": ["SUB-01"], "soorten": ["mandaat"], "gever": ["orgaan:college"],
        "ontvanger": "functie:gemeentesecretaris", "grens": "€ 25.000,-", "ondermandaat": "ja", "van": TODAY, **more,
    }  # fmt: skip
    return validated(MandaatForm, values)


def sub(world: World, **more: Any) -> MandaatForm:
    """Secretary to the role of the Balie, up to 5.000."""
    values = {
        "nummer": "T2", "gever": ["functie:gemeentesecretaris"], "ontvanger": "rol:balie/Baliemedewerker", "ouder": "T1",
        "grens": "5000", "ondermandaat": "nee",
    }  # fmt: skip
    return form(world, **values | more)


async def act(db: Database, verb: Any, *args: Any, by: Actor) -> Any:
    async with db.begin() as session:
        return await verb(session, *args, by=by, at=await now(session))


async def in_force(db: Database, form_: MandaatForm, by: Actor) -> None:
    await act(db, draft_grant, form_, by=by)
    await act(db, decide_grant, form_.nummer, BESLUIT, by=by)
    await act(db, publish_grant, form_.nummer, PUBLICATIE, by=by)


async def verdict(
    db: Database, world: World, who: str, cents: int, at: datetime | None = None, known: datetime | None = None
) -> str:
    async with db.read() as session:
        clock = await now(session)
        q = Question("SUB-01", at or clock, known or clock, str(world.people[who]), cents=cents)
        return answer(await facts_for(session, q), q).to_json().decode()


def word(json: str) -> str:
    return json.partition('"oordeel":"')[2].partition('"')[0]


async def present(session: AsyncSession) -> Moment:
    clock = await now(session)
    return Moment(clock, clock, clock)


async def test_a_chain_from_draft_to_withdrawal(db: Database, register: World) -> None:
    """M13, M17: works after publication, ends with its parent; an old question keeps its answer."""
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await act(db, draft_grant, sub(register), by=sef)
    assert word(await verdict(db, register, "cato", 4_000_00)) == "nee"
    await act(db, decide_grant, "T2", BESLUIT, by=sef)
    assert word(await verdict(db, register, "cato", 4_000_00)) == "nee"
    await act(db, publish_grant, "T2", PUBLICATIE, by=sef)
    assert word(await verdict(db, register, "cato", 4_000_00)) == "ja"
    assert word(await verdict(db, register, "cato", 7_500_00)) == "nee"
    async with db.read() as session:
        before = await now(session)
    then = await verdict(db, register, "cato", 4_000_00, before, before)
    await act(db, withdraw_grant, "T1", INTREKKING, by=sef)
    assert word(await verdict(db, register, "cato", 4_000_00)) == "nee"
    assert word(await verdict(db, register, "cato", 4_000_00, before)) == "ja"
    assert await verdict(db, register, "cato", 4_000_00, before, before) == then
    async with db.read() as session:
        seen, _ = await register_page(session, RegisterWish(), await present(session))
        assert [(g.number, g.state) for g in seen] == [("T1", GrantState.WITHDRAWN), ("T2", GrantState.LAPSED)]
        history = await history_of(session, "T1", await present(session))
        assert [(h.decided_on is None, h.published_on is None, h.withdrawn_at is None) for h in history] == [
            (True, True, True), (False, True, True), (False, False, True), (False, False, False),
        ]  # fmt: skip
        assert len({h.version for h in history}) == 4


async def test_every_act_is_an_accountable_entry(db: Database, owner: asyncpg.Connection, register: World) -> None:
    """Rule 4: no entry, no act."""
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await act(db, withdraw_grant, "T1", INTREKKING, by=sef)
    rows = await owner.fetch("select verb, accountable, facts ->> 'link' as link from journal order by id")
    assert [row["verb"] for row in rows] == ["grant.drafted", "grant.decided", "grant.published", "grant.withdrawn"]
    assert all(row["accountable"] and row["link"].startswith("T1@sha256:") for row in rows)
    assert rows[-1]["link"].endswith(await owner.fetchval("select hash from grant_version where upper_inf(recorded)"))


REFUSED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("unknown power", {"bevoegdheden": ["SUB-99"]}, ["M12"]),
    ("no power", {"bevoegdheden": []}, ["M12"]),
    ("root is no organ", {"gever": ["functie:controller"]}, ["M03"]),
    ("power of another organ", {"bevoegdheden": ["LEG-01"]}, ["M01"]),
    ("cannot be mandated", {"bevoegdheden": ["BEZ-01"]}, ["M07"]),
    ("delegation to a subordinate", {"soorten": ["delegatie"]}, ["M03"]),
    ("case not named", {"vorm": "bepaald_geval"}, ["M06"]),
    ("not on paper", {"opSchrift": False}, ["M06"]),
    ("all reasons at once", {"bevoegdheden": ["LEG-01", "BEZ-01"], "opSchrift": False}, ["M01", "M06", "M07"]),
]
REFUSED_BELOW: list[tuple[str, dict[str, Any], list[str]]] = [
    ("ceiling above the parent's", {"grens": "25.000,01"}, ["M02"]),
    ("power not in the parent", {"bevoegdheden": ["SUB-01", "SUB-02"]}, ["M02"]),
    ("begins before the parent", {"van": TODAY - timedelta(days=1)}, ["M02"]),
    ("grantor does not have it", {"gever": ["rol:groen/Boombeheerder"]}, ["M03"]),
    ("to oneself", {"ontvanger": "rol:top/Gemeentesecretaris"}, ["M03"]),
]


@pytest.mark.parametrize(("case", "more", "codes"), REFUSED, ids=[c[0] for c in REFUSED])
async def test_a_draft_that_the_rules_refuse(
    db: Database, owner: asyncpg.Connection, register: World, case: str, more: dict[str, Any], codes: list[str]
) -> None:
    """M01-M08, M12: every reason, and nothing is stored."""
    with pytest.raises(Conflict) as refused:
        await act(db, draft_grant, form(register, **more), by=register.actor("sef"))
    assert sorted(reason.code for reason in refused.value.reasons) == codes
    assert refused.value.then
    assert await owner.fetchval("select count(*) from power_grant") == 0


@pytest.mark.parametrize(("case", "more", "codes"), REFUSED_BELOW, ids=[c[0] for c in REFUSED_BELOW])
async def test_a_sub_grant_that_the_rules_refuse(
    db: Database, register: World, case: str, more: dict[str, Any], codes: list[str]
) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    with pytest.raises(Conflict) as refused:
        await act(db, draft_grant, sub(register, **more), by=sef)
    assert sorted({reason.code for reason in refused.value.reasons}) == codes


async def test_a_parent_that_must_not_be_handed_on_and_a_circle(db: Database, register: World) -> None:
    """M02, M04."""
    sef = register.actor("sef")
    await act(db, draft_grant, form(register), by=sef)
    await act(db, draft_grant, sub(register), by=sef)
    async with db.read() as session:
        version = (await grant_by_number(session, "T1", await present(session))).version
    for more, code in (({"ondermandaat": "nee"}, "M04"), ({"grens": "4999.99"}, "M02"), ({"ouder": "T2"}, "M02")):
        with pytest.raises(Conflict) as refused:
            await _change(db, version, form(register, **more), sef)
        assert code in {reason.code for reason in refused.value.reasons}


async def _change(db: Database, version: str, new: MandaatForm, by: Actor) -> None:
    async with db.begin() as session:
        await change_draft(session, "T1", new, version=version, by=by, at=await now(session))


async def test_a_draft_changes_and_a_stale_one_does_not(db: Database, register: World) -> None:
    sef = register.actor("sef")
    await act(db, draft_grant, form(register), by=sef)
    async with db.read() as session:
        version = (await grant_by_number(session, "T1", await present(session))).version
    await _change(db, version, form(register, grens="30000"), sef)
    with pytest.raises(Conflict, match="intussen"):
        await _change(db, version, form(register, grens="31000"), sef)
    async with db.read() as session:
        grant = await grant_by_number(session, "T1", await present(session))
    assert (grant.ceiling, grant.state) == (30_000_00, GrantState.DRAFTED)
    await act(db, decide_grant, "T1", BESLUIT, by=sef)
    with pytest.raises(Conflict, match="al besloten"):
        await _change(db, grant.version, form(register), sef)
    with pytest.raises(Invalid):
        await act(db, draft_grant, form(register), by=sef)


async def test_the_database_itself_refuses_circles_and_unknowns(owner: asyncpg.Connection, register: World) -> None:
    """M02, M12: whoever writes, the guards of the database stand."""
    await owner.execute("insert into power_grant (number) values ('A'), ('B')")
    row = (
        "insert into grant_version (grant_id, parent_id, kinds, grantors, holder, powers, valid) select a.id, b.id, '{mandaat}',"
        " '{orgaan:college}', $3, $4, tstzrange(now(), null) from power_grant a, power_grant b where a.number = $1 and b.number = $2"
    )
    with pytest.raises(asyncpg.CheckViolationError, match="circle"):
        async with owner.transaction():
            await owner.execute(row, "A", "B", "functie:griffier", ["SUB-01"])
            await owner.execute(row, "B", "A", "functie:griffier", ["SUB-01"])
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="power"):
        await owner.execute(row, "A", "B", "functie:griffier", ["SUB-99"])
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="party"):
        await owner.execute(row, "A", "B", f"rol:{UUID(int=1)}", ["SUB-01"])
    with pytest.raises(asyncpg.CheckViolationError, match="eight"):
        async with owner.transaction():
            await owner.execute("insert into power_grant (number) select 'C' || n from generate_series(1, 10) n")
            for n in range(1, 10):
                await owner.execute(row, f"C{n}", f"C{n + 1}", "functie:griffier", ["SUB-01"])


@pytest.mark.parametrize(
    ("who", "may"), [("sef", True), ("wil", True), ("cato", False), ("kees", False), ("beer", False), ("gea", False)]
)
async def test_who_may_enter_a_grant_of_the_college(db: Database, register: World, who: str, may: bool) -> None:
    """Secretary and officeholder of the organ; nobody else, and never the administrator."""
    if may:
        await in_force(db, form(register), register.actor(who))
        return
    with pytest.raises(NotAllowed) as refused:
        await act(db, draft_grant, form(register), by=register.actor(who))
    assert [reason.code for reason in refused.value.reasons] == ["geen_recht"]


async def test_a_grantor_hands_on_and_takes_back(db: Database, owner: asyncpg.Connection, register: World) -> None:
    """M04: who holds a grant that may be handed on, gives and withdraws the sub-grant; another may not."""
    await in_force(db, form(register, ontvanger="rol:groen/Boombeheerder"), register.actor("sef"))
    mine = sub(register, gever=["rol:groen/Boombeheerder"])
    with pytest.raises(NotAllowed):
        await act(db, draft_grant, mine, by=register.actor("cato"))
    await in_force(db, mine, register.actor("aya"))
    assert word(await verdict(db, register, "dirk", 4_000_00)) == "ja"
    with pytest.raises(NotAllowed):
        await act(db, withdraw_grant, "T2", INTREKKING, by=register.actor("cato"))
    await act(db, withdraw_grant, "T2", INTREKKING, by=register.actor("aya"))
    assert word(await verdict(db, register, "dirk", 4_000_00)) == "nee"
    with pytest.raises(Conflict, match="al ingetrokken"):
        await act(db, withdraw_grant, "T2", INTREKKING, by=register.actor("aya"))


async def test_a_decree_bundles_drafts_and_withdrawals(
    db: Database, owner: asyncpg.Connection, register: World
) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await act(db, draft_grant, form(register, nummer="T9", grens="40000"), by=sef)
    bundle = MandaatbesluitForm(
        orgaan="college", titel="Mandaatbesluit 2026", tekst="Het college besluit:", geeft=["T9"], trektIn=["T1"]
    )
    with pytest.raises(NotAllowed):
        await act(db, make_decree, bundle, by=register.actor("beer"))
    decree = await act(db, make_decree, bundle, by=register.actor("wil"))
    with pytest.raises(Conflict, match="ander mandaatbesluit"):
        await act(db, make_decree, bundle, by=sef)
    with pytest.raises(Conflict, match="kan nu niet"):
        await act(db, publish_decree, decree.number, PUBLICATIE, by=sef)
    await act(db, decide_decree, decree.number, BESLUIT, by=sef)
    await act(db, publish_decree, decree.number, PUBLICATIE, by=sef)
    async with db.read() as session:
        seen, _ = await register_page(session, RegisterWish(), await present(session))
    assert [(g.number, g.state) for g in seen] == [("T1", GrantState.WITHDRAWN), ("T9", GrantState.IN_FORCE)]
    verbs = await owner.fetch("select verb from journal where verb like 'decree.%' order by id")
    assert [row["verb"] for row in verbs] == ["decree.made", "decree.decided", "decree.published"]
    with pytest.raises(Conflict, match="komt niet van dit orgaan"):
        await act(db, make_decree, bundle.model_copy(update={"orgaan": "heffingsambtenaar", "trektIn": []}), by=sef)


async def test_M05_publication_waits_for_consent(db: Database, register: World) -> None:
    sef = register.actor("sef")
    await act(db, draft_grant, form(register, ontvanger="extern:Omgevingsdienst", ondermandaat="nee"), by=sef)
    await act(db, decide_grant, "T1", BESLUIT, by=sef)
    with pytest.raises(Conflict) as refused:
        await act(db, publish_grant, "T1", PUBLICATIE, by=sef)
    assert {reason.code for reason in refused.value.reasons} == {"M05"}
    await act(db, consent_grant, "T1", InstemmingForm(instemmingOntvangerOp=TODAY, instemmingWerkgeverOp=TODAY), by=sef)
    await act(db, publish_grant, "T1", PUBLICATIE, by=sef)


async def test_M23_a_replacement_counts_from_its_entry_to_its_end(db: Database, register: World) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register, ontvanger="rol:groen/Boombeheerder"), sef)
    stand_in = VervangingForm(
        rolId=register.roles["boom"], vervangerId=register.people["dirk"], reden="afwezig", van=TODAY, besluit="V-1"
    )
    for who, kind in (("cato", NotAllowed), ("beer", NotAllowed)):
        with pytest.raises(kind):
            await act(db, enter_replacement, stand_in, by=register.actor(who))
    item = await act(db, enter_replacement, stand_in, by=sef)
    given = await verdict(db, register, "dirk", 4_000_00)
    assert word(given) == "ja"
    assert "plv. Boombeheerder" in given
    with pytest.raises(Conflict, match="al"):
        await act(db, enter_replacement, stand_in, by=sef)
    with pytest.raises(Conflict, match="jezelf"):
        await act(db, enter_replacement, stand_in.model_copy(update={"vervangerId": register.people["sef"]}), by=sef)
    with pytest.raises(Conflict, match="zelf vervult"):
        await act(db, enter_replacement, stand_in.model_copy(update={"vervangerId": register.people["aya"]}), by=sef)
    await act(db, end_replacement, item, by=sef)
    assert word(await verdict(db, register, "dirk", 4_000_00)) == "nee"
    with pytest.raises(NotFound):
        await act(db, end_replacement, register.people["dirk"], by=sef)


async def test_M19_an_interest_is_ones_own(db: Database, register: World) -> None:
    await in_force(db, form(register), register.actor("sef"))
    mine = BelangForm(betreft="Z-1", soort="familie")
    await act(db, enter_interest, mine, by=register.actor("sef"))
    with pytest.raises(Conflict):
        await act(db, enter_interest, mine, by=register.actor("sef"))
    other = BelangForm(betreft="Z-1", persoonId=register.people["cato"])
    with pytest.raises(NotAllowed):
        await act(db, enter_interest, other, by=register.actor("dirk"))
    await act(db, enter_interest, other, by=register.actor("sef"))
    async with db.read() as session:
        clock = await now(session)
        q = Question("SUB-01", clock, clock, str(register.people["sef"]), cents=1, case="Z-1")
        assert answer(await facts_for(session, q), q).codes == ("M19",)


async def test_the_register_by_every_filter(db: Database, register: World) -> None:
    sef = register.actor("sef")
    await in_force(db, form(register), sef)
    await in_force(db, sub(register), sef)
    await act(db, draft_grant, form(register, nummer="T3", bevoegdheden=["SUB-02"]), by=sef)
    await act(db, draft_grant, form(register, nummer="T4", bevoegdheden=[], allesBehalve=["SUB-02"]), by=sef)
    async with db.read() as session:
        moment = await present(session)

        async def numbers(**wish: Any) -> str:
            seen, _ = await register_page(session, RegisterWish(**wish), moment)
            return " ".join(grant.number for grant in seen)

        assert await numbers() == "T1 T2 T3 T4"
        assert await numbers(organ="college") == "T1 T2 T3 T4"
        assert await numbers(organ="heffingsambtenaar") == ""
        assert await numbers(power="SUB-01") == "T1 T2 T4"
        assert await numbers(power="SUB-02") == "T3"
        assert await numbers(role=register.roles["balie"]) == "T2"
        assert await numbers(role=register.roles["secretaris"]) == "T1 T3 T4"
        assert await numbers(team=register.teams["balie"]) == "T2"
        assert await numbers(person=register.people["cato"]) == "T2"
        assert await numbers(state=GrantState.IN_FORCE) == "T1 T2"
        assert await numbers(state=GrantState.DRAFTED, power="SUB-02") == "T3"
        assert await numbers(word="verlenen") == "T1 T2"
        assert await numbers(word="Baliemede") == "T2"
        assert await numbers(word="gemeentesecr", organ="college") == "T1 T3 T4"
        for literal in ("%", "T_", "\\", "T%"):
            assert await numbers(word=literal) == ""
        for _ in range(8):  # the plan that the database keeps after five times finds the same
            assert await numbers(word="t2", person=register.people["cato"], state=GrantState.IN_FORCE) == "T2"
        first, after = await register_page(session, RegisterWish(limit=3), moment)
        rest, end = await register_page(session, RegisterWish(limit=3, after=after), moment)
        assert ([g.number for g in first], after, [g.number for g in rest], end) == (
            ["T1", "T2", "T3"],
            "T3",
            ["T4"],
            None,
        )
        assert [g.number for g in await children_of(session, "T1", moment)] == ["T2"]
        assert [g.number for g in await chain_of(session, "T2", moment)] == ["T1", "T2"]
        assert [g.number for g in await grants_of_role(session, register.roles["balie"], moment)] == ["T2"]
        assert [g.number for g in await grants_of_person(session, register.people["cato"], moment)] == ["T2"]
        seen = await grant_by_number(session, "T2", moment)
        assert (seen.holder.name, seen.holder.team, seen.powers) == (
            "Baliemedewerker",
            "Balie",
            (("SUB-01", "Subsidie verlenen"),),
        )
        early = Moment(moment.op - timedelta(days=3), moment.known - timedelta(days=3), moment.now)
        with pytest.raises(NotFound):
            await grant_by_number(session, "T2", early)
        assert [(p.power, p.ceiling) for p in await what_role_may(session, register.roles["balie"], moment)] == [
            ("SUB-01", 5_000_00)
        ]
        away = await what_falls_away(session, register.people["cato"], register.roles["balie"], moment)
        assert [(line.power, line.orphaned) for line in away] == [("SUB-01", False)]
        codes = [power.code for power in (await power_list(session, moment))[0]]
        everything = await facts_of_powers(session, codes, moment.op, moment.known)
        for role in register.roles.values():  # what others hold makes no difference to what a role may
            seen = tuple(line for line in role_powers(everything, str(role), moment.op, moment.known) if line.numbers)
            assert await what_role_may(session, role, moment) == seen


@pytest.mark.parametrize(
    ("words", "first"),
    [("subsidie dansschool", "SUB-01"), ("sub-02", "SUB-02"), ("Awb 4:42", "SUB-02"), ("dansschol", "SUB-01"),
     ("bezwaar", "BEZ-01"), ("leges 500", "LEG-01"), ("qqqq", None), ("' & !", None), ("", None)],
)  # fmt: skip
async def test_powers_are_found_by_words(db: Database, register: World, words: str, first: str | None) -> None:
    async with db.read() as session:
        found = await powers_found(session, words, await present(session))
        assert (found[0].code if found else None) == first
        listed, after = await power_list(session, await present(session), organ="college", limit=2)
        assert ([p.code for p in listed], after) == (["BEZ-01", "SUB-01"], "SUB-01")


@pytest.mark.parametrize(
    "more",
    [{"grens": text} for text in ("7,500", "1,000.50", "1.000.50", "7.5", "1e9", "７５００", "NaN", "-1")]
    + [{"van": "29-02-2027"}, {"van": "2027-02-29"}, {"tot": TODAY - timedelta(days=1)}, {"soorten": []},
       {"ondermandaat": "9"}, {"ondermandaat": "alleen_aan:"}, {"voorwaarden": ["vier_ogen>veel"]}, {"grens": 7500},
       {"onzin": 1}],
)  # fmt: skip
def test_a_form_that_cannot_be_read(more: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        form(World(), **more)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("7500", 750000), ("7500,50", 750050), ("7500.00", 750000), ("7.500", 750000), ("7.500,00", 750000), ("€ 7.500,-", 750000), ("", None)],
)  # fmt: skip
def test_amounts_as_people_type_them(typed: str, cents: int | None) -> None:
    assert form(World(), grens=typed).grens == cents


async def test_unknown_parties_and_parents_are_named(db: Database, register: World) -> None:
    with pytest.raises(Invalid) as refused:
        await act(
            db,
            draft_grant,
            form(register, gever=["orgaan:geen"], ontvanger="rol:x/y", ouder="T0"),
            by=register.actor("sef"),
        )
    assert sorted(refused.value.fields) == ["gever", "ontvanger", "ouder"]
    with pytest.raises(NotFound):
        await act(db, decide_grant, "T0", BESLUIT, by=register.actor("sef"))
    later = BesluitForm(beslotenOp=TODAY + timedelta(days=2), besluit="B&W")
    await act(db, draft_grant, form(register), by=register.actor("sef"))
    with pytest.raises(Refusal, match="nog komen"):
        await act(db, decide_grant, "T1", later, by=register.actor("sef"))
    assert await act(db, draft_grant, form(register, nummer=None), by=register.actor("sef")) == "M0001"
    assert await act(db, draft_grant, form(register, nummer=None), by=register.actor("sef")) == "M0002"
