"""Throttle and quota on the deployed stack: of organizations with a gateway key and without."""

import time
from datetime import UTC, datetime

import httpx
import pytest

from local.aws import client
from local.outputs import read_outputs
from local.settings import STACK_NAME
from local.stack_table import stack_table
from shared.core.ids import OrganizationId
from shared.identity.documents import OrganizationCodec
from shared.identity.domain import Organization
from tests.support.running_stack import PATIENCE, RunningStack

#: More requests than an authorizer of the test stack passes before it asks the table.
MANY = 500


def send_until_refused(stack: RunningStack, key: str) -> httpx.Response:
    with httpx.Client(headers={"x-api-key": key}, timeout=PATIENCE) as http:
        for _ in range(MANY):
            answer = http.get(f"{stack.api_url}/v1/identity/whoami")
            if answer.status_code != 200:
                return answer
    return answer


def write_bucket(stack: RunningStack, organization: str, *, full_at: float, taken: int) -> None:
    """Let an organization have sent requests."""
    client(stack.local, "dynamodb").put_item(
        TableName=stack.table_name,
        Item={
            "pk": {"S": f"{organization}#requests#{datetime.now(UTC).date()}"},
            "sk": {"S": "requests"},
            "full_at": {"N": str(int(full_at * 1_000_000))},
            "taken": {"N": str(taken)},
        },
    )


@pytest.mark.parametrize(
    ("seconds_until_full", "taken", "error", "retry_after"),
    [(3600, 1, "rate_limited", "1"), (0, 10**9, "quota_exceeded", "3600")],
)
def test_organization_over_a_limit_is_refused_by_the_gateway_and_others_are_not(
    stack: RunningStack, seconds_until_full: int, taken: int, error: str, retry_after: str
) -> None:
    key = stack.new_key()
    full_at = time.time() + seconds_until_full
    write_bucket(stack, key.organization_id, full_at=full_at, taken=taken)

    send_until_refused(stack, key.api_key)
    refused = send_until_refused(stack, key.api_key)  # the gateway's plan lets one pass a month

    assert (refused.status_code, refused.json()["error"]) == (429, error)
    assert refused.headers["retry-after"] == retry_after
    assert refused.headers["x-request-id"]
    other = send_until_refused(stack, stack.new_key().api_key)
    assert other.status_code == 200


def test_organization_with_a_gateway_key_is_counted_by_the_gateway(stack: RunningStack) -> None:
    old = Organization(
        id=OrganizationId.new(),
        name="Old",
        created_at=datetime.now(UTC),
        usage_key=f"usage-key-of-{OrganizationId.new()}",
    )
    deployed = read_outputs(client(stack.local, "cloudformation"), STACK_NAME)
    table = stack_table(stack.local, deployed)
    table.create(OrganizationCodec().to_record(old))
    key = stack.new_key(organization=str(old.id))

    assert send_until_refused(stack, key.api_key).status_code == 200

    gateway = client(stack.local, "apigateway")
    [named] = gateway.get_api_keys(nameQuery=str(old.id), includeValues=True)["items"]
    assert named["value"] == old.usage_key
    plan = gateway.get_usage_plan_keys(usagePlanId=deployed.usage_plan_id, nameQuery=str(old.id))
    assert [one["id"] for one in plan["items"]] == [named["id"]]
