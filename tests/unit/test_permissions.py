"""What the template gives each function is what the function asks for.

Every test that hands an event to a function is a test of that too (tests/support/watch.py); here
is what no other test asks for, and the watch itself.
"""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import botocore.handlers
import pytest

from functions.triggers import expire_approvals, run_turn
from shared.core.settings import settings
from shared.llm.bedrock import bedrock
from shared.storage.records import Key, Record
from shared.storage.table import table
from shared.storage.transactions import Add, Create, Delete, transact
from tests.support import watch
from tests.support.agents import new_agent, new_session
from tests.support.agents import say as say_to_agent
from tests.support.evaluations import made, new_world
from tests.support.gateway import Gateway
from tests.support.policies import Need, grants, handlers, needs
from tests.support.storage import TABLE, forget_process_state
from tests.support.turns import RUN_TURN, Turns
from tests.support.watch import NotGiven, running, unused_grants
from tests.unit.playground.conversations import (
    URL,
    awaiting_approval,
    decide,
    let_pass,
    opened,
    say,
)

TABLE_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/Table"
MODEL = f"model_{'a' * 32}"
NAME = "some.model-v1:0"
ASKS_THE_MODEL = Need("bedrock:InvokeModel", f"arn:aws:bedrock:eu-west-1::foundation-model/{NAME}")
PROFILE = f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.{NAME}"
MINUTE = SimpleNamespace(get_remaining_time_in_millis=lambda: 50_000)


# ---------------------------------------------------------------------------- the watch
def test_given_a_request_that_a_policy_does_not_allow_then_the_test_that_made_it_fails(
    dynamodb_table: Any,
) -> None:
    sentence = (
        f"HealthFunction asks for dynamodb:GetItem on {TABLE_ARN}, "
        "which its policy in template.yaml does not allow"
    )
    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        table().get(Key("p", "s"))
    assert str(failed.value) == sentence


def test_given_a_policy_without_the_action_when_the_endpoint_is_called_then_the_test_fails(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the endpoint makes of it: here, in an account, an answer of 500."""
    monkeypatch.setattr(watch, "grants", lambda function: frozenset())

    with pytest.raises(NotGiven, match="CreateAgentFunction asks for dynamodb:PutItem"):
        api("POST", "/v1/agents", {"name": "Ada", "system_prompt": "You help."})


def test_given_a_thread_of_a_function_then_its_requests_are_the_functions(
    dynamodb_table: Any,
) -> None:
    def read() -> None:
        thread = threading.Thread(target=lambda: table().get(Key("p", "s")))
        thread.start()
        thread.join()

    with pytest.raises(NotGiven, match="asks for dynamodb:GetItem"), running("HealthFunction"):
        read()
    read()


def test_given_a_variable_that_is_not_set_for_a_function_when_it_reads_it_then_the_test_fails(
    dynamodb_table: Any,
) -> None:
    with running("ImportSessionsFunction"):
        assert settings().import_bucket == ""

    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        settings().import_bucket  # noqa: B018  # read, as a function does
    told = "HealthFunction reads IMPORT_BUCKET, which template.yaml does not set for it"
    assert str(failed.value) == told


def test_given_a_transaction_then_it_needs_the_verbs_of_its_parts(dynamodb_table: Any) -> None:
    record = Record(key=Key("p", "a"), type="thing", body={})
    table().create(Record(key=Key("p", "b"), type="thing", body={}))

    with pytest.raises(NotGiven) as failed, running("HealthFunction"):
        transact(table(), [Create(record), Delete(Key("p", "b")), Add(Key("p", "c"), 1)])

    told = str(failed.value)
    assert [f"dynamodb:{verb}Item" in told for verb in ("Put", "Delete", "Update", "Get")] == [
        True,
        True,
        True,
        False,
    ]
    assert "Transact" not in told


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "needed"),
    [
        (
            "dynamodb",
            "Query",
            {"TableName": TABLE, "IndexName": "by_list"},
            Need("dynamodb:Query", f"{TABLE_ARN}/index/by_list"),
        ),
        (
            "dynamodb",
            "TransactGetItems",
            {"TransactItems": [{"Get": {"TableName": TABLE}}]},
            Need("dynamodb:GetItem", TABLE_ARN),
        ),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"ConditionCheck": {"TableName": TABLE}}]},
            Need("dynamodb:ConditionCheckItem", TABLE_ARN),
        ),
        (
            "dynamodb",
            "BatchGetItem",
            {"RequestItems": {TABLE: {"Keys": []}}},
            Need("dynamodb:BatchGetItem", TABLE_ARN),
        ),
        ("dynamodb", "PutItem", {"TableName": "another"}, Need("dynamodb:PutItem", "another")),
        ("bedrock-runtime", "Converse", {"modelId": NAME}, ASKS_THE_MODEL),
    ],
)  # fmt: skip
def test_given_a_request_then_what_it_needs_is_what_aws_asks_for(
    dynamodb_table: Any, service: str, operation: str, arguments: dict[str, Any], needed: Need
) -> None:
    assert needs(service, operation, arguments) == {needed}


def test_given_a_profile_of_a_model_then_who_may_ask_models_may_ask_by_it() -> None:
    """An inference profile of the account has an address of its own."""
    allowed = grants("RunTurnFunction")
    for kind in ("inference-profile", "application-inference-profile"):
        profile = f"arn:aws:bedrock:eu-west-1:123456789012:{kind}/eu.{NAME}"
        [need] = needs("bedrock-runtime", "Converse", {"modelId": profile})
        assert need.resource == profile
        assert any(grant.covers(need) for grant in allowed), kind


def test_given_a_grant_that_nobody_asked_for_then_a_sentence_tells_of_it() -> None:
    every = {
        name: [Need(grant.action, grant.resource.replace("*", "x")) for grant in grants(name)]
        for name in handlers().values()
    }
    assert unused_grants(every) == []

    every["CreateProductFunction"] = []

    told = f"CreateProductFunction may dynamodb:PutItem on {TABLE_ARN}, and never does"
    assert unused_grants(every) == [told]


# ----------------------------------------------------------------- a stack with a model
@pytest.fixture(params=[NAME, PROFILE], ids=["model", "profile"])
def with_a_model(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[], None]]:
    """Set the stack up with a model of Bedrock; what is asked of it goes nowhere."""
    name = request.param

    def answered(**_: Any) -> tuple[Any, dict[str, Any]]:
        said = {"role": "assistant", "content": [{"text": "Hello"}]}
        usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
        parsed = {"output": {"message": said}, "stopReason": "end_turn", "usage": usage}
        return SimpleNamespace(status_code=200), parsed

    def set_up() -> None:
        answering = [("before-call.bedrock-runtime.Converse", answered)]
        builtin = [*botocore.handlers.BUILTIN_HANDLERS, *answering]
        monkeypatch.setattr(botocore.handlers, "BUILTIN_HANDLERS", builtin)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
        monkeypatch.setenv("MODELS", f"{MODEL}=bedrock/{name}")
        monkeypatch.setenv("DRAFTER", "bedrock")
        monkeypatch.setenv("DRAFTER_MODEL", name)
        for variable in ("DEFAULT_MODEL_ID", "PLAYGROUND_MODEL", "SIMULATOR_MODEL"):
            monkeypatch.setenv(variable, MODEL)
        forget_process_state()
        bedrock.cache_clear()
        watch.asked.clear()

    kept = {name: set(asked) for name, asked in watch.asked.items()}
    yield set_up
    bedrock.cache_clear()
    for name, asked in kept.items():
        watch.asked[name] |= asked


def _asked_the_model(function: str) -> bool:
    return any(need.action == "bedrock:InvokeModel" for need in watch.asked[function])


def test_given_a_model_when_a_playground_session_goes_on_then_its_functions_may_ask_it(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    talking, decided, read, traced, left = opened(api), *(awaiting_approval(api) for _ in range(4))
    for session in (read, traced, left):
        let_pass(api, session)
    with_a_model()

    say(api, talking, "Hello")
    decide(api, decided, "deny")
    api("GET", f"{URL}/{read}")
    api("GET", f"{URL}/{traced}/trace")
    expire_approvals.handler({}, MINUTE)

    assert _asked_the_model("SendPlaygroundMessageFunction")
    assert _asked_the_model("ResumePlaygroundSessionFunction")
    assert _asked_the_model("GetPlaygroundSessionFunction")
    assert _asked_the_model("GetPlaygroundTraceFunction")
    assert _asked_the_model("ExpireApprovalsFunction")


def test_given_a_model_when_it_plays_the_user_then_its_function_may_ask_it(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    world = new_world(api)
    case = made(api, "/testCases", testId=world.test, scenario="The order is 4711.")["id"]
    session = made(api, "/sessions", versionId=world.version, testCaseId=case)["id"]
    with_a_model()

    api("POST", "/conversationSimulator/generateNextUserMessage", {"sessionId": session})

    assert _asked_the_model("GenerateNextUserMessageFunction")


def test_given_a_model_when_a_turn_runs_then_its_function_may_ask_it(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    session = new_session(api, agent_id=new_agent(api)["id"])["id"]
    say_to_agent(api, session, "Hello")
    with_a_model()

    assert Turns().stream.deliver(RUN_TURN, run_turn.handler) == 1

    assert _asked_the_model("RunTurnFunction")


def test_given_a_model_when_it_drafts_a_scenario_then_its_function_may_ask_it(
    api: Gateway, with_a_model: Callable[[], None]
) -> None:
    session = opened(api)
    say(api, session, "Where is my order?")
    with_a_model()

    api("POST", "/v1/scenarios/draft-from-session", {"session_id": session})

    assert _asked_the_model("DraftScenarioFromSessionFunction")
