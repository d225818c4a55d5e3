"""Signed JSON: a flat document whose `signature` covers the canonical JSON of all the rest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from foundation.errors import IntegrityError
from foundation.files import canonical_json
from foundation.keys import KeyRing, key_id, verify_signature


def seal(document: dict[str, Any], keys: KeyRing) -> dict[str, Any]:
    """The document with `key_id` and `signature` added."""
    sealed = {**document, "algorithm": "Ed25519", "key_id": key_id(keys.public_pem())}
    return {**sealed, "signature": keys.sign(canonical_json(sealed).encode())}


def unseal(content: bytes, public_pem: bytes) -> dict[str, Any]:
    """The document without its signature, if that fits.

    Raises:
        IntegrityError: it is no signed document, or the signature does not fit.
    """
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("signature"), str):
        raise IntegrityError("不是签名文件 / not a signed document")
    signature = document.pop("signature")
    verify_signature(public_pem, canonical_json(document).encode(), signature)
    return document


def sealed_bytes(document: dict[str, Any], keys: KeyRing) -> bytes:
    """A sealed document as it is written to disk: readable JSON."""
    return (json.dumps(seal(document, keys), ensure_ascii=False, indent=1) + "\n").encode()


def sha256(content: bytes) -> str:
    """SHA-256 of bytes, lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def sha256_path(path: Path) -> str:
    """SHA-256 of a small file."""
    return sha256(path.read_bytes())
