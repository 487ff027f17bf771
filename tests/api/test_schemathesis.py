"""Machine-made requests on every call, right and wrong ones: never a 5xx, and every answer as the document says."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from teams.api.openapi import document
from teams.api.router import HANDLERS
from tests.api.conftest import Call, published
from tests.api.test_voorstellen import begun
from tests.world import World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize(
    "each_call",
    [
        pytest.param(3, marks=pytest.mark.timeout(900)),
        pytest.param(30, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
async def test_no_request_breaks_the_api(call: Call, world: World, each_call: int) -> None:
    aya, sef = await call("aya"), await call("sef")
    team = world.teams["groen"]
    klus = await published(aya, team)
    claim = (await sef.post(f"/klussen/{klus['id']}/inzet")).json()
    proposal = await begun(aya, world)
    await aya.post(f"/voorstellen/{proposal['id']}/indiening")
    objection = await (await call("bram")).post(
        f"/voorstellen/{proposal['id']}/bezwaren", json={"versie": 1, "tekst": "Nee."}
    )
    ids = {
        "voorstellen": proposal["id"], "bezwaren": objection.json()["id"],
        "klussen": klus["id"], "inzet": claim["id"], "teams": str(team), "rollen": str(world.roles["boom"]),
        "overleggen": klus["id"], "personen": str(world.people["cato"]), "invoer": klus["id"],
    }  # fmt: skip
    loop = asyncio.get_running_loop()
    schema = schemathesis.openapi.from_dict(document(HANDLERS, host="teams.test"))
    seen: Counter[int] = Counter()

    def send(case: Any) -> httpx.Response:
        made = requests.Request(**case.as_transport_kwargs(base_url="http://teams.test/api/v1")).prepare()
        headers = {name: value for name, value in made.headers.items() if name.lower() != "authorization"}
        request = sef.build_request(made.method, made.url, headers=headers, content=made.body)
        return asyncio.run_coroutine_threadsafe(sef.send(request), loop).result(20)

    def exercise(operation: Any, mode: GenerationMode, **fixed: Any) -> None:
        @seed(20261122)
        @settings(
            max_examples=each_call, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(mode, **fixed))
        def each(case: Any) -> None:
            if isinstance(case.body, dict) and mode is GenerationMode.POSITIVE and "teamId" in case.body:
                case.body = {**case.body, "teamId": str(team)}
            answer = send(case)
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        each()

    for found in schema.get_all_operations():
        operation = found.ok()
        fixed = (
            {"path_parameters": {"id": ids.get(operation.path.split("/")[1], klus["id"])}}
            if "{id}" in operation.path
            else {}
        )
        await asyncio.to_thread(exercise, operation, GenerationMode.POSITIVE, **fixed)
        await asyncio.to_thread(exercise, operation, GenerationMode.NEGATIVE)
    assert sum(seen.values()) >= each_call * len(HANDLERS), seen
    assert seen[200] and seen[201] and seen[400] and seen[404] and seen[409], seen
    print("answers by status:", sorted(seen.items()))
