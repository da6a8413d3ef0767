"""Model agent with a fake language model: its requests, and the effects of its answers."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from shared.llm.bedrock import BedrockModel
from shared.llm.port import (
    ChatMessage,
    LanguageModel,
    ModelAnswer,
    ModelFailed,
    ModelRequest,
    ToolCall,
)
from shared.playground.engine import events
from shared.playground.engine.engine import TurnResult
from shared.playground.engine.turn import TurnFailed
from shared.playground.speakers.model import SET_VARIABLES, ModelAgent
from tests.support.fakes import FakeAnswers
from tests.support.gateway import Gateway
from tests.support.node_graphs import agent, edge, graph, variable
from tests.support.node_graphs import says as node_says
from tests.support.storage import forget_process_state
from tests.support.walks import Conversation
from tests.unit.playground.conversations import open_session, read, say

WEIGH = {"kind": "api", "id": "w", "slug": "weigh.it", "output_bindings": {"grams": "g"}}
GRAPH = graph(
    [
        agent(
            "ask", "parcel", "pieces", instructions="Find out which parcel it is.", tools=[WEIGH]
        ),
        node_says("tell", "{{parcel}}: {{grams}} g"),
        agent("more", "color"),
    ],
    [edge("ask", "tell"), edge("tell", "more")],
    [variable("parcel"), variable("pieces", "int"), variable("grams", "int")],
    persona="You are Sam of the parcel desk.",
    mock_world={"weigh.it": {"output": {"g": 500}}},
)

type FakeModel = FakeAnswers[ModelRequest, ModelAnswer]


def says(text: str, *calls: tuple[str, dict[str, Any]]) -> ModelAnswer:
    return ModelAnswer(
        text=text,
        tool_calls=tuple(ToolCall(f"t{n}", name, args) for n, (name, args) in enumerate(calls)),
    )


def turn(model: LanguageModel, monotonic: Callable[[], float] = time.monotonic) -> TurnResult:
    agent = ModelAgent(model, "a-model", lambda: (("user", "Hello"), ("agent", "Hi")), monotonic)
    return Conversation.on(GRAPH, agent=agent).say("It is P7, two pieces")


UNREADABLE = ToolCall("t9", SET_VARIABLES, {}, "the arguments are not JSON")


def test_model_is_told_that_its_call_cannot_be_read() -> None:
    model: FakeModel = FakeAnswers(
        ModelAnswer(text="", tool_calls=(UNREADABLE,)),
        says("", (SET_VARIABLES, {"parcel": "P7", "pieces": 2}), ("weigh_it", {})),
        says("Which color is it?"),
    )

    result = turn(model)

    assert result.state.variables["parcel"] == "P7"
    told = model.requests[1].messages[-1].content
    assert told == (
        {"type": "tool_result", "tool_call_id": "t9", "error": "the arguments are not JSON"},
    )


def test_call_that_cannot_be_read_does_not_stop_the_others() -> None:
    readable = says("", (SET_VARIABLES, {"parcel": "P7"}), ("weigh_it", {}))
    model: FakeModel = FakeAnswers(
        ModelAnswer(text="", tool_calls=(UNREADABLE, *readable.tool_calls)),
        says("", (SET_VARIABLES, {"pieces": 2})),
        says("Which color is it?"),
    )
    turn(model)
    first, *others = model.requests[1].messages[-1].content
    assert first["error"] == "the arguments are not JSON"
    assert [part["tool_call_id"] for part in others] == ["t0", "t1"]


def test_model_whose_calls_are_never_readable_fails() -> None:
    answer = ModelAnswer(text="", tool_calls=(UNREADABLE,))
    model: FakeModel = FakeAnswers(answer, answer, answer)
    with pytest.raises(TurnFailed, match="cannot be read"):
        turn(model)


def texts(messages: tuple[ChatMessage, ...]) -> list[tuple[str, str]]:
    return [(m.role, p["text"]) for m in messages for p in m.content if p["type"] == "text"]


def test_model_sets_variables_calls_tools_and_receives_results() -> None:
    model: FakeModel = FakeAnswers(
        says("Let me see.", (SET_VARIABLES, {"parcel": "P7", "pieces": "two"}), ("weigh_it", {})),
        says("", (SET_VARIABLES, {"pieces": 2})),
        says("Which color is it?"),
    )

    result = turn(model)

    assert result.reply == "Let me see.\nP7: 500 g\nWhich color is it?"
    assert result.state.variables == {"parcel": "P7", "grams": 500, "pieces": 2}
    assert (result.state.node_id, result.state.completed) == ("more", ("ask", "tell"))
    first, second, third = model.requests
    assert texts(first.messages) == [
        ("user", "Hello"), ("agent", "Hi"), ("user", "It is P7, two pieces")
    ]  # fmt: skip
    assert "You are Sam of the parcel desk." in first.system_prompt
    assert "Find out which parcel it is." in first.system_prompt
    assert "- parcel (string; still needed): the parcel" in first.system_prompt
    assert [tool.name for tool in first.tools] == [SET_VARIABLES, "weigh_it"]
    assert first.tools[0].parameters["properties"]["pieces"]["type"] == "integer"
    assert second.messages[-1].content == (
        {
            "type": "tool_result",
            "tool_call_id": "t0",
            "result": {
                "set": ["parcel"],
                "refused": {"pieces": "must be an integer, not a string"},
            },
        },
        {"type": "tool_result", "tool_call_id": "t1", "result": {"g": 500}},
    )
    assert texts(third.messages)[-3:] == [
        ("agent", "Let me see."), ("agent", "P7: 500 g"), ("user", "(Go on with your step.)")
    ]  # fmt: skip
    assert "- grams: 500" in third.system_prompt


def test_question_of_model_is_the_reply() -> None:
    result = turn(FakeAnswers(says("Which {{parcel}}?")))

    assert result.reply == "Which {{parcel}}?"
    assert result.state.ask_counts == {"parcel": 1}


def test_unknown_tool_call_returns_error_to_model() -> None:
    model: FakeModel = FakeAnswers(says("", ("rm", {"x": 1})), says("Which parcel?"))

    turn(model)

    [part] = model.requests[1].messages[-1].content
    assert part["error"] == "this node has no such tool"


@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        (ModelFailed("Throttled.", retryable=True), True),
        (ModelFailed("Not yours.", retryable=False), False),
        (says(" "), True),
    ],
)
def test_model_without_answer_fails_the_turn(
    answer: ModelAnswer | ModelFailed, retryable: bool
) -> None:
    with pytest.raises(TurnFailed) as failed:
        turn(FakeAnswers(answer))

    assert failed.value.code == "node_execution_failed: agent_failed"
    assert failed.value.retryable is retryable


def test_model_is_not_called_after_time_limit() -> None:
    times = iter([0.0, 100.0])
    model: FakeModel = FakeAnswers()

    with pytest.raises(TurnFailed) as failed:
        turn(model, monotonic=lambda: next(times))

    assert (failed.value.message, failed.value.retryable) == ("The model took too long.", True)
    assert model.requests == []


def test_bedrock_receives_conversation_in_converse_format() -> None:
    sent: list[dict[str, Any]] = []
    answers = [
        {"toolUse": {"toolUseId": "u1", "name": SET_VARIABLES,
                     "input": {"parcel": "P7", "pieces": 2}}},
        {"text": "Which color?"},
    ]  # fmt: skip

    class Client:
        def converse(self, **arguments: Any) -> dict[str, Any]:
            sent.append(arguments)
            content = [answers[len(sent) - 1]]
            return {"output": {"message": {"role": "assistant", "content": content}}}

    result = turn(BedrockModel(Client()))

    assert result.reply.endswith("Which color?")
    assert events.CONTEXT_SET in [event.type for event in result.events]
    for arguments in sent:
        roles = [message["role"] for message in arguments["messages"]]
        assert roles[0] == roles[-1] == "user"
        assert all(one != other for one, other in pairwise(roles))
    assert sent[0]["modelId"] == "a-model"
    assert sent[0]["toolConfig"]["tools"][0]["toolSpec"]["name"] == SET_VARIABLES


@pytest.mark.parametrize("identifier", ["model_" + "f" * 32, "nonsense"])
def test_unavailable_model_is_not_replaced_by_script(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, identifier: str
) -> None:
    session = open_session(api)
    monkeypatch.setenv("PLAYGROUND_MODEL", identifier)
    forget_process_state()

    answer = say(api, session, "Hi")

    assert (answer.status, answer.json["error"]) == (503, "model_unavailable")
    assert read(api, session)["step_count"] == 0
