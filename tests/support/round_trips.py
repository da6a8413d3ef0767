"""Round trips: a conversation imported, exported, and imported again."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cli.agent_sessions_cli.lines import joined_lines
from shared.agents.sessions.imported_events import imported_events
from shared.core.ids import SessionId
from shared.core.json import loads_strict
from shared.evaluations.sessions.imported_turns import result_events, session_metadata
from shared.sessions.captured_conversations import CapturedConversation, read_conversation
from shared.sessions.domain import Event, NewEvent, SessionKind, event_id
from shared.sessions.exports.formats import ExportedSession, ExportFormat
from shared.sessions.exports.writing import FORMATS
from tests.support.conversation_forms import FORMS
from tests.support.generated_conversations import CONVERSATIONS

type Json = dict[str, Any]

IMPORTED_AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SESSION = SessionId.parse("session_" + "7" * 32)
KINDS = (SessionKind.AGENT, SessionKind.EVALUATION)

# A small alphabet, so that texts repeat, and begin as JSON, errors and parts do.
_TEXTS = st.one_of(
    st.sampled_from(
        [
            "yes", "no", "Hello\n\nthere ", "  indented", "null", "true", "7", '{"a": 1}', "[1, 2]",
            '{"error": "gone"}', '{"status": 500}', '[{"type": "text", "text": "x"}]', "{broken",
            '{"role": "user", "content": "x"}', '[{"role": "user", "content": "x"}]', "🛫 né",
            "Traceback (most recent call last):\n  x", "failed", "[thinking]", "\u2028\x00\x1f",
        ]
    ),
    st.text(min_size=1, max_size=12),
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
_ARGUMENTS = st.one_of(_JSON, _JSON.map(json.dumps), st.dictionaries(_TEXTS, _JSON, max_size=3))
_IDENTIFIERS = st.sampled_from(["", "c1", "c2", "c3"])
_NAMES = st.sampled_from(["search", "book_flight", "search flight"])
_CALL = st.builds(
    lambda identifier, name, arguments: {
        "id": identifier, "type": "function", "function": {"name": name, "arguments": arguments},
    },
    _IDENTIFIERS, _NAMES, _ARGUMENTS,
)  # fmt: skip
_FAILURES = st.one_of(
    st.just({}), st.just({}), st.just({"is_error": True}), st.builds(lambda t: {"error": t}, _TEXTS)
)


def _message(role: str, **fields: Any) -> st.SearchStrategy[Json]:
    optional = {"timestamp": st.integers(0, 400_000).map(_time)}
    required = {"role": st.just(role), **fields}
    return st.fixed_dictionaries(required, optional=optional)


def _time(seconds: int) -> str:
    # Some of them are after the import.
    at = IMPORTED_AT + timedelta(seconds=seconds - 380_000, microseconds=seconds)
    return at.isoformat()


_MESSAGES = st.one_of(
    _message("user", content=_TEXTS),
    _message("assistant", content=_TEXTS),
    _message("system", content=_TEXTS),
    _message(
        "assistant",
        content=st.none() | _TEXTS,
        reasoning_content=st.none() | _TEXTS,
        tool_calls=st.lists(_CALL, max_size=3),
    ),
    st.builds(
        lambda message, failure: message | failure,
        _message("tool", content=_TEXTS | _JSON.map(json.dumps), tool_call_id=_IDENTIFIERS),
        _FAILURES,
    ),
)
_LINES = st.builds(
    lambda messages, system: {"messages": messages} | ({"system": system} if system else {}),
    st.lists(_MESSAGES, min_size=1, max_size=12),
    st.none() | st.none() | _TEXTS,
)
_OTHER_LINES = st.builds(
    lambda form, turns: form(turns), st.sampled_from(list(FORMS.values())), CONVERSATIONS
)
#: Lines of an import, in any form.
LINES = st.builds(
    lambda line, agent, tags: (
        {"id": "source", "tags": tags, **line} | ({"agent": agent} if agent else {})
    ),
    _LINES | _LINES | _OTHER_LINES,
    st.none() | _TEXTS.filter(str.strip),
    st.lists(_TEXTS, max_size=3),
)


def imported(conversation: CapturedConversation, kind: SessionKind) -> list[NewEvent]:
    """Return the events of an imported conversation."""
    if kind is SessionKind.AGENT:
        return imported_events(SESSION, conversation, IMPORTED_AT)
    return result_events(conversation, IMPORTED_AT)


def _begin(conversation: CapturedConversation, kind: SessionKind) -> datetime:
    """Return the begin of an imported session, as the importer of its kind sets it."""
    if kind is SessionKind.AGENT:
        return imported(conversation, kind)[0].at or IMPORTED_AT
    return conversation.times_until(IMPORTED_AT)[0]


def exported(conversation: CapturedConversation, kind: SessionKind, form: ExportFormat) -> str:
    """Return the export of an imported conversation."""
    events = stored(imported(conversation, kind))
    metadata = session_metadata(conversation) if kind is SessionKind.EVALUATION else None
    session = ExportedSession(
        id=SESSION,
        kind=kind,
        created_at=_begin(conversation, kind),
        updated_at=IMPORTED_AT,
        last_sequence=len(events),
        source_id=conversation.id,
        agent=conversation.agent,
        tags=conversation.tags,
        instructions=(metadata or {}).get("instructions", ""),
    )
    writer = FORMATS[form](session)
    # In parts, as a log is read.
    middle = len(events) // 2
    return "".join(
        [writer.begin(), writer.events(events[:middle]), writer.events(events[middle:]),
         writer.end()]
    )  # fmt: skip


def stored(events: list[NewEvent]) -> list[Event]:
    """Return events as a log has them."""
    return [
        Event(
            id=event_id(SESSION, number, event.at or IMPORTED_AT),
            type=event.type,
            sequence=number,
            at=event.at or IMPORTED_AT,
            context=event.context,
            data=event.data,
        )
        for number, event in enumerate(events, 1)
    ]


def read_export(text: str) -> CapturedConversation:
    """Return an export as an import reads it."""
    [(_, line)] = joined_lines(text.encode().splitlines(keepends=True))
    return read_conversation(loads_strict(line))


def differences(line: Json, kind: SessionKind, form: ExportFormat) -> list[str]:
    """Return what a round trip changes: each difference as text."""
    before = read_conversation(loads_strict(json.dumps(line)))
    after = read_export(exported(before, kind, form))
    found = [
        f"{name}: {getattr(before, name)!r} became {getattr(after, name)!r}"
        for name in ("id", "agent", "tags", "instructions")
        if getattr(before, name) != getattr(after, name)
    ]
    first, second = imported(before, kind), imported(after, kind)
    found += [
        f"event: {old!r} became {new!r}"
        for old, new in zip(first, second, strict=False)
        if replace(old) != new or json.dumps(old.data) != json.dumps(new.data)
    ]
    if len(first) != len(second):
        found.append(f"{len(first)} events became {len(second)}")
    begins = [_begin(one, kind) for one in (before, after)]
    if begins[0] != begins[1]:
        found.append(f"begin: {begins[0]} became {begins[1]}")
    return found
