"""The three surfaces: each has its own error body, chosen by the route.

A client of one surface never meets another's error body, also in the application that
holds all routes.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from shared.core.errors import DomainError, InvalidInput, NotFound
from shared.core.observability import MetricUnit, logger, metrics
from shared.http.errors import headers_of, status_of
from shared.http.invalid_input import Errors, as_bad_request, in_a_sentence, in_detail
from shared.http.replies import reply
from shared.http.request import MAX_BODY_BYTES, ApiRequest, request_id

type Handle = Callable[[Request], Awaitable[Response]]
type Render = Callable[[DomainError], dict[str, Any]]
type Invalid = Callable[[Errors], tuple[int, dict[str, Any]]]

_INTERNAL = DomainError("Something went wrong on our side.", code="internal_error")


@dataclass(frozen=True, slots=True)
class Surface:
    """How one family of routes answers what it refuses.

    Attributes
    ----------
    name
        For log lines.
    refused
        The body of a domain error.
    invalid
        Status and body of input that does not fit its model.
    """

    name: str
    refused: Render
    invalid: Invalid

    def router(self, *, max_body_bytes: int = MAX_BODY_BYTES, **options: Any) -> APIRouter:
        """Return a router whose routes answer in this surface's way."""
        route_class = _route_class(self, max_body_bytes)
        return APIRouter(route_class=route_class, strict_content_type=False, **options)

    def answer_error(self, error: DomainError) -> Response:
        response = reply(self.refused(error), status=status_of(error))
        response.headers.update(headers_of(error))
        return response

    async def answer_no_route(self, request: Request, _error: Exception) -> Response:
        """Answer a path that API Gateway let through and no route fits, such as ``a%2Fb``."""

        async def refuse(_request: Request) -> Response:
            raise NotFound("No route has this path and method")

        return await self.answer(request, request.url.path, refuse)

    async def answer(self, request: Request, path: str, handle: Handle) -> Response:
        """Answer a request; its id is on the answer, and on the one line that is logged of it.

        ``path`` is for the line: that of the route, so that lines of one route are alike.
        """
        started = time.perf_counter()
        identifier = request_id(request)
        logger.append_keys(request_id=identifier)
        response = await self._handled(request, handle)
        response.headers["X-Request-Id"] = identifier
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

    async def _handled(self, request: Request, handle: Handle) -> Response:
        """Run a route and turn whatever comes of it into an answer."""
        try:
            return await handle(request)
        except RequestValidationError as error:
            status, body = self.invalid(list(error.errors()))
            return reply(body, status=status)
        except DomainError as error:
            return self.answer_error(error)
        except HTTPException as error:
            # FastAPI wraps what reading the body raises.
            cause = error.__cause__
            unreadable = InvalidInput("The body cannot be read.", code="bad_request")
            return self.answer_error(cause if isinstance(cause, DomainError) else unreadable)
        except Exception:  # the edge: everything ends as an answer, and none of it unlogged
            logger.exception("unexpected error")
            metrics.add_metric(name="Faults", unit=MetricUnit.Count, value=1)
            return self.answer_error(_INTERNAL)


def surface_of(router: APIRouter) -> Surface:
    """Return the surface that made a router."""
    surface: Surface = router.route_class.answers_for  # type: ignore[attr-defined]  # see below
    return surface


@cache
def _route_class(surface: Surface, max_body_bytes: int) -> type[APIRoute]:
    class SurfaceRoute(APIRoute):
        answers_for = surface

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                own = ApiRequest(request.scope, request.receive)
                own.max_body_bytes = max_body_bytes
                return await surface.answer(own, self.path, handle)

            return answer

    return SurfaceRoute


def _code_and_message(error: DomainError) -> dict[str, Any]:
    return {"error": error.code, "message": error.message}


def _message_only(error: DomainError) -> dict[str, Any]:
    return {"error": error.message}


#: Playground, workflows, scenarios, identity, and what belongs to no product.
PLAYGROUND = Surface("playground", refused=_code_and_message, invalid=in_detail)
#: Agents and agent sessions.
AGENTS = Surface("agents", refused=_message_only, invalid=in_a_sentence)
#: Evaluation sessions and their parents.
EVALUATIONS = Surface("evaluations", refused=_code_and_message, invalid=as_bad_request)
