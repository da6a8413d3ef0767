"""openapi.json compared with the three contracts."""

import json
from functools import cache
from typing import Any

import pytest

from local.openapi import OPENAPI
from tests.contract.allowances import (
    CORE_ALLOWED,
    OTHER_ALLOWED,
    OWN_HEADERS,
    OWN_LIMITS,
)
from tests.contract.normal_form import Document, Schema, differences
from tests.support.template import ROOT

CONTRACTS = ROOT / "tests" / "contract" / "contracts"
APIS = ("everruns", "feather", "galtea")
#: The core operations, compared exactly.
CORE = {
    "create_session": "everruns",
    "create_session_v1_workflow_playground_sessions_post": "feather",
    "draftScenarioFromSession": "feather",
    "createSession": "galtea",
}


@cache
def contract(api: str) -> Document:
    return Document.read(CONTRACTS / f"{api}.openapi.json")


@cache
def ours() -> Document:
    return Document.read(OPENAPI)


def _others() -> list[tuple[str, str]]:
    return [
        (api, identifier)
        for api in APIS
        for identifier in contract(api).operations()
        if identifier not in CORE
    ]


def _pair(api: str, identifier: str) -> tuple[Schema, Schema]:
    method, path, expected = contract(api).operations()[identifier]
    found = ours().content["paths"].get(path, {}).get(method)
    assert found is not None, f"no {method.upper()} {path}"
    assert found["operationId"] == identifier
    return expected, found


def _body(document: Document, described: Schema) -> Schema | None:
    media = described.get("content", {})
    schema = media.get("application/json", {}).get("schema")
    return None if schema is None else document.normal(schema)


def _unexpected(found: dict[str, str], allowed: dict[str, str]) -> str:
    """Return unexpected differences, and allowances without a difference."""
    unexpected = {place: text for place, text in found.items() if place not in allowed}
    unused = sorted(allowed.keys() - found.keys())
    lines = [f"{place}: {text}" for place, text in unexpected.items()]
    return "\n".join(lines + [f"{place}: allowance is unused" for place in unused])


@pytest.mark.parametrize(("identifier", "api"), CORE.items())
def test_core_operation_equals_the_contracts(identifier: str, api: str) -> None:
    expected, found = _pair(api, identifier)
    parts = {
        "request": (_body(contract(api), expected["requestBody"]),
                    _body(ours(), found["requestBody"])),
        "required": (expected["requestBody"].get("required"),
                     found["requestBody"].get("required")),
        "parameters": (expected.get("parameters", []), _contracts_own(found)),
    }  # fmt: skip
    for status in sorted(expected["responses"].keys() | found["responses"].keys()):
        if status not in expected["responses"]:
            parts[f"status {status}"] = (None, "documented")
        elif status not in found["responses"]:
            parts[f"status {status}"] = ("documented", None)
        elif body := _body(contract(api), expected["responses"][status]):
            parts[f"response {status}"] = (body, _body(ours(), found["responses"][status]))

    differing: dict[str, str] = {}
    for part, (theirs, own) in parts.items():
        differing |= {
            place: text
            for place, text in differences(theirs, own, part).items()
            if not (place.endswith(OWN_LIMITS) and text.startswith("added"))
        }
    assert not (text := _unexpected(differing, CORE_ALLOWED.get(identifier, {}))), text


@pytest.mark.parametrize(("api", "identifier"), _others())
def test_other_operation_has_the_fields_of_the_contract(api: str, identifier: str) -> None:
    expected, found = _pair(api, identifier)
    differing = _parameters_missing(expected, found)
    if "requestBody" in expected:
        theirs = _body(contract(api), expected["requestBody"])
        own = _body(ours(), found.get("requestBody", {}))
        differing |= _fields_missing(theirs, own, "request")
    success = next(status for status in expected["responses"] if status.startswith("2"))
    if success not in found["responses"]:
        differing[f"status {success}"] = f"found {sorted(found['responses'])}"
    elif theirs := _body(contract(api), expected["responses"][success]):
        own = _body(ours(), found["responses"][success])
        differing |= _fields_missing(theirs, own, "response")

    assert not (text := _unexpected(differing, OTHER_ALLOWED.get(identifier, {}))), text


def _contracts_own(found: Schema) -> list[Schema]:
    """Return the parameters without the headers that all our surfaces accept."""
    return [one for one in found.get("parameters", []) if one["name"] not in OWN_HEADERS]


def _parameters_missing(expected: Schema, found: Schema) -> dict[str, str]:
    own = {(one["in"], one["name"]): one for one in found.get("parameters", [])}
    missing = {}
    for one in expected.get("parameters", []):
        match = own.get((one["in"], one["name"]))
        if match is None or match.get("required", False) != one.get("required", False):
            missing[f"parameter {one['name']}"] = f"expected {one}, found {match}"
    return missing


def _fields_missing(expected: Any, found: Any, place: str) -> dict[str, str]:
    """Return the missing fields, and those whose nullability could break a client.

    A request must accept null wherever the contract does; a response must not be null where
    the contract's is not.
    """
    if not expected or expected == {"type": "object"}:
        return {}
    if not found:
        return {place: f"expected {json.dumps(expected)[:200]}, found nothing"}
    missing: dict[str, str] = {}
    narrow, wide = (expected, found) if place.startswith("request") else (found, expected)
    if narrow.get("nullable") and not wide.get("nullable"):
        missing[place] = f"expected nullable: {bool(expected.get('nullable'))}"
    for name, schema in expected.get("properties", {}).items():
        given = found.get("properties", {}).get(name)
        where = f"{place}.{name}"
        missing |= {where: "missing"} if given is None else _fields_missing(schema, given, where)
    if expected.get("items") and found.get("items"):
        missing |= _fields_missing(expected["items"], found["items"], f"{place}[]")
    return missing


def test_allowances_name_operations_of_the_contracts_only() -> None:
    known = {identifier for api in APIS for identifier in contract(api).operations()}

    listed = CORE_ALLOWED.keys() | OTHER_ALLOWED.keys()
    assert listed <= known
