"""Which events a filter takes, and which part of a log a query is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.agents.event_query import EventFilter, EventQuery
from shared.core.errors import InvalidInput
from shared.core.ids import EventId, OrganizationId, SessionId
from shared.sessions.models import Event, Session, event_id

SESSION = SessionId.new()
NOON = datetime(2026, 5, 7, 12, tzinfo=UTC)


def second(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def made(sequence: int, kind: str, turn: str | None, **data: Any) -> Event:
    return Event(
        id=event_id(SESSION, sequence, second(sequence)),
        type=kind,
        sequence=sequence,
        at=second(sequence),
        context={"turn_id": turn} if turn else {"input_message_id": "message_1"},
        data=data,
    )


def said(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"message": {"id": "message_1", "role": "user", "content": list(parts)}}


PICTURE = {"type": "image", "base64": "cat", "media_type": "image/png"}
LOG = [
    made(1, "input.message", None, **said({"type": "text", "text": "Where is Straße 7?"}, PICTURE)),
    made(2, "turn.started", "turn_a", turn_id="turn_a"),
    made(3, "tool.started", "turn_a", tool_name="maps", arguments={"at": {"lines": ["STRASSE"]}}),
    made(
        4, "tool.completed", "turn_a", tool_name="maps", result=[{"type": "text", "text": "here"}]
    ),
    made(5, "tool.started", "turn_b", tool_name="clock", arguments={"zone": 7}),
    made(6, "tool.completed", "turn_b", tool_name="clock", error="It has stopped."),
    made(7, "turn.failed", "turn_b", error="The model is too busy; it stopped", error_code="busy"),
]

TAKEN = {
    "all": ({}, [1, 2, 3, 4, 5, 6, 7]),
    "types": ({"types": {"tool.started", "turn.failed"}}, [3, 5, 7]),
    "exclude": ({"exclude": {"tool.started"}}, [1, 2, 4, 6, 7]),
    "types, then exclude": ({"types": {"tool.started"}, "exclude": {"tool.started"}}, []),
    "from, included": ({"from_at": second(6)}, [6, 7]),
    "from, between": ({"from_at": second(6) + timedelta(microseconds=1)}, [7]),
    "to, included": ({"to_at": second(2)}, [1, 2]),
    "from and to": ({"from_at": second(2), "to_at": second(3)}, [2, 3]),
    "turn": ({"turn_id": "turn_a"}, [2, 3, 4]),
    "turn nobody had": ({"turn_id": "turn_c"}, []),
    "turn of no name": ({"turn_id": ""}, []),
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
    "what no event carries": ({"unmatchable": True}, []),
}


@pytest.mark.parametrize(("conditions", "expected"), TAKEN.values(), ids=TAKEN)
def test_given_conditions_then_events_that_hold_to_all_are_taken(
    conditions: dict[str, Any], expected: list[int]
) -> None:
    wanted = EventFilter(**conditions)
    assert [event.sequence for event in LOG if wanted.takes(event)] == expected


def opened(last: int) -> Session:
    return Session(
        id=SESSION,
        organization_id=OrganizationId.new(),
        created_at=NOON,
        updated_at=NOON,
        last_sequence=last,
    )


def its(sequence: int) -> EventId:
    return event_id(SESSION, sequence, second(sequence))


SPANS = {
    "all": (EventQuery(), (0, 9)),
    "after": (EventQuery(after=4), (4, 9)),
    "since": (EventQuery(since=its(4)), (4, 9)),
    "since and after, the later": (EventQuery(since=its(4), after=6), (6, 9)),
    "before": (EventQuery(before=4), (0, 3)),
    "before the first": (EventQuery(before=0), (0, -1)),
    "before what is to come": (EventQuery(before=99), (0, 9)),
    "between": (EventQuery(after=2, before=5), (2, 4)),
    "around": (EventQuery(around=its(5), window=2), (2, 7)),
    "around the first": (EventQuery(around=its(1), window=2), (0, 3)),
    "around the last": (EventQuery(around=its(9), window=2), (6, 9)),
    "around, a page on": (EventQuery(around=its(5), window=2, after=4), (4, 7)),
}


@pytest.mark.parametrize(("query", "expected"), SPANS.values(), ids=SPANS)
def test_given_bounds_then_only_what_lies_in_all_of_them_is_asked_for(
    query: EventQuery, expected: tuple[int, int]
) -> None:
    assert query.span(opened(9)) == expected


@pytest.mark.parametrize("name", ["since", "around"])
def test_given_an_event_that_is_none_of_the_session_then_it_is_no_place(name: str) -> None:
    of_another = event_id(SessionId.new(), 3, NOON)
    for stranger in (of_another, its(10), EventId.new()):
        asked: dict[str, Any] = {name: stranger, "window": 1}
        with pytest.raises(InvalidInput, match=f"Invalid event ID: {name}"):
            EventQuery(**asked).span(opened(9))
