"""Permission to invoke models, of each function that does, in a stack with a model."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import botocore.handlers
import pytest

from functions.triggers import dispatch_turns, expire_approvals, judge_evaluations, run_turn
from shared.llm.wiring import bedrock
from shared.secrets import store
from shared.simulation.target import TargetFailed
from tests.support import watch
from tests.support.agents import new_agent, new_session
from tests.support.agents import say as say_to_agent
from tests.support.chat_server import chat_server, completion
from tests.support.evaluations import new_entity, new_world
from tests.support.gateway import Gateway
from tests.support.policies import MODEL as NAME
from tests.support.policies import PARAMETER, PROFILE, SECRET
from tests.support.run_steps import SimulationRuns
from tests.support.storage import forget_process_state
from tests.support.turns import DISPATCH_TURNS, Turns
from tests.unit.playground.conversations import (
    URL,
    decide,
    open_awaiting_approval,
    open_overdue,
    open_session,
    say,
)

MODEL = f"model_{'a' * 32}"
READS_A_KEY = ("ssm:GetParameter", "secretsmanager:GetSecretValue")
MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)


@pytest.fixture(
    params=[NAME, PROFILE, PARAMETER, SECRET], ids=["model", "profile", "parameter", "secret"]
)
def with_a_model(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[], None]]:
    """Configure the stack with a model whose answer is fixed: of Bedrock, or of a server."""
    name = request.param

    def answered(said: dict[str, Any]) -> Callable[..., tuple[Any, dict[str, Any]]]:
        return lambda **_: (SimpleNamespace(status_code=200), said)

    def set_up() -> None:
        message = {"role": "assistant", "content": [{"text": "Hello"}]}
        usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
        said: dict[str, Any] = {
            "output": {"message": message},
            "stopReason": "end_turn",
            "usage": usage,
        }
        answers: dict[str, dict[str, Any]] = {
            "bedrock-runtime.Converse": said,
            "bedrock-runtime.ConverseStream": {"stream": _NoStream()},
            "secrets-manager.GetSecretValue": {"SecretString": "key"},
            "ssm.GetParameter": {"Parameter": {"Value": "key"}},
        }
        answering = [(f"before-call.{name}", answered(said)) for name, said in answers.items()]
        builtin = [*botocore.handlers.BUILTIN_HANDLERS, *answering]
        monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", builtin)
        of_server = f"openai/x@{server.url}#{name}"
        model = of_server if name in (PARAMETER, SECRET) else f"bedrock/{name}"
        monkeypatch.setenv("MODELS", f"{MODEL}={model}")
        for use in ("DEFAULT_MODEL_ID", "DRAFTER_MODEL", "JUDGE_MODEL", "PLAYGROUND_MODEL"):
            monkeypatch.setenv(use, MODEL)
        monkeypatch.setenv("SIMULATOR_MODEL", MODEL)
        # Each function is a process of its own, which reads the key.
        monkeypatch.setattr(store, "KEPT_SECONDS", 0.0)
        forget_process_state()
        bedrock.cache_clear()
        watch.asked.clear()

    kept = {name: set(asked) for name, asked in watch.asked.items()}
    with chat_server() as server:
        server.reply(completion("Hello"))
        yield set_up
    bedrock.cache_clear()
    for name, asked in kept.items():
        watch.asked[name] |= asked


class _NoStream(list[dict[str, Any]]):
    """Event stream of the SDK without an answer."""

    def close(self) -> None:
        pass


def _invoked_model(function: str, *, streams: bool = False) -> bool:
    """Return whether a function called Bedrock in its way, or read the key of its server."""
    suffix = "WithResponseStream" if streams else ""
    actions = {f"bedrock:InvokeModel{suffix}", *READS_A_KEY}
    return any(need.action in actions for need in watch.asked[function])


def test_functions_of_playground_sessions_may_invoke_the_model(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    talking, decided = open_session(api), open_awaiting_approval(api)
    read, traced, addressed, late, _ = (open_overdue(api) for _ in range(5))
    with_a_model()

    say(api, talking, "Hello")
    decide(api, decided, "deny")
    # Nobody listens to the turn after an overdue approval.
    say(api, addressed, "Hello")
    decide(api, late, "deny")
    api("GET", f"{URL}/{read}")
    api("GET", f"{URL}/{traced}/trace")
    expire_approvals.handler({}, MINUTE)

    for function in ("SendPlaygroundMessageFunction", "ResumePlaygroundSessionFunction"):
        assert _invoked_model(function, streams=True)
        assert _invoked_model(function)
    assert _invoked_model("GetPlaygroundSessionFunction")
    assert _invoked_model("GetPlaygroundTraceFunction")
    assert _invoked_model("ExpireApprovalsFunction")


def test_function_that_simulates_the_user_may_invoke_the_model(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    world = new_world(api)
    case = new_entity(api, "/testCases", testId=world.test, scenario="The order is 4711.")["id"]
    session = new_entity(api, "/sessions", versionId=world.version, testCaseId=case)["id"]
    with_a_model()

    api("POST", "/conversationSimulator/generateNextUserMessage", {"sessionId": session})

    assert _invoked_model("GenerateNextUserMessageFunction")


def test_function_that_judges_evaluations_may_invoke_the_model(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    world = new_world(api)
    of_case = {"versionId": world.version, "testCaseId": world.test_case}
    session = new_entity(api, "/sessions", **of_case)["id"]
    new_entity(api, "/inferenceResults", sessionId=session, input="When?", actualOutput="Now.")
    metric = new_entity(api, "/metrics", name="Polite", judgePrompt="It is polite.")["id"]
    body = {"sessionId": session, "metrics": [{"id": metric}]}
    [evaluation] = api("POST", "/evaluations/fromSession", body).json
    with_a_model()

    detail = {"organization_id": str(api.organization_id), "evaluation_id": evaluation["id"]}
    message = {
        "body": json.dumps({"detail": detail}),
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    judge_evaluations.handler({"Records": [message]}, None)

    assert _invoked_model("JudgeEvaluationsFunction")


def test_function_that_runs_turns_may_invoke_the_model(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    session = new_session(api, agent_id=new_agent(api)["id"])["id"]
    say_to_agent(api, session, "Hello")
    with_a_model()

    turns = Turns()
    assert turns.stream.deliver(DISPATCH_TURNS, dispatch_turns.handler) == 1
    run_turn.handler({"Records": turns.queue.receive()}, None)

    assert _invoked_model("RunTurnFunction", streams=True)


def _new_run(api: Gateway, target: dict[str, Any]) -> str:
    """Start a run whose user and judge are played by the model."""
    criterion = {"description": "The agent is polite.", "output_type": "boolean"}
    body = {"name": "Late", "intent": "Where is it?", "success_criteria": [criterion]}
    scenario = api("POST", "/v1/scenarios", body).json["id"]
    models = {"user_model": MODEL, "judge_model": MODEL}
    fields = {"target": target, "scenario_ids": [scenario], "max_turns": 2}
    run: str = api("POST", "/v1/runs", fields | models).json["id"]
    return run


def test_functions_of_runs_may_invoke_the_models_of_users_and_judges(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    with_a_model()
    run = _new_run(api, {"relay": True})
    simulation_runs = SimulationRuns()

    simulation_runs.work()
    turns = f"/v1/runs/{run}/simulations/0/turns"
    assert api("POST", turns, {"turn": 1, "message": "Hello"}).status == 200
    api("POST", turns, {"turn": 2, "message": "Bye"})
    simulation_runs.run()

    assert _invoked_model("RelaySimulationTurnFunction")
    assert _invoked_model("RunSimulationFunction")


def test_function_that_runs_simulations_may_invoke_the_model_of_workflows(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    with_a_model()
    _new_run(api, {"catalog_slug": "order-status"})

    with suppress(TargetFailed):  # the stream of Bedrock has no answer
        SimulationRuns().run()

    assert _invoked_model("RunSimulationFunction", streams=True)


def test_function_that_drafts_scenarios_may_invoke_the_model(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    session = open_session(api)
    say(api, session, "Where is my order?")
    with_a_model()

    api("POST", "/v1/scenarios/draft-from-session", {"session_id": session})

    assert _invoked_model("DraftScenarioFromSessionFunction")
