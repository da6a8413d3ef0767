"""Span about a conversation: what is kept of it, and the conversation that it belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId, SessionId, derived_uuid
from shared.core.json import as_text, dumps
from shared.sessions.forms.fields import first_of
from shared.sessions.forms.opentelemetry import PREFIXES
from shared.sessions.forms.otlp import records_in
from shared.sessions.forms.span_content import content_of
from shared.sessions.forms.steps import Answered, Called, Steps, Thought
from shared.sessions.transcript import AssistantSaid

#: Attributes that name the conversation, in order of preference.
_CONVERSATION = (
    "gen_ai.conversation.id",
    "session.id",
    "traceloop.association.properties.session_id",
)
#: Beginnings of the names of attributes that are kept.
_KEPT = (
    *PREFIXES, *_CONVERSATION, "input.value", "output.value", "tool.name", "tool_call.",
    "agent.name", "error.type", "pydantic_ai.all_messages", "all_messages_events",
    "tool_arguments", "tool_response", "exception.message", "exception.type", "event.name",
)  # fmt: skip
#: Those of them that are not: parameters and definitions, which no session shows.
_LEFT_OUT = (
    "gen_ai.tool.definitions", "gen_ai.tool.description", "llm.tools.", "llm.invocation_parameters",
    "llm.prompt_template", "llm.request.functions", "llm.token_count.prompt_details",
    "llm.token_count.completion_details", "llm.cost.",
)  # fmt: skip
_FLAT = ("llm.input_messages.", "llm.output_messages.")
#: Bytes of one message, call or answer as JSON, at most; an event has room for its frame.
MAX_MESSAGE_BYTES = 316 * 1024
_ID_DIGITS = frozenset("0123456789abcdef")

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Span about a conversation.

    Attributes
    ----------
    trace, id
        Ids of the trace (32 hex digits) and of the span (16).
    document
        What is kept of it, in the form of OTLP's JSON with plain attributes.
    """

    trace: str
    id: str
    document: Document

    @property
    def order(self) -> tuple[int, str]:
        """Position among the spans of a conversation: by start, then by id."""
        return int(self.document["startTimeUnixNano"]), self.id

    @property
    def conversation(self) -> str | None:
        """Id of the conversation that the span names."""
        found = first_of(self.document["attributes"], _CONVERSATION)
        text = "" if found is None else as_text(found).strip()
        return text or None


@dataclass(frozen=True, slots=True)
class Owner:
    """Source of a session: a conversation that spans name, or a trace without one."""

    kind: str
    name: str

    def session_id(self, organization_id: OrganizationId, generation: int = 1) -> SessionId:
        """Return the id of the session, or of one of its successors."""
        parts = [] if generation == 1 else [f"#{generation}"]
        identifier = derived_uuid(str(organization_id), f"captured {self.kind}", self.name, *parts)
        return SessionId(identifier)


def is_about_conversation(document: Document) -> bool:
    """Return whether a span has any attribute or event of a conversation."""
    events = (event.get("name") or "" for event in document.get("events", ()))
    return any(name.startswith(PREFIXES) for name in (*document["attributes"], *events))


def kept(attributes: Document) -> Document:
    """Return the attributes of a span that its conversation is read from."""
    found = {
        name: value
        for name, value in attributes.items()
        if name.startswith(_KEPT) and not name.startswith(_LEFT_OUT)
    }
    if any(name.startswith(_FLAT) for name in found):
        # The same messages, as the provider's request and response.
        found = {k: v for k, v in found.items() if k not in ("input.value", "output.value")}
    return dict(sorted(found.items()))


def check_id(name: str, value: Any, digits: int) -> str:
    """Return an id of a span or trace in lower case. Raises ``InvalidInput``."""
    text = value.lower() if isinstance(value, str) else ""
    if len(text) != digits or not _ID_DIGITS.issuperset(text) or not text.strip("0"):
        raise InvalidInput(f"{name}: must be {digits} hexadecimal digits, not all of them zero.")
    return text


def check_content(span: Span) -> None:
    """Raise ``InvalidInput`` for a span that cannot be read or has too large a message."""
    content = content_of(records_in("span", [span.document], span.id))
    history = content.history
    run = Steps(list(content.run or ()))
    for text in (content.asked, content.told):
        run.say(text, by_user=False)
    for steps in (history, run):
        if _largest(steps) > MAX_MESSAGE_BYTES:
            limit = MAX_MESSAGE_BYTES // 1024
            raise InvalidInput(f"messages: one message must not exceed {limit} KiB.")


def _largest(steps: Steps) -> int:
    """Return the bytes of the largest message; calls and reasoning are part of an answer."""
    largest = size = 0
    for step in steps.steps:
        fields = (
            [step.tool, step.arguments]
            if isinstance(step, Called)
            else [step.tool, step.output, step.error]
            if isinstance(step, Answered)
            else [step.text]
        )
        goes_on = isinstance(step, Called | Thought | AssistantSaid)
        own = len(dumps(fields).encode())
        size = size + own if goes_on else own
        largest = max(largest, size)
        size = size if goes_on else 0
    return largest


def distinct(spans: Iterable[Span]) -> list[Span]:
    """Return spans in their order, each once; of two versions the one that ended later."""
    found: dict[tuple[str, str], tuple[tuple[int, str], Span]] = {}
    for span in spans:
        key = (span.trace, span.id)
        rank = (int(span.document["endTimeUnixNano"]), dumps(span.document))
        if key not in found or rank > found[key][0]:
            found[key] = rank, span
    return sorted((span for _, span in found.values()), key=lambda one: (*one.order, one.trace))


def owner_of(trace: str, spans: Iterable[Span], known: Owner | None = None) -> Owner:
    """Return the owner of a trace: the conversation that its first such span names.

    ``known`` is an earlier owner; it stays where no span names one, as its spans may have been
    purged.
    """
    named = [span for span in spans if span.conversation]
    if named:
        first = min(named, key=lambda one: one.order)
        return Owner("conversation", str(first.conversation))
    return known or Owner("trace", trace)
