"""Comparison of answers with openapi.json: status, headers and body."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from local.openapi import OPENAPI

#: Headers of representation, caching and browsers, which no operation documents.
COMMON_HEADERS = {
    *("content-length", "content-type", "cache-control", "x-accel-buffering", "vary"),
    *("access-control-allow-origin", "access-control-expose-headers"),
}


def undocumented(
    method: str, resource: str, status: int, headers: dict[str, str], text: str
) -> str | None:
    """Return what openapi.json does not have of an answer to an operation, or None."""
    resource = resource.replace("+}", "}")  # a greedy parameter is documented as any other
    operation = _document()["paths"].get(resource, {}).get(method.lower())
    if operation is None:
        return None  # the docs page, and methods that no operation has
    name = f"{method} {resource}: {status}"
    response = operation["responses"].get(str(status))
    if response is None:
        return f"{name} is not documented: {text[:200]}"
    if names := headers.keys() - {one.lower() for one in response["headers"]} - COMMON_HEADERS:
        return f"{name}: headers are not documented: {sorted(names)}"
    media_type = headers.get("content-type", "").partition(";")[0]
    if media_type not in response.get("content", {}):
        return f"{name}: content is not documented: {media_type}" if text else None
    if media_type == "application/json":
        validator = _validator(method.lower(), resource, str(status))
        errors = [f"{one.instance_path}: {one.message[:200]}" for one in
                  validator.iter_errors(json.loads(text))]  # fmt: skip
        return f"{name}: {errors}" if errors else None
    return None


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(OPENAPI.read_text())
    return document


@cache
def _validator(method: str, resource: str, status: str) -> jsonschema_rs.Draft202012Validator:
    document = _document()
    response = document["paths"][resource][method]["responses"][status]
    schema = response["content"]["application/json"]["schema"]
    return jsonschema_rs.Draft202012Validator(schema | {"components": document["components"]})
