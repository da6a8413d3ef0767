"""Write events/: what each function is invoked with, one file a function.

    python -m local.events [FOLDER]

For `sam local invoke FUNCTION -e events/<folder>-<module>.json` and for the tests.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from local.api_description import depends_on
from local.examples import EXAMPLES
from local.examples.example import IDEMPOTENCY_KEY, KEY_ID, ORGANIZATION, Example
from local.examples.lambda_events import LAMBDA_EVENTS
from local.settings import ROOT
from local.whole_api import routes
from shared.core.json import dumps
from shared.http.conditions import IdempotencyKey

EVENTS = ROOT / "events"


def events() -> dict[str, dict[str, Any]]:
    """Return the event of every function, by the name of its module below functions/.

    Raises ``LookupError`` for an endpoint without an example, or an example without one.
    """
    found = dict(LAMBDA_EVENTS)
    for route in routes():
        module = route.endpoint.__module__.removeprefix("functions.")
        if module not in EXAMPLES:
            raise LookupError(f"write an example for {module} in local/examples/")
        # Of a module with several routes, the shortest path stands for all.
        if module not in found:
            found[module] = http_event(route, EXAMPLES[module])
    if strays := EXAMPLES.keys() - found.keys():
        raise LookupError(f"examples without an endpoint: {sorted(strays)}")
    return found


def http_event(route: APIRoute, example: Example) -> dict[str, Any]:
    """Return a request as API Gateway's proxy integration hands it on (REST, version 1)."""
    [method] = sorted(route.methods or set())
    headers = {"Accept": "application/json", "Host": "api.example.com"}
    if example.body is not None:
        headers["Content-Type"] = "application/json"
    if depends_on(route, IdempotencyKey):
        headers["Idempotency-Key"] = IDEMPOTENCY_KEY
    several: dict[str, list[str]] = {}
    for name, value in example.query:
        several.setdefault(name, []).append(value)
    path = route.path_format.format(**example.parameters)
    return {
        "resource": route.path_format,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(example.query) or None,
        "multiValueQueryStringParameters": several or None,
        "pathParameters": example.parameters or None,
        "stageVariables": None,
        "requestContext": _context(route, method, path),
        "body": None if example.body is None else dumps(example.body),
        "isBase64Encoded": False,
    }


def file_name(module: str) -> str:
    """Return the name of a module's event: ``agents.create`` → ``agents-create.json``."""
    return f"{module.replace('.', '-')}.json"


def text(event: dict[str, Any]) -> str:
    """Return an event as it is committed."""
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write all events into a folder, and take out those of functions that are gone."""
    folder.mkdir(exist_ok=True)
    wanted = {file_name(module): text(event) for module, event in events().items()}
    for stale in folder.glob("*.json"):
        if stale.name not in wanted:
            stale.unlink()
    for name, content in wanted.items():
        (folder / name).write_text(content)


def _context(route: APIRoute, method: str, path: str) -> dict[str, Any]:
    return {
        "accountId": "123456789012",
        "apiId": "a1b2c3d4e5",
        "stage": "api",
        "protocol": "HTTP/1.1",
        "resourcePath": route.path_format,
        "httpMethod": method,
        "path": f"/api{path}",
        "requestId": "5b1ac2c1-6a4e-4a8a-9a0d-3f9d0c7b8a11",
        "requestTimeEpoch": 1_772_357_400_000,
        "identity": {"sourceIp": "203.0.113.7", "userAgent": "example/1.0"},
        # What the authorizer answered; all values are strings.
        "authorizer": {
            "principalId": str(KEY_ID),
            "organization_id": str(ORGANIZATION),
            "key_id": str(KEY_ID),
            "key_name": "example",
            "scopes": "read write admin",
        },
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    write(target)
    print(target)
