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
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.core.errors import DomainError
from shared.core.observability import MetricUnit, logger, metrics
from shared.http.errors import headers_of, status_of
from shared.http.replies import reply
from shared.http.request import ApiRequest, request_id

type Errors = list[dict[str, Any]]
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

    def router(self, **options: Any) -> APIRouter:
        """Return a router whose routes answer in this surface's way."""
        return APIRouter(route_class=_route_class(self), strict_content_type=False, **options)

    def answer_error(self, error: DomainError) -> Response:
        response = reply(self.refused(error), status=status_of(error))
        response.headers.update(headers_of(error))
        return response

    async def answer(
        self, request: Request, handle: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Run a route and turn whatever comes of it into an answer."""
        try:
            return await handle(request)
        except RequestValidationError as error:
            status, body = self.invalid(list(error.errors()))
            return reply(body, status=status)
        except DomainError as error:
            return self.answer_error(error)
        except Exception:  # the edge: everything ends as an answer, and none of it unlogged
            logger.exception("unexpected error")
            metrics.add_metric(name="Faults", unit=MetricUnit.Count, value=1)
            return self.answer_error(_INTERNAL)


@cache
def _route_class(surface: Surface) -> type[APIRoute]:
    class SurfaceRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                started = time.perf_counter()
                own = ApiRequest(request.scope, request.receive)
                identifier = request_id(own)
                logger.append_keys(request_id=identifier)
                response = await surface.answer(own, handle)
                response.headers["X-Request-Id"] = identifier
                logger.info(
                    "%s %s",
                    request.method,
                    self.path,
                    extra={
                        "surface": surface.name,
                        "status": response.status_code,
                        "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                    },
                )
                return response

            return answer

    return SurfaceRoute


def _code_and_message(error: DomainError) -> dict[str, Any]:
    return {"error": error.code, "message": error.message}


def _message_only(error: DomainError) -> dict[str, Any]:
    return {"error": error.message}


def _in_detail(errors: Errors) -> tuple[int, dict[str, Any]]:
    return 422, {"detail": jsonable_encoder([_presentable(error) for error in errors])}


def _in_a_sentence(errors: Errors) -> tuple[int, dict[str, Any]]:
    """Ids and parameters are a client's slip of address: 400; the rest of a body: 422."""
    first = errors[0]
    place, *path = first["loc"]
    name = str(path[-1]) if path else ""
    if name.endswith("_id") and len(path) == 1 and (place == "path" or first["type"] == "missing"):
        label = name.removesuffix("_id")
        return 400, {"error": f"Invalid {label} ID: {_lower(first['msg'])}"}
    if first["type"] == "invalid_id":
        return 400, {"error": first["msg"]}
    return 400 if place in ("path", "query") else 422, {"error": _sentence(first)}


def _as_bad_request(errors: Errors) -> tuple[int, dict[str, Any]]:
    return 400, {"error": "bad_request", "message": _sentence(errors[0])}


def _sentence(error: dict[str, Any]) -> str:
    """Say where and what, as in ``message.content.0.text: field required``."""
    where = ".".join(str(step) for step in error["loc"][1:])
    if error["type"] == "json_invalid":
        return f"The body is not valid JSON: {error.get('ctx', {}).get('error', 'unreadable')}"
    return f"{where}: {_lower(error['msg'])}" if where else error["msg"]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _presentable(error: dict[str, Any]) -> dict[str, Any]:
    """Keep the documented keys of an error; an exception in ``ctx`` becomes its text."""
    kept = {key: error[key] for key in ("loc", "msg", "type", "input") if key in error}
    if context := error.get("ctx"):
        kept["ctx"] = {
            key: str(value) if isinstance(value, Exception) else value
            for key, value in context.items()
        }
    return kept


#: Playground, workflows, scenarios, identity, and what belongs to no product.
PLAYGROUND = Surface("playground", refused=_code_and_message, invalid=_in_detail)
#: Agents and agent sessions.
AGENTS = Surface("agents", refused=_message_only, invalid=_in_a_sentence)
#: Evaluation sessions and their parents.
EVALUATIONS = Surface("evaluations", refused=_code_and_message, invalid=_as_bad_request)
