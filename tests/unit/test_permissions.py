"""Permissions and variables of each function: given by the template as far as needed.

Every test that hands an event to a function checks them too (tests/support/watch.py). Here are
the requests that no other test makes, and the tests of the check itself.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import botocore.handlers
import pytest

from functions.triggers import (
    dispatch_turns,
    expire_approvals,
    judge_evaluations,
    run_turn,
)
from shared.core.settings import settings
from shared.llm.wiring import bedrock
from shared.secrets import store
from shared.simulation.target import TargetFailed
from shared.storage.records import Key, Record
from shared.storage.table import table
from shared.storage.transactions import Create, Delete, transact
from tests.support import watch
from tests.support.agents import new_agent, new_session
from tests.support.agents import say as say_to_agent
from tests.support.chat_server import chat_server, completion
from tests.support.evaluations import new_entity, new_world
from tests.support.gateway import Gateway
from tests.support.policies import MODEL as NAME
from tests.support.policies import PARAMETER, PROFILE, SECRET, Need, grants, handlers, needs
from tests.support.run_steps import SimulationRuns
from tests.support.storage import IMPORTS, TABLE, forget_process_state
from tests.support.turns import DISPATCH_TURNS, Turns
from tests.support.watch import NotGiven, running, unused_grants
from tests.unit.playground.conversations import (
    URL,
    decide,
    open_awaiting_approval,
    open_overdue,
    open_session,
    say,
)

TABLE_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/Table"
MODEL = f"model_{'a' * 32}"
INVOKES_MODEL = Need("bedrock:InvokeModel", f"arn:aws:bedrock:eu-west-1::foundation-model/{NAME}")
INVOKES_PROFILE = Need("bedrock:InvokeModel", PROFILE)
STREAMS_MODEL = replace(INVOKES_MODEL, action="bedrock:InvokeModelWithResponseStream")
READS_PARAMETER = Need(
    "ssm:GetParameter", f"arn:aws:ssm:eu-west-1:123456789012:parameter{PARAMETER}"
)
READS_SECRET = Need("secretsmanager:GetSecretValue", SECRET)
MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)


# ---------------------------------------------------------------------------- the check
def test_request_without_permission_fails_the_test(dynamodb_table: Any) -> None:
    sentence = (
        f"HealthFunction needs dynamodb:GetItem on {TABLE_ARN}, "
        "which LogOnlyRole in template.yaml does not allow"
    )
    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        table().get(Key("p", "s"))
    assert str(failed.value) == sentence


def test_endpoint_without_permission_fails_the_test(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an account the answer would be an error 500."""
    monkeypatch.setattr(watch, "grants", lambda function: frozenset())

    with pytest.raises(NotGiven, match="CreateAgentFunction needs dynamodb:PutItem"):
        api("POST", "/v1/agents", {"name": "Ada", "system_prompt": "You help."})


def test_write_of_another_kind_of_key_fails_the_test(dynamodb_table: Any) -> None:
    record = Record(key=Key(f"org_{'a' * 32}#api-key#{'b' * 32}", "api-key"), type="a", body={})

    with pytest.raises(NotGiven) as failed, running("UpdateSessionFunction"):
        table().create(record)

    assert str(failed.value) == (
        f"UpdateSessionFunction needs dynamodb:PutItem on {TABLE_ARN} at <org>#api-key#<id>, "
        "which WriteSessionRole in template.yaml does not allow"
    )


def test_requests_of_threads_count_for_their_function(dynamodb_table: Any) -> None:
    def read() -> None:
        thread = threading.Thread(target=lambda: table().get(Key("p", "s")))
        thread.start()
        thread.join()

    with pytest.raises(NotGiven, match="needs dynamodb:GetItem"), running("HealthFunction"):
        read()
    read()


def test_variable_not_set_for_function_fails_the_test(dynamodb_table: Any) -> None:
    with running("ImportSessionsFunction"):
        assert settings().import_bucket == IMPORTS

    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        settings().import_bucket  # noqa: B018  # read, as a function does
    sentence = "HealthFunction reads IMPORT_BUCKET, which template.yaml does not set for it"
    assert str(failed.value) == sentence


def test_transaction_needs_the_actions_of_its_parts(dynamodb_table: Any) -> None:
    record = Record(key=Key("p", "a"), type="thing", body={})
    table().create(Record(key=Key("p", "b"), type="thing", body={}))

    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        transact(table(), [Create(record), Delete(Key("p", "b"))])

    actions = re.findall(r"needs (\S+) on", str(failed.value))
    assert actions == ["dynamodb:DeleteItem", "dynamodb:PutItem"]


PARTITION = f"org_{'a' * 32}#session#{'b' * 32}"
WRITE = {"TableName": TABLE, "Key": {"pk": {"S": PARTITION}}}


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "needed"),
    [
        ("dynamodb", "Query", {"TableName": TABLE, "IndexName": "by_list"},
         {Need("dynamodb:Query", f"{TABLE_ARN}/index/by_list")}),
        ("dynamodb", "TransactGetItems", {"TransactItems": [{"Get": {"TableName": TABLE}}]},
         {Need("dynamodb:GetItem", TABLE_ARN)}),
        ("dynamodb", "TransactWriteItems",
         {"TransactItems": [{"ConditionCheck": {"TableName": TABLE}}, {"Delete": WRITE}]},
         {Need("dynamodb:ConditionCheckItem", TABLE_ARN),
          Need("dynamodb:DeleteItem", TABLE_ARN, "<org>#session#<id>")}),
        ("dynamodb", "BatchGetItem", {"RequestItems": {TABLE: {"Keys": []}}},
         {Need("dynamodb:BatchGetItem", TABLE_ARN)}),
        ("dynamodb", "BatchWriteItem", {"RequestItems": {TABLE: [{"DeleteRequest": WRITE}]}},
         {Need("dynamodb:BatchWriteItem", TABLE_ARN, "<org>#session#<id>")}),
        ("dynamodb", "PutItem", {"TableName": "another", "Item": {"pk": {"S": "key#" + "c" * 64}}},
         {Need("dynamodb:PutItem", "another", "key#<id>")}),
        ("bedrock-runtime", "Converse", {"modelId": NAME}, {INVOKES_MODEL}),
        ("bedrock-runtime", "Converse", {"modelId": PROFILE}, {INVOKES_MODEL, INVOKES_PROFILE}),
        ("bedrock-runtime", "ConverseStream", {"modelId": NAME}, {STREAMS_MODEL}),
        ("ssm", "GetParameter", {"Name": PARAMETER}, {READS_PARAMETER}),
        ("secretsmanager", "GetSecretValue", {"SecretId": SECRET}, {READS_SECRET}),
    ],
)  # fmt: skip
def test_request_needs_the_actions_that_aws_authorizes(
    dynamodb_table: Any, service: str, operation: str, arguments: dict[str, Any], needed: set[Need]
) -> None:
    assert needs(service, operation, arguments) == needed


@pytest.mark.parametrize(
    "need", [INVOKES_MODEL, INVOKES_PROFILE, STREAMS_MODEL, READS_PARAMETER, READS_SECRET]
)
def test_only_named_models_and_secrets_are_allowed(need: Need) -> None:
    allowed = grants("SendPlaygroundMessageFunction")

    assert any(grant.covers(need) for grant in allowed)
    assert not any(grant.covers(replace(need, resource=f"{need.resource}0")) for grant in allowed)


def test_unused_grants_and_keys_are_reported() -> None:
    every = {
        name: [
            Need(grant.action, grant.resource.replace("*", "x"), key.replace("*", "x"))
            for grant in grants(name)
            for key in grant.keys or ("",)
        ]
        for name in handlers().values()
    }
    assert unused_grants(every) == []

    every["DeleteTestCaseFunction"] = [
        need for need in every["DeleteTestCaseFunction"] if need.action != "dynamodb:Query"
    ]
    every["UpdateAgentFunction"] = []
    every["CreateAgentFunction"] = [
        need for need in every["CreateAgentFunction"] if "receipt" not in need.key
    ]

    assert unused_grants(every) == [
        f"DeleteTestCaseFunction may dynamodb:Query on {TABLE_ARN}/index/by_link, and never does",
        f"UpdateAgentFunction may dynamodb:GetItem on {TABLE_ARN}, and never does",
        f"UpdateAgentFunction may dynamodb:PutItem on {TABLE_ARN} at *#agent#*, and never does",
        "CreateAgentRole may write *#receipt#*, and none of its functions does",
    ]


# ----------------------------------------------------------------- a stack with a model
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
    bedrock_action = STREAMS_MODEL.action if streams else INVOKES_MODEL.action
    actions = {bedrock_action, READS_PARAMETER.action, READS_SECRET.action}
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
