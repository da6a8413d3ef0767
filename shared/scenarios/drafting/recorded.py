"""Recorded conversation: a captured session with invented values in place of personal data.

The values are those of the mock world that is drafted from the same session.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.scenarios.drafting.material import Material
from shared.scenarios.drafting.rules import draft_material
from shared.scenarios.redaction.classifier import Classifier
from shared.scenarios.redaction.free_texts import strings
from shared.scenarios.redaction.kinds import Kind
from shared.scenarios.redaction.redactor import Redactor, Unread
from shared.sessions.transcript import (
    AssistantSaid,
    ToolAnswered,
    ToolCalled,
    Transcript,
    UserSaid,
)
from shared.simulation.conversation import Called, Conversation, Said

#: Kinds of personal data that an agent need not say: names and postal codes it may.
_PRIVATE = frozenset(Kind) - {Kind.NAME, Kind.POSTAL_CODE}
#: Personal values to return, at most, and characters of each, at least.
MAX_PERSONAL = 100
_SHORTEST = 4


class RecordedConversation(NamedTuple):
    """Conversation of a session, and the invented personal values in it, in their order."""

    conversation: Conversation
    personal_values: tuple[str, ...] = ()


def pseudonymize_conversation(transcript: Transcript, classify: Classifier) -> RecordedConversation:
    """Return the conversation of a transcript; tool values that were not read are left out.

    Raises ``InvalidInput`` (``session_not_draftable``) for a transcript without a user message.
    """
    material = Material.of(transcript, classify)
    # The texts of a draft can reveal further names, which its world then replaces too.
    draft_material(material)
    redactor = material.redactor
    return RecordedConversation(
        Conversation(entries=tuple(_entries(material.transcript, redactor))),
        tuple(_personal_values(material.transcript, redactor)),
    )


def _entries(transcript: Transcript, redactor: Redactor) -> Iterator[Said | Called]:
    answers = {called.call: answered for called, answered in transcript.calls()}
    for entry in transcript.entries:
        if isinstance(entry, UserSaid):
            yield Said("user", redactor.pseudonymize_text(entry.text))
        elif isinstance(entry, AssistantSaid):
            yield Said("agent", redactor.pseudonymize_text(entry.text))
        elif isinstance(entry, ToolCalled):
            answered = answers[entry.call]
            error = answered.error if answered else None
            yield Called(
                redactor.pseudonymize_text(entry.tool),
                _invented(redactor, entry.arguments, entry.tool),
                _invented(redactor, answered.output if answered else None, entry.tool),
                None if error is None else redactor.pseudonymize_text(error),
            )


def _invented(redactor: Redactor, value: Any, tool: str) -> Any:
    try:
        return redactor.pseudonymize(value, tool)
    except Unread:
        return None


def _personal_values(transcript: Transcript, redactor: Redactor) -> Iterator[str]:
    """Yield each private value of the user's messages and of the tools' answers once."""
    found: set[str] = set()
    for text in _texts(transcript):
        for kind, value in redactor.personal_values(text):
            if kind in _PRIVATE and len(value) >= _SHORTEST and value not in found:
                found.add(value)
                yield value
                if len(found) == MAX_PERSONAL:
                    return


def _texts(transcript: Transcript) -> Iterator[str]:
    for entry in transcript.entries:
        if isinstance(entry, UserSaid):
            yield entry.text
        elif isinstance(entry, ToolAnswered):
            yield from strings(entry.output)
