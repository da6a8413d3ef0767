"""`make secret`: names, values, and the place of the stored parameter."""

import io
import sys
from typing import Any

import boto3
import pytest

from local import secret
from local.console import Failure
from shared.core.ids import OrganizationId


@pytest.mark.parametrize("name", ["", "a/b", "../x", ".a", "a b", "x" * 65, "arn:aws:x"])
def test_invalid_name_is_refused(name: str) -> None:
    with pytest.raises(Failure, match="NAME: must have 1 to 64 letters"):
        secret.check_name(name)


@pytest.mark.parametrize("value", ["", "two\nlines", "caf\u00e9", "x" * 4097])
def test_invalid_value_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(Failure, match="stdin: must have one line") as failed:
        secret.check_value(value)
    assert not value or value not in str(failed.value)


def test_value_is_stored_for_the_organization_and_not_printed(
    dynamodb_table: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    organization = str(OrganizationId.new())
    for value in ("first-7f3a", "second-7f3a"):
        words = ["secret", "--name", "weather", "--organization", organization, "--stack-name", "s"]
        monkeypatch.setattr(sys, "argv", words)
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{value}\n"))
        secret._main()

    name = f"/agent-sessions/{organization}/weather"
    found = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (found["Value"], found["Type"]) == ("second-7f3a", "SecureString")
    assert capsys.readouterr().out == f"Stored {name}.\n" * 2


def test_organization_of_a_stack_in_an_account_must_be_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["secret", "--name", "weather", "--stack-name", "s"])
    with pytest.raises(Failure, match="ORG: must name the organization"):
        secret._main()
