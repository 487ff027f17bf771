"""A device with passkeys, as a browser would ask it: it signs for the origin it is on, and counts."""

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class Device:
    """One credential; `origin` is the address in the browser's bar, `verified` whether its owner showed a finger."""

    origin: str = "https://teams.test"
    verified: bool = True
    counter: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, asked: dict[str, Any]) -> str:
        """The answer to PublicKeyCredentialCreationOptionsJSON."""
        self.handle = raw(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        whole = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(asked["rp"]["id"], 0x41) + held})
        return self._answer("webauthn.create", asked, {"attestationObject": text(whole)})

    def use(self, asked: dict[str, Any], **other: Any) -> str:
        """The answer to PublicKeyCredentialRequestOptionsJSON; `other` replaces parts of it."""
        self.counter += 1
        data = self._data(asked["rpId"], 0x01)
        told = self._told("webauthn.get", asked)
        signed = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": text(data), "signature": text(signed), "userHandle": text(self.handle), **other}
        return self._answer("webauthn.get", asked, parts)

    def _data(self, name: str, flags: int) -> bytes:
        flags |= 0x04 if self.verified else 0
        return hashlib.sha256(name.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter)

    def _told(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, kind: str, asked: dict[str, Any], parts: dict[str, Any]) -> str:
        response = {"clientDataJSON": text(self._told(kind, asked)), **parts}
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
