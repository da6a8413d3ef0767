"""Turns: events, their order and payloads, tools, and failures."""

from functions.triggers import dispatch_turns, run_turn
from shared.agents.turns.turn_run import MAX_ITERATIONS
from shared.llm.port import ModelAnswer, ModelFailed, ModelRequest, ToolCall
from tests.support.agents import new_session, say
from tests.support.gateway import Gateway
from tests.support.turns import (
    DISPATCH_TURNS,
    Model,
    Turns,
    answer_texts,
    answers,
    call,
    events,
    payloads,
    session,
    text,
    types,
)

PLAIN = [
    "input.message",
    "session.activated",
    "turn.started",
    "reason.started",
    "output.message.started",
    "output.message.completed",
    "llm.generation",
    "reason.completed",
    "turn.completed",
    "session.idled",
]
ACTING = ["act.started", "tool.started", "tool.completed", "act.completed"]


def test_message_is_answered_with_events_in_order(api: Gateway, session_id: str) -> None:
    turns = Turns()
    message = say(api, session_id, "Hello")

    assert turns.stream.deliver(DISPATCH_TURNS, dispatch_turns.handler) == 1
    [queued] = turns.queue.receive()
    run_turn.handler({"Records": [queued]}, None)

    found = events(api, session_id)
    assert [event["type"] for event in found] == PLAIN
    assert [event["sequence"] for event in found] == list(range(1, 11))
    assert answers(api, session_id) == [(message["id"], "You said: Hello")]


def test_events_of_a_turn_have_their_payloads(api: Gateway, session_id: str) -> None:
    message = say(api, session_id, "Hello")
    Turns(Model(text("Hi!", tokens=3))).run()

    found = {event["type"]: event for event in events(api, session_id)}
    turn_id = found["turn.started"]["data"]["turn_id"]
    started_data = {"turn_id": turn_id, "input_message_id": message["id"]}
    usage = {"input_tokens": 3, "output_tokens": 3}
    assert turn_id.startswith("turn_")
    assert found["input.message"]["data"]["message"]["content"] == message["content"]
    assert found["input.message"]["data"]["message"]["created_at"] == message["created_at"]
    assert found["session.activated"]["data"] == started_data
    assert found["turn.started"]["data"] == started_data
    assert found["reason.started"]["data"]["agent_id"].startswith("agent_")
    completed = found["output.message.completed"]["data"]
    assert completed["usage"] == usage
    assert completed["message"]["role"] == "agent"
    assert completed["message"]["content"] == [{"type": "text", "text": "Hi!"}]
    assert completed["metadata"] == {"model": "scripted"}
    generation = found["llm.generation"]["data"]
    assert generation["output"] == {"text": "Hi!", "tool_calls": []}
    assert generation["messages"] == []
    assert generation["metadata"] == {
        "model": "scripted",
        "provider": "scripted",
        "success": True,
        "duration_ms": generation["metadata"]["duration_ms"],
        "usage": usage,
    }
    reason = found["reason.completed"]["data"]
    assert (reason["success"], reason["has_tool_calls"]) == (True, False)
    assert reason["tool_call_count"] == 0
    ended = found["turn.completed"]["data"]
    assert (ended["turn_id"], ended["iterations"], ended["usage"]) == (turn_id, 1, usage)
    assert ended["duration_ms"] >= 0
    assert found["session.idled"]["data"]["turn_id"] == turn_id
    for name, event in found.items():
        if name != "input.message":
            assert event["context"] == started_data


def test_session_has_previews_and_usage_of_its_turns(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("a" * 300, tokens=2), text("short", tokens=5)))
    assert session(api, session_id)["status"] == "started"
    say(api, session_id, "First question")
    turns.run()
    first = session(api, session_id)
    say(api, session_id, "Second question")
    turns.run()
    second = session(api, session_id)

    assert (first["status"], first["preview"]) == ("idle", "First question")
    assert first["output_preview"] == "a" * 200
    assert first["usage"] == {"input_tokens": 2, "output_tokens": 2}
    assert first["started_at"] is not None
    assert second["output_preview"] == "short"
    assert second["preview"] == "First question"
    assert second["usage"] == {"input_tokens": 7, "output_tokens": 7}
    assert second["started_at"] == first["started_at"]
    assert second["finished_at"] is None


def test_session_is_active_during_a_turn(api: Gateway, session_id: str) -> None:
    seen: list[str] = []

    def look(_: ModelRequest) -> ModelAnswer:
        seen.append(session(api, session_id)["status"])
        return text("done")

    say(api, session_id, "Hello")
    Turns(Model(look)).run()

    assert seen == ["active"]
    assert session(api, session_id)["status"] == "idle"


def test_events_of_a_tool_call_are_between_two_model_calls(api: Gateway, session_id: str) -> None:
    say(api, session_id, "What is 6*7?")
    model = Model(call("calculator", expression="6*7"), text("It is 42."))
    Turns(model).run()

    found = events(api, session_id)
    assert [event["type"] for event in found] == [*PLAIN[:8], *ACTING, *PLAIN[3:]]
    by_type = {event["type"]: event["data"] for event in found}
    assert by_type["act.started"]["tool_calls"] == [{"id": "call_calculator", "name": "calculator"}]
    started, completed = by_type["tool.started"], by_type["tool.completed"]
    assert started["arguments"] == {"expression": "6*7"}
    assert (started["tool_call_id"], started["tool_name"]) == ("call_calculator", "calculator")
    assert started["tool_call"]["name"] == "calculator"
    assert (completed["success"], completed["status"]) == (True, "success")
    assert '"result":"42"' in completed["result"][0]["text"]
    assert by_type["act.completed"]["success_count"] == 1
    assert by_type["turn.completed"]["iterations"] == 2

    second = model.requests[1].messages
    assert [message.role for message in second] == ["user", "agent", "tool_result"]
    assert second[1].content[0]["arguments"] == {"expression": "6*7"}
    assert second[2].content[0]["result"] == {"expression": "6*7", "result": "42"}


def test_text_with_a_tool_call_is_a_message(api: Gateway, session_id: str) -> None:
    say(api, session_id, "What is 6*7?")
    model = Model(call("calculator", "Let me see.", expression="6*7"), text("42"))
    Turns(model).run()

    assert answer_texts(api, session_id) == ["Let me see.", "42"]
    listed = api("GET", f"/v1/sessions/{session_id}/messages").json["data"]
    assert [message["role"] for message in listed] == ["user", "agent", "tool_result", "agent"]
    assert [part["type"] for part in listed[1]["content"]] == ["text", "tool_call"]
    assert [part["type"] for part in model.requests[1].messages[1].content] == [
        "text",
        "tool_call",
    ]


def test_tool_call_without_text_is_a_message(api: Gateway, session_id: str) -> None:
    say(api, session_id, "What is 6*7?")
    model = Model(call("calculator", expression="6*7"), text("42"))
    Turns(model).run()

    listed = api("GET", f"/v1/sessions/{session_id}/messages").json["data"]
    assert [message["role"] for message in listed] == ["user", "agent", "tool_result", "agent"]
    part = {"id": "call_calculator", "name": "calculator", "arguments": {"expression": "6*7"}}
    assert listed[1]["content"] == [{"type": "tool_call", **part}]
    assert listed[2]["content"][0]["tool_call_id"] == "call_calculator"
    outputs = [one["output"] for one in payloads(api, session_id, "llm.generation")]
    assert outputs == [{"text": None, "tool_calls": [part]}, {"text": "42", "tool_calls": []}]
    second = model.requests[1].messages
    assert [[part["type"] for part in message.content] for message in second] == [
        ["text"],
        ["tool_call"],
        ["tool_result"],
    ]
    assert session(api, session_id)["output_preview"] == "42"


def test_generation_has_its_output_in_each_part_of_the_log(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    Turns(Model(text("Hi!"))).run()
    output = {"text": "Hi!", "tool_calls": []}
    for query in ("?types=llm.generation", "?after_sequence=6&limit=1", "?limit=4"):
        found = events(api, session_id, query)[0]
        assert (found["type"], found["data"]["output"]) == ("llm.generation", output)


def test_turn_continues_after_a_failed_tool_call(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Divide")
    model = Model(call("calculator", expression="1/0"), call("time_travel"), text("I cannot."))
    Turns(model).run()

    found = payloads(api, session_id, "tool.completed")
    assert [one["success"] for one in found] == [False, False]
    assert [one["error"] for one in found] == ["division by zero", "there is no tool 'time_travel'"]
    assert "result" not in found[0]
    assert types(api, session_id)[-2:] == ["turn.completed", "session.idled"]
    listed = api("GET", f"/v1/sessions/{session_id}/messages").json["data"]
    assert listed[2]["content"] == [
        {"type": "tool_result", "tool_call_id": "call_calculator", "error": "division by zero"}
    ]


def test_tool_calls_are_run_in_order_up_to_the_limit(api: Gateway, session_id: str) -> None:
    calls = tuple(
        ToolCall(f"c{number}", "calculator", {"expression": f"{number}+1"}) for number in range(22)
    )
    say(api, session_id, "Many")
    model = Model(ModelAnswer(text="", tool_calls=calls), text("done"))
    Turns(model).run()

    found = payloads(api, session_id, "tool.completed")
    assert [one["tool_call_id"] for one in found] == [f"c{number}" for number in range(22)]
    assert [one["success"] for one in found] == [True] * 20 + [False] * 2
    roles = [message.role for message in model.requests[1].messages]
    assert roles == ["user", "agent", "tool_result"]


def test_notes_belong_to_one_session(api: Gateway, session_id: str) -> None:
    turns = Turns()
    say(api, session_id, "Remember that my name is Ada")
    turns.run()
    say(api, session_id, "What is my name?")
    turns.run()
    assert answer_texts(api, session_id)[-1] == "key: name, value: Ada"

    other = new_session(api, agent_id=session(api, session_id)["agent_id"])["id"]
    say(api, other, "What is my name?")
    turns.run()
    assert answer_texts(api, other)[-1] == "That did not work: there is no note 'name'"


def test_model_gets_the_conversation_in_order(api: Gateway, session_id: str) -> None:
    model = Model(text("one"), text("two"), text("three"))
    turns = Turns(model)
    for words in ("first", "second"):
        say(api, session_id, words)
        turns.run()
    say(api, session_id, "third")
    say(api, session_id, "fourth")
    turns.run()

    def shown(number: int) -> list[str]:
        return [message.content[0]["text"] for message in model.requests[number].messages]

    assert shown(1) == ["first", "one", "second"]
    assert shown(2) == ["first", "one", "second", "two", "third"]
    assert shown(3) == ["first", "one", "second", "two", "third", "three", "fourth"]
    assert model.requests[0].system_prompt == "You are helpful."


def test_model_failure_fails_the_turn(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Hello")
    turns = Turns(Model(ModelFailed("Too many requests.", retryable=True), text("Hi")))
    turns.run()

    found = events(api, session_id)
    ending = ["reason.completed", "turn.failed", "session.idled"]
    assert [event["type"] for event in found] == [*PLAIN[:4], *ending]
    failed = found[-2]["data"]
    assert (failed["error"], failed["retryable"]) == ("Too many requests.", True)
    assert failed["error_code"] == "model_unavailable"
    assert session(api, session_id)["status"] == "idle"
    say(api, session_id, "Hello again")
    turns.run()
    assert answer_texts(api, session_id) == ["Hi"]


def test_turn_with_endless_tool_calls_fails(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Go on")
    model = Model(call("calculator", expression="1+1"))
    Turns(model).run()

    assert len(model.requests) == MAX_ITERATIONS
    failed = events(api, session_id)[-2]
    assert (failed["type"], failed["data"]["error_code"]) == ("turn.failed", "max_iterations")
    assert not failed["data"]["retryable"]


def test_turn_with_too_large_answer_fails(api: Gateway, session_id: str) -> None:
    say(api, session_id, "Everything, please")
    Turns(Model(text("x" * 450_000))).run()

    failed = events(api, session_id)[-2]
    assert (failed["type"], failed["data"]["error_code"]) == ("turn.failed", "answer_too_large")
