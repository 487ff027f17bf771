"""A log-in service of our own, small enough to lie: for the attacks that a certified one cannot be made to do."""

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwk, jwt

from teams.auth.provider import LOGOUT_EVENT, Provider
from teams.kit.settings import Settings

ISSUER = "https://inlog.proefdam.example"
CLIENT = "teams"
_KEY = jwk.generate_key("RSA", 2048, {"kid": "een", "use": "sig"}, private=True)


class Service:
    """Answers what Teams asks; `token` is what the next code is worth."""

    def __init__(self) -> None:
        self.key = _KEY
        self.fetched: dict[str, int] = {}
        self.token, self.access = "", "x"
        self.bodies: list[dict[str, list[str]]] = []
        self.about: dict[str, Any] = {
            "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks", "end_session_endpoint": f"{ISSUER}/uit",
        }  # fmt: skip
        self.listed: object = ...
        self.down = False

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.answer))

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.fetched[path] = self.fetched.get(path, 0) + 1
        if self.down:
            raise httpx.ConnectTimeout("black hole")
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self.about)
        if path == "/jwks":
            own = [self.key.as_dict(private=False)]
            return httpx.Response(200, json={"keys": own if self.listed is ... else self.listed})
        if path == "/token":
            self.bodies.append(parse_qs(request.content.decode()))
            return httpx.Response(
                200, json={"id_token": self.token, "access_token": self.access, "token_type": "Bearer"}
            )
        return httpx.Response(404)

    def claims(self, **other: Any) -> dict[str, Any]:
        now = int(time.time())
        found = {"iss": ISSUER, "aud": CLIENT, "sub": "aya-1", "iat": now, "exp": now + 300, "sid": "s1", **other}
        return {name: value for name, value in found.items() if value is not None}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": "een", **header}, claims, self.key, default_type=None)

    def logout(self, typ: str = "logout+jwt", **other: Any) -> str:
        claims = self.claims(events={LOGOUT_EVENT: {}}, jti="j1", **other)
        return self.sign(claims, typ=typ)

    def unsigned(self, claims: dict[str, Any]) -> str:
        return self.headed({"alg": "none", "kid": "een"}, claims)

    def headed(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        parts = [json.dumps(part).encode() for part in (header, claims)]
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."

    def signed_with_public_key(self, claims: dict[str, Any]) -> str:
        """HS256 with our own public key as the shared secret, the oldest trick."""
        secret = jwk.OctKey.import_key(self.key.as_pem(private=False).replace(b"-----", b""))
        return jwt.encode({"alg": "HS256", "kid": "een"}, claims, secret, default_type=None)


def settings(url: str, **other: Any) -> Settings:
    return Settings(
        database_url=url, municipality="gemeente Proefdam", public_url="http://teams.test", oidc_issuer=ISSUER,
        oidc_client_id=CLIENT, **other,
    )  # fmt: skip


def provider(service: Service, **other: Any) -> Provider:
    return Provider(settings("postgresql://niets", **other), service.client())


def asked(location: str) -> dict[str, str]:
    """What a browser brings to the service."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
