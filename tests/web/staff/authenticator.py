"""A device with a passkey, in software: it makes and uses it as WebAuthn and CTAP2 have it, or wrongly as told."""

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

USER_PRESENT, USER_VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Authenticator:
    """One passkey of one device; ``origin`` and ``rp_id`` are where its browser believes to be."""

    origin: str = "https://mile.example.org"
    rp_id: str = "mile.example.org"
    verifies_user: bool = True
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: dict[str, Any]) -> str:
        """Return what a browser sends to add the passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._about_me(HAS_KEY) + about}
        response = {
            "clientDataJSON": encoded(self._client_data("webauthn.create", options)),
            "attestationObject": encoded(cbor2.dumps(attestation)),
        }
        return self._sent(response)

    def answer(self, options: dict[str, Any]) -> str:
        """Return what a browser sends to sign in."""
        self.sign_count += 1
        about, client_data = self._about_me(), self._client_data("webauthn.get", options)
        signature = self.key.sign(about + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client_data),
            "authenticatorData": encoded(about),
            "signature": encoded(signature),
            "userHandle": None,
        }
        return self._sent(response)

    def _about_me(self, flags: int = 0) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies_user else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.sign_count)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _sent(self, response: dict[str, Any]) -> str:
        id_ = encoded(self.credential_id)
        sent = {"id": id_, "rawId": id_, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(sent)
