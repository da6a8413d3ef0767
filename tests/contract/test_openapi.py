"""The committed openapi.json: fresh, whole, and true to the template."""

import json
import re
from typing import Any

from local.api_description import needs_key
from local.openapi import OPENAPI, openapi_text
from local.whole_api import endpoint_modules, routes, whole_api
from tests.support.template import functions

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())


def _deployed() -> dict[tuple[str, str], dict[str, Any]]:
    """Return the template's HTTP events by method and path, each with its function's handler."""
    return {
        (event["Properties"]["Method"], event["Properties"]["Path"]): event["Properties"]
        | {"Handler": properties["Handler"]}
        for properties in functions().values()
        for event in properties.get("Events", {}).values()
        if event["Type"] == "Api"
    }


def _declared() -> dict[tuple[str, str], Any]:
    return {
        (method.lower(), route.path_format): route
        for route in routes()
        for method in route.methods or ()
    }


def test_committed_document_is_fresh() -> None:
    assert openapi_text() == OPENAPI.read_text(), "run `make openapi` and commit the result"


def test_document_is_the_same_each_time() -> None:
    assert openapi_text() == openapi_text()


def test_each_route_is_deployed_and_each_deployed_path_is_a_route() -> None:
    assert _declared().keys() == _deployed().keys()


def test_each_route_is_behind_the_function_of_its_module() -> None:
    for place, route in _declared().items():
        handler = f"{route.endpoint.__module__.removeprefix('functions.')}.handler"

        assert _deployed()[place]["Handler"] == handler


def test_each_module_is_deployed() -> None:
    deployed = {f"functions.{f['Handler'].removesuffix('.handler')}" for f in functions().values()}

    assert deployed == set(endpoint_modules())


def test_gateway_asks_for_a_key_where_the_route_does() -> None:
    for place, route in _declared().items():
        open_at_gateway = _deployed()[place].get("Auth", {}).get("Authorizer") == "NONE"

        assert needs_key(route) is not open_at_gateway, place


def test_whatever_takes_a_version_documents_its_refusal() -> None:
    takes_a_version = [
        operation
        for path in COMMITTED["paths"].values()
        for operation in path.values()
        if "If-Match" in {one["name"] for one in operation.get("parameters", [])}
    ]

    assert len(takes_a_version) > 20
    for operation in takes_a_version:
        assert "content" in operation["responses"]["412"], operation["operationId"]


def test_operation_ids_are_unique() -> None:
    identifiers = [o["operationId"] for path in COMMITTED["paths"].values() for o in path.values()]

    assert len(identifiers) == len(set(identifiers))


def test_schema_names_hold_no_module_paths() -> None:
    assert [name for name in COMMITTED["components"]["schemas"] if "shared__" in name] == []


def test_all_references_lead_somewhere() -> None:
    names = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(COMMITTED)))

    assert names <= COMMITTED["components"]["schemas"].keys()


def test_fixed_paths_are_tried_before_parameters() -> None:
    """Given /sessions/batch and /sessions/{id}, then the application finds the first."""
    paths = [route.path for route in whole_api().routes if hasattr(route, "path")]

    for position, path in enumerate(paths):
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/{]+", path))
        shadowed = [later for later in paths[position + 1 :] if pattern.fullmatch(later)]
        assert [later for later in shadowed if later != path] == []
