"""The door: who gets in, in whose name, and for how long it is remembered."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from functions.identity import authorizer as function
from shared.core.errors import Unavailable
from shared.identity.authorizer import Authorizer, Unauthorized
from shared.identity.keys import new_api_key
from shared.identity.models import Organization
from shared.identity.service import IdentityService, MadeKey
from shared.storage.client import dynamodb
from tests.support.storage import counted_requests
from tests.unit.identity.conftest import KEEP_SECONDS, METHOD_ARN, Door, FixedClock


def forms(key: str) -> list[dict[str, str]]:
    return [
        {"x-api-key": key},
        {"Authorization": f"Bearer {key}"},
        {"Authorization": f"ApiKey {key}"},
        {"Authorization": key},
    ]


def test_given_a_key_in_each_form_then_the_gateway_hears_whose_it_is(
    door: Door, made: MadeKey, organization: Organization
) -> None:
    for headers in forms(made.secret):
        assert door(headers) == {
            "principalId": str(made.key.id),
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "execute-api:Invoke",
                        "Resource": METHOD_ARN,
                    }
                ],
            },
            "context": {
                "organization_id": str(organization.id),
                "key_id": str(made.key.id),
                "key_name": "robot",
                "scopes": "read write",
            },
            "usageIdentifierKey": organization.usage_key,
        }


def test_given_an_answer_of_the_door_then_its_context_has_only_texts(
    door: Door, made: MadeKey
) -> None:
    # API Gateway refuses an authorizer's context with lists or objects in it.
    assert all(isinstance(value, str) for value in door.with_key(made.secret)["context"].values())


def test_given_an_unknown_key_then_nobody_gets_in(door: Door, made: MadeKey) -> None:
    swapped = made.secret.swapcase()
    for headers in [*forms(new_api_key()), *forms(swapped), {"x-api-key": made.key.hash}, {}, None]:
        with pytest.raises(Unauthorized, match=r"^Unauthorized$"):
            door(headers)


def test_given_no_usable_key_then_nothing_is_read(door: Door, made: MadeKey) -> None:
    with counted_requests() as requests:
        for headers in ({}, {"x-api-key": "short"}, {"Authorization": "Basic dTpw"}):
            with pytest.raises(Unauthorized):
                door(headers)
    assert not requests


def test_given_a_key_then_it_is_read_once_while_it_is_remembered(
    door: Door, made: MadeKey, clock: FixedClock
) -> None:
    with counted_requests() as requests:
        for headers in forms(made.secret):
            door(headers)
        clock.forward(KEEP_SECONDS - 0.1)
        door.with_key(made.secret)
    assert requests == {"GetItem": 1}
    with counted_requests() as requests:
        clock.forward(0.1)
        door.with_key(made.secret)
    assert requests == {"GetItem": 1}


def test_given_a_revoked_key_then_it_is_out_when_it_is_forgotten(
    door: Door, made: MadeKey, service: IdentityService, clock: FixedClock
) -> None:
    door.with_key(made.secret)
    service.revoke_api_key(made.key.organization_id, made.key.id)
    clock.forward(KEEP_SECONDS - 1)
    door.with_key(made.secret)
    clock.forward(1)
    for _ in range(2):
        with pytest.raises(Unauthorized):
            door.with_key(made.secret)


def test_given_a_key_that_was_not_known_when_it_is_made_then_it_works_at_once(
    door: Door,
    service: IdentityService,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = new_api_key()
    with pytest.raises(Unauthorized):
        door.with_key(secret)
    monkeypatch.setattr("shared.identity.service.new_api_key", lambda: secret)
    service.create_api_key(organization.id, "new", ["read"])
    assert door.with_key(secret)["context"]["scopes"] == "read"


def test_given_a_key_with_an_end_then_it_is_out_at_that_moment_also_when_remembered(
    door: Door, service: IdentityService, organization: Organization, clock: FixedClock
) -> None:
    made = service.create_api_key(
        organization.id, "short", ["read"], expires_at=clock() + timedelta(seconds=10)
    )
    door.with_key(made.secret)
    clock.forward(9.9)
    door.with_key(made.secret)
    clock.forward(0.1)
    with pytest.raises(Unauthorized):
        door.with_key(made.secret)


def test_given_a_clock_that_is_set_back_then_a_key_is_read_anew(
    door: Door, made: MadeKey, service: IdentityService, clock: FixedClock
) -> None:
    door.with_key(made.secret)
    service.revoke_api_key(made.key.organization_id, made.key.id)
    clock.forward(-3600)
    with pytest.raises(Unauthorized):
        door.with_key(made.secret)


def test_given_very_many_keys_then_memory_stays_bounded(
    service: IdentityService,
    organization: Organization,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.identity.authorizer._REMEMBERED", 3)
    authorizer = Authorizer(service, KEEP_SECONDS, clock)
    door = Door(authorizer)
    for number in range(10):
        made = service.create_api_key(organization.id, f"{number}", ["read"])
        door.with_key(made.secret)
        assert len(authorizer._remembered) <= 3


def test_given_what_is_remembered_then_no_secret_is_in_it(
    service: IdentityService, made: MadeKey, clock: FixedClock
) -> None:
    authorizer = Authorizer(service, KEEP_SECONDS, clock)
    Door(authorizer).with_key(made.secret)
    assert made.secret not in repr(vars(authorizer))


def test_given_a_storage_that_does_not_answer_then_a_good_key_is_not_called_bad(
    door: Door, made: MadeKey
) -> None:
    with Stubber(dynamodb()) as stubber:
        stubber.add_client_error("get_item", "InternalServerError", http_status_code=500)
        with pytest.raises(Unavailable):
            door.with_key(made.secret)
    door.with_key(made.secret)


def test_given_the_function_then_it_answers_as_the_door_does(made: MadeKey) -> None:
    event: dict[str, Any] = {"methodArn": METHOD_ARN, "headers": {"x-api-key": made.secret}}
    assert function.handler(event, None)["principalId"] == str(made.key.id)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        function.handler(event | {"headers": {"x-api-key": new_api_key()}}, None)
