"""Times of imported conversations: those of the source, in order, and never after the import."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.core.clock import moment
from shared.sessions.captured_conversations import read_conversation
from tests.support.gateway import Gateway
from tests.support.imports import SENT_AT, body_of, deliver
from tests.unit.triggers.captured import AGENT, EVALUATION, KINDS, session_id

START = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
CALL = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
SECONDS = START.timestamp()
TALK: list[dict[str, Any]] = [
    {"role": "user", "content": "Hello", "timestamp": "2026-01-15T10:30:00+01:00"},
    {"role": "assistant", "tool_calls": [CALL], "created_at": SECONDS + 5},
    {"role": "tool", "tool_call_id": "c", "content": "x", "createdAt": (SECONDS + 6) * 1000},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": "Bye", "timestamp": "2026-01-15T09:30:20"},
    {"role": "assistant", "content": "Bye.", "timestamp": "2026-01-15T09:30:03Z"},
]
#: Seconds from the start: a message without a time, or with an earlier one, has the last.
EXPECTED = [0, 5, 6, 6, 20, 20]


def times(api: Gateway, kind: Any, **fields: Any) -> tuple[str, list[float]]:
    """Import a conversation; return its session's creation, and its times after ``START``."""
    line = {"id": "i", "messages": TALK, **fields}
    assert deliver(body_of(api.organization_id, kind, line)) == []
    identifier = str(session_id(api, kind, line))
    if kind is AGENT:
        created = api("GET", f"/v1/sessions/{identifier}").json["created_at"]
        listed = api("GET", f"/v1/sessions/{identifier}/messages").json["data"]
        found = [one["created_at"] for one in listed]
    else:
        created = api("GET", f"/sessions/{identifier}").json["createdAt"]
        results = api("GET", f"/inferenceResults?sessionIds[]={identifier}").json
        found = [one["createdAt"] for one in results]
    return created, [(moment(one) - START).total_seconds() for one in found]


def test_events_and_session_have_the_times_of_the_messages(importing: Gateway) -> None:
    created, found = times(importing, AGENT)

    assert moment(created) == START
    assert found == EXPECTED


def test_results_have_the_time_of_their_last_message(importing: Gateway) -> None:
    created, found = times(importing, EVALUATION)

    assert moment(created) == START
    assert found == [EXPECTED[3], EXPECTED[5]]


@pytest.mark.parametrize("kind", KINDS)
def test_conversation_without_times_has_that_of_the_import(importing: Gateway, kind: Any) -> None:
    stamps = ("timestamp", "created_at", "createdAt")
    messages = [{key: one[key] for key in one if key not in stamps} for one in TALK]
    created, found = times(importing, kind, messages=messages)

    assert moment(created) == SENT_AT
    assert {START + timedelta(seconds=one) for one in found} == {SENT_AT}


@pytest.mark.parametrize("kind", KINDS)
def test_time_of_the_line_is_that_of_messages_without_times(importing: Gateway, kind: Any) -> None:
    messages = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi."}]
    created, found = times(importing, kind, messages=messages, created_at=SECONDS * 1000)

    assert moment(created) == START
    assert set(found) == {0}


@pytest.mark.parametrize("kind", KINDS)
def test_time_after_the_import_is_refused_beyond_a_day(importing: Gateway, kind: Any) -> None:
    def body(at: datetime) -> str:
        message = {"role": "user", "content": "Hello", "timestamp": at.isoformat()}
        line = {"id": "late", "messages": [message]}
        return body_of(importing.organization_id, kind, line)

    assert deliver(body(SENT_AT + timedelta(days=2))) == ["0"]
    assert deliver(body(SENT_AT + timedelta(hours=2))) == []  # clocks differ: the import's time


def test_sessions_are_listed_by_the_time_of_their_conversation(importing: Gateway) -> None:
    for number, day in enumerate((3, 1, 2)):
        message = {"role": "user", "content": "Hello", "timestamp": f"2026-01-0{day}T00:00:00Z"}
        line = {"id": f"{number}", "messages": [message]}
        assert deliver(body_of(importing.organization_id, AGENT, line)) == []

    listed = importing("GET", "/v1/sessions").json["data"]

    assert [one["title"] for one in listed] == ["0", "2", "1"]  # newest first


def test_message_after_an_import_is_later_than_it(importing: Gateway) -> None:
    line = {"id": "i", "messages": TALK}
    deliver(body_of(importing.organization_id, AGENT, line))
    identifier = str(session_id(importing, AGENT, line))
    message = {"message": {"content": [{"type": "text", "text": "And now?"}]}}

    assert importing("POST", f"/v1/sessions/{identifier}/messages", message).status == 201

    events = importing("GET", f"/v1/sessions/{identifier}/events").json["data"]
    stamps = [moment(one["ts"]) for one in events]
    assert stamps == sorted(stamps)
    assert [one["id"] for one in events] == sorted(one["id"] for one in events)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-01-15T09:30:00Z", START),
        ("2026-01-15 09:30:00", START),
        (SECONDS, START),
        (str(int(SECONDS)), START),
        (int(SECONDS * 1000), START),
        (int(SECONDS * 10**6), START),
        (str(int(SECONDS) * 10**9), START),
        (0, None),
        (None, None),
        ("", None),
    ],
)
def test_time_is_read_from_text_and_from_numbers_of_any_unit(value: Any, at: Any) -> None:
    message = {"role": "user", "content": "Hello", "timestamp": value}
    assert read_conversation({"id": "i", "messages": [message]}).times == (at,)


@pytest.mark.parametrize(
    "place",
    [
        {"metadata": {"createdAt": "2026-01-15T09:30:00Z"}},
        {"additional_kwargs": {"timestamp": SECONDS}},
        {"response_metadata": {"created_at": SECONDS}},
        {"create_time": SECONDS},
    ],
)
def test_time_is_read_from_where_frameworks_have_it(place: dict[str, Any]) -> None:
    message = {"role": "user", "content": "Hello", **place}
    assert read_conversation({"id": "i", "messages": [message]}).times == (START,)
