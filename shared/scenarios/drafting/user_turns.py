"""Recorded user's messages of a draft, with invented values in place of personal data.

The values are those of the draft's mock world.
"""

from collections.abc import Iterator
from typing import Any

from shared.core.json import dumps, valid_text
from shared.scenarios.drafting.envelopes import unwrap
from shared.scenarios.library.domain import (
    MAX_SCENARIO_BYTES,
    MAX_TURNS_BYTES,
    MAX_USER_TURN,
    MAX_USER_TURNS,
)
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.text import without_markers
from shared.sessions.transcript import Transcript


def user_turns(transcript: Transcript, redactor: Redactor, *others: Any) -> tuple[str, ...]:
    """Return the first messages that fit into a scenario beside its other fields."""
    room = MAX_SCENARIO_BYTES - sum(map(_bytes, others))
    turns: list[str] = []
    room = min(room, MAX_TURNS_BYTES)
    for text in _messages(transcript, redactor):
        room -= _bytes(text) + 1
        if room < 0 or len(turns) == MAX_USER_TURNS:
            break
        turns.append(text)
    return tuple(turns)


def _messages(transcript: Transcript, redactor: Redactor) -> Iterator[str]:
    for text in transcript.user_turns():
        message = without_markers(unwrap(redactor.pseudonymize_text(text)))
        if message:
            yield valid_text(message)[:MAX_USER_TURN]


def _bytes(value: Any) -> int:
    return len(dumps(value).encode())
