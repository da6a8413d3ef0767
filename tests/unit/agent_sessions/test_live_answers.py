"""Live answers: the text of a running turn in the stream of its session, and its cancel."""

from typing import Any

import pytest

from shared.core.ids import EventId, SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.sessions.documents import session_key
from shared.storage.table import Table, table
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.turns import Clock, Model, Turns, answer_texts, call, events, types
from tests.unit.agent_sessions.live_answers import DELTA, WORDS, Frames, live_items, stream, writing


def test_stream_has_the_text_as_it_grows_and_the_log_has_none(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    last_id = ""
    seen: Frames = []

    def look(_: int) -> None:
        nonlocal last_id
        query = f"?since_id={last_id}" if last_id else ""
        for event in stream(api, session_id, query):
            seen.append(event)
            last_id = event["id"]

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()
    look(0)

    deltas = [event for event in seen if event["type"] == DELTA]
    # The first look found events; the second registered the listener.
    assert [one["data"]["delta"] for one in deltas] == ["One two three", " four"]
    assert [one["data"]["accumulated"] for one in deltas] == WORDS[2:]
    assert [one for one in seen if one["type"] != DELTA] == events(api, session_id)
    assert [one["id"] for one in seen] == sorted({one["id"] for one in seen})
    assert DELTA not in types(api, session_id)
    assert "text#live" not in live_items(session_id)


def test_delta_is_a_complete_event_behind_the_last_one(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    found: Frames = []
    since = ""

    def look(number: int) -> None:
        nonlocal since
        since = since or events(api, session_id)[-1]["id"]
        found.extend(stream(api, session_id, f"?since_id={since}"))

    said = say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    last = events(api, session_id, f"?around={since}&window=1")[1]
    assert last["id"] == since
    assert set(last) == set(found[0])
    assert found[0]["sequence"] == last["sequence"]
    assert found[0]["context"] == last["context"]
    assert found[0]["context"]["input_message_id"] == said["id"]
    assert found[0]["data"]["turn_id"] == last["data"]["turn_id"]


def test_delta_ids_are_accepted_wherever_an_event_id_is(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    deltas: Frames = []

    def look(_: int) -> None:
        last = events(api, session_id)[-1]["id"]
        deltas.extend(stream(api, session_id, f"?since_id={last}"))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()
    log = events(api, session_id)
    behind = [one for one in log if one["sequence"] > deltas[-1]["sequence"]]

    identifier = deltas[-1]["id"]
    assert events(api, session_id, f"?since_id={identifier}") == behind
    assert stream(api, session_id, f"?since_id={identifier}") == behind
    other = new_session(api)["id"]
    assert api("GET", f"/v1/sessions/{other}/sse?since_id={identifier}").status == 400
    assert EventId.parse(identifier).uuid.version == 8


def test_message_during_a_turn_does_not_repeat_the_text(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    """The answer with the message's event ends in an id that still has the offset."""
    seen: Frames = []

    def read() -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    def look(number: int) -> None:
        read()
        if number == 2 and len(seen) == 2:
            say(api, session_id, "And five?")
            read()

    say(api, session_id, "Count")
    turns = Turns(writing(clock, look), clock)
    turns.deliver(*turns.triggers()[:1])

    assert [(one["type"], one["data"].get("delta")) for one in seen[:5]] == [
        (DELTA, "One two"),
        (DELTA, " three"),
        ("input.message", None),
        (DELTA, ""),
        (DELTA, " four"),
    ]
    assert [one["id"] for one in seen] == sorted({one["id"] for one in seen})


def test_unseen_text_of_a_second_model_call_begins_at_its_start(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    seen: Frames = []

    def look(_: int) -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    first, second = (writing(clock, look, *words) for words in (["A", "Abc"], ["X", "Xyz"]))

    def calls(request: ModelRequest) -> ModelAnswer:
        first.answer(request)
        return call("current_time", "Abc")

    say(api, session_id, "Count")
    Turns(Model(calls, second.answer), clock).run()

    assert [one["data"]["delta"] for one in seen if one["type"] == DELTA] == ["Abc", "X", "yz"]


def test_run_that_takes_a_turn_over_starts_the_text_anew(
    api: Gateway, session_id: str, clock: Clock
) -> None:
    seen: Frames = []

    def look(_: int) -> None:
        last = seen[-1]["id"] if seen else events(api, session_id)[-1]["id"]
        seen.extend(stream(api, session_id, f"?since_id={last}"))

    def dies(number: int) -> None:
        look(number)
        if number == 1:
            raise SystemExit

    say(api, session_id, "Count")
    turns = Turns(writing(clock, dies, "Old", "Old text"), clock)
    entries = turns.triggers()
    with pytest.raises(SystemExit):
        turns.deliver(*entries)
    turns.context = Turns(writing(clock, look, "New", "New text"), clock).context
    turns.deliver(*entries)

    deltas = [one for one in seen if one["type"] == DELTA]
    assert [one["data"]["delta"] for one in deltas] == ["Old text", "New", " text"]
    assert len({one["id"] for one in deltas}) == 3


def test_excluded_deltas_leave_no_listener(api: Gateway, session_id: str, clock: Clock) -> None:
    def look(_: int) -> None:
        for query in (f"?exclude={DELTA}", "?types=turn.failed"):
            assert DELTA not in [one["type"] for one in stream(api, session_id, query)]

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert live_items(session_id) == {}


def test_two_listeners_see_the_same_text(api: Gateway, session_id: str, clock: Clock) -> None:
    seen: list[tuple[Frames, Frames]] = []

    def look(_: int) -> None:
        query = f"?since_id={events(api, session_id)[-1]['id']}"
        seen.append((stream(api, session_id, query), stream(api, session_id, query)))

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert all(one == other for one, other in seen)
    assert [len(one) for one, _ in seen] == [0, 1, 1, 1]


# ----------------------------------------------------------------------------- cancel
@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_cancel_and_delete_stop_the_models_stream(
    api: Gateway, session_id: str, clock: Clock, way: str
) -> None:
    written: list[int] = []

    def look(number: int) -> None:
        written.append(number)
        if number < 2:
            stream(api, session_id, f"?since_id={events(api, session_id)[-1]['id']}")
        elif way == "cancel":
            assert api("POST", f"/v1/sessions/{session_id}/cancel", {}).status == 200
        else:
            assert api("DELETE", f"/v1/sessions/{session_id}").status == 204

    say(api, session_id, "Count")
    Turns(writing(clock, look), clock).run()

    assert written == [0, 1, 2]
    assert "text#live" not in live_items(session_id)
    if way == "cancel":
        assert types(api, session_id)[-2:] == ["turn.cancelled", "session.idled"]
        assert answer_texts(api, session_id) == []


def test_older_copy_of_the_session_does_not_stop_the_turn(
    api: Gateway, session_id: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An eventually consistent read may return the session as it was before the turn."""
    say(api, session_id, "Count")
    key = session_key(api.organization_id, SessionId.parse(session_id))
    before = table().get(key)
    looks: list[int] = []

    get_many = Table.get_many

    def older(table: Table, keys: Any, **options: Any) -> Any:
        if options.get("consistent", True):  # the session and its agent, at the start
            return get_many(table, keys, **options)
        looks.append(1)
        return {key: before}

    monkeypatch.setattr(Table, "get_many", older)
    Turns(writing(clock, lambda _: None), clock).run()

    assert len(looks) == len(WORDS)
    assert answer_texts(api, session_id) == [WORDS[-1]]
