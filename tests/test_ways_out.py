"""Row 38: Teams calls only what its settings name, follows nobody elsewhere, and nothing that people type becomes an address."""

import ast
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from teams.auth.provider import Provider, ProviderDown
from teams.kit.settings import Settings
from teams.ledger import witness as witnesses
from tests.auth.service import Service, provider
from tests.certificates import self_made, shown

SOURCE = Path(__file__).parents[1] / "src" / "teams"
CALLERS = {"auth/provider.py", "ledger/witness.py", "jobs/post.py", "jobs/connections.py"}
CLIENTS = {
    "AsyncClient",
    "Client",
    "urlopen",
    "SMTP",
    "HTTPConnection",
    "HTTPSConnection",
    "ClientSession",
    "create_connection",
}


class Turned(BaseHTTPRequestHandler):
    """Sends everyone on to a place inside, and counts who comes there."""

    came: list[str] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.came.append(self.path)
        self.send_response(307)
        self.send_header("location", f"http://[::ffff:127.0.0.1]:{self.server.server_port}/binnen")  # type: ignore[attr-defined]
        self.end_headers()

    do_GET = do_POST = _answer

    def log_message(self, *rest: object) -> None:
        pass


@pytest.fixture
def turned() -> Iterator[str]:
    Turned.came = []
    with HTTPServer(("127.0.0.1", 0), Turned) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_only_these_files_call_out() -> None:
    """The log-in service, the witnesses, the mail server, and our own address as others see it: each of the settings."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] == "demo":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in CLIENTS:
                found.add(path.relative_to(SOURCE).as_posix())
    assert found == CALLERS


async def test_the_log_in_service_does_not_send_us_elsewhere(turned: str) -> None:
    options = Settings(
        database_url="postgresql://x", oidc_issuer=turned, oidc_client_id="teams", public_url="http://t.test"
    )
    with pytest.raises(ProviderDown):
        await Provider(options).about()
    assert Turned.came == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/", "http://127.0.0.1/", "http://2130706433/", "file:///etc/passwd", "//evil.nl/", ""],
)
async def test_a_service_over_tls_names_no_place_without_it(place: str) -> None:
    service = Service()
    service.about["authorization_endpoint"] = place
    with pytest.raises(ProviderDown):
        await provider(service).begin("s", "n", "v")


INSIDE = [
    "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.1/", "https://0177.0.0.1/", "https://0.0.0.0/", "https://10.1/", "https://169.254.169.254/", "https://127.0.0.1./",
    "https://localhost/", "https://localhost./", "https://LOCALHOST:8443/", "https://a.localhost/", "https:///pad", "https://[::1/",
    "https://naam:geheim@inlog.proefdam.example/token", "https://inlog.proefdam.example@evil.example/", "gopher://evil.example/",
]  # fmt: skip


@pytest.mark.parametrize("place", INSIDE)
async def test_row_38_a_service_names_no_place_inside(place: str) -> None:
    """In every writing of an address; what a name stands for must show its certificate, whatever DNS says the second time."""
    service = Service()
    for name in ("token_endpoint", "jwks_uri"):
        service.about[name] = place
    known = provider(service)
    with pytest.raises(ProviderDown, match="token_endpoint"):
        await known.finish("c", "v", "n")
    with pytest.raises(ProviderDown, match="jwks_uri"):
        await known.logout_claims(service.logout())
    assert service.fetched == {"/.well-known/openid-configuration": 1}


@pytest.mark.parametrize(
    "place", ["https://sleutels.example/jwks", "https://x1.example:8443/", "https://login.1.example./"]
)
async def test_row_38_a_service_may_have_its_keys_at_another_name(place: str) -> None:
    service = Service()
    service.about["authorization_endpoint"] = place
    assert (await provider(service).begin("s", "n", "v")).startswith(place)


def at(issuer: str) -> Settings:
    return Settings(
        database_url="postgresql://x", oidc_issuer=issuer, oidc_client_id="teams", public_url="http://t.test"
    )


async def test_row_38_without_tls_only_the_issuer_itself_is_asked(turned: str) -> None:
    service = Service()
    service.about["issuer"] = turned
    service.about["token_endpoint"] = "http://169.254.169.254/latest"
    with pytest.raises(ProviderDown, match="token_endpoint"):
        await Provider(at(turned), service.client()).finish("c", "v", "n")
    assert Turned.came == []


def test_row_38_an_issuer_holds_no_password() -> None:
    with pytest.raises(ValidationError):
        at("https://naam:geheim@inlog.proefdam.example")
    assert at("https://inlog.proefdam.example/map/@gemeente").oidc_issuer.endswith("/@gemeente")


async def test_a_witness_does_not_send_us_elsewhere(turned: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client is the one that the signer makes; what it is sent to is never asked."""
    made: list[httpx.AsyncClient] = []

    class Stop(BaseException):
        pass

    async def shown(connection: object, client: httpx.AsyncClient, *rest: object) -> str:
        made.append(client)
        assert (await client.post(f"{turned}/add-checkpoint", content=b"x")).status_code == 307
        raise Stop

    class Line:
        def terminate(self) -> None:
            pass

    async def connect(*rest: object, **options: object) -> Line:
        return Line()

    monkeypatch.setattr(witnesses, "_shown", shown)
    monkeypatch.setattr(witnesses, "connect", connect)
    with pytest.raises(Stop):
        await witnesses.attend("postgresql://x", [object()], 1)  # type: ignore[list-item]
    assert made and Turned.came == ["/add-checkpoint"]


async def test_nothing_is_asked_of_a_service_or_witness_with_a_false_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 12.3.2: an authority that nobody knows; the request itself is never sent."""
    with shown(*self_made(tmp_path)) as (port, came):
        options = Settings(
            database_url="postgresql://x", oidc_issuer=f"https://127.0.0.1:{port}", oidc_client_id="teams",
            public_url="http://t.test",
        )  # fmt: skip
        with pytest.raises(ProviderDown, match="ConnectError"):
            await Provider(options).about()
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await made_by_the_signer(monkeypatch, f"https://127.0.0.1:{port}/add-checkpoint")
    assert came == []


async def made_by_the_signer(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Asks something with the client that the signer makes for its witnesses."""

    async def ask(connection: object, client: httpx.AsyncClient, *rest: object) -> str:
        await client.post(address, content=b"x")
        raise AssertionError("it was sent")

    class Line:
        def terminate(self) -> None:
            pass

    async def connect(*rest: object, **options: object) -> Line:
        return Line()

    monkeypatch.setattr(witnesses, "_shown", ask)
    monkeypatch.setattr(witnesses, "connect", connect)
    await witnesses.attend("postgresql://x", [object()], 1)  # type: ignore[list-item]
