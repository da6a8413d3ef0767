"""Credentials of random characters, in the forms that their issuers document.

They are put together at run time, so that no file contains what a scanner takes for a secret.
"""

import base64
import json
import random
import string

_WORD = string.ascii_letters + string.digits
_UPPER = string.ascii_uppercase + "234567"
_HEX = string.digits + "abcdef"

#: Prefix, alphabet and number of the random characters.
_FORMS = {
    "OpenAI": ("sk-" + "proj-", _WORD, 48),
    "Anthropic": ("sk-" + "ant-api03-", _WORD + "-_", 90),
    "Stripe": ("sk_" + "live_", _WORD, 24),
    "GitHub": ("gh" + "p_", _WORD, 36),
    "GitHub fine-grained": ("github" + "_pat_", _WORD, 70),
    "Slack part": ("", _WORD, 24),
    "digits": ("", string.digits, 12),
    "Google": ("AI" + "za", _WORD + "-_", 35),
    "AWS key id": ("AK" + "IA", _UPPER, 16),
    "AWS secret": ("", _WORD + "/+", 40),
    "hex token": ("", _HEX, 40),
    "token": ("", _WORD, 32),
}


def create(name: str, source: random.Random) -> str:
    """Return a credential of a type: one of ``_FORMS``, ``Slack``, ``JWT`` or ``password``."""
    if name == "Slack":
        parts = (create("digits", source), create("digits", source), create("Slack part", source))
        return "xo" + "xb-" + "-".join(parts)
    if name == "JWT":
        return ".".join(_encoded(part, source) for part in ("header", "payload", "signature"))
    if name == "password":
        word = source.choice(("Tulpe", "Granit", "Hafen", "Cobalt", "Mistral", "Orkide"))
        return f"{word}{source.choice('!#_%')}{source.randrange(100, 10_000)}{source.choice('xKq')}"
    prefix, alphabet, length = _FORMS[name]
    return prefix + "".join(source.choice(alphabet) for _ in range(length))


def _encoded(part: str, source: random.Random) -> str:
    content = {
        "header": json.dumps({"alg": "HS256", "typ": "JWT"}).encode(),
        "payload": json.dumps({"sub": str(source.getrandbits(40)), "iat": 1700000000}).encode(),
        "signature": source.randbytes(32),
    }[part]
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
