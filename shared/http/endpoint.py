"""From a router with one endpoint to a Lambda handler."""

import asyncio
import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from mangum import Mangum

from shared.core.observability import logger, metrics
from shared.http.surfaces import surface_of
from shared.storage.table import table

# One line a request is written by the route, with its id; Mangum's would be a second, without.
logging.getLogger("mangum").setLevel(logging.WARNING)

type Event = dict[str, Any]
type Handler = Callable[[Event, Any], dict[str, Any]]


def lambda_handler(router: APIRouter) -> Handler:
    """Return the handler of a function whose routes are in ``router``.

    No schema and no docs page are built in a function. In Lambda, what the first request
    would build (the storage's client) is built now: start-up has a whole processor, and a
    snapshot of it may be kept.
    """
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False},
        redirect_slashes=False,
        exception_handlers=dict.fromkeys((404, 405), surface_of(router).answer_no_route),
    )
    app.router.routes.extend(router.routes)
    _set_event_loop()
    adapter = Mangum(app, lifespan="off")
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ and "TABLE_NAME" in os.environ:
        table()

    def handler(event: Event, context: Any) -> dict[str, Any]:
        logger.append_keys(
            function_request_id=getattr(context, "aws_request_id", None),
            organization_id=_authorizer(event).get("organization_id"),
        )
        answer = adapter({**event, "path": own_path(event)}, context)
        if metrics.metric_set:
            metrics.flush_metrics()
        return answer

    return handler


@cache
def _set_event_loop() -> None:
    """Give this process the one loop that Mangum runs every request on."""
    asyncio.set_event_loop(asyncio.new_event_loop())


def own_path(event: Event) -> str:
    """Return the path as the route knows it, without a stage or base path before it.

    API Gateway names the matched resource: the request's path ends in as many segments
    as the resource has. A greedy resource (``{name+}``) is found by its fixed beginning.
    """
    path, resource = str(event["path"]), str(event["resource"])
    if resource == "/":
        return resource
    fixed, greedy, _ = resource.partition("{")
    if greedy and resource.endswith("+}"):
        return fixed + path.partition(fixed)[2]
    segments = path.rstrip("/").split("/")
    return "/" + "/".join(segments[-resource.count("/") :])


def _authorizer(event: Event) -> dict[str, Any]:
    return event.get("requestContext", {}).get("authorizer") or {}
