"""Errors of use cases: status, body and headers on each surface."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from shared.core import errors
from shared.core.errors import DomainError
from shared.http.errors import STATUS
from tests.support.gateway import Gateway
from tests.unit.http.conftest import SURFACES, THING, Client, thing_handler


class Vanished(errors.NotFound):
    """Error of an area, derived from a common one."""

    code = "vanished"


EXPECTED = [
    (errors.InvalidInput("m"), 400, "invalid_input"),
    (errors.Forbidden("m"), 403, "forbidden"),
    (errors.NotFound("m"), 404, "not_found"),
    (errors.NotFound("m", code="agent_not_found"), 404, "agent_not_found"),
    (Vanished("m"), 404, "vanished"),
    (errors.Conflict("m"), 409, "conflict"),
    (errors.PreconditionFailed("m"), 412, "precondition_failed"),
    (errors.TooLarge("m"), 413, "payload_too_large"),
    (errors.Unprocessable("m"), 422, "unprocessable"),
    (errors.Throttled("m", retry_after=3), 429, "rate_limited"),
    (errors.Unavailable("m", retry_after=2), 503, "unavailable"),
    (errors.Unavailable("m", code="busy"), 503, "busy"),
]


TRANSIENT = (errors.Throttled, errors.Unavailable)


def failing(surface_name: str, error: Exception) -> Client:
    def act(_: Any) -> NoReturn:
        raise error

    return Client(thing_handler(SURFACES[surface_name], act), Gateway())


def body(surface_name: str, code: str, message: str) -> dict[str, str]:
    return {"error": message} if surface_name == "agents" else {"error": code, "message": message}


@pytest.mark.parametrize(("error", "status", "code"), EXPECTED)
def test_domain_error_has_the_surfaces_status_headers_and_body(
    surface_name: str, error: DomainError, status: int, code: str
) -> None:
    answer = failing(surface_name, error).send("GET", THING)
    assert answer.status == status
    assert answer.json == body(surface_name, code, "m")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    seconds = error.retry_after if isinstance(error, TRANSIENT) else None
    assert answer.headers.get("retry-after") == (seconds and str(seconds))


def test_every_domain_error_has_a_status() -> None:
    kinds = {
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, DomainError) and kind is not DomainError
    }
    assert set(STATUS) <= kinds
    # A subclass has the status of its base: Busy is Unavailable.
    assert not [kind for kind in kinds if not issubclass(kind, tuple(STATUS))]


@pytest.mark.parametrize(
    "error", [RuntimeError("secret detail"), ValueError(), KeyError("k"), RecursionError("deep")]
)
def test_unexpected_error_is_logged_and_hidden_from_the_client(
    surface_name: str,
    error: Exception,
    logged: Callable[[], list[dict[str, Any]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = failing(surface_name, error).send("GET", THING, headers={"X-Request-Id": "own-1"})
    assert answer.status == 500
    assert answer.json == body(
        surface_name, "internal_error", "Internal error; retry, then report the request id."
    )
    assert answer.headers["x-request-id"] == "own-1"
    (line,) = [line for line in logged() if line["level"] == "ERROR"]
    assert "Traceback" in line["exception"]
    assert type(error).__name__ in line["exception"]
    assert line["request_id"] == "own-1"
    # The metric of the alarm.
    (metric,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert metric["Faults"] == [1.0]


def test_success_writes_no_metric(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.send("GET", THING)
    assert "Faults" not in capsys.readouterr().out
