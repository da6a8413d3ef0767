"""Committed openapi.json: up to date, complete, and consistent with the template."""

import json
import re
from typing import Any

from local.dependencies import needs_key
from local.openapi import OPENAPI, openapi_text
from local.whole_api import resource_of, routes, whole_api
from tests.support.template import routes as template_routes

COMMITTED: dict[str, Any] = json.loads(OPENAPI.read_text())


def test_committed_document_is_up_to_date() -> None:
    assert openapi_text() == OPENAPI.read_text(), "run `make openapi` and commit the result"


def test_route_without_a_key_has_no_authorizer() -> None:
    gateway = {(one.method, one.path): one.needs_key for one in template_routes()}
    for route in routes():
        for method in route.methods or ():
            expected = gateway[method.lower(), resource_of(route)]

            assert needs_key(route) is expected, (method, route.path_format)


def test_operation_with_if_match_documents_412() -> None:
    conditional = [
        operation
        for path in COMMITTED["paths"].values()
        for operation in path.values()
        if "If-Match" in {one["name"] for one in operation.get("parameters", [])}
    ]

    assert len(conditional) > 20
    for operation in conditional:
        assert "content" in operation["responses"]["412"], operation["operationId"]


def test_schema_names_contain_no_module_paths() -> None:
    assert [name for name in COMMITTED["components"]["schemas"] if "shared__" in name] == []


def test_all_references_resolve() -> None:
    """Those of examples too: some readers resolve every `$ref` that they meet."""
    names = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(COMMITTED)))

    known = {
        f"components/{kind}/{name}" for kind, of in COMMITTED["components"].items() for name in of
    }
    assert names <= known


def test_fixed_paths_precede_parameters() -> None:
    """/sessions/batch is not shadowed by /sessions/{id}."""
    paths = [route.path for route in whole_api().routes if hasattr(route, "path")]

    for position, path in enumerate(paths):
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/{]+", path))
        shadowed = [later for later in paths[position + 1 :] if pattern.fullmatch(later)]
        assert [later for later in shadowed if later != path] == []
