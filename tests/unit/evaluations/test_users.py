"""Requests that the SDK and the CLI send first: supported versions and the authenticated user."""

from tests.support.gateway import Gateway
from tests.support.template import routes_of


def test_minimum_sdk_version_is_an_empty_object_without_a_key(api: Gateway) -> None:
    answer = api("GET", "/minimum-sdk-version")
    assert (answer.status, answer.json) == (200, {})
    [route] = routes_of("GetMinimumSdkVersionFunction")
    assert not route.needs_key


def test_auth_user_is_the_api_key(api: Gateway) -> None:
    answer = api("GET", "/auth/user")
    assert answer.status == 200
    assert answer.json == {
        "id": str(api.key_id),
        "organizationId": str(api.organization_id),
        "name": "test",
    }
