"""What `teams check` says of what the settings lean on, each thing wrong by itself."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from teams.demo.postgres import Server
from teams.jobs.check import check, unknown_settings
from teams.jobs.leans import leans
from teams.kit.settings import Settings
from tests.certificates import self_made
from tests.places import Place

OWN = {"database_url": "postgresql://teams_app@localhost/teams"}


async def wrong(**given: Any) -> list[str]:
    return [str(one) for one in await leans(Settings(**OWN | given)) if not one.good]


async def test_what_is_not_set_is_not_looked_for(tmp_path: Path) -> None:
    assert await wrong(signer_key=tmp_path / "nergens") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"smtp_url": "smtps://mail.proefdam.example"}, "mail gaat niet uit: TEAMS_MAIL_FROM en TEAMS_PUBLIC_URL ontbreekt"),
        ({"oidc_issuer": "https://sso.proefdam.example"}, "TEAMS_OIDC_CLIENT_ID en TEAMS_PUBLIC_URL ontbreekt"),
        ({"tls_key": Path("x")}, "TLS kan niet: TEAMS_TLS_CERTIFICATE ontbreekt"),
        ({"smtp_url": "smtp://127.0.0.1:1", "mail_from": "a@b.nl", "public_url": "http://localhost"}, "de mailserver"),
        ({"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "t", "public_url": "http://localhost"}, "de inlogdienst"),
    ],
)  # fmt: skip
async def test_what_belongs_together_and_what_must_answer(given: dict[str, Any], said: str) -> None:
    (found,) = await wrong(**given)
    assert said in found and "geheim" not in found and found.count("\n") == 1


async def test_every_file_that_is_named_is_read(tmp_path: Path) -> None:
    bad = tmp_path / "bestand"
    for content in (None, "zomaar wat"):
        if content:
            bad.write_text(content)
        for name in ("oidc_client_key", "scim_groups", "witnesses"):
            (found,) = await wrong(**{name: bad})
            assert f"TEAMS_{name.upper()}" in found and str(bad) in found
        (found,) = await wrong(tls_certificate=bad, tls_key=bad)
        assert "TEAMS_TLS_CERTIFICATE" in found
    certificate, key = self_made(tmp_path)
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    bad.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(*plain))
    assert len(await wrong(tls_certificate=certificate, tls_key=bad)) == 1, "a key of another certificate"
    assert await wrong(tls_certificate=certificate, tls_key=key, oidc_client_key=key) == []


async def test_a_quorum_that_cannot_be_reached_and_a_key_that_others_may_read(tmp_path: Path) -> None:
    none, key = tmp_path / "getuigen", tmp_path / "sleutel"
    none.write_text("# nog geen\n")
    key.write_text("x")
    key.chmod(0o640)
    first, second = await wrong(witnesses=none, witness_quorum=1, signer_key=key)
    assert "zo wordt niets vastgelegd" in first and f"chmod 600 {key}" in second


def test_the_file_with_settings_is_looked_at_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "web.env"
    monkeypatch.delenv("TEAMS_BROWSER", raising=False)  # bin/test tells the tests what it found
    monkeypatch.setenv("TEAMS_SETTINGS", str(file))
    assert "is er niet" in unknown_settings().what
    file.write_text("TEAMS_POOL=5\nTEAMS_PUBLIC_ULR=https://teams.proefdam.example\n")
    assert unknown_settings().what == "onbekende instelling: TEAMS_PUBLIC_ULR"


async def test_each_process_comes_in_with_its_own_role(place: Place, server: Server) -> None:
    doors = {"worker": "teams_app", "signer": "teams_worker", "auditor": "postgres", "owner": "teams_owner"}
    urls = {f"{name}_database_url": place.url(role) for name, role in doors.items()}
    found = await check(Settings(**OWN | urls | {"database_url": place.url()}))
    assert {one.what for one in found if "komt binnen" in one.what} == {
        "TEAMS_WORKER_DATABASE_URL komt binnen als teams_app",
        "TEAMS_SIGNER_DATABASE_URL komt binnen als teams_worker",
        "TEAMS_AUDITOR_DATABASE_URL komt binnen als postgres",
    }
    found = await check(Settings(**OWN | {"database_url": place.url("teams_worker")}))
    assert "teams_worker is niet de rol van het web" in [one.what for one in found]
