"""Secrets of a conversation about them: PINs, passwords, security answers."""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.names.person_names import NOT_NAMES, WORD, fold

_ASKS_SECRET = re.compile(
    r"\bpin\b|\bpin (?:code|number)|passcode|password|maiden name|security (?:question|answer|word)"
    r"|\b(?:first|childhood) pet\b|pet's name|\bsecret (?:question|answer|word)",
    re.IGNORECASE,
)
#: Words for a password, in any message or tool.
_PASSWORD = re.compile(
    r"passw(?:or[dt]|d)|passphrase|passcode|kennwort|mot de passe|contrase[ñn]a|\bsenha|wachtwoord"
    r"|has[łl]o|парол|\bşifre|parol[ae]|パスワード|暗証|密码|密碼|비밀번호|पासवर्ड|kata sandi",
    re.IGNORECASE,
)
#: Word with letters in both cases, a digit and a symbol; no address, path or placeholder.
_MIXED = re.compile(
    r"(?<![^\s:：\"'`(])(?=\S{0,64}[a-z])(?=\S{0,64}[A-Z])(?=\S{0,64}\d)"
    r"(?=\S{0,64}[!#$%^&*_+=?~-])[^\s,;:/@<>{}().\"'`]{8,64}(?=[\s,;:\"'`)]|\.(?!\w)|$)"
)
#: Characters of an answer that consists of a secret.
_MAX_ANSWER = 60


def asks_for_secret(text: str) -> bool:
    """Check whether the assistant asks for a secret."""
    return _ASKS_SECRET.search(text) is not None


def mentions_password(text: str) -> bool:
    """Check whether a text is about a password."""
    return _PASSWORD.search(text) is not None


def find_passwords(text: str) -> list[str]:
    """Return the words that can only be passwords where these are talked about."""
    return _MIXED.findall(text)


def parse_secret_answer(text: str) -> Iterator[str]:
    """Find possible secrets in an answer to that question: numbers, capitalized words."""
    if len(text) <= _MAX_ANSWER:
        yield from re.findall(r"(?<!\w)\d{3,12}(?!\w)", text)
        words = [word for word in WORD.findall(text) if word[0].isupper()]
        yield from (word for word in words if fold(word) not in NOT_NAMES)
