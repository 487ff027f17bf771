"""SCIM 2.0 as Entra ID and Okta speak it: who comes has no rights, who moves is flagged, who leaves has nothing left."""

from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from teams.api.scim_answers import refuse
from teams.api.scim_patch import patched, terms_of
from teams.api.scim_shapes import GROUP, USER, Bad, read
from teams.auth.actions import create_token
from teams.auth.scim_tokens import create_scim_token
from teams.auth.sessions import open_session, visitor_by_session, visitor_by_token
from teams.exchange.directory import ENTERPRISE
from teams.exchange.leaving import end_access
from teams.http.gate import Gate
from teams.http.refusals import from_database
from teams.journal.models import SYSTEM
from teams.kit.clock import now
from teams.kit.db import Database
from teams.kit.errors import Conflict
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.conftest import Place
from tests.klussen.acts import claim
from tests.klussen.test_claim import posted
from tests.world import World

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def over(app: Gate, token: str) -> httpx.AsyncClient:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/scim+json"}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://teams.test/scim/v2", headers=headers)


@pytest.fixture
async def scim(app: Gate, db: Database, world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with db.begin() as session:
        token = await create_scim_token(session)
    async with over(app, token) as client:
        yield client


async def change(client: httpx.AsyncClient, place: str, *operations: dict[str, Any]) -> httpx.Response:
    return await client.patch(place, json={"schemas": [PATCH], "Operations": list(operations)})


async def found(client: httpx.AsyncClient, name: str) -> dict[str, Any]:
    answer = await client.get("/Users", params={"filter": f'userName eq "{name}"'})
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["Resources"]
    return dict(one)


ENTRA_NEW = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "Nieuw@proefdam.example", "active": True,
    "displayName": "Nina Nieuw", "emails": [{"primary": True, "type": "work", "value": "nieuw@proefdam.example"}],
    "meta": {"resourceType": "User"}, "name": {"formatted": "Nina Nieuw", "familyName": "Nieuw", "givenName": "Nina"},
    "roles": [], "title": "Adviseur",
}  # fmt: skip


async def test_Entra_makes_looks_up_changes_and_disables(scim: httpx.AsyncClient, owner: asyncpg.Connection) -> None:
    """Its documented requests in their order, with the old PATCH bodies (flag off) and the new (?aadOptscim062020)."""
    none = await scim.get("/Users", params={"filter": 'userName eq "nieuw@proefdam.example"'})
    assert (none.status_code, none.json()["totalResults"], none.json()["Resources"]) == (200, 0, [])
    made = await scim.post("/Users", json=ENTRA_NEW)
    assert made.status_code == 201
    assert made.headers["content-type"] == "application/scim+json"
    assert made.headers["location"] == made.json()["meta"]["location"]
    place = f"/Users/{made.json()['id']}"
    assert (await scim.post("/Users", json=ENTRA_NEW)).json()["scimType"] == "uniqueness"
    assert (await found(scim, "NIEUW@PROEFDAM.EXAMPLE"))["externalId"] == ENTRA_NEW["externalId"]
    assert await owner.fetchval("select count(*) from account_right r join account a on a.id = r.account_id where a.email ilike 'nieuw@%'") == 0  # fmt: skip
    old = await change(
        scim, place, {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "nina@proefdam.example"},
        {"op": "Add", "path": "name.familyName", "value": "Ouder"}, {"op": "Replace", "path": "title", "value": "x"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Groen"},
        {"op": "Replace", "value": {"displayName": "Nina Ouder", "name.givenName": "Nien", f"{ENTERPRISE}:employeeNumber": "P900"}},
    )  # fmt: skip
    now = old.json()
    assert old.status_code == 200
    assert now["emails"] == [{"primary": True, "type": "work", "value": "nina@proefdam.example"}]
    assert (now["name"]["familyName"], now["name"]["givenName"], now["displayName"]) == ("Ouder", "Nien", "Nina Ouder")
    assert now[ENTERPRISE] == {"department": "Groen", "employeeNumber": "P900"}
    off = await change(scim, place, {"op": "Replace", "path": "active", "value": "False"})
    assert (off.status_code, off.json()["active"]) == (200, False)
    new = await scim.patch(
        f"{place}?aadOptscim062020",
        json={"schemas": [PATCH], "Operations": [{"op": "replace", "value": {"active": True}}]},
    )
    assert new.json()["active"] is True
    assert (await scim.delete(place)).status_code == 204
    assert (await scim.get(place)).status_code == 404
    assert (await scim.post("/Users", json=ENTRA_NEW)).status_code == 201, "who comes back, comes back without rights"


async def test_parts_that_are_not_named_stay(scim: httpx.AsyncClient, world: World, owner: asyncpg.Connection) -> None:
    """RFC 7644 3.5.2.3, as Entra ID sends it with ?aadOptscim062020: the department is not lost, so nobody has moved."""
    whole = {"givenName": "Bram", "familyName": "B", "formatted": "Bram B"}
    place = f"/Users/{world.accounts['bram']}"
    told = {"op": "replace", "value": {"name": whole, ENTERPRISE: {"department": "Groen", "employeeNumber": "P002"}}}
    await change(scim, place, told)
    part = await change(
        scim, place, {"op": "replace", "value": {"name": {"givenName": "Bas"}, ENTERPRISE: {"employeeNumber": "P002"}}}
    )
    assert part.json()["name"] == {**whole, "givenName": "Bas"}
    assert part.json()[ENTERPRISE]["department"] == "Groen"
    assert await owner.fetchval("select count(*) from journal where verb = 'role.mover_flagged'") == 0
    gone = await change(scim, place, {"op": "Replace", "path": "name", "value": {"formatted": None}})
    assert gone.json()["name"] == {"givenName": "Bas", "familyName": "B"}


async def test_who_comes_back_is_the_same_person_and_in_no_group(
    scim: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """A new colleague with the name of one who left does not become that one (ASVS 6.8.1); a group is given again or not."""
    bram = str(world.accounts["bram"])
    group = (await scim.post("/Groups", json={"displayName": "Waterploeg", "members": [{"value": bram}]})).json()
    assert (await scim.delete(f"/Groups/{group['id']}", headers={"if-match": 'W/"oud"'})).status_code == 412
    assert (await scim.delete(f"/Users/{bram}")).status_code == 204
    again = {"userName": "bram@proefdam.example", "externalId": "nieuw", "active": True}
    other = await scim.post("/Users", json={**again, ENTERPRISE: {"employeeNumber": "P777"}})
    assert (other.status_code, other.json()["scimType"]) == (409, "uniqueness")
    number = await owner.fetchval("select number from person where id = $1", world.people["bram"])
    same = await scim.post("/Users", json={**again, ENTERPRISE: {"employeeNumber": number}})
    assert (same.status_code, same.json()["id"]) == (201, bram)
    assert "members" not in (await scim.get(f"/Groups/{group['id']}")).json()


async def test_a_directory_may_find_people_by_address_or_number(scim: httpx.AsyncClient) -> None:
    """What it said itself, or what Teams knows of who it never spoke of; nothing else is looked at."""
    made = (await scim.post("/Users", json={**ENTRA_NEW, ENTERPRISE: {"employeeNumber": "N-7"}})).json()["id"]
    number = f"{ENTERPRISE}:employeeNumber"
    for filtered, ids in (
        ('emails[type eq "work"].value eq "NIEUW@proefdam.example"', [made]), ('emails.value eq "nieuw@proefdam.example"', [made]),
        (f'{number} eq "N-7"', [made]), (f'{number} eq "N-7" and emails.value eq "x@y.example"', []),
        ('emails.value eq "aya@proefdam.example" and active eq true', None), (f'{number} eq "P001"', None),
    ):  # fmt: skip
        found = (await scim.get("/Users", params={"filter": filtered})).json()
        assert found["totalResults"] == (1 if ids is None else len(ids)), filtered
        assert ids is None or [one["id"] for one in found["Resources"]] == ids
    assert (await scim.get("/Users", params={"filter": 'emails.type eq "work"'})).status_code == 400


async def test_Entra_takes_a_member_out_with_a_value(
    scim: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    """Its default body names the member in `value`; without the shim the mover would stay. Old roles are flagged."""
    aya, bram = str(world.accounts["aya"]), str(world.accounts["bram"])
    made = await scim.post("/Groups", json={"displayName": "Groen en Water", "externalId": "g1"})
    place = f"/Groups/{made.json()['id']}"
    await change(scim, place, {"op": "Add", "path": "members", "value": [{"value": aya}, {"value": bram}]})
    asked = await scim.get("/Groups", params={"filter": f'id eq "{made.json()["id"]}" and members eq "{aya}"'})
    assert asked.json()["totalResults"] == 1
    gone = await change(scim, place, {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": bram}]})
    assert [member["value"] for member in gone.json()["members"]] == [aya]
    flagged = await owner.fetch("select facts ->> 'role' as role from journal where verb = 'role.mover_flagged'")
    assert {row["role"] for row in flagged} == {str(world.roles["water"]), str(world.roles["groen_lead"])}
    assert await owner.fetchval("select count(*) from journal where verb = 'role.emptied'") == 0, "a person decides"
    okta = await change(scim, place, {"op": "remove", "path": f'members[value eq "{aya}"]'})
    assert "members" not in okta.json()
    strange = await change(scim, place, {"op": "add", "path": "members", "value": [{"value": "niemand"}]})
    assert (strange.status_code, strange.json()["scimType"]) == (400, "invalidValue")


async def test_Okta_replaces_deactivates_and_pages(scim: httpx.AsyncClient, world: World) -> None:
    """`PUT` of the whole, `{"active": false}` without a path, startIndex and count."""
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "okta@proefdam.example",
            "name": {"givenName": "Okke", "familyName": "Ta"}, "emails": [{"primary": True, "value": "okta@proefdam.example", "type": "work"}],
            "displayName": "Okke Ta", "locale": "nl-NL", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq",
            "active": True}  # fmt: skip
    made = (await scim.post("/Users", json=body)).json()
    place = f"/Users/{made['id']}"
    assert "password" not in made
    put = await scim.put(place, json={**body, "name": {"givenName": "Otto", "familyName": "Ta"}, "id": made["id"]})
    assert put.json()["name"]["givenName"] == "Otto"
    off = await change(scim, place, {"op": "replace", "value": {"active": False}})
    assert off.json()["active"] is False
    closed = await scim.get("/Users", params={"filter": "active eq false", "startIndex": 1, "count": 100})
    assert [one["id"] for one in closed.json()["Resources"]] == [made["id"]]
    page = await scim.get("/Users", params={"startIndex": 2, "count": 3})
    assert (page.json()["startIndex"], page.json()["itemsPerPage"]) == (2, 3)
    assert (await scim.get("/Users?count=1000000")).json()["itemsPerPage"] <= 200
    assert (await scim.get("/Users?count=0")).json()["Resources"] == []


async def test_an_older_version_is_refused(scim: httpx.AsyncClient, world: World) -> None:
    place = f"/Users/{world.accounts['dirk']}"
    first = await scim.get(place)
    assert (await scim.get(place, headers={"if-none-match": first.headers["etag"]})).status_code == 304
    body = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "displayName", "value": "Dirk D"}]}
    assert (await scim.patch(place, json=body, headers={"if-match": first.headers["etag"]})).status_code == 200
    assert (await scim.patch(place, json=body, headers={"if-match": first.headers["etag"]})).status_code == 412


async def test_joiner_is_linked_by_number_and_made_only_where_that_is_wanted(
    scim: httpx.AsyncClient, place: Place, db: Database, world: World, owner: asyncpg.Connection
) -> None:
    def new(name: str, number: str) -> dict[str, Any]:
        return {"userName": name, "displayName": name, "active": True, ENTERPRISE: {"employeeNumber": number}}

    person = await owner.fetchval(
        "insert into person (number, name, email) values ('P077', 'Zoë', 'zoe@x.example') returning id"
    )
    assert (await scim.post("/Users", json=new("zoe@x.example", "P077"))).status_code == 201
    assert await owner.fetchval("select person_id from account where email = 'zoe@x.example'") == person
    assert (await scim.post("/Users", json=new("zoe2@x.example", "P077"))).status_code == 409
    assert (await scim.post("/Users", json=new("sef2@x.example", "P005"))).status_code == 409, (
        "nobody takes the secretary's account over"
    )
    await scim.post("/Users", json=new("onbekend@x.example", "P999"))
    assert await owner.fetchval("select person_id from account where email = 'onbekend@x.example'") is None
    async with db.begin() as session:
        token = await create_scim_token(session)
    wanted = app_for(Settings(database_url=place.url(), municipality="gemeente Proefdam", scim_new_people=True), db)
    async with over(wanted, token) as client:
        assert (await client.post("/Users", json=new("wel@x.example", "P998"))).status_code == 201
    made = await owner.fetchrow(
        "select number, hours from person p join contract c on c.person_id = p.id where p.number = 'P998'"
    )
    assert tuple(made) == ("P998", 0)


@pytest.mark.parametrize("how", ["active", "delete"])
async def test_leaver_loses_all_at_once_and_gets_nothing_back(
    scim: httpx.AsyncClient, db: Database, world: World, owner: asyncpg.Connection, how: str
) -> None:
    """R13: sessions, tokens, roles, claims, rights and seats; the secretary and the team hear; re-activation restores none."""
    klus = await posted(db, world, urenMin=1)
    await claim(db, world, "cato", klus.id)
    account = world.accounts["cato"]
    await owner.execute("insert into account_right (account_id, \"right\") values ($1, 'controller')", account)
    async with db.begin() as session:
        cookie = await open_session(session, account, device="test", old=None)
        token = await create_token(session, "cato@proefdam.example", "proef")
    place = f"/Users/{account}"
    if how == "active":
        assert (await change(scim, place, {"op": "Replace", "path": "active", "value": "False"})).status_code == 200
    else:
        assert (await scim.delete(place)).status_code == 204
    async with db.begin() as session:  # a log-in that was under way when access ended
        late = await open_session(session, account, device="test", old=None)
    for again in (False, True):
        if again and how == "active":
            assert (await change(scim, place, {"op": "Replace", "path": "active", "value": "True"})).json()["active"]
        async with db.begin() as session:
            assert await visitor_by_session(session, cookie) is None
            assert await visitor_by_session(session, late) is None
            assert await visitor_by_token(session, token) is None
        fills = "select count(*) from role_filling where person_id = $1 and upper_inf(recorded) and valid @> now()"
        assert await owner.fetchval(fills, world.people["cato"]) == 0
        assert (
            await owner.fetchval(
                "select count(*) from claim where person_id = $1 and ended_at is null", world.people["cato"]
            )
            == 0
        )
        assert await owner.fetchval("select count(*) from account_right where account_id = $1", account) == 0
    verbs = {row["verb"] for row in await owner.fetch("select verb from journal")}
    assert {"person.access_ended", "account.disabled", "account.right_taken", "role.emptied", "claim.ended"} <= verbs
    told = await owner.fetchval(
        "select count(*) from outbox o join journal j on j.id = o.entry where j.verb = 'person.access_ended'"
    )
    assert told == 1
    transactions = await owner.fetchval(
        "select count(distinct xid) from journal where verb in ('person.access_ended', 'account.disabled', 'claim.ended')"
    )
    assert transactions == 1, "one transaction"


async def test_a_token_is_changed_without_a_gap_and_a_wrong_one_is_slowed(
    app: Gate, db: Database, world: World
) -> None:
    tokens = []
    for _ in range(3):
        async with db.begin() as session:
            tokens.append(await create_scim_token(session))
    answers = []
    for token in tokens:
        async with over(app, token) as client:
            answers.append((await client.get("/Users")).status_code)
    assert answers == [401, 200, 200], "two are valid"
    async with over(app, "scim_verkeerd") as client:
        wrong = [await client.post("/Users", json={}) for _ in range(25)]
    assert [wrong[0].status_code, wrong[-1].status_code] == [401, 429]
    assert int(wrong[-1].headers["retry-after"]) > 0
    async with over(app, tokens[2]) as client:
        assert (await client.get("/Users")).status_code == 200, "who has the right one is not held up"
    async with db.begin() as session:
        person = await create_token(session, "sef@proefdam.example", "proef")
    async with over(app, person) as client:
        assert (await client.get("/Users")).status_code in (401, 429), "a person's token opens no directory"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", '/Users?filter=userName sw "a"', None, 400), ("GET", "/Users?filter=" + "(" * 900, None, 400),
        ("GET", "/Users?filter=" + 'userName eq "a" and ' * 40 + 'userName eq "a"', None, 400),
        ("GET", "/Users?count=veel", None, 400), ("GET", "/Users/99999999999", None, 404),
        ("POST", "/Users", {"displayName": "zonder naam"}, 400), ("POST", "/Users", [], 400),
        ("POST", "/Users", {"userName": "x" * 401}, 400), ("POST", "/Users", {"userName": "a", "active": "misschien"}, 400),
        ("POST", "/Users", {"userName": "a\r\nBcc: b@x.example"}, 400),
        ("POST", "/Users", {"userName": "a", "emails": {"value": {"x": 1}}}, 400), ("POST", "/.search", {}, 501),
        ("POST", "/ServiceProviderConfig", {}, 405), ("GET", "/Dingen", None, 404),
    ],
)  # fmt: skip
async def test_bad_input_is_a_scim_error(
    scim: httpx.AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    answer = await scim.request(method, path, json=body) if body is not None else await scim.request(method, path)
    assert answer.status_code == status, answer.text
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert answer.json()["status"] == str(status)


async def test_what_is_no_json_or_comes_from_elsewhere_is_said_so(place: Place, db: Database, world: World) -> None:
    async with db.begin() as session:
        token = await create_scim_token(session)
    for networks, status in (("10.0.0.0/8, 127.0.0.0/8", 400), ("10.0.0.0/8", 403)):
        async with over(app_for(Settings(database_url=place.url(), scim_networks=networks), db), token) as client:
            form = {"content-type": "application/x-www-form-urlencoded"}
            answer = await client.post("/Users", content="userName=x", headers=form)
            assert answer.status_code == status
            assert ("TEAMS_SCIM_NETWORKS" in answer.json()["detail"]) is (status == 403)
    with pytest.raises(ValueError, match="onzin"):
        Settings(database_url="postgresql://niets", scim_networks="onzin")


async def test_who_waited_for_a_later_act_comes_again(scim: httpx.AsyncClient, db: Database, world: World) -> None:
    """A transaction that began before what it waited for would end a filling before it began: 503, not a fault."""
    place = f"/Users/{world.accounts['cato']}"
    with pytest.raises(DBAPIError) as late:
        async with db.begin() as session:
            began = await now(session)
            await change(scim, place, {"op": "Replace", "path": "active", "value": "False"})
            await change(scim, place, {"op": "Replace", "path": "active", "value": "True"})
            await end_access(session, world.accounts["cato"], by=SYSTEM, at=began)
    assert isinstance(from_database(late.value), Conflict)
    request = SimpleNamespace(scope={"state": {}})
    assert refuse(request, late.value).status_code == 503  # type: ignore[arg-type]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "type", "active", "x"]), inner, max_size=3),
                    max_leaves=8)  # fmt: skip
PATHS = st.sampled_from(["active", "name.givenName", 'emails[type eq "work"].value', "members", "userName", ENTERPRISE, "x[", "emails.value"]) | st.text(max_size=20)  # fmt: skip


@given(st.sampled_from(["add", "Replace", "REMOVE", "x"]), PATHS, JSON, st.sampled_from([USER, GROUP]))
def test_any_patch_is_done_or_refused(op: str, path: str, value: Any, schema: str) -> None:
    stands = {"userName": "a", "displayName": "b", "emails": [{"value": "c"}], "members": [{"value": "d"}]}
    before = {**stands}
    try:
        after = patched(stands, {"schemas": [PATCH], "Operations": [{"op": op, "path": path, "value": value}]}, schema)
        assert read(after, schema) is not None
    except Bad:
        pass
    assert stands == before


@given(st.text(max_size=200))
def test_any_filter_is_read_or_refused(text: str) -> None:
    with suppress(Bad):
        assert terms_of(text)


async def test_externalId_becomes_the_identity_of_the_log_in_service(
    place: Place, db: Database, world: World, owner: asyncpg.Connection
) -> None:
    """By (issuer, subject), never by address; it ends with the access, and the directory gives it again."""
    async with db.begin() as session:
        token = await create_scim_token(session)
    settings = Settings(database_url=place.url(), municipality="gemeente Proefdam", oidc_issuer="https://login.example")
    user, live = f"/Users/{world.accounts['dirk']}", "select issuer, subject from identity where ended_at is null"
    async with over(app_for(settings, db), token) as client:
        await change(client, user, {"op": "Add", "path": "externalId", "value": "oid-1"})
        assert [tuple(row) for row in await owner.fetch(live)] == [("https://login.example", "oid-1")]
        other = {"userName": "ander@proefdam.example", "externalId": "oid-1"}
        assert (await client.post("/Users", json=other)).status_code == 409
        await change(client, user, {"op": "Replace", "path": "active", "value": "False"})
        assert await owner.fetch(live) == []
        await change(client, user, {"op": "Replace", "path": "active", "value": "True"})
        assert [row["subject"] for row in await owner.fetch(live)] == ["oid-1"]
    assert await owner.fetchval("select count(*) from account where email = 'ander@proefdam.example'") == 0
