"""Surfaces: families of routes, each with its own error body.

A route answers with the error body of its surface, also in the application that holds all
routes.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from shared.core.errors import DomainError, InvalidInput, NotFound
from shared.core.observability import MetricUnit, logger, metrics
from shared.http.cors import cors_headers
from shared.http.errors import headers_of, status_of
from shared.http.ignored_fields import HEADER, ignored_fields
from shared.http.invalid_input import (
    Errors,
    agents_response,
    evaluations_response,
    playground_response,
)
from shared.http.request import MAX_BODY_BYTES, ApiRequest, request_id
from shared.http.responses import reply

type Handle = Callable[[Request], Awaitable[Response]]
type ErrorBody = Callable[[DomainError], dict[str, Any]]
type InvalidInputResponse = Callable[[Errors], tuple[int, dict[str, Any]]]

#: Body of the request in progress, as the route's model read it.
_parsed_body: ContextVar[Any] = ContextVar("parsed_body", default=None)

_INTERNAL = DomainError("Internal error; retry, then report the request id.", code="internal_error")


@dataclass(frozen=True, slots=True)
class Surface:
    """A family of routes and its form of errors.

    Attributes
    ----------
    name
        For log lines.
    error_body
        Body of a domain error.
    invalid_input
        Status and body for input that fails validation.
    names_ignored_fields
        True if requests may have unknown fields and parameters: responses name them.
    """

    name: str
    error_body: ErrorBody
    invalid_input: InvalidInputResponse
    names_ignored_fields: bool = False

    def router(self, *, max_body_bytes: int = MAX_BODY_BYTES, **options: Any) -> APIRouter:
        """Return a router whose routes answer in this surface's form."""
        route_class = _route_class(self, max_body_bytes)
        return APIRouter(route_class=route_class, strict_content_type=False, **options)

    def error_response(self, error: DomainError) -> Response:
        response = reply(self.error_body(error), status=status_of(error))
        response.headers.update(headers_of(error))
        return response

    async def no_route_response(self, request: Request, _error: Exception) -> Response:
        """Answer a path that API Gateway routes here and no route matches, such as ``a%2Fb``."""

        async def reject(_request: Request) -> Response:
            raise NotFound("No route has this path and method")

        return await self.respond(request, request.url.path, reject)

    async def respond(self, request: Request, path: str, handle: Handle) -> Response:
        """Answer a request: set its id and the CORS headers, and log one line.

        ``path`` is the route's, for the log: lines of one route are alike.
        """
        started = time.perf_counter()
        identifier = request_id(request)
        logger.append_keys(request_id=identifier)
        response = await self._handle(request, handle)
        response.headers["X-Request-Id"] = identifier
        for name, value in cors_headers(request.headers.get("origin")).items():
            if name == "Vary":
                response.headers.add_vary_header(value)
            else:
                response.headers[name] = value
        logger.info(
            "%s %s",
            request.method,
            path,
            extra={
                "surface": self.name,
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return response

    async def _handle(self, request: Request, handle: Handle) -> Response:
        """Run a route; every error becomes a response."""
        try:
            return await handle(request)
        except RequestValidationError as error:
            status, body = self.invalid_input(list(error.errors()))
            return reply(body, status=status)
        except DomainError as error:
            return self.error_response(error)
        except HTTPException as error:
            # FastAPI wraps what reading the body raises.
            cause = error.__cause__
            unreadable = InvalidInput("body: must be readable; send it again.", code="bad_request")
            return self.error_response(cause if isinstance(cause, DomainError) else unreadable)
        except Exception:  # the edge: every error is logged and becomes a response
            logger.exception("unexpected error")
            metrics.add_metric(name="Faults", unit=MetricUnit.Count, value=1)
            return self.error_response(_INTERNAL)


def surface_of(router: APIRouter) -> Surface:
    """Return the surface that created a router."""
    surface: Surface = router.route_class.surface  # type: ignore[attr-defined]  # see below
    return surface


@cache
def _route_class(its_surface: Surface, max_body_bytes: int) -> type[APIRoute]:
    class SurfaceRoute(APIRoute):
        surface = its_surface

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            if its_surface.names_ignored_fields and self.body_field is not None:
                _note_parsed_body(self.dependant, self.body_field.name)
            handle_plainly = super().get_route_handler()
            has_no_query = _needs_key_and_has_no_query(self)

            async def handle(request: Request) -> Response:
                _parsed_body.set(None)
                unread = list(request.query_params) if has_no_query else []
                try:
                    if unread and not its_surface.names_ignored_fields:
                        raise _unknown_parameters(unread)
                    response = await handle_plainly(request)
                except RequestValidationError as error:
                    raise _explained(error, self) from None
                if response.status_code < 300:
                    parsed = _parsed_body.get()
                    sent = None if parsed is None else await request.json()
                    if names := ignored_fields(sent, parsed, unread):
                        response.headers[HEADER] = names
                return response

            async def respond(request: Request) -> Response:
                limited = ApiRequest(request.scope, request.receive)
                limited.max_body_bytes = max_body_bytes
                return await self.surface.respond(limited, self.path, handle)

            return respond

    return SurfaceRoute


def _note_parsed_body(dependant: Dependant, name: str) -> None:
    """Have a route's endpoint, an ``async`` function, note the body that it is called with."""
    endpoint: Any = dependant.call

    @wraps(endpoint)
    async def noting(**values: Any) -> Any:
        _parsed_body.set(values.get(name))
        return await endpoint(**values)

    dependant.call = noting


def _needs_key_and_has_no_query(route: APIRoute) -> bool:
    """Return whether every query parameter of a request is unknown to a route.

    Routes without a key are left alone: health checks and browsers add parameters of their own.
    ``openapi_extra`` describes the parameters of routes that read the query themselves.
    """
    dependant = route.dependant
    parameters = any(inner.query_params for inner in (dependant, *dependant.dependencies))
    return bool(dependant.dependencies) and not parameters and not route.openapi_extra


def _unknown_parameters(names: list[str]) -> RequestValidationError:
    return RequestValidationError(
        [{"type": "extra_forbidden", "loc": ("query", name), "msg": ""} for name in names]
    )


def _explained(error: RequestValidationError, route: APIRoute) -> RequestValidationError:
    """Return the error with messages about unknown fields that name the known ones."""
    errors = list(error.errors())
    if not any(one["type"] == "extra_forbidden" for one in errors):
        return error
    from shared.http.unknown_fields import explain_unknown  # noqa: PLC0415  # not at every start

    return RequestValidationError(explain_unknown(errors, route))


def _code_and_message(error: DomainError) -> dict[str, Any]:
    return {"error": error.code, "message": error.message}


#: Playground, workflows, scenarios, identity, and the service's own routes.
PLAYGROUND = Surface("playground", _code_and_message, playground_response)
#: Agents and agent sessions.
AGENTS = Surface(
    "agents",
    lambda error: {"error": error.message},
    agents_response,
    names_ignored_fields=True,
)
#: Evaluation sessions and their catalog.
EVALUATIONS = Surface(
    "evaluations", _code_and_message, evaluations_response, names_ignored_fields=True
)
