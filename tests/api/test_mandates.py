"""The register and 'mag ik dit' through the API: answers, refusals, bad input; a question leaves no trace."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import event

from teams.kit.db import Database
from tests.api.conftest import Call, codes
from tests.mandates.stored import with_powers
from tests.world import TODAY, World

DECIDED = {"beslotenOp": TODAY.isoformat(), "besluit": "B&W 2026-44"}
PUBLISHED = {"bekendgemaaktOp": TODAY.isoformat(), "publicatie": "gmb-2026-1"}
WITHDRAWN = {"besluit": "B&W 2026-45"}


@pytest.fixture
async def register(owner: asyncpg.Connection, world: World) -> World:
    return await with_powers(owner, world)


def grant(**more: Any) -> dict[str, Any]:
    return {
        "nummer": "T1", "bevoegdheden": ["SUB-01"], "soorten": ["mandaat"], "gever": ["orgaan:college"],
        "ontvanger": "functie:gemeentesecretaris", "grens": 25000, "ondermandaat": "ja", "van": TODAY.isoformat(), **more,
    }  # fmt: skip


def below(**more: Any) -> dict[str, Any]:
    values = {
        "nummer": "T2", "gever": ["functie:gemeentesecretaris"], "ontvanger": "rol:balie/Baliemedewerker", "ouder": "T1",
        "grens": "5000.00", "ondermandaat": "nee",
    }  # fmt: skip
    return grant(**values | more)


async def in_force(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    made = await client.post("/mandaten", json=body)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/api/v1/mandaten/{body['nummer']}"
    for noun, values in (("besluit", DECIDED), ("bekendmaking", PUBLISHED)):
        done = await client.post(f"/mandaten/{body['nummer']}/{noun}", json=values)
        assert done.status_code == 200, done.text
    found: dict[str, Any] = done.json()
    return found


async def test_from_draft_to_a_no_by_withdrawal(call: Call, register: World, owner: asyncpg.Connection) -> None:
    sef, cato = await call("sef"), await call("cato")
    top = await in_force(sef, grant())
    assert (top["status"], top["grens"], top["keten"], top["kinderen"]) == ("geldt", 25000, ["T1"], [])
    assert (await in_force(sef, below()))["keten"] == ["T1", "T2"]
    question = {"bevoegdheid": "SUB-01", "bedrag": 4000, "belang": False}
    first = await cato.post("/bevoegdheidsvragen", json=question)
    yes = first.json()
    assert (yes["oordeel"], yes["redenen"]) == ("ja", [])
    assert yes["ondertekening"].splitlines()[-2:] == ["Cato Proef", "Baliemedewerker"]
    assert [link["nummer"] for link in yes["ketens"][0]] == [None, "T1", "T2", None]
    assert yes["ketens"][0][1]["versie"] == top["versie"]
    no = (await cato.post("/bevoegdheidsvragen", json=question | {"bedrag": 7500})).json()
    assert (no["oordeel"], [r["code"] for r in no["redenen"]]) == ("nee", ["M21"])
    assert no["wieWel"][0]["vandaag"][0]["naam"] == "Sef Proef"
    assert no["vervolg"]
    gone = await sef.post("/mandaten/T1/intrekking", json=WITHDRAWN)
    assert gone.json()["status"] == "ingetrokken"
    assert (await sef.get("/mandaten/T2")).json()["status"] == "vervallen"
    assert (await cato.post("/bevoegdheidsvragen", json=question)).json()["oordeel"] == "nee"
    then = question | {"op": yes["op"], "bekend": yes["bekend"]}
    assert (await cato.post("/bevoegdheidsvragen", json=then)).content == first.content, "byte for byte"
    assert (await cato.post("/bevoegdheidsvragen", json=question | {"op": yes["op"]})).json()["oordeel"] == "ja"
    assert codes(await sef.post("/mandaten/T1/intrekking", json=WITHDRAWN)) == ["verkeerd_moment"]


async def test_a_case_taken_back_and_the_setting_on_publication(call: Call, register: World) -> None:
    """M16 and M13 through the API."""
    sef, cato = await call("sef"), await call("cato")
    await in_force(sef, grant())
    question = {"bevoegdheid": "SUB-01", "bedrag": 4000, "belang": False, "zaak": "Z-1"}
    assert (await sef.post("/bevoegdheidsvragen", json=question)).json()["oordeel"] == "ja"
    assert (await sef.post("/mandaten/T1/terugname", json={"zaak": "Z-1"})).status_code == 200
    assert codes(await sef.post("/mandaten/T1/terugname", json={"zaak": "Z-1"})) == ["bestaat"]
    assert [r["code"] for r in (await sef.post("/bevoegdheidsvragen", json=question)).json()["redenen"]] == ["M16"]
    assert (await cato.get("/mandaten/instelling")).json()["nietBekendgemaakt"] == "weigert"
    mild = {"nietBekendgemaakt": "waarschuwt", "besluit": "B&W 2026-60"}
    assert (await cato.post("/mandaten/instelling", json=mild)).status_code == 403
    assert (await sef.post("/mandaten/instelling", json=mild | {"nietBekendgemaakt": "soms"})).status_code == 400
    assert (await sef.post("/mandaten/instelling", json=mild)).json()["besluit"] == "B&W 2026-60"
    assert codes(await sef.post("/mandaten/instelling", json=mild)) == ["bestaat"]


async def test_a_question_leaves_no_trace(call: Call, register: World, owner: asyncpg.Connection) -> None:
    """Not in the journal, and not under an Idempotency-Key."""
    cato = await call("cato")
    before = await owner.fetchval("select count(*) from journal")
    answer = await cato.post("/bevoegdheidsvragen", json={"bevoegdheid": "SUB-01"}, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 200
    assert await owner.fetchval("select count(*) from journal") == before
    assert await owner.fetchval("select count(*) from form_key") == 0


@pytest.mark.parametrize(("more", "queries"), [({}, 2), ({"zaak": "Z-1"}, 3)])
async def test_a_question_asks_the_register_twice_and_the_log_only_about_a_case(
    call: Call, register: World, db: Database, more: dict[str, str], queries: int
) -> None:
    cato = await call("cato")
    statements: list[str] = []
    event.listen(db.engine.sync_engine, "before_cursor_execute", lambda c, cur, text, *rest: statements.append(text))
    await cato.post("/bevoegdheidsvragen", json={"bevoegdheid": "SUB-01", **more})
    assert len([text for text in statements if "power" in text or "role_filling" in text]) == queries


BAD: list[tuple[str, Any, list[str]]] = [
    ("unknown power", {"bevoegdheid": "SUB-99"}, ["bevoegdheid"]),
    ("no power", {}, ["bevoegdheid"]),
    *((f"amount {text}", {"bevoegdheid": "SUB-01", "bedrag": text}, ["bedrag"]) for text in (
        "7500,50", "7.500", "7.500,00", "€ 7.500,-", "7,500", "1,000.50", "1.000.50", "1e9", "７５００", "NaN", "", "-1", -1, 0.001,
        True, [7500])),
    ("29 February", {"bevoegdheid": "SUB-01", "op": "29-02-2027"}, ["op"]),
    ("29 February as the API writes it", {"bevoegdheid": "SUB-01", "op": "2027-02-29"}, ["op"]),
    ("a power of spaces", {"bevoegdheid": "   "}, ["bevoegdheid"]),
    ("no zone", {"bevoegdheid": "SUB-01", "op": "2026-03-01T12:00:00", "bekend": "morgen"}, ["op", "bekend"]),
    ("unknown field", {"bevoegdheid": "SUB-01", "onzin": 1}, ["onzin"]),
    ("person is no id", {"bevoegdheid": "SUB-01", "persoonId": "sef", "belang": "ja"}, ["persoonId", "belang"]),
    ("hours", {"bevoegdheid": "SUB-01", "kenmerken": {"duur": "lang"}}, ["kenmerken"]),
    ("complained of", {"bevoegdheid": "SUB-01", "kenmerken": {"beklaagde": "sef"}}, ["kenmerken"]),
    ("decided on", {"bevoegdheid": "SUB-01", "kenmerken": {"orgaan_besloot_op": "2027-02-29"}}, ["kenmerken"]),
    ("not an object", [1], ["invoer"]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "body", "fields"), BAD, ids=[c[0] for c in BAD])
async def test_a_question_that_cannot_be_read(
    call: Call, register: World, case: str, body: Any, fields: list[str]
) -> None:
    answer = await (await call("cato")).post("/bevoegdheidsvragen", json=body)
    assert (answer.status_code, codes(answer)) == (400, fields), answer.text


async def test_amounts_are_read_as_they_were_written(call: Call, register: World) -> None:
    """`1e9` as a number is refused too; 7500, 7500.5 and "7500.00" are amounts; an inclusive ceiling holds to the cent."""
    sef, cato = await call("sef"), await call("cato")
    await in_force(sef, grant())
    await in_force(sef, below())
    headers = {"content-type": "application/json"}
    for text, verdict in (("5000", "ja"), ("5000.00", "ja"), ('"5000.00"', "ja"), ("5000.01", "nee"), ("5000.0", "ja")):
        answer = await cato.post(
            "/bevoegdheidsvragen", content=f'{{"bevoegdheid":"SUB-01","bedrag":{text}}}', headers=headers
        )
        assert answer.json()["oordeel"] == verdict, (text, answer.text)
    for text in ("1e9", "NaN", "1E2", "-0.5", "1" * 400):
        answer = await cato.post(
            "/bevoegdheidsvragen", content=f'{{"bevoegdheid":"SUB-01","bedrag":{text}}}', headers=headers
        )
        assert answer.status_code == 400, text


REFUSED: list[tuple[str, dict[str, Any], int, list[str]]] = [
    ("unknown power", {"bevoegdheden": ["SUB-99"]}, 409, ["M02", "M12"]),
    ("cannot be mandated", {"bevoegdheden": ["BEZ-01"]}, 409, ["M02", "M07"]),
    ("ceiling above the parent's", {"grens": "25000.01"}, 409, ["M02"]),
    ("grantor may not", {"gever": ["functie:controller"]}, 409, ["M03"]),
    ("end before start", {"tot": (TODAY - timedelta(days=1)).isoformat()}, 400, ["tot"]),
    ("29 February", {"van": "2027-02-29"}, 400, ["van"]),
    *((f"amount {text}", {"grens": text}, 400, ["grens"]) for text in (
        "7500,50", "7.500", "7.500,00", "€ 7.500,-", "7,500", "1,000.50", "1.000.50", "1e9", "７５００", "NaN", "-1", "")),
    ("under itself", {"ouder": "T2"}, 400, ["ouder"]),
    ("longer than the parent", {"van": (TODAY - timedelta(days=1)).isoformat()}, 409, ["M02"]),
    ("unknown parent and parties", {"ouder": "T9", "gever": ["orgaan:x"], "ontvanger": "rol:x/y"}, 400, ["gever", "ontvanger", "ouder"]),
    ("all fields", {"soorten": ["iets"], "vorm": "x", "ondermandaat": "vaak", "onzin": 1}, 400, ["onzin", "ondermandaat", "soorten", "vorm"]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "more", "status", "found"), REFUSED, ids=[c[0] for c in REFUSED])
async def test_a_grant_that_is_refused(
    call: Call,
    register: World,
    owner: asyncpg.Connection,
    case: str,
    more: dict[str, Any],
    status: int,
    found: list[str],
) -> None:
    """Refused with every reason; nothing stored."""
    sef = await call("sef")
    await in_force(sef, grant())
    before = await owner.fetchval("select count(*) from journal")
    answer = await sef.post("/mandaten", json=below(**more))
    assert (answer.status_code, sorted(set(codes(answer)))) == (status, sorted(found)), answer.text
    assert await owner.fetchval("select count(*) from power_grant") == 1
    assert await owner.fetchval("select count(*) from journal") == before


BELOW = {"gever": ["functie:gemeentesecretaris"], "ouder": "T2"}
CHANGES: list[tuple[dict[str, Any], int, list[str]]] = [
    ({"grens": "4999.99"}, 409, ["M02"]),  # below the ceiling of T2
    (BELOW, 409, ["M02", "M03", "M04"]),  # a cycle
    ({"ouder": "T1"}, 409, ["M02"]),
    ({"ondermandaat": "nee"}, 409, ["M04"]),
    ({"soorten": ["machtiging"]}, 409, ["M02"]),
    ({"bevoegdheden": ["SUB-99", "BEZ-01"]}, 409, ["M02", "M07", "M12"]),
    ({"gever": ["functie:controller"]}, 409, ["M03"]),
    ({"van": "2027-02-29"}, 400, ["van"]),
    ({"tot": "2020-01-01"}, 400, ["tot"]),
    ({"grens": "7.500"}, 400, ["grens"]),
    ({"kader": "NIKS", "ontvanger": "rol:x/y"}, 400, ["kader", "ontvanger"]),
    ({"nummer": "T9"}, 400, ["nummer"]),
    ({"status": "geldt", "soorten": []}, 400, ["soorten", "status"]),
]


async def test_a_draft_is_changed_or_every_reason_is_told(
    call: Call, register: World, owner: asyncpg.Connection
) -> None:
    """As on the page: a cycle, a ceiling below a child's and a stale version are refused and nothing is stored."""
    sef, cato = await call("sef"), await call("cato")
    for body in (grant(tot="2031-12-31", opmerkingen="eerste"), below(tot="2031-12-31")):
        made = await sef.post("/mandaten", json=body)
        assert made.status_code == 201, made.text
    first = (await sef.get("/mandaten/T1")).json()
    stored = "select (select count(*) from journal), (select count(*) from grant_version)"
    before = await owner.fetchrow(stored)
    for body, status, found in CHANGES:
        answer = await sef.patch("/mandaten/T1", json={"versie": first["versie"], **body})
        assert (answer.status_code, sorted(set(codes(answer)))) == (status, found), (body, answer.text)
    same = await sef.patch("/mandaten/T1", json={"versie": first["versie"]})
    assert (same.status_code, same.json()) == (200, first)
    assert await owner.fetchrow(stored) == before
    assert codes(await cato.patch("/mandaten/T1", json={"versie": first["versie"], "grens": 1})) == ["geen_recht"]
    assert codes(await sef.patch("/mandaten/T1", json={"grens": 1})) == ["versie"]
    assert (await sef.patch("/mandaten/T1", json=[1])).status_code == 400
    assert (
        await sef.patch("/mandaten/T1", content=b"{", headers={"content-type": "application/json"})
    ).status_code == 400
    assert (await sef.patch("/mandaten/T99", json={"versie": "x"})).status_code == 404
    done = await sef.patch("/mandaten/T1", json={"versie": first["versie"], "grens": 5000.5, "tot": None})
    assert done.status_code == 200, done.text
    changed = done.json()
    assert changed == {**first, "grens": 5000.5, "tot": None, "versie": changed["versie"]}
    assert codes(await sef.patch("/mandaten/T1", json={"versie": first["versie"], "grens": 1})) == ["verouderd"]
    assert (await sef.post("/mandaten/T1/besluit", json=DECIDED)).status_code == 200
    now = (await sef.get("/mandaten/T1")).json()["versie"]
    assert codes(await sef.patch("/mandaten/T1", json={"versie": now, "grens": 1})) == ["verkeerd_moment"]


async def test_consent_is_laid_down(call: Call, register: World) -> None:
    """M05: for a holder from outside nothing is published before the consent, which comes in by the API too."""
    sef = await call("sef")
    outside = grant(ontvanger="extern:Omgevingsdienst", ondermandaat="nee")
    for path, body in (("", outside), ("/T1/besluit", DECIDED)):
        assert (await sef.post(f"/mandaten{path}", json=body)).status_code in (200, 201)
    assert codes(await sef.post("/mandaten/T1/bekendmaking", json=PUBLISHED)) == ["M05", "M05"]
    day = (TODAY - timedelta(days=2)).isoformat()
    tomorrow = {"instemmingOntvangerOp": (TODAY + timedelta(days=1)).isoformat()}
    assert codes(await sef.post("/mandaten/T1/instemming", json=tomorrow)) == ["instemmingOntvangerOp"]
    agreed = {"instemmingOntvangerOp": day, "instemmingWerkgeverOp": day}
    done = await sef.post("/mandaten/T1/instemming", json=agreed)
    assert (done.status_code, done.json()["instemmingWerkgeverOp"]) == (200, day)
    assert (await sef.post("/mandaten/T1/bekendmaking", json=PUBLISHED)).json()["status"] == "geldt"


async def test_only_who_may(call: Call, register: World) -> None:
    for name in ("cato", "kees", "beer"):
        answer = await (await call(name)).post("/mandaten", json=grant())
        assert (answer.status_code, codes(answer)) == (403, ["geen_recht"]), name
    gea = await call("gea")
    assert (await gea.post("/bevoegdheidsvragen", json={"bevoegdheid": "SUB-01"})).status_code == 403
    assert (await gea.get("/mandaten")).status_code == 200
    assert (await (await call(None)).get("/mandaten")).status_code == 401


async def test_the_register_is_read_by_page_filter_and_day(call: Call, register: World) -> None:
    sef, aya = await call("sef"), await call("aya")
    await in_force(sef, grant())
    await in_force(sef, below())
    page = (await aya.get("/mandaten", params={"aantal": 1})).json()
    assert [row["nummer"] for row in page["resultaten"]] == ["T1"]
    rest = (await aya.get(page["volgende"].removeprefix("/api/v1"))).json()
    assert ([row["nummer"] for row in rest["resultaten"]], rest["volgende"]) == (["T2"], None)
    for query, numbers in (
        ({"rol": str(register.roles["balie"])}, ["T2"]), ({"status": "voorgenomen"}, []), ({"zoek": "subsidie"}, ["T1", "T2"]),
        ({"op": (TODAY - timedelta(days=9)).isoformat(), "bekend": (TODAY - timedelta(days=9)).isoformat()}, []),
    ):  # fmt: skip
        found = (await aya.get("/mandaten", params=query)).json()["resultaten"]
        assert [row["nummer"] for row in found] == numbers, query
    assert (await aya.get("/mandaten", params={"status": "iets"})).status_code == 400
    assert (await aya.get("/mandaten/T99")).status_code == 404
    powers = (await aya.get("/bevoegdheden", params={"zoek": "subsidie dansschool"})).json()["resultaten"]
    assert [power["code"] for power in powers] == ["SUB-01", "SUB-02"]
    one = (await aya.get("/bevoegdheden/LEG-01")).json()
    assert (one["organen"], one["grondslag"]) == (
        [{"code": "heffingsambtenaar", "naam": "Heffingsambtenaar"}],
        ["Gemw 231"],
    )
    assert (await aya.get("/bevoegdheden/NIETS")).status_code == 404
    assert len((await aya.get("/bevoegdheden", params={"orgaan": "college"})).json()["resultaten"]) == 3


async def test_the_check_of_a_case_system(call: Call, register: World) -> None:
    sef, aya = await call("sef"), await call("aya")
    await in_force(sef, grant())
    await in_force(sef, below())
    cato = "cato@proefdam.example"
    for query, wanted in (
        ({"gebruiker": cato, "categorie": "SUB-01"}, False), ({"gebruiker": cato, "categorie": "SUB-01", "bedrag": "5000"}, True),
        ({"gebruiker": "P003", "categorie": "SUB-01", "bedrag": "5000"}, True),
        ({"gebruiker": cato, "categorie": "SUB-02", "bedrag": "1"}, False), ({"gebruiker": cato, "categorie": "X"}, False),
        ({"gebruiker": str(uuid4()), "categorie": "SUB-01", "bedrag": "1"}, False),
    ):  # fmt: skip
        answer = await aya.get("/mandatencheck/mandaten", params=query)
        assert (answer.status_code, answer.json()) == (200, {"hasAuthority": wanted}), query
    assert codes(await aya.get("/mandatencheck/mandaten")) == ["gebruiker", "categorie"]
