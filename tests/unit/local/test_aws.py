"""AWS's library, aimed at a local stack: what the user's shell says of AWS has no say."""

import os
from pathlib import Path

import pytest

from local.aws import client
from local.settings import LocalStack

STACK = LocalStack(port=4599, home=Path("nowhere"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_PROFILE", "nobody"),
        ("AWS_CONFIG_FILE", __file__),
        ("AWS_DEFAULTS_MODE", "unheard of"),
        ("AWS_DEFAULT_REGION", "moon-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        ("AWS_SESSION_TOKEN", "the user's own"),
    ],
)
def test_given_settings_of_the_users_then_the_local_stack_is_reached_all_the_same(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    made = client(STACK, "dynamodb")

    assert made.meta.endpoint_url == "http://127.0.0.1:4599"
    assert made.meta.region_name == "eu-west-1"
    keys = made._request_signer._credentials  # type: ignore[attr-defined]  # what it signs with
    assert (keys.access_key, keys.secret_key, keys.token) == ("test", "test", None)
    assert os.environ[name] == value
