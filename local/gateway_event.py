"""Event of API Gateway's proxy integration (REST, version 1)."""

from collections.abc import Sequence
from typing import Any


def gateway_event(
    method: str,
    resource: str,
    path: str,
    *,
    parameters: dict[str, str],
    query: Sequence[tuple[str, str]],
    headers: dict[str, str],
    body: str | None,
    context: dict[str, Any],
) -> dict[str, Any]:
    """Return the event of a request; ``context`` completes its ``requestContext``."""
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {
            **context,
            "resourcePath": resource,
            "httpMethod": method,
            "path": context.get("path") or path,
        },
        "body": body,
        "isBase64Encoded": False,
    }
