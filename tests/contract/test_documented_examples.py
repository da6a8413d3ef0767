"""Examples in openapi.json: one for every body and success, valid under its schema."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from local.openapi import OPENAPI

type Media = dict[str, Any]

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())
OPERATIONS = [one for methods in COMMITTED["paths"].values() for one in methods.values()]


def _successes(operation: dict[str, Any]) -> dict[str, Any]:
    return {code: one for code, one in operation["responses"].items() if code.startswith("2")}


def _media() -> Iterator[tuple[str, Media]]:
    """Yield the bodies of all requests and successes, with a name."""
    for operation in OPERATIONS:
        name = operation["operationId"]
        for media in operation.get("requestBody", {}).get("content", {}).values():
            yield f"{name} request", media
        for status, response in _successes(operation).items():
            for media in response.get("content", {}).values():
                yield f"{name} {status}", media


MEDIA = dict(_media())


#: Success without a body besides 204, as the protocol has it for notifications.
WITHOUT_BODY = {("serveWorld", "202")}


def test_every_success_has_a_body_or_is_204() -> None:
    for operation in OPERATIONS:
        for status, response in _successes(operation).items():
            name = operation["operationId"]
            has_none = status == "204" or (name, status) in WITHOUT_BODY
            assert ("content" not in response) is has_none, name


def test_every_body_has_a_schema() -> None:
    assert [name for name, media in MEDIA.items() if not media.get("schema")] == []


@pytest.mark.parametrize("name", sorted(MEDIA))
def test_example_is_valid(name: str) -> None:
    media = MEDIA[name]
    schema = media["schema"] | {"components": COMMITTED["components"]}

    found = jsonschema_rs.Draft202012Validator(schema).iter_errors(media["example"])

    assert [f"{error.instance_path}: {error.message}" for error in found] == []
