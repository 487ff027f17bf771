"""The OpenAPI document keeps the NLGov REST API Design Rules, and the API keeps the document."""

import re
from typing import Any

import jsonschema_rs
import pytest

from teams.api.openapi import document
from teams.api.router import HANDLERS
from tests.api.conftest import Call
from tests.world import World

DOCUMENT = document(HANDLERS, host="teams.example")
CALLS = [
    pytest.param(path, method, call, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, call in methods.items()
]
PLURAL = {
    "besluiten", "voornemens",
    "bezwaren", "instemmingen", "teamclaims", "voorstellen", "zoeken", "uren", "terugkoppelingen", "zoekopdrachten", "klussen", "teams", "rollen", "personen", "inzet", "invoer", "bevoegdheden", "mandaten", "bevoegdheidsvragen", "mandatencheck", "meldingen", "mobiliteit", "besparingen", "overleggen", "verkiezingen", "rolvervullingen"}  # fmt: skip
"""Nouns of the API; inzet, invoer, mobiliteit and mandatencheck are the customer's own words."""
SCHEMAS = DOCUMENT["components"]["schemas"]


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def test_it_says_who_and_which_version() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    info = DOCUMENT["info"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert set(info["contact"]) == {"name", "email", "url"}
    assert [server["url"] for server in DOCUMENT["servers"]] == ["https://teams.example/api/v1"]


@pytest.mark.parametrize("path", list(DOCUMENT["paths"]))
def test_addresses_are_plural_nouns_in_kebab_case(path: str) -> None:
    assert re.fullmatch(r"(/([a-z]+(-[a-z]+)*|{[a-z][A-Za-z]*}))+", path), path
    assert path.split("/")[1] in PLURAL


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_call_has_its_papers(path: str, method: str, call: dict[str, Any]) -> None:
    assert call["summary"]
    assert call["operationId"]
    assert call["security"]
    placeholders = set(re.findall(r"{(\w+)}", path))
    assert {item["name"] for item in call["parameters"] if item["in"] == "path"} == placeholders
    for item in call["parameters"]:
        if item["in"] == "query":
            assert re.fullmatch(r"[a-z][A-Za-z]*", item["name"])
    wanted = {"400", "401", "403", "406", "429", "500", "503"} | ({"404"} if placeholders else set())
    wanted |= {"413", "415"} if method != "get" else set()
    wanted |= {"409", "422"} if method == "post" else set()
    assert wanted <= set(call["responses"])
    for status, response in call["responses"].items():
        answer = resolved(response)
        assert "API-Version" in answer["headers"], status
        good = "text/plain" if path.endswith("/bewijs") else "application/json"
        kinds = {good} if status.startswith("2") else {"application/problem+json"}
        assert set(answer["content"]) == kinds
        if status in ("429", "503"):
            assert "Retry-After" in answer["headers"]
    if method == "post":
        assert any(item["name"] == "Idempotency-Key" for item in call["parameters"])


def test_operations_have_one_name_each() -> None:
    names = [call["operationId"] for methods in DOCUMENT["paths"].values() for call in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_fields_are_camel_case_and_moments_have_a_zone(name: str) -> None:
    for field, part in SCHEMAS[name].get("properties", {}).items():
        assert re.fullmatch(r"[a-z][A-Za-z]*", field), f"{name}.{field}"
        assert part.get("format") not in ("time", "local-date-time"), f"{name}.{field}"


def test_examples_are_true() -> None:
    count = 0
    for methods in DOCUMENT["paths"].values():
        for call in methods.values():
            for content in call.get("requestBody", {}).get("content", {}).values():
                if "example" in content:
                    whole = {**content["schema"], "components": DOCUMENT["components"]}
                    jsonschema_rs.validator_for(whole).validate(content["example"])
                    count += 1
    for schema in SCHEMAS.values():
        for example in schema.get("examples", []):
            jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}).validate(example)
            count += 1
    assert count >= 4


async def test_the_document_is_public_and_readable_from_elsewhere(call: Call, world: World) -> None:
    answer = await (await call(None)).get("/openapi.json", headers={"origin": "https://elders.example"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["paths"] == DOCUMENT["paths"]


async def test_a_team_is_as_the_document_says(call: Call, world: World) -> None:
    aya = await call("aya")
    answer = await aya.get(f"/teams/{world.teams['groen']}")
    assert answer.status_code == 200
    team = answer.json()
    schema = {"$ref": "#/components/schemas/TeamUit", "components": DOCUMENT["components"]}
    jsonschema_rs.validator_for(schema).validate(team)
