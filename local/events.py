"""Generator of events/: an example event for each function, one file each.

    python -m local.events [FOLDER]

Used by `sam local invoke FUNCTION -e events/<folder>-<module>.json` and by the tests.
"""

import json
import sys
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from local.dependencies import depends_on
from local.examples import EXAMPLES
from local.examples.example import IDEMPOTENCY_KEY, KEY_ID, ORGANIZATION, Example
from local.examples.lambda_events import LAMBDA_EVENTS
from local.gateway_event import gateway_event
from local.settings import ROOT
from local.whole_api import resource_of, routes
from shared.core.json import dumps
from shared.http.conditions import IdempotencyKey

EVENTS = ROOT / "events"
_CONTEXT = {
    "accountId": "123456789012",
    "apiId": "a1b2c3d4e5",
    "stage": "api",
    "protocol": "HTTP/1.1",
    # Depend on the request.
    **dict.fromkeys(("resourcePath", "httpMethod", "path")),
    "requestId": "5b1ac2c1-6a4e-4a8a-9a0d-3f9d0c7b8a11",
    "requestTimeEpoch": 1_772_357_400_000,
    "identity": {"sourceIp": "203.0.113.7", "userAgent": "example/1.0"},
    # The authorizer's context; all values are strings.
    "authorizer": {
        "principalId": str(KEY_ID),
        "organization_id": str(ORGANIZATION),
        "key_id": str(KEY_ID),
        "key_name": "example",
        "scopes": "read write admin",
    },
}


def events() -> dict[str, dict[str, Any]]:
    """Return the event of every function, by its module below functions/.

    Raises ``LookupError`` for an endpoint without an example, and the reverse.
    """
    events = dict(LAMBDA_EVENTS)
    for route in routes():
        module = route.endpoint.__module__.removeprefix("functions.")
        if module not in EXAMPLES:
            raise LookupError(f"write an example for {module} in local/examples/")
        # A module with several routes is represented by its shortest path.
        if module not in events:
            events[module] = http_event(route, EXAMPLES[module])
    if strays := EXAMPLES.keys() - events.keys():
        raise LookupError(f"examples without an endpoint: {sorted(strays)}")
    return events


def http_event(route: APIRoute, example: Example) -> dict[str, Any]:
    """Return a request in the form of API Gateway's proxy integration (REST, version 1)."""
    [method] = sorted(route.methods or set())
    headers = {"Accept": "application/json", "Host": "api.example.com"}
    if example.body is not None:
        headers["Content-Type"] = "application/json"
    if depends_on(route, IdempotencyKey):
        headers["Idempotency-Key"] = IDEMPOTENCY_KEY
    path = route.path_format.format(**example.parameters)
    return gateway_event(
        method,
        resource_of(route),
        path,
        parameters=example.parameters,
        query=example.query,
        headers=headers,
        body=None if example.body is None else dumps(example.body),
        context=_CONTEXT | {"path": f"/api{path}"},
    )


def file_name(module: str) -> str:
    """Return the file name of a module's event: ``agents.create`` → ``agents-create.json``."""
    return f"{module.replace('.', '-')}.json"


def text(event: dict[str, Any]) -> str:
    """Return an event as committed."""
    return json.dumps(event, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write all events into a folder; remove those of functions that no longer exist."""
    folder.mkdir(exist_ok=True)
    contents = {file_name(module): text(event) for module, event in events().items()}
    for stale in folder.glob("*.json"):
        if stale.name not in contents:
            stale.unlink()
    for name, content in contents.items():
        (folder / name).write_text(content)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    write(target)
    print(target)
