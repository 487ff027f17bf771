"""Everything about me, terms, erasure and the access review through HTTP."""

import json
from collections.abc import Callable
from typing import Any

import asyncpg

from teams.auth.sessions import form_token
from tests.account.acts import decision, log_it
from tests.conftest import Place
from tests.world import World

Visit = Callable[..., Any]


async def test_everything_recorded_about_me_is_mine_only(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    """Every table that refers to a person is in the file, whichever table comes next; and nothing of another."""
    await decision(owner, world, "aya", subject="Alleen van Aya")
    aya = await visit("aya")
    whole = (await aya.get("/profiel/gegevens.json")).json()
    assert {"person", "account", "contract", "home_team", "role_filling", "decision", "session"} <= set(
        whole["gegevens"]
    )
    assert [entry["verb"] for entry in whole["logboek"]] == ["decision.taken"]
    assert "password_hash" not in json.dumps(whole)
    rows = await owner.fetch(
        "select distinct c.relname from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " where k.contype = 'f' and k.confrelid = 'person'::regclass and c.relname <> 'person'"
    )
    unmentioned = {row[0] for row in rows} - set(await _tables(owner))
    assert unmentioned == set()
    other = (await (await visit("bram")).get("/profiel/gegevens.json")).text
    assert "Alleen van Aya" not in other and str(world.people["aya"]) not in other
    csv = (await aya.get("/profiel/gegevens.csv")).content.decode("utf-8-sig")
    assert csv.startswith("soort;rij;veld;waarde\r\n") and "Aya Proef" in csv
    page = await aya.get("/profiel/gegevens")
    assert page.status_code == 200 and "decision.taken" in page.text


async def _tables(owner: asyncpg.Connection) -> list[str]:
    """Tables that the statement of `about_person` reads."""
    from teams.reports.personal import _COLUMNS

    return [row["table"] for row in await owner.fetch(str(_COLUMNS))]


async def test_an_account_without_a_person_has_nothing_to_show(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute("update account set person_id = null where id = $1", world.accounts["beer"])
    assert (await (await visit("beer")).get("/profiel/gegevens")).status_code == 404


async def test_a_request_to_erase_is_answered_by_rule_and_keeps_what_was_typed(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await decision(owner, world, "aya")
    aya = await visit("aya")
    entry = (await aya.get("/profiel/gegevens.json")).json()["logboek"][0]["id"]
    answer = await aya.send_form("/profiel/gegevens/vernietiging", {"regel": entry, "reden": "Dit wil ik niet meer."})
    assert answer.status_code == 409
    assert "Archiefwet" in answer.text and "Dit wil ik niet meer." in answer.text and "/bewaartermijnen" in answer.text
    for bad in ({"regel": "x", "reden": "y"}, {"regel": str(world.people["aya"]), "reden": "y"}):
        assert (await aya.send_form("/profiel/gegevens/vernietiging", bad)).status_code == 404
    assert (await aya.send_form("/profiel/gegevens/vernietiging", {"regel": entry, "reden": ""})).status_code == 422


async def test_two_people_erase_one_decision(
    visit: Visit, owner: asyncpg.Connection, place: Place, world: World
) -> None:
    _, number = await decision(owner, world)
    await log_it(place)
    sef, kees = await visit("sef"), await visit("kees")
    form = {"besluit": number, "grond": "onrechtmatig", "reden": "Er staat een medische tekst in."}
    form["csrf"] = form_token(sef.session_id)
    made, again = [await sef.send_form("/vernietiging", form) for _ in range(2)]
    assert made.status_code == 303 and again.headers["location"] == made.headers["location"]
    assert await owner.fetchval("select count(*) from erasure") == 1, "one form is one request"
    address = made.headers["location"]
    assert (await sef.send_form(f"{address}/goedkeuring")).status_code == 403
    assert "Keur je dit goed?" not in (await sef.get(address)).text
    assert "Zomerfeest" not in (await kees.get(address)).text
    assert (await kees.send_form(f"{address}/goedkeuring")).status_code == 303
    assert "Inhoud vernietigd, vastlegging intact" in (await kees.get(address)).text
    assert (await kees.send_form(f"{address}/goedkeuring")).status_code == 409
    unknown = await sef.send_form("/vernietiging", {**form, "besluit": "2026-99999"})
    assert unknown.status_code == 422 and "Dit besluit bestaat niet." in unknown.text and "medische" in unknown.text


async def test_only_the_secretary_sets_a_term(visit: Visit, owner: asyncpg.Connection, world: World) -> None:
    sef = await visit("sef")
    wrong = await sef.send_form("/bewaartermijnen", {"soort": "klus", "maanden": "duizend", "bron": "Selectielijst"})
    assert wrong.status_code == 422 and "duizend" in wrong.text and "heel getal" in wrong.text
    assert (
        await sef.send_form("/bewaartermijnen", {"soort": "klus", "maanden": "24", "bron": "Selectielijst 2020"})
    ).status_code == 303
    assert "2 jaar" in (await sef.get("/bewaartermijnen")).text
    assert await owner.fetchval("select accountable from journal where verb = 'retention.set'")
    assert (await (await visit("kees")).send_form("/bewaartermijnen", {})).status_code == 403


async def test_access_review_is_frozen_signed_and_checked_by_another(
    visit: Visit, owner: asyncpg.Connection, world: World
) -> None:
    await owner.execute("insert into power (code) values ('SUB-01')")
    grant = await owner.fetchval("insert into power_grant (number) values ('M-1') returning id")
    await owner.execute(
        "insert into grant_version (grant_id, kinds, grantors, holder, powers, ceiling, decided_on, decision, published_on, valid)"
        " values ($1, '{mandaat}', '{orgaan:college}', $2, '{SUB-01}', 9000000, '2026-01-01', 'B&W 1', '2026-01-02', tstzrange('2026-01-03', null))",
        grant, f"rol:{world.roles['boom']}",
    )  # fmt: skip
    sef, kees = await visit("sef"), await visit("kees")
    made = await sef.send_form("/toegang", {"periode": "2026-K3"})
    assert made.status_code == 303
    address = made.headers["location"]
    assert (await sef.send_form("/toegang", {"periode": "2026-K3"})).status_code == 409
    assert (await sef.send_form("/toegang", {"periode": "2026-K9"})).status_code == 404
    seen = (await sef.get(address)).text
    assert "Aya Proef" in seen and "€ 90.000" in seen and "M-1" in seen
    before = (await kees.get(f"{address}/regels.csv")).content
    assert (
        await kees.send_form(f"{address}/controle", {"oordeel": "in_orde", "bevinding": "Klopt."})
    ).status_code == 409
    mark = {"regel": "1", "oordeel": "uitzoeken", "toelichting": "Is dit nog nodig?"}
    assert (await sef.send_form(f"{address}/regels", mark)).status_code == 303
    assert (await sef.send_form(f"{address}/regels", {**mark, "regel": "99"})).status_code == 422
    assert (await kees.send_form(f"{address}/ondertekening", {})).status_code == 403
    assert (await sef.send_form(f"{address}/ondertekening", {"opmerkingen": ""})).status_code == 303
    assert (await sef.send_form(f"{address}/regels", mark)).status_code == 409
    assert (
        await sef.send_form(f"{address}/controle", {"oordeel": "in_orde", "bevinding": "Klopt."})
    ).status_code == 403
    assert (
        await kees.send_form(f"{address}/controle", {"oordeel": "in_orde", "bevinding": "Klopt."})
    ).status_code == 303
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where upper_inf(recorded)"
    )
    assert (await kees.get(f"{address}/regels.csv")).content == before, (
        "what was signed does not change with the register"
    )
    verbs = [row[0] for row in await owner.fetch("select verb from journal where accountable order by id")]
    assert verbs == ["access.signed", "access.checked"]
