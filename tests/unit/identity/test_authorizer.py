"""Authorizer: accepted keys, the policy, and the cache."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from functions.identity import authorizer as function
from shared.core.errors import Unavailable
from shared.identity.domain import Organization
from shared.identity.keys import new_api_key
from shared.identity.service import CreatedApiKey, IdentityService
from shared.storage.client import dynamodb
from tests.support.clocks import FixedClock
from tests.support.storage import counted_requests, forget_process_state, set_variables
from tests.unit.identity.conftest import (
    CACHE_SECONDS,
    LIMITS,
    METHOD_ARN,
    USAGE_KEYS,
    Authorize,
)


def headers_with(key: str) -> list[dict[str, str]]:
    return [
        {"x-api-key": key},
        {"Authorization": f"Bearer {key}"},
        {"Authorization": f"ApiKey {key}"},
        {"Authorization": key},
    ]


def test_key_in_each_form_returns_the_policy_of_its_organization(
    authorize: Authorize, created: CreatedApiKey, organization: Organization
) -> None:
    for headers in headers_with(created.secret):
        # API Gateway rejects a context with lists or objects in it.
        assert authorize(headers) == {
            "principalId": str(created.key.id),
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": METHOD_ARN}
                ],
            },
            "context": {
                "organization_id": str(organization.id),
                "key_id": str(created.key.id),
                "key_name": "robot",
                "scopes": "read write",
            },
            "usageIdentifierKey": USAGE_KEYS.passed,
        }


def test_organization_with_a_usage_key_keeps_it_and_costs_no_write(
    authorize: Authorize, service: IdentityService, old_organization: Organization
) -> None:
    secret = service.create_api_key(old_organization.id, "old", ["read"]).secret
    with counted_requests() as requests:
        for _ in range(2 * LIMITS.burst):
            assert authorize.key(secret)["usageIdentifierKey"] == old_organization.usage_key
    assert requests == {"GetItem": 1}


def test_organization_without_a_usage_key_is_throttled_over_all_of_its_keys(
    authorize: Authorize, service: IdentityService, organization: Organization
) -> None:
    keys = [service.create_api_key(organization.id, f"{n}", ["read"]).secret for n in range(2)]
    found = [authorize.key(key)["usageIdentifierKey"] for key in keys * LIMITS.burst]
    assert found[: LIMITS.burst] == [USAGE_KEYS.passed] * LIMITS.burst
    assert set(found[LIMITS.burst + LIMITS.allowance :]) == {USAGE_KEYS.throttled}


def test_unknown_key_is_unauthorized(authorize: Authorize, created: CreatedApiKey) -> None:
    unknown = [*headers_with(new_api_key()), *headers_with(created.secret.swapcase())]
    for headers in [*unknown, {"x-api-key": created.key.hash}, {}, None]:
        assert authorize(headers) == {
            "principalId": "anonymous",
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": METHOD_ARN}
                ],
            },
        }


def test_request_without_a_well_formed_key_reads_nothing(authorize: Authorize) -> None:
    with counted_requests() as requests:
        for headers in (
            {},
            {"x-api-key": "short"},
            {"Authorization": "Basic dTpw"},
            {"x-api-key": "sk-" + "a" * 41},
            {"x-api-key": f"{new_api_key()}a"},
            {"x-api-key": new_api_key()[:-1] + "-"},
        ):
            assert authorize.refuses(headers)
    assert not requests


def test_key_is_read_once_while_it_is_cached(
    authorize: Authorize, created: CreatedApiKey, clock: FixedClock
) -> None:
    with counted_requests() as requests:
        for headers in headers_with(created.secret):
            authorize(headers)
        clock.forward(CACHE_SECONDS - 0.1)
        authorize.key(created.secret)
    assert requests == {"GetItem": 1}
    with counted_requests() as requests:
        clock.forward(0.1)
        authorize.key(created.secret)
    assert requests == {"GetItem": 1}


def test_revoked_key_is_unauthorized_once_its_cache_entry_expires(
    authorize: Authorize, created: CreatedApiKey, service: IdentityService, clock: FixedClock
) -> None:
    authorize.key(created.secret)
    service.revoke_api_key(created.key.organization_id, created.key.id)
    clock.forward(CACHE_SECONDS - 1)
    authorize.key(created.secret)
    clock.forward(1)
    for _ in range(2):
        assert authorize.refuses_key(created.secret)


def test_wrong_key_is_read_once_while_its_refusal_is_remembered(
    authorize: Authorize, clock: FixedClock
) -> None:
    secret = new_api_key()
    with counted_requests() as requests:
        for headers in headers_with(secret):
            assert authorize.refuses(headers)
        clock.forward(CACHE_SECONDS - 0.1)
        assert authorize.refuses_key(secret)
    assert requests == {"GetItem": 1}
    with counted_requests() as requests:
        clock.forward(0.1)
        assert authorize.refuses_key(secret)
    assert requests == {"GetItem": 1}


def test_key_refused_before_its_creation_works_when_the_refusal_is_forgotten(
    authorize: Authorize,
    service: IdentityService,
    organization: Organization,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = new_api_key()
    assert authorize.refuses_key(secret)
    monkeypatch.setattr("shared.identity.service.new_api_key", lambda: secret)
    service.create_api_key(organization.id, "new", ["read"])
    clock.forward(CACHE_SECONDS)
    assert authorize.key(secret)["context"]["scopes"] == "read"


def test_new_key_works_at_once(
    authorize: Authorize, service: IdentityService, organization: Organization
) -> None:
    assert authorize.refuses_key(new_api_key())
    created = service.create_api_key(organization.id, "new", ["read"])
    assert authorize.key(created.secret)["context"]["scopes"] == "read"


def test_wrong_keys_do_not_displace_good_ones(
    authorize: Authorize, created: CreatedApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.identity.authorization.authorizer._MAX_CACHED", 3)
    authorize.key(created.secret)
    for _ in range(10):
        assert authorize.refuses_key(new_api_key())
        assert len(authorize.authorizer._refused) <= 3
    with counted_requests() as requests:
        authorize.key(created.secret)
    assert not requests


def test_cached_key_is_unauthorized_from_its_expiry_on(
    authorize: Authorize, service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    created = service.create_api_key(
        organization.id, "short", ["read"], expires_at=clock() + timedelta(seconds=10)
    )
    authorize.key(created.secret)
    clock.forward(9.9)
    authorize.key(created.secret)
    clock.forward(0.1)
    assert authorize.refuses_key(created.secret)


def test_clock_set_back_reads_the_key_again(
    authorize: Authorize, created: CreatedApiKey, service: IdentityService, clock: FixedClock
) -> None:
    authorize.key(created.secret)
    service.revoke_api_key(created.key.organization_id, created.key.id)
    clock.forward(-3600)
    assert authorize.refuses_key(created.secret)


def test_cache_is_bounded_and_holds_no_secret(
    authorize: Authorize,
    service: IdentityService,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.identity.authorization.authorizer._MAX_CACHED", 3)
    for number in range(10):
        created = service.create_api_key(organization.id, f"{number}", ["read"])
        authorize.key(created.secret)
        assert 0 < len(authorize.authorizer._accepted) <= 3
        assert created.secret not in repr(vars(authorize.authorizer))


def test_storage_failure_does_not_reject_a_valid_key(
    authorize: Authorize, created: CreatedApiKey
) -> None:
    with Stubber(dynamodb()) as stubber:
        stubber.add_client_error("get_item", "InternalServerError", http_status_code=500)
        with pytest.raises(Unavailable):
            authorize.key(created.secret)
    authorize.key(created.secret)


def test_function_returns_the_authorizers_decision(
    created: CreatedApiKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"RATE_LIMIT": "10", "BURST_LIMIT": "2", "DAILY_QUOTA": "100"}
    set_variables(monkeypatch, **limits, PASSED_USAGE_KEY="p", THROTTLED_USAGE_KEY="t")
    forget_process_state()
    event: dict[str, Any] = {"methodArn": METHOD_ARN, "headers": {"x-api-key": created.secret}}
    allowed = [function.handler(event, None) for _ in range(3)]
    assert allowed[0]["principalId"] == str(created.key.id)
    assert [one["usageIdentifierKey"] for one in allowed] == ["p", "p", "t"]
    refused = function.handler(event | {"headers": {"x-api-key": new_api_key()}}, None)
    assert refused["policyDocument"]["Statement"][0]["Effect"] == "Deny"
