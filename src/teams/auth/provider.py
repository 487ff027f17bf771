"""The log-in service (OpenID Connect): where it is, its keys, and what its tokens say once they are checked."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from teams.kit.settings import Settings

if TYPE_CHECKING:
    import httpx

ALGORITHMS = ("PS256", "RS256", "ES256")
LEEWAY = 60
AGAIN = 300
KEEP, PAUSE, DOWN = 3600, 60, 5
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_SECONDS, _CONNECT = 5, 3
_MOST = 1_000_000
_A_NAME = re.compile(r"(?!localhost$|.*\.localhost$)([^.:\s]+\.)*(?!0x[0-9a-f]*$)[^.:\s]*[^.:\s\d][^.:\s]*")
_NEVER = 1e12


class ProviderDown(Exception):
    """The service cannot be reached, or answers with something that is not its own."""


class BadToken(Exception):
    """A token that we do not believe; says why, for the log only."""


class Provider:
    """One log-in service, with its description and keys kept for an hour; an unknown key is looked up once a minute at most."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient | None = None) -> None:
        self.settings = settings
        self.issuer = settings.oidc_issuer
        self.back = f"{settings.public_url.rstrip('/')}/inloggen/terug"
        self._client = client
        self._lock, self._keys_lock = asyncio.Lock(), asyncio.Lock()
        self._about: dict[str, Any] = {}
        self._keys: dict[str, jwk.Key] = {}
        self._about_at = self._keys_at = self._tried_at = self._down_at = -2.0 * KEEP

    async def about(self) -> dict[str, Any]:
        """What the service says of itself. `ProviderDown` when it says nothing, or that it is another."""
        if time.monotonic() - self._about_at > KEEP:
            async with self._lock:
                if time.monotonic() - self._down_at < DOWN:
                    raise ProviderDown("a moment ago")
                if time.monotonic() - self._about_at > KEEP:
                    found = await self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                    if found.get("issuer") != self.issuer:
                        raise ProviderDown("another issuer")
                    self._about, self._about_at = found, time.monotonic()
        return self._about

    async def begin(self, state: str, nonce: str, verifier: str, *, again: bool = False) -> str:
        """Where a browser goes to log in: code flow with PKCE S256. `again`: also who is logged in there already."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code", "client_id": self.settings.oidc_client_id, "redirect_uri": self.back,
            "scope": self.settings.oidc_scope, "state": state, "nonce": nonce, "code_challenge_method": "S256",
            "code_challenge": _base64(digest),
        }  # fmt: skip
        if self.settings.oidc_acr:
            query["acr_values"] = self.settings.oidc_acr
        if again:
            query |= {"prompt": "login", "max_age": "0"}
        return _with(await self._place("authorization_endpoint"), query)

    async def finish(self, code: str, verifier: str, nonce: str, *, again: bool = False) -> tuple[dict[str, Any], str]:
        """The checked claims of the ID token that the code is worth, and the token itself. `again`: of a log-in just now."""
        place = await self._place("token_endpoint")
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.back, "code_verifier": verifier}
        headers = {}
        if self.settings.oidc_client_key:
            kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            assertion = self._assertion(place)
            body |= {
                "client_id": self.settings.oidc_client_id,
                "client_assertion_type": kind,
                "client_assertion": assertion,
            }
        elif self.settings.oidc_client_secret:
            secret = self.settings.oidc_client_secret.get_secret_value()
            pair = f"{quote(self.settings.oidc_client_id, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            body["client_id"] = self.settings.oidc_client_id
        found = await self._ask("POST", place, data=body, headers=headers)
        token = found.get("id_token")
        if not isinstance(token, str):
            raise BadToken("no id_token")
        claims = await self._read(token, kinds=("jwt", ""))
        if not hmac.compare_digest((word_in(claims, "nonce") or "").encode(), nonce.encode()):
            raise BadToken("nonce")
        if self.settings.oidc_acr and claims.get("acr") not in self.settings.oidc_acr.split():
            raise BadToken("acr")
        when = claims.get("auth_time")
        if again and not (isinstance(when, int | float) and when >= time.time() - AGAIN - LEEWAY):
            raise BadToken("auth_time")
        return claims, token

    async def logout_claims(self, token: str) -> dict[str, Any]:
        """The checked claims of a back-channel log-out: fresh, of this kind only, about someone or some session."""
        claims = await self._read(token, kinds=("logout+jwt", "jwt"))
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
            raise BadToken("no log-out")
        if word_in(claims, "jti") is None or claims["iat"] < time.time() - 300 - LEEWAY:
            raise BadToken("jti or age")
        if any(name in claims and word_in(claims, name) is None for name in ("sid", self.settings.oidc_subject_claim)):
            raise BadToken("sid or subject")
        return claims

    async def end_url(self, id_token: str) -> str | None:
        """Where a browser goes to log out of the service too; None when it has no such place."""
        place = (await self.about()).get("end_session_endpoint")
        back = f"{self.settings.public_url.rstrip('/')}/inloggen"
        query = {"id_token_hint": id_token, "client_id": self.settings.oidc_client_id, "post_logout_redirect_uri": back}
        return _with(place, query) if isinstance(place, str) and self._safe(place) else None

    def subject(self, claims: dict[str, Any]) -> str | None:
        """Who it is, by the claim that the setting names."""
        return word_in(claims, self.settings.oidc_subject_claim)

    def public_keys(self) -> dict[str, Any]:
        """Our own public key, for the service to fetch."""
        key = self._own_key()
        return {"keys": [key[0].as_dict(private=False, use="sig")] if key else []}

    async def _read(self, token: str, *, kinds: tuple[str, ...]) -> dict[str, Any]:
        """Signature by a key of the service with a pinned algorithm; issuer, audience, times, kind."""
        try:
            header = jws.extract_compact(token.encode()).headers()
            kind = str(header.get("typ", "")).lower().removeprefix("application/")
            if header.get("alg") not in ALGORITHMS or kind not in kinds:
                raise BadToken("alg or typ")
            key = await self._key(header.get("kid"), str(header["alg"]))
            claims = jwt.decode(token, key, algorithms=[str(header["alg"])]).claims
        except (JoseError, ValueError, TypeError) as error:  # TypeError: a header whose parts are of another kind
            raise BadToken(type(error).__name__) from error
        now, audience = time.time(), claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.issuer or self.settings.oidc_client_id not in audiences:
            raise BadToken("iss or aud")
        if claims.get("azp", self.settings.oidc_client_id) != self.settings.oidc_client_id:
            raise BadToken("azp")
        if len(audiences) > 1 and "azp" not in claims:
            raise BadToken("azp")
        for name in ("exp", "iat", "nbf"):
            when: Any = claims.get(name, 0 if name == "nbf" else None)
            if type(when) not in (int, float) or not abs(when) < _NEVER:  # NaN is neither before nor after anything
                raise BadToken(name)
        if claims["exp"] < now - LEEWAY or claims["iat"] > now + LEEWAY or claims.get("nbf", 0) > now + LEEWAY:
            raise BadToken("time")
        return claims

    async def _key(self, kid: Any, alg: str) -> jwk.Key:
        """The key of that name. Looked up again when unknown or old, by one at a time, at most once a minute."""
        now = time.monotonic()
        if kid not in self._keys or now - self._keys_at > KEEP:
            async with self._keys_lock:
                fresh = time.monotonic()
                if (kid not in self._keys or fresh - self._keys_at > KEEP) and fresh - self._tried_at > PAUSE:
                    self._tried_at = fresh
                    found = await self._get(await self._place("jwks_uri"))
                    self._keys, self._keys_at = _usable(found), fresh
        key = self._keys.get(kid)
        if key is None or key.key_type != ("EC" if alg.startswith("ES") else "RSA"):
            raise BadToken("kid")
        return key

    def _assertion(self, audience: str) -> str:
        own = self._own_key()
        assert own is not None
        key, header = own
        now = int(time.time())
        claims = {"iss": self.settings.oidc_client_id, "sub": self.settings.oidc_client_id, "aud": audience,
                  "jti": secrets.token_urlsafe(16), "iat": now, "exp": now + 60}  # fmt: skip
        return jwt.encode(header, claims, key, algorithms=list(ALGORITHMS))

    def _own_key(self) -> tuple[jwk.Key, dict[str, Any]] | None:
        if self.settings.oidc_client_key is None:
            return None
        return _key_file(self.settings.oidc_client_key)

    async def _place(self, name: str) -> str:
        place = (await self.about()).get(name)
        if not isinstance(place, str) or not self._safe(place):
            raise ProviderDown(name)
        return place

    def _safe(self, place: str) -> bool:
        """Where the issuer itself is, or by TLS at a name: never at a bare address or this machine, with a name and password in it."""
        try:
            to, own = urlsplit(place), urlsplit(self.issuer)
            host = (to.hostname or "").rstrip(".")
        except ValueError:
            return False
        if "@" in to.netloc:
            return False
        if (to.scheme, to.netloc) == (own.scheme, own.netloc):
            return True
        return to.scheme == "https" and bool(_A_NAME.fullmatch(host))

    async def _get(self, place: str) -> dict[str, Any]:
        return await self._ask("GET", place)

    async def _ask(self, method: str, place: str, **what: Any) -> dict[str, Any]:
        """One request: no redirect, a few seconds, a JSON object of at most a megabyte."""
        import httpx  # 6 MiB that only log-in with a service needs

        try:
            async with asyncio.timeout(10):
                if self._client is not None:
                    answer = await self._client.request(method, place, **what)
                else:
                    async with httpx.AsyncClient(
                        timeout=httpx.Timeout(_SECONDS, connect=_CONNECT), follow_redirects=False
                    ) as client:
                        answer = await client.request(method, place, **what)
            if answer.status_code == 400 and method == "POST":
                raise BadToken("the service refused the code")
            found = answer.json() if answer.status_code == 200 and len(answer.content) <= _MOST else None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            self._down_at = time.monotonic()
            raise ProviderDown(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderDown(f"answer {answer.status_code}")
        return found


def word_in(claims: dict[str, Any], name: str) -> str | None:
    """What a token calls someone or something, if it is a name: text that can be shown, of at most 255 signs."""
    found = claims.get(name)
    return found if isinstance(found, str) and 0 < len(found) <= 255 and found.isprintable() else None


def _with(place: str, query: dict[str, str]) -> str:
    return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"


def _usable(found: dict[str, Any]) -> dict[str, jwk.Key]:
    """Public keys for signatures, by name; a secret key in a public list is nobody's, and one that we cannot read takes none
    of the others with it."""
    keys: dict[str, jwk.Key] = {}
    listed = found.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if (
            isinstance(one, dict)
            and one.get("kty") in ("RSA", "EC")
            and one.get("use", "sig") == "sig"
            and one.get("kid")
        ):
            with suppress(JoseError, ValueError, TypeError, KeyError):
                keys[str(one["kid"])] = jwk.import_key(one)
    return keys


def _key_file(path: Path) -> tuple[jwk.Key, dict[str, Any]]:
    """Our own key from a PEM file, and the header it signs with. With a certificate beside it also that one's thumbprints."""
    pem = path.read_bytes()
    key = jwk.import_key(pem, _kind(pem))
    key.ensure_kid()
    header = {"alg": "ES256" if key.key_type == "EC" else "PS256", "kid": key.kid}
    if b"BEGIN CERTIFICATE" in pem:
        certificate = x509.load_pem_x509_certificate(pem)
        header["x5t"] = _base64(certificate.fingerprint(SHA1()))  # noqa: S303 - Entra's name for a certificate
        header["x5t#S256"] = _base64(certificate.fingerprint(SHA256()))
    return key, header


def _kind(pem: bytes) -> Literal["EC", "RSA"]:
    return "RSA" if isinstance(load_pem_private_key(pem, None), RSAPrivateKey) else "EC"


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
