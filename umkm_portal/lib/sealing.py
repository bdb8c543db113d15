"""Sealing of identity numbers: AES-GCM to keep them, a keyed HMAC to find them again.

Keys come from the setting IDENTITY_KEY, a list with the newest first. Every token starts with the id
of its key, so old rows stay readable while `manage.py rotate_identity_key` rewrites them.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from umkm_portal.lib.text import fold

PREFIX = "s1"


class SealBroken(Exception):
    """A token was made with a key we no longer hold, or was altered."""


@lru_cache(maxsize=32)
def _derive(secret, purpose):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        secret.encode()
    )


def key_id(secret):
    """Eight hex digits that name a key without telling it."""
    return hashlib.sha256(b"umkm-key-id:" + secret.encode()).hexdigest()[:8]


def seal_bytes(data):
    """Encrypt bytes with the newest key; returns bytes."""
    secret = settings.IDENTITY_KEY[0]
    nonce = os.urandom(12)
    box = AESGCM(_derive(secret, "seal")).encrypt(nonce, data, key_id(secret).encode())
    return key_id(secret).encode() + nonce + box


def unseal_bytes(token):
    """Decrypt what `seal_bytes` made. Raises SealBroken."""
    name, nonce, box = token[:8], token[8:20], token[20:]
    for secret in settings.IDENTITY_KEY:
        if key_id(secret).encode() == name:
            try:
                return AESGCM(_derive(secret, "seal")).decrypt(nonce, box, name)
            except InvalidTag as error:
                raise SealBroken("altered") from error
    raise SealBroken("unknown key")


def seal(text):
    """Encrypt a text; returns an ASCII token ``s1:…``. The empty text stays empty."""
    if not text:
        return ""
    return f"{PREFIX}:{base64.urlsafe_b64encode(seal_bytes(text.encode())).decode()}"


def unseal(token):
    """The text behind a token made by `seal`. Raises SealBroken."""
    if not token:
        return ""
    if not token.startswith(PREFIX + ":"):
        raise SealBroken("not a token")
    return unseal_bytes(base64.urlsafe_b64decode(token[len(PREFIX) + 1 :])).decode()


def is_sealed_with_newest(token):
    """Whether a token needs no rewriting after a key rotation."""
    raw = base64.urlsafe_b64decode(token[len(PREFIX) + 1 :])
    return raw[:8] == key_id(settings.IDENTITY_KEY[0]).encode()


def lookups(kind, value):
    """Keyed HMACs of an identity number, newest key first, 64 hex digits each.

    `kind` separates uses ("nik", "kk", "cell"), so that the same digits in two columns do not match.
    """
    return [
        hmac.new(_derive(secret, f"lookup:{kind}"), value.encode(), hashlib.sha256).hexdigest()
        for secret in settings.IDENTITY_KEY
    ]


def lookup(kind, value):
    """The HMAC under the newest key, the one that is stored; "" for an empty value."""
    return lookups(kind, value)[0] if value else ""


def word_token(kind, word):
    """Twelve hex digits that stand for one folded word in a search column."""
    return lookup(kind, word)[:12]


def word_tokens(kind, text):
    """The folded words of a text as tokens between spaces, for `__contains=" token "`; "" for no words."""
    words = dict.fromkeys(fold(text).split())
    return f" {' '.join(word_token(kind, word) for word in words)} " if words else ""


def word_queries(kind, word):
    """What to look for with `__contains` to find one word, under every key we hold."""
    return [f" {digest[:12]} " for digest in lookups(kind, fold(word))]
