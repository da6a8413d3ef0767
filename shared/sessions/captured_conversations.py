"""Captured conversation: an import line as JSON, validated.

A line is one JSON object with the source's ``id``, its messages in one of the forms of
``shared/sessions/forms``, and optionally the ``agent``'s name and ``tags``. Other keys are
ignored: captures contain fields of their source.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.core.json import fingerprint
from shared.sessions.domain import SessionKind
from shared.sessions.forms.lines import INSTRUCTIONS, TIMES, read_line
from shared.sessions.forms.matching import entries_of
from shared.sessions.forms.steps import Instructed, Thought
from shared.sessions.transcript import Entry
from shared.storage.idempotency import Idempotency

#: Fields of a line beside its conversation.
OWN_FIELDS = frozenset({"id", "agent", "tags", "title", "app_name", "appName"})
MAX_ID_LENGTH = 255
MAX_AGENT_LENGTH = 255
#: Limits of sessions created by the API.
MAX_TAGS = 50
MAX_TAG_LENGTH = 128
#: Bytes of the instructions, at most: an event or a session holds them beside its own content.
MAX_INSTRUCTIONS_BYTES = 256 * 1024
#: Difference of two systems' clocks, at most.
_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedConversation:
    """Conversation captured by another system.

    Attributes
    ----------
    id
        Identifier of its source (at most 255 characters), unique within an import.
    entries, times
        Transcript entries in order, and the time of each in the source, if it has one.
    fingerprint
        Equal for equal conversations: a line may be sent any number of times.
    instructions, agent, title
        System prompt, name of the agent, title of the conversation, if captured.
    source
        The fields of the line that the conversation was read from.
    models, tokens
        Names of the models, and numbers of input and output tokens, if captured.
    """

    id: str
    entries: tuple[Entry | Thought, ...]
    fingerprint: str
    times: tuple[datetime | None, ...] = ()
    instructions: str = ""
    agent: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    source: dict[str, Any] = field(default_factory=dict, compare=False)
    models: tuple[str, ...] = ()
    tokens: tuple[int, int] = (0, 0)

    def request(self, organization_id: OrganizationId, kind: SessionKind) -> Idempotency:
        """Return the idempotency of its import: repeated lines create one session."""
        return Idempotency(
            organization_id=organization_id,
            operation=f"import {kind}",
            key=self.id,
            fingerprint=self.fingerprint,
        )

    def times_until(self, imported_at: datetime) -> list[datetime]:
        """Return the time of each entry, never decreasing and not after the import.

        An entry without a time, or with one before that of its predecessor, has that of its
        predecessor; entries ahead of the first time have that time. Without any times all
        have that of the import.
        """
        known = [at for at in self.times if at is not None]
        latest = min(known[0], imported_at) if known else imported_at
        found = []
        for at in self.times:
            latest = max(latest, min(at or latest, imported_at))
            found.append(latest)
        return found

    def check_times(self, imported_at: datetime) -> None:
        """Raise ``InvalidInput`` for a time later than a day after the import."""
        if any(at is not None and at > imported_at + _SKEW for at in self.times):
            raise InvalidInput("messages: a time must not be later than that of the import")


def read_conversation(value: Any) -> CapturedConversation:
    """Parse and validate a conversation. Raises ``InvalidInput`` that names the field."""
    if not isinstance(value, dict):
        raise InvalidInput("expected an object with id and messages")
    identifier = _text(value, "id", MAX_ID_LENGTH)
    if identifier is None:
        raise InvalidInput("id: is required")
    tags = _tags(value.get("tags"))
    agent = _text(value, "agent", MAX_AGENT_LENGTH)
    title = value.get("title")
    steps, source = read_line(value)
    timed = list(entries_of(steps))
    if not timed:
        raise InvalidInput("messages: must contain a message of the user or the assistant")
    instructions = "\n\n".join(one.text for one in steps.steps if isinstance(one, Instructed))
    if len(instructions.encode()) > MAX_INSTRUCTIONS_BYTES:
        limit = f"{MAX_INSTRUCTIONS_BYTES // 1024} KiB"
        raise InvalidInput(f"messages: system prompts must not exceed {limit} together")
    return CapturedConversation(
        id=identifier,
        entries=tuple(entry for entry, _ in timed),
        times=tuple(at for _, at in timed),
        fingerprint=_fingerprint(source, agent, tags),
        instructions=instructions,
        agent=agent or (steps.agent or "")[:MAX_AGENT_LENGTH] or None,
        title=title if isinstance(title, str) and title.strip() else None,
        tags=tags,
        source=source,
    )


def _fingerprint(source: dict[str, Any], agent: str | None, tags: Sequence[str]) -> str:
    """Return the digest of a conversation, for ``messages`` that of any earlier release.

    That ignored instructions beside ``messages``. The time of the line is not part of it: a
    capture that is written anew is the same one.
    """
    content: Any = {key: value for key, value in source.items() if key not in TIMES}
    if "messages" in content and content.keys() <= {"messages", *INSTRUCTIONS}:
        content = content["messages"]
    return fingerprint([content, agent, list(tags)])


def _text(value: dict[str, Any], name: str, limit: int) -> str | None:
    text = value.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput(f"{name}: must be a non-blank string")
    if len(text) > limit:
        raise InvalidInput(f"{name}: must have at most {limit} characters")
    return text


def _tags(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidInput("tags: must be a list of strings")
    if len(value) > MAX_TAGS or any(len(tag) > MAX_TAG_LENGTH for tag in value):
        raise InvalidInput(f"tags: must be at most {MAX_TAGS}, of {MAX_TAG_LENGTH} characters each")
    return tuple(value)
