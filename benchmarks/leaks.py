"""The personal data that tools answered with, found by other means than the redaction's own.

What is personal is told by the fields of the tools' arguments and answers alone, and looked for in
the words of a draft as plain text.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.scenarios.domain import Draft
from shared.sessions.transcript import ToolAnswered, ToolCalled, Transcript

_FIELDS = {
    "email", "phone", "phone_number", "dob", "date_of_birth", "address1", "address2", "address",
    "street_address", "card_number", "account_number", "first_name", "last_name", "user_id",
}  # fmt: skip


def personal_data(transcript: Transcript) -> set[str]:
    """Return the pieces of personal data in what the tools were given and answered."""
    values = [
        entry.arguments if isinstance(entry, ToolCalled) else entry.output
        for entry in transcript.entries
        if isinstance(entry, ToolCalled | ToolAnswered)
    ]
    return {piece for value in values for piece in _pieces(value)}


def leaked(data: set[str], draft: Draft) -> set[str]:
    """Return the pieces that stand in the words of a draft, as words of their own."""
    words = f"{draft.name}\n{draft.intent}\n{draft.journey}"
    found = {piece for piece in data if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", words)}
    # Also without their spaces, or as only digits: another way to write the same.
    plain = re.sub(r"\s", "", words).lower()
    return found | {
        piece for piece in data if len(piece) > 8 and re.sub(r"\s", "", piece).lower() in plain
    }


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("first_name"), str) and isinstance(value.get("last_name"), str):
            yield f"{value['first_name']} {value['last_name']}"
        for name, inner in value.items():
            if name in _FIELDS and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _pieces(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _pieces(inner)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        try:
            yield from _pieces(json.loads(value))
        except ValueError:
            return
