"""Model requests of turns: precedence of models, effort and tools."""

from dataclasses import replace

import pytest

from shared.core.backoff import Backoff
from shared.core.ids import ModelId
from shared.llm import openai
from shared.llm.port import ModelAnswer, ToolCall
from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.storage import forget_process_state
from tests.support.turns import Model, Turns, answer_texts, events, payloads, session, text


def new_registry(ids: dict[str, ModelId]) -> str:
    """Return a registry as the stack's parameter has it."""
    return ",".join(f"{identifier}=test/{name}" for name, identifier in ids.items())


@pytest.mark.parametrize("named_by", ["message", "session", "agent", "stack"])
def test_model_named_nearest_to_the_message_is_used(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, named_by: str
) -> None:
    levels = ["message", "session", "agent", "stack"]
    ids = {level: ModelId.new() for level in levels}
    monkeypatch.setenv("MODELS", new_registry(ids))
    monkeypatch.setenv("DEFAULT_MODEL_ID", str(ids["stack"]))
    forget_process_state()
    named = {level: str(ids[level]) for level in levels[levels.index(named_by) :]}
    agent = new_agent(api, default_model_id=named.get("agent"))
    opened = new_session(api, agent_id=agent["id"], model_id=named.get("session"))["id"]
    extra = {"controls": {"model_id": named["message"]}} if "message" in named else {}
    model = Model(text("ok"))
    turns = Turns(model)
    say(api, opened, "hi", **extra)
    turns.run()
    assert model.requests[-1].model == named_by


def test_later_default_model_of_agent_precedes_the_stacks(api: Gateway) -> None:
    agent = new_agent(api)
    opened = new_session(api, agent_id=agent["id"])["id"]
    body = {"default_model_id": str(SCRIPTED_MODEL_ID)}
    assert api("PATCH", f"/v1/agents/{agent['id']}", body).status == 200
    model = Model(text("ok"))
    turns = Turns(model)
    turns.context = replace(turns.context, default_model=ModelId.new())
    say(api, opened, "hi")
    turns.run()
    assert model.requests[0].model == "scripted"


def test_turn_with_removed_model_fails(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("ok")))
    turns.context = replace(turns.context, default_model=ModelId.new())
    say(api, session_id, "hi")
    turns.run()
    failed = events(api, session_id)[-2]["data"]
    assert (failed["error"], failed["error_code"]) == ("Model not found", "not_found")


def test_effort_is_passed_to_the_model(api: Gateway, session_id: str) -> None:
    model = Model(text("ok"))
    turns = Turns(model)
    say(api, session_id, "hi", controls={"reasoning": {"effort": "high"}})
    turns.run()
    assert model.requests[0].effort == "high"


@pytest.mark.parametrize(
    ("of_agent", "of_session", "tools"),
    [
        ([], [], []),
        (["calculator"], ["current_time", "calculator"], ["calculator", "current_time"]),
        (["unknown"], ["session_notes"], ["session_notes"]),
    ],
)
def test_tools_of_agent_precede_those_of_session(
    api: Gateway, of_agent: list[str], of_session: list[str], tools: list[str]
) -> None:
    agent = new_agent(api, capabilities=[{"ref": one} for one in of_agent])
    refs = [{"ref": one} for one in of_session]
    opened = new_session(api, agent_id=agent["id"], capabilities=refs)["id"]
    model = Model(text("ok"))
    turns = Turns(model)
    say(api, opened, "hi")
    turns.run()
    assert [tool.name for tool in model.requests[0].tools] == tools


def test_sessions_of_archived_agent_continue(api: Gateway, session_id: str) -> None:
    agent_id = session(api, session_id)["agent_id"]
    assert api("DELETE", f"/v1/agents/{agent_id}").status == 204
    say(api, session_id, "hi")
    Turns(Model(text("still here"))).run()
    assert answer_texts(api, session_id)[0] == "still here"


def test_turn_that_meets_a_dead_server_fails_with_what_was_tried(
    api: Gateway, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = ModelId.new()
    # Nothing listens on the first port.
    monkeypatch.setenv("MODELS", f"{identifier}=openai/qwen3@http://127.0.0.1:1/v1")
    monkeypatch.setenv("DEFAULT_MODEL_ID", str(identifier))
    monkeypatch.setattr(openai, "_RETRIES", Backoff(tries=4, first=0, longest=0))
    forget_process_state()
    say(api, session_id, "hi")
    Turns().run()

    failed = events(api, session_id)[-2]
    assert failed["type"] == "turn.failed"
    assert failed["data"]["error"] == (
        "The model at http://127.0.0.1:1 does not answer: 4 attempts in 0 s; "
        "last error: connection refused."
    )
    assert failed["data"]["error_code"] == "model_unavailable"
    assert failed["data"]["retryable"] is True


def test_model_is_told_that_its_call_cannot_be_read(api: Gateway, session_id: str) -> None:
    """The tool is not run with arguments that nobody gave."""
    unreadable = ToolCall("c1", "calculator", {}, "the arguments are not JSON")
    model = Model(ModelAnswer(text="", tool_calls=(unreadable,)), text("Sorry."))
    say(api, session_id, "Calculate")
    Turns(model).run()

    result = {"type": "tool_result", "tool_call_id": "c1", "error": "the arguments are not JSON"}
    assert model.requests[1].messages[-1].content == (result,)
    assert answer_texts(api, session_id) == ["Sorry."]


def test_answer_that_was_cut_says_so_in_its_generation(api: Gateway, session_id: str) -> None:
    say(api, session_id, "hi")
    Turns(Model(replace(text("It is f"), is_cut=True))).run()
    [generation] = payloads(api, session_id, "llm.generation")
    assert generation["metadata"]["finish_reasons"] == ["length"]
