"""Check of permissions and variables: given by the template as far as a function needs them.

Every test that hands an event to a function runs the check (tests/support/watch.py). Here are the
tests of the check itself.
"""

import re
import threading
from dataclasses import replace
from typing import Any

import pytest

from shared.core.settings import settings
from shared.storage.records import Key, Record
from shared.storage.table import table
from shared.storage.transactions import Create, Delete, transact
from tests.support import watch
from tests.support.gateway import Gateway
from tests.support.policies import MODEL as NAME
from tests.support.policies import PARAMETER, PROFILE, SECRET, Need, grants, handlers, needs
from tests.support.storage import IMPORTS, TABLE
from tests.support.watch import NotGiven, running, unused_grants

TABLE_ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/Table"
INVOKES_MODEL = Need("bedrock:InvokeModel", f"arn:aws:bedrock:eu-west-1::foundation-model/{NAME}")
INVOKES_PROFILE = Need("bedrock:InvokeModel", PROFILE)
STREAMS_MODEL = replace(INVOKES_MODEL, action="bedrock:InvokeModelWithResponseStream")
READS_PARAMETER = Need(
    "ssm:GetParameter", f"arn:aws:ssm:eu-west-1:123456789012:parameter{PARAMETER}"
)
READS_SECRET = Need("secretsmanager:GetSecretValue", SECRET)


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
