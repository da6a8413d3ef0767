"""Secret store: Parameter Store and Secrets Manager, as moto has them."""

import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from shared.core.observability import logger
from shared.secrets.store import KEPT_SECONDS, SecretStore, SecretUnavailable, connect
from shared.secrets.wiring import secret_value
from tests.support.storage import forget_process_state, set_variables

NAME = "/agent-sessions/key"
VALUE = "the-value-of-the-test"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    set_variables(monkeypatch)
    with mock_aws():
        forget_process_state()
        yield
    forget_process_state()


def put(value: str) -> None:
    boto3.client("ssm").put_parameter(Name=NAME, Value=value, Type="SecureString", Overwrite=True)


def test_parameter_is_decrypted(aws: None) -> None:
    put(f"{VALUE}\n")
    assert secret_value(NAME) == VALUE


def test_secret_of_secrets_manager_is_read_by_its_arn(aws: None) -> None:
    arn = boto3.client("secretsmanager").create_secret(Name="key", SecretString=VALUE)["ARN"]
    assert secret_value(arn) == VALUE


def test_value_is_kept_for_five_minutes(aws: None) -> None:
    now = 0.0
    store = SecretStore(connect, lambda: now)
    put("first")
    assert store.value(NAME) == "first"
    put("second")
    now = KEPT_SECONDS - 1
    assert store.value(NAME) == "first"
    now = KEPT_SECONDS
    assert store.value(NAME) == "second"


def test_failure_is_not_kept(aws: None) -> None:
    store = SecretStore(connect)
    with pytest.raises(SecretUnavailable, match=f"{NAME} cannot be read .ParameterNotFound."):
        store.value(NAME)
    put(VALUE)
    assert store.value(NAME) == VALUE


def test_secret_without_text_is_unavailable(aws: None) -> None:
    arn = boto3.client("secretsmanager").create_secret(Name="key", SecretBinary=b"x")["ARN"]
    with pytest.raises(SecretUnavailable, match="is empty"):
        secret_value(arn)


def test_unreachable_service_is_unavailable() -> None:
    class Unreachable:
        def get_parameter(self, **_: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://ssm")

    with pytest.raises(SecretUnavailable, match="EndpointConnectionError"):
        SecretStore(lambda _: Unreachable()).value(NAME)


def test_value_is_in_no_log_line(aws: None, caplog: pytest.LogCaptureFixture) -> None:
    """Lambda sets the root logger to DEBUG with the parameter LogLevel."""
    put(VALUE)
    lines = logging.getLogger(logger.name)
    lines.addHandler(caplog.handler)
    try:
        caplog.set_level(logging.DEBUG)
        secret_value(NAME)
        with pytest.raises(SecretUnavailable):
            secret_value("/agent-sessions/another")
    finally:
        lines.removeHandler(caplog.handler)
    assert caplog.records
    assert not [one for one in caplog.records if VALUE in str(vars(one))]
