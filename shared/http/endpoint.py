"""Lambda handler of an endpoint: a router behind FastAPI and Mangum."""

import asyncio
import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from mangum import Mangum

from shared.core.json import valid_value
from shared.core.observability import logger, metrics
from shared.http.init import end_init
from shared.http.responses import JSON_LINES
from shared.http.surfaces import surface_of
from shared.storage.table import table

# The route logs one line per request, with its id; Mangum's line would be a second, without.
logging.getLogger("mangum").setLevel(logging.WARNING)

#: The gateway decodes a binary answer only for a client that accepts its type by name. Of this
#: type, an answer that is valid UTF-8 is sent as it is.
PROTOBUF = "application/x-protobuf"
#: Media types of bodies that Lambda returns as they are; API Gateway would not decode base64.
_TEXT_TYPES = [
    "text/", "application/javascript", "application/json", "application/xml", "image/svg+xml",
    JSON_LINES, PROTOBUF,
]  # fmt: skip

type Event = dict[str, Any]
type Handler = Callable[[Event, Any], dict[str, Any]]


def lambda_handler(router: APIRouter, *factories: Callable[[], object]) -> Handler:
    """Return the handler of a function whose routes are in ``router``.

    A function has no OpenAPI schema and no docs page. In Lambda, what the first request needs
    is created during INIT, which runs with a full vCPU and may be part of a snapshot: the
    storage client, and what the cached ``factories`` return. If one fails, so does the start.
    """
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        redirect_slashes=False,
        exception_handlers=dict.fromkeys((404, 405), surface_of(router).no_route_response),
    )
    app.router.routes.extend(router.routes)
    _set_event_loop()
    adapter = Mangum(app, lifespan="off", text_mime_types=_TEXT_TYPES)
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        if "TABLE_NAME" in os.environ:
            table()
        for create in factories:
            create()
    end_init()

    def handler(event: Event, context: Any) -> dict[str, Any]:
        authorized = event.get("requestContext", {}).get("authorizer") or {}
        logger.append_keys(
            function_request_id=getattr(context, "aws_request_id", None),
            organization_id=authorized.get("organization_id"),
        )
        request = {**event, "path": route_path(event)}
        try:
            response = adapter(request, context)
        except UnicodeEncodeError:  # before the route: the event has a lone surrogate
            response = adapter(valid_value(request), context)
        if metrics.metric_set:
            metrics.flush_metrics()
        return response

    return handler


@cache
def _set_event_loop() -> None:
    """Set the event loop on which Mangum runs every request of this process."""
    asyncio.set_event_loop(asyncio.new_event_loop())


def route_path(event: Event) -> str:
    """Return the request's path without a stage or base path, as routes are declared.

    API Gateway names the matched resource: the path ends in as many segments as the
    resource has. A greedy resource (``{name+}``) is located by its fixed beginning.
    """
    path, resource = str(event["path"]), str(event["resource"])
    if resource == "/":
        return resource
    fixed, greedy, _ = resource.partition("{")
    if greedy and resource.endswith("+}"):
        return fixed + path.partition(fixed)[2]
    segments = path.rstrip("/").split("/")
    return "/" + "/".join(segments[-resource.count("/") :])
