"""Request limits: every text and every list of every request has one, and it is enforced."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from local.openapi import OPENAPI
from shared.http.request import MAX_BODY_BYTES
from tests.support.gateway import Answer, Gateway
from tests.support.request_schemas import Excess, RequestSchemas
from tests.support.storage import moto_table

SCHEMAS = RequestSchemas(json.loads(OPENAPI.read_text()))
IDS = [f"{method} {path}" for method, path, _ in SCHEMAS.operations]
REFUSED = frozenset({400, 422})


@pytest.fixture(scope="module")
def api() -> Iterator[Gateway]:
    """The API over one empty table: input is refused before anything is read or written."""
    with pytest.MonkeyPatch.context() as patch, moto_table(patch):
        yield Gateway()


def test_every_text_and_every_list_of_every_request_has_a_limit() -> None:
    assert sorted(set(SCHEMAS.unlimited())) == []


@pytest.mark.parametrize(("method", "path", "operation"), SCHEMAS.operations, ids=IDS)
def test_body_beyond_a_limit_is_refused(
    api: Gateway, method: str, path: str, operation: dict[str, Any]
) -> None:
    body = SCHEMAS.body(operation)
    url = _url(path, operation)
    accepted = []
    for excess in SCHEMAS.excesses(body) if body else ():
        text = json.dumps(excess.value)
        if len(text) > MAX_BODY_BYTES:
            continue  # refused by the size of the body
        answer = api(method, url, raw=text)
        if answer.status not in REFUSED or not _names(answer, excess):
            accepted.append((excess.field, answer.status, answer.text[:200]))

    assert accepted == []


@pytest.mark.parametrize(("method", "path", "operation"), SCHEMAS.operations, ids=IDS)
def test_parameter_beyond_a_limit_is_refused(
    api: Gateway, method: str, path: str, operation: dict[str, Any]
) -> None:
    accepted = []
    for parameter in operation.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        for excess in SCHEMAS.excesses(parameter["schema"]):
            given = {name: excess.value}
            url = _url(path, operation, given if place == "path" else {})
            if place == "query":
                url += "?" + _query(name, excess.value)
            headers = given if place == "header" else {}
            answer = api(method, url, headers=headers)
            # An id that no entity can have is an unknown one; no tag of its length is current.
            refused = REFUSED | {"path": {404}, "header": {412}}.get(place, set())
            if answer.status not in refused:
                accepted.append((name, answer.status, answer.text[:200]))

    assert accepted == []


def _url(path: str, operation: dict[str, Any], given: dict[str, str] | None = None) -> str:
    values = {
        parameter["name"]: SCHEMAS.sample(parameter["schema"])
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path"
    }
    values |= given or {}
    return re.sub(r"\{(\w+)\}", lambda name: quote(str(values[name[1]]), safe=""), path)


def _query(name: str, value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return "&".join(f"{name}={quote(str(one), safe='')}" for one in values)


def _names(answer: Answer, excess: Excess) -> bool:
    """Return whether an answer names the field that exceeds its limit."""
    # A body that is a list has no name.
    field = next((str(step) for step in reversed(excess.field) if isinstance(step, str)), "")
    content = answer.json
    if "detail" in content:
        places = [str(step) for error in content["detail"] for step in error["loc"]]
        return any(field.startswith(place.removesuffix("…")) for place in places if place)
    message = content.get("message") or content["error"]
    return field[:100] in message or f"{field.removesuffix('_id')} ID" in message
