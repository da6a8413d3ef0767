"""Agent nodes played by a language model, a fake one: what it is told, and what its answers do."""

import time
from collections.abc import Callable
from dataclasses import replace
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
from shared.playground import events
from shared.playground.engine import Message, Ran, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_state import State
from shared.playground.engine_turn import Surroundings, TurnFailed
from shared.playground.graph import Graph
from shared.playground.mock_world import MockWorld
from shared.playground.model_agent import SET_VARIABLES, ModelAgent
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state
from tests.support.walks import NOW
from tests.unit.playground.conversations import opened, read, say

GRAPH = Graph.model_validate(
    {
        "name": "Parcels",
        "entry_node_id": "ask",
        "persona": "You are Sam of the parcel desk.",
        "context_variables": [
            {"name": "parcel", "type": "string", "description": "The parcel's number"},
            {"name": "pieces", "type": "int", "description": "How many pieces"},
            {"name": "grams", "type": "int", "description": "Its weight"},
        ],
        "nodes": [
            {
                "id": "ask",
                "type": "agent",
                "instructions": "Find out which parcel it is.",
                "required_writes": ["parcel", "pieces"],
                "tools": [
                    {
                        "kind": "api", "id": "w", "slug": "weigh.it",
                        "output_bindings": {"grams": "g"},
                    }
                ],
            },
            {
                "id": "tell", "type": "action", "failure_message": "Sorry.",
                "steps": [{"id": "s", "kind": "speak", "text": "{{parcel}}: {{grams}} g"}],
            },
            {
                "id": "more", "type": "agent", "instructions": "Ask for the colour.",
                "required_writes": ["colour"],
            },
        ],
        "edges": [{"from": "ask", "to": "tell"}, {"from": "tell", "to": "more"}],
        "mock_world": {"weigh.it": {"output": {"g": 500}}},
    }
)  # fmt: skip


class FakeModel:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self, *answers: ModelAnswer | ModelFailed) -> None:
        self.answers = list(answers)
        self.asked: list[ModelRequest] = []

    def answer(self, request: ModelRequest) -> ModelAnswer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, ModelFailed):
            raise answer
        return answer


def says(text: str, *calls: tuple[str, dict[str, Any]]) -> ModelAnswer:
    return ModelAnswer(
        text=text,
        tool_calls=tuple(ToolCall(f"t{n}", name, args) for n, (name, args) in enumerate(calls)),
    )


def turn(
    model: LanguageModel, monotonic: Callable[[], float] = time.monotonic, **state: Any
) -> Ran:
    agent = ModelAgent(model, "a-model", lambda: (("user", "Hello"), ("agent", "Hi")), monotonic)
    around = Surroundings(agent=agent, tools=MockWorld(GRAPH.mock_world), now=NOW)
    before = replace(State(node_id="ask"), **state)
    return run_turn(RunnableGraph.of(GRAPH), before, Message("It is P7, two pieces"), around)


def texts(messages: tuple[ChatMessage, ...]) -> list[tuple[str, str]]:
    return [(m.role, p["text"]) for m in messages for p in m.content if p["type"] == "text"]


def test_given_a_model_then_it_sets_variables_calls_tools_and_hears_what_came_of_it() -> None:
    model = FakeModel(
        says("Let me see.", (SET_VARIABLES, {"parcel": "P7", "pieces": "two"}), ("weigh_it", {})),
        says("", (SET_VARIABLES, {"pieces": 2})),
        says("Which colour is it?"),
    )

    ran = turn(model)

    assert ran.reply == "Let me see.\nP7: 500 g\nWhich colour is it?"
    assert ran.state.variables == {"parcel": "P7", "grams": 500, "pieces": 2}
    assert (ran.state.node_id, ran.state.completed) == ("more", ("ask", "tell"))
    first, second, third = model.asked
    assert texts(first.messages) == [
        ("user", "Hello"), ("agent", "Hi"), ("user", "It is P7, two pieces")
    ]  # fmt: skip
    assert "You are Sam of the parcel desk." in first.system_prompt
    assert "Find out which parcel it is." in first.system_prompt
    assert "- parcel (string; still needed): The parcel's number" in first.system_prompt
    assert [tool.name for tool in first.tools] == [SET_VARIABLES, "weigh_it"]
    assert first.tools[0].parameters["properties"]["pieces"]["type"] == "integer"
    assert second.messages[-1].content == (
        {
            "type": "tool_result",
            "tool_call_id": "t0",
            "result": {"set": ["parcel"], "refused": {"pieces": "a text is no whole number"}},
        },
        {"type": "tool_result", "tool_call_id": "t1", "result": {"g": 500}},
    )
    assert texts(third.messages)[-3:] == [
        ("agent", "Let me see."), ("agent", "P7: 500 g"), ("user", "(Go on with your step.)")
    ]  # fmt: skip
    assert "- grams: 500" in third.system_prompt


def test_given_a_model_that_only_asks_then_its_words_are_the_reply() -> None:
    ran = turn(FakeModel(says("Which {{parcel}}?")))

    assert ran.reply == "Which {{parcel}}?"
    assert ran.state.asked == {"parcel": 1}


def test_given_a_model_that_calls_what_is_not_there_then_it_is_told() -> None:
    model = FakeModel(says("", ("rm", {"x": 1})), says("Which parcel?"))

    turn(model)

    [result] = model.asked[1].messages[-1].content
    assert result["error"] == "this node has no such tool"


@pytest.mark.parametrize(
    ("answer", "retryable"),
    [
        (ModelFailed("Throttled.", retryable=True), True),
        (ModelFailed("Not yours.", retryable=False), False),
        (says(" "), True),
    ],
)
def test_given_a_model_without_an_answer_then_the_turn_fails(
    answer: ModelAnswer | ModelFailed, retryable: bool
) -> None:
    with pytest.raises(TurnFailed) as failed:
        turn(FakeModel(answer))

    assert failed.value.code == "node_execution_failed: agent_failed"
    assert failed.value.retryable is retryable


def test_given_no_time_left_then_the_model_is_not_asked() -> None:
    times = iter([0.0, 100.0])
    model = FakeModel()

    with pytest.raises(TurnFailed) as failed:
        turn(model, monotonic=lambda: next(times))

    assert (failed.value.message, failed.value.retryable) == ("The model took too long.", True)
    assert model.asked == []


def test_given_bedrock_then_the_conversation_is_in_the_form_of_converse() -> None:
    sent: list[dict[str, Any]] = []
    answers = [
        {"toolUse": {"toolUseId": "u1", "name": SET_VARIABLES,
                     "input": {"parcel": "P7", "pieces": 2}}},
        {"text": "Which colour?"},
    ]  # fmt: skip

    class Client:
        def converse(self, **arguments: Any) -> dict[str, Any]:
            sent.append(arguments)
            content = [answers[len(sent) - 1]]
            return {"output": {"message": {"role": "assistant", "content": content}}}

    ran = turn(BedrockModel(Client()))

    assert ran.reply.endswith("Which colour?")
    assert events.CONTEXT_SET in [event.type for event in ran.events]
    for arguments in sent:
        roles = [message["role"] for message in arguments["messages"]]
        assert roles[0] == roles[-1] == "user"
        assert all(one != other for one, other in pairwise(roles))
    assert sent[0]["modelId"] == "a-model"
    assert sent[0]["toolConfig"]["tools"][0]["toolSpec"]["name"] == SET_VARIABLES


@pytest.mark.parametrize("identifier", ["model_" + "f" * 32, "nonsense"])
def test_given_a_model_that_is_not_there_then_no_script_takes_its_place(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, identifier: str
) -> None:
    session = opened(api)
    monkeypatch.setenv("PLAYGROUND_MODEL", identifier)
    forget_process_state()

    answer = say(api, session, "Hi")

    assert (answer.status, answer.json["error"]) == (503, "model_unavailable")
    assert read(api, session)["step_count"] == 0
