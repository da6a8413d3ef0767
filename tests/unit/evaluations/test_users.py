"""What the SDK and the CLI ask first: which versions are supported, and who I am."""

from tests.support.gateway import Gateway
from tests.support.template import functions


def test_given_the_sdks_first_question_when_answered_then_it_is_an_object_without_bounds(
    api: Gateway,
) -> None:
    answer = api("GET", "/minimum-sdk-version")
    assert (answer.status, answer.json) == (200, {})


def test_given_no_key_when_the_sdk_asks_for_versions_then_the_gateway_lets_it_pass() -> None:
    event = functions()["GetMinimumSdkVersionFunction"]["Events"]["Http"]["Properties"]
    assert event["Auth"] == {"Authorizer": "NONE", "ApiKeyRequired": False}


def test_given_a_key_when_asked_who_it_is_then_the_key_is_the_user(api: Gateway) -> None:
    answer = api("GET", "/auth/user")
    assert answer.status == 200
    assert answer.json == {
        "id": str(api.key_id),
        "organizationId": str(api.organization_id),
        "name": "test",
    }
