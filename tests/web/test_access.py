"""Who may do what: every route names its policy, and a table of persons, routes and relations says every answer."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from litestar import Litestar, get
from litestar.testing import TestClient

from teams.auth.sessions import new_id
from teams.http.gate import COOKIE, Gate
from teams.http.wants import Policy, admit
from teams.kit.db import Database
from tests.klussen.acts import claim, draft
from tests.klussen.test_claim import posted
from tests.world import START, TODAY, World, fill, give_contract

TABLE = """
            niemand  gesloten  wil  gea  beer  kees  sef  aya
public      in       in        in   in   in    in    in   in
signed_in   login    login     in   in   in    in    in   in
employee    login    login     in   nee  in    in    in   in
claimant    login    login     nee  nee  in    in    in   in
secretary   login    login     nee  nee  nee   nee   in   nee
controller  login    login     nee  nee  nee   in    nee  nee
audit       login    login     nee  nee  nee   in    in   nee
account     login    login     in   in   nee   in    in   nee
administrator  login  login    nee  nee  in    nee   nee  nee
directory   login    login     login  login  login  login  login  login
operations  login    login     nee  nee  in    nee   in   nee
"""
"""Rows: policies. Wil is an officeholder, Gea reads for the council, Beer administers, Kees controls, Sef is secretary,
Aya an employee; `gesloten` has an account that was closed, `niemand` has none."""


def table(text: str) -> dict[str, dict[str, str]]:
    """Rows by name; cells by column. A name may hold words joined by spaces, cells may not."""
    head, *rows = text.strip("\n").splitlines()
    columns = head.split()
    found = {}
    for row in rows:
        *name, cells = re.split(r"\s{2,}", row.strip(), maxsplit=1)
        found[" ".join(name)] = dict(zip(columns, cells.split(), strict=True))
    return found


def routes(app: Gate) -> list[tuple[str, str, Any]]:
    """Method, path and handler of everything that the app answers, but what Litestar makes for OPTIONS."""
    return sorted(
        (
            (method, route.path, handler)
            for route in app.app.routes
            for handler in route.route_handlers
            for method in handler.http_methods
            if method != "OPTIONS"
        ),
        key=lambda found: (found[1] == "/uitloggen", found[1], found[0]),
    )


def concrete(path: str) -> str:
    """An address of nothing: ids that do not exist."""
    return re.sub(r"\{\w+:path\}|\{\w+:str\}", "niets", re.sub(r"\{\w+:uuid\}", str(uuid4()), path))


def test_every_route_names_a_policy(app: Gate) -> None:
    found = routes(app)
    assert len(found) > 40
    assert [(method, path) for method, path, handler in found if handler.opt.get("policy") not in list(Policy)] == []
    assert set(table(TABLE)) == {policy.value for policy in Policy}


def test_a_route_without_a_policy_lets_nobody_in() -> None:
    @get("/vergeten")
    async def forgotten() -> str:
        return "open"

    app = Litestar([forgotten], guards=[admit], openapi_config=None, debug=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/vergeten")
    assert answer.status_code == 500
    assert "open" not in answer.text


async def as_person(visit: Callable[..., Any], owner: asyncpg.Connection, world: World, name: str) -> Any:
    """A client; a stranger comes with a cookie that nobody knows, so that its forms pass the gate."""
    client = await visit({"niemand": None, "gesloten": "dirk"}.get(name, name))
    if name == "niemand":
        client.session_id = new_id()
        client.headers["cookie"] = f"{COOKIE}={client.session_id}"
    if name == "gesloten":
        await owner.execute("update account set disabled_at = now() where id = $1", world.accounts["dirk"])
    return client


async def ask(client: Any, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
    if method == "GET":
        return await client.get(path)
    return await client.send_form(path, data)


@pytest.mark.parametrize("who", table(TABLE)["public"])
async def test_person_by_route(
    visit: Callable[..., Any], app: Gate, owner: asyncpg.Connection, world: World, who: str
) -> None:
    client = await as_person(visit, owner, world, who)
    for method, path, handler in routes(app):
        if path.startswith(("/api/", "/scim/")) and handler.opt["policy"] != "public":
            continue
        answer = await ask(client, method, concrete(path))
        expected = table(TABLE)[handler.opt["policy"]][who]
        place = answer.headers.get("location", "")
        if expected == "login":
            assert (answer.status_code, place.split("?")[0]) == (303, "/inloggen"), (method, path)
        elif expected == "nee":
            assert answer.status_code == 403, (method, path, answer.status_code)
            assert "/spelregels" in answer.text, "a refusal names the next step"
        else:
            assert answer.status_code in (200, 303, 400, 404, 405, 422), (method, path, answer.status_code)
            assert handler.opt["policy"] == "public" or not place.startswith("/inloggen"), (method, path)


async def test_other_methods_are_refused_without_a_fault(visit: Callable[..., Any], app: Gate) -> None:
    client = await visit("aya")
    for path in {path for _, path, _ in routes(app)}:
        for method in ("OPTIONS", "TRACE", "PUT", "DELETE"):
            answer = await client.request(method, concrete(path))
            assert answer.status_code < 500, (method, path)
            assert method != "TRACE" or answer.status_code in (404, 405), path
            if answer.status_code == 405 and method in ("OPTIONS", "PUT"):  # RFC 9110 15.5.6
                known = {m for m, p, _ in routes(app) if p == path and m != "OPTIONS"}
                assert set(answer.headers["allow"].split(", ")) - {"OPTIONS"} == known, (method, path)


ON_A_KLUS = """
                        eigen  kern  team  doet  ander  oud  sef  kees  beer  wil  gea  niemand
GET klus                200    200   200   200   200    200  200  200   200   200  403  login
GET concept             200    200   404   404   404    404  200  404   404   404  403  login
GET wijzigen            200    200   404   404   404    404  200  404   404   404  403  login
POST wijzigen           303    303   403   403   403    403  303  403   403   403  403  login
POST wijzigen-concept   303    303   404   404   404    404  303  404   404   404  403  login
POST publicatie         303    303   404   404   404    404  303  404   404   404  403  login
POST sluiting           303    303   403   403   403    403  303  403   403   403  403  login
POST intrekking         303    303   403   403   403    403  303  403   403   403  403  login
POST afronding          409    409   403   403   403    403  409  403   403   403  403  login
POST claim              303    303   303   409   303    303  303  303   303   403  403  login
POST trek-in            404    404   404   303   404    404  404  404   404   403  403  login
POST herbevestig        404    404   404   303   404    404  404  404   404   403  403  login
POST geef-terug         404    404   404   303   404    404  404  404   404   403  403  login
POST rond-af            303    303   404   303   404    404  303  404   404   404  403  login
"""
"""Columns: who fills the role of the klus (eigen), a core role of its team (kern), another of the team, who holds a place
(doet), someone of another team (ander), whose role ended yesterday (oud), and the rights. 409 at afronding: R15."""
RELATION = {"eigen": "aya", "kern": "bram", "team": "els", "doet": "cato", "ander": "dirk", "oud": "olga"}
BUSY = (
    "GET klus",
    "POST afronding",
    "POST claim",
    "POST trek-in",
    "POST herbevestig",
    "POST geef-terug",
    "POST rond-af",
)


async def newcomer(owner: asyncpg.Connection, world: World, name: str) -> None:
    """One more employee of Groen."""
    world.people[name] = await owner.fetchval(
        "insert into person (number, name, email) values ($1, $2, $3) returning id",
        name, f"{name.capitalize()} Proef", f"{name}@proefdam.example",
    )  # fmt: skip
    await give_contract(owner, world.people[name], 36, START)
    await owner.execute(
        "insert into home_team (person_id, team_id, valid) values ($1, $2, daterange($3, null))",
        world.people[name], world.teams["groen"], START,
    )  # fmt: skip
    world.accounts[name] = await owner.fetchval(
        "insert into account (person_id, email) values ($1, $2) returning id", world.people[name], f"{name}@x.example"
    )


async def ended_role(owner: asyncpg.Connection, role: UUID, person: UUID) -> None:
    await fill(owner, role, person, 4)
    await owner.execute(
        "update role_filling set recorded = tstzrange(lower(recorded), now()) where person_id = $1", person
    )
    await owner.execute(
        "insert into role_filling (role_id, person_id, hours, valid) values ($1, $2, 4, tstzrange($3, now() - interval '1 day'))",
        role, person, START,
    )  # fmt: skip


def change(version: int, starts: Any) -> dict[str, Any]:
    return {
        "titel": "Anders", "soort_uren": "week", "uren": "1", "van": f"{starts:%d-%m-%Y}", "plaatsen": "5", "versie": version,
    }  # fmt: skip


@pytest.mark.parametrize("column", table(ON_A_KLUS)["GET klus"])
async def test_person_by_route_by_relation(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World, column: str
) -> None:
    for name in ("els", "olga"):
        await newcomer(owner, world, name)
    await ended_role(owner, world.roles["boom"], world.people["olga"])
    client = await as_person(visit, owner, world, RELATION.get(column, column))
    for row, cells in table(ON_A_KLUS).items():
        method, what = row.split()
        running = what in ("geef-terug", "rond-af")
        starts = TODAY if running else TODAY + timedelta(days=10)
        hidden = what in ("concept", "wijzigen-concept", "publicatie")
        make = draft if hidden else posted
        klus = await make(db, world, plaatsen=5, urenMin=1, van=starts)
        held = await claim(db, world, "cato", klus.id) if row in BUSY else uuid4()
        klus_url, claim_url = f"/klussen/{klus.id}", f"/inzet/{held}"
        path, data = {
            "klus": (klus_url, {}), "concept": (klus_url, {}), "wijzigen": (klus_url, change(klus.version, starts)),
            "wijzigen-concept": (klus_url, change(klus.version, starts)), "claim": (f"{klus_url}/inzet", {}),
            "trek-in": (f"{claim_url}/intrekking", {}), "herbevestig": (f"{claim_url}/herbevestiging", {}),
            "geef-terug": (f"{claim_url}/teruggave", {}), "rond-af": (f"{claim_url}/afronding", {}),
        }.get(what, (f"{klus_url}/{what}", {}))  # fmt: skip
        if row == "GET wijzigen":
            path += "/wijzigen"
        before = await snapshot(owner)
        answer = await ask(client, method, path, data)
        place = answer.headers.get("location", "")
        got = "login" if place.startswith("/inloggen") else str(answer.status_code)
        assert got == cells[column], (row, column, answer.text[:3000])
        changed = await snapshot(owner) != before
        assert changed == (method == "POST" and got == "303"), (row, column)
        await owner.execute(
            "update claim set state = 'beeindigd', seat = null, ended_at = now() where seat is not null"
        )


async def snapshot(owner: asyncpg.Connection) -> list[Any]:
    """Everything that an act on klussen could change."""
    return [
        await owner.fetch(f"select * from {name} order by 1")
        for name in ("klus", "claim", "journal", "role_filling", "contract")
    ]


@pytest.mark.parametrize("who", ["aya", "cato", "sef"])
async def test_foreign_ids_do_not_exist_and_change_nothing(
    visit: Callable[..., Any], app: Gate, db: Database, owner: asyncpg.Connection, world: World, who: str
) -> None:
    """An id of something else than the address says is no id: a claim's for a klus, a team's for a role."""
    klus = await posted(db, world, urenMin=1)
    held = await claim(db, world, "dirk", klus.id)
    client = await visit(who)
    before = await snapshot(owner)
    wrong = {"klus_id": held, "claim_id": klus.id, "team_id": world.people["aya"], "role_id": world.teams["groen"],
             "person_id": world.roles["boom"], "import_id": klus.id}  # fmt: skip
    for method, path, handler in routes(app):
        names = re.findall(r"\{(\w+):uuid\}", path)
        if not names or path.startswith("/api/") or any(name not in wrong for name in names):
            continue
        if table(TABLE)[handler.opt["policy"]].get(who, "in") != "in" or (
            who == "cato" and handler.opt["policy"] == "secretary"
        ):
            continue
        verbs = ("publicatie", "sluiting", "intrekking", "afronding") if "{verb" in path else ("",)
        for verb in verbs:
            address = re.sub(r"\{(\w+):uuid\}", lambda found: str(wrong[found[1]]), path).replace("{verb:str}", verb)
            answer = await ask(client, method, address)
            assert answer.status_code == 404, (method, path)
    assert await snapshot(owner) == before


TOO_MUCH = (
    "state",
    "status",
    "is_admin",
    "team_id",
    "teamId",
    "taken",
    "person_id",
    "at",
    "seat",
    "posted_by",
    "accepting",
)


@pytest.mark.parametrize("extra", TOO_MUCH)
async def test_mass_assignment_is_refused(
    visit: Callable[..., Any], db: Database, owner: asyncpg.Connection, world: World, extra: str
) -> None:
    klus = await posted(db, world, urenMin=1, van=TODAY)
    held = await claim(db, world, "bram", klus.id)
    bram = await visit("bram")
    before = await snapshot(owner)
    form = change(klus.version, TODAY)
    for path, data in (
        ("/klussen", form), (f"/klussen/{klus.id}", form), (f"/klussen/{klus.id}/sluiting", {}),
        (f"/klussen/{klus.id}/inzet", {}), (f"/inzet/{held}/teruggave", {}), (f"/inzet/{held}/intrekking", {}),
        (f"/inzet/{held}/afronding", {}), (f"/inzet/{held}/herbevestiging", {}),
    ):  # fmt: skip
        answer = await bram.send_form(path, {**data, extra: "x"})
        assert answer.status_code == 400, path
        assert extra in answer.text
    assert await snapshot(owner) == before
