"""Forks for other readers: streams, transcripts and drafts; and forks of unusual sessions."""

import pytest

from shared.agents.transcript import AGENT_TRANSCRIPT
from shared.core.errors import NotFound
from shared.core.ids import SessionId
from shared.sessions.domain import SessionKind
from shared.sessions.transcript import Transcript
from shared.sessions.transcript_reader import TranscriptReader
from shared.storage.table import table
from tests.support.agents import say
from tests.support.forks import converse, delete, fork, log
from tests.support.gateway import Gateway
from tests.support.imports import body_of, deliver, known
from tests.support.turns import BEGUN, Model, Turns, answer_texts, events, session, text, types
from tests.unit.agent_sessions.client_tools import MIXED, accepted, result, session_with_tools


def transcript(api: Gateway, identifier: str, **limits: int) -> Transcript:
    reader = TranscriptReader(table(), [AGENT_TRANSCRIPT], **limits)
    return reader.read(api.organization_id, SessionId.parse(identifier).uuid)


def test_transcript_of_a_fork_is_that_of_its_log(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    whole = transcript(api, session_id)
    forked = fork(api, fork(api, session_id, 20), 20)
    assert transcript(api, forked).entries[:3] == whole.entries[:3]
    forked = fork(api, session_id, len(events(api, session_id)))
    assert transcript(api, forked) == whole

    cut = transcript(api, forked, head_bytes=1500, tail_bytes=1500)
    assert cut.events_left_out > 0
    assert cut.entries[: cut.gap_at] == whole.entries[: cut.gap_at]
    assert cut.entries[-1] == whole.entries[-1]
    delete(api, forked)
    with pytest.raises(NotFound):
        transcript(api, forked)


def test_draft_from_a_fork_is_that_from_its_origin(api: Gateway, session_id: str) -> None:
    converse(api, session_id)
    forked = fork(api, session_id, len(events(api, session_id)))
    drafts = [
        api("POST", "/v1/scenarios/draft-from-session", {"session_id": one})
        for one in (session_id, forked)
    ]
    assert drafts[0].status == 200
    assert drafts[0].text.replace(session_id, forked) == drafts[1].text


def test_stream_of_a_fork_has_the_shared_events(api: Gateway, answered_session: str) -> None:
    forked = fork(api, answered_session, 10)
    third = events(api, forked)[2]["id"]
    stream = api("GET", f"/v1/sessions/{forked}/sse?since_id={third}").text
    assert [line for line in stream.splitlines() if line.startswith("id: ")] == [
        f"id: {event['id']}" for event in events(api, forked)[3:]
    ]


def test_fork_of_a_turn_that_waits_for_its_client_ends_that_turn(api: Gateway) -> None:
    origin = session_with_tools(api, "get_weather", "get_news")
    say(api, origin, "What is new?")
    Turns(Model(MIXED, text("It rains."))).run()
    last = len(events(api, origin))
    forks = [fork(api, origin, at) for at in (last, last - 1)]

    assert accepted(api, origin, result("c1", 18), result("c3", "none")) == "active"
    for number, forked in enumerate(forks):
        own = events(api, forked)[last - number :]
        assert [event["type"] for event in own] == [
            "tool.completed",
            "tool.completed",
            "turn.cancelled",
            "session.idled",
        ]
        assert [event["data"]["tool_call_id"] for event in own[:2]] == ["c1", "c3"]
        assert session(api, forked)["status"] == "idle"
    turns = Turns(Model(text("Again")))
    turns.run()
    say(api, forks[0], "And now?")
    turns.run()
    assert answer_texts(api, forks[0]) == ["One moment.", "Again"]
    assert log(api, origin)[-1]["type"] == "session.idled"


def test_fork_within_a_turn_answers_the_messages_that_wait_behind_it(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "First")
    say(api, session_id, "Second")
    turns = Turns(Model(text("One"), text("Two"), text("Fork")))
    turns.run()
    within = len(["First", *BEGUN, "Second"])
    forked = fork(api, session_id, within)
    turns.run()
    assert answer_texts(api, forked) == ["Fork"]
    assert types(api, forked)[within : within + 2] == ["turn.cancelled", "session.idled"]


def test_imported_session_is_forked_and_goes_on(api: Gateway) -> None:
    known(api)
    messages = [
        {"role": role, "content": f"{role} {number}"}
        for number in range(2)
        for role in ("user", "assistant")
    ]
    messages.append({"role": "user", "content": "unanswered"})
    value = {"id": "conversation-1", "messages": messages}
    assert deliver(body_of(api.organization_id, SessionKind.AGENT, value)) == []
    origin = api("GET", "/v1/sessions").json["data"][0]["id"]
    forks = {at: fork(api, origin, at) for at in range(6)}
    model = Model(text("new"))
    Turns(model).run()
    answered = {at: answer_texts(api, one) for at, one in forks.items()}
    assert answered == {
        0: [],
        1: ["new"],
        2: ["assistant 0"],
        3: ["assistant 0", "new"],
        4: ["assistant 0", "assistant 1"],
        5: ["assistant 0", "assistant 1", "new"],
    }
    assert session(api, forks[0])["started_at"] is None
