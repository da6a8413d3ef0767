"""Event filters and the range of the log that a query selects."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.agents.events.query import EventFilter, EventQuery
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.domain import Event, Session, event_id

SESSION = SessionId.new()
NOON = datetime(2026, 5, 7, 12, tzinfo=UTC)


def second(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def event(sequence: int, kind: str, turn: str | None, **data: Any) -> Event:
    return Event(
        id=event_id(SESSION, sequence, second(sequence)),
        type=kind,
        sequence=sequence,
        at=second(sequence),
        context={"turn_id": turn} if turn else {"input_message_id": "message_1"},
        data=data,
    )


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"id": "message_1", "role": "user", "content": list(parts)}}


PICTURE = {"type": "image", "base64": "cat", "media_type": "image/png"}
LOG = [
    event(
        1, "input.message", None, **message({"type": "text", "text": "Where is Straße 7?"}, PICTURE)
    ),
    event(2, "turn.started", "turn_a", turn_id="turn_a"),
    event(3, "tool.started", "turn_a", tool_name="maps", arguments={"at": {"lines": ["STRASSE"]}}),
    event(
        4, "tool.completed", "turn_a", tool_name="maps", result=[{"type": "text", "text": "here"}]
    ),
    event(5, "tool.started", "turn_b", tool_name="clock", arguments={"zone": 7}),
    event(6, "tool.completed", "turn_b", tool_name="clock", error="It has stopped."),
    event(7, "turn.failed", "turn_b", error="The model is too busy; it stopped", error_code="busy"),
]

MATCHED = {
    "all": ({}, [1, 2, 3, 4, 5, 6, 7]),
    "types": ({"types": {"tool.started", "turn.failed"}}, [3, 5, 7]),
    "exclude": ({"exclude": {"tool.started"}}, [1, 2, 4, 6, 7]),
    "types, then exclude": ({"types": {"tool.started"}, "exclude": {"tool.started"}}, []),
    "from, included": ({"from_at": second(6)}, [6, 7]),
    "from, between": ({"from_at": second(6) + timedelta(microseconds=1)}, [7]),
    "to, included": ({"to_at": second(2)}, [1, 2]),
    "from and to": ({"from_at": second(2), "to_at": second(3)}, [2, 3]),
    "turn": ({"turn_id": "turn_a"}, [2, 3, 4]),
    "unknown turn": ({"turn_id": "turn_c"}, []),
    "empty turn id": ({"turn_id": ""}, []),
    "tool": ({"tool_name": "clock"}, [5, 6]),
    "tool, in one turn": ({"tool_name": "clock", "turn_id": "turn_a"}, []),
    "word of a message, of an argument": ({"words": ("strasse",)}, [1, 3]),
    "word of a result": ({"words": ("HERE",)}, [1, 4]),
    "word of an error": ({"words": ("stopped",)}, [6, 7]),
    "part of a word": ({"words": ("top",)}, [6, 7]),
    "all of the words, in any order": ({"words": ("stopped", "model")}, [7]),
    "bytes of a picture": ({"words": ("cat",)}, []),
    "kind of a part": ({"words": ("text",)}, []),
    "name of a field": ({"words": ("zone",)}, []),
    "id of a turn": ({"words": ("turn_a",)}, []),
    "field of no event": ({"matches_nothing": True}, []),
}


@pytest.mark.parametrize(("conditions", "expected"), MATCHED.values(), ids=MATCHED)
def test_filter_matches_events_that_meet_all_conditions(
    conditions: dict[str, Any], expected: list[int]
) -> None:
    found = [event.sequence for event in LOG if EventFilter(**conditions).matches(event)]
    assert found == expected


def session(last: int) -> Session:
    return Session(
        id=SESSION,
        organization_id=OrganizationId.new(),
        created_at=NOON,
        updated_at=NOON,
        last_sequence=last,
    )


def id_of(sequence: int) -> EventId:
    return event_id(SESSION, sequence, second(sequence))


SPANS = {
    "all": (EventQuery(), (0, 9)),
    "after": (EventQuery(after=4), (4, 9)),
    "since": (EventQuery(since=id_of(4)), (4, 9)),
    "since and after, the later": (EventQuery(since=id_of(4), after=6), (6, 9)),
    "before": (EventQuery(before=4), (0, 3)),
    "before the first": (EventQuery(before=0), (0, -1)),
    "before a future event": (EventQuery(before=99), (0, 9)),
    "between": (EventQuery(after=2, before=5), (2, 4)),
    "around": (EventQuery(around=id_of(5), window=2), (2, 7)),
    "around the first": (EventQuery(around=id_of(1), window=2), (0, 3)),
    "around the last": (EventQuery(around=id_of(9), window=2), (6, 9)),
    "around, next page": (EventQuery(around=id_of(5), window=2, after=4), (4, 7)),
}


@pytest.mark.parametrize(("query", "expected"), SPANS.values(), ids=SPANS)
def test_span_is_the_intersection_of_all_bounds(
    query: EventQuery, expected: tuple[int, int]
) -> None:
    assert query.span(session(9)) == expected


@pytest.mark.parametrize("name", ["since", "around"])
def test_span_of_event_of_other_session_is_rejected(name: str) -> None:
    of_another = event_id(SessionId.new(), 3, NOON)
    for stranger in (of_another, id_of(10), EventId.new()):
        asked: dict[str, Any] = {name: stranger, "window": 1}
        with pytest.raises(InvalidInput, match=f"Invalid event ID: {name}"):
            EventQuery(**asked).span(session(9))
