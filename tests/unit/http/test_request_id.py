"""The request id: on every answer and in every log line."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.http.conftest import Client


@pytest.mark.parametrize("own", ["a", "x" * 128, "550e8400-e29b-41d4-a716-446655440000", "!~{}"])
def test_given_a_usable_id_of_the_client_then_it_is_echoed_and_logged(
    client: Client, own: str, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = client.send("GET", headers={"X-Request-Id": own})
    assert answer.headers["x-request-id"] == own
    (line,) = logged()
    assert line["request_id"] == own
    assert line["organization_id"] == str(client.gateway.organization_id)
    assert (line["status"], line["message"]) == (200, "GET /v1/things/{agent_id}")


@pytest.mark.parametrize("own", [None, "", "x" * 129, "a b", "é", "a\x7f", "a\x00", "\t"])
def test_given_none_or_an_unusable_one_then_it_is_the_gateways(
    client: Client, own: str | None, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = client.send("GET", headers={"X-Request-Id": own} if own is not None else {})
    identifier = answer.headers["x-request-id"]
    assert len(identifier) == 36
    (line,) = logged()
    assert line["request_id"] == identifier


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("DELETE", None, 204), ("GET", "/v1/things/x", None), ("GET", "/v1/things/a%2Fb", 404)],
)
def test_given_any_answer_then_it_carries_the_id(
    client: Client, method: str, path: str | None, status: int | None
) -> None:
    target = {"path": path} if path else {}
    answer = client.send(method, headers={"X-Request-Id": "own"}, **target)
    assert answer.headers["x-request-id"] == "own"
    assert status in (None, answer.status)


def test_given_a_path_that_no_route_fits_then_it_is_logged_as_any_other(
    surface_name: str, client: Client, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    """API Gateway takes ``a%2Fb`` for one segment, and the function's own routes do not."""
    client.send("GET")
    client.send("GET", path="/v1/things/a%2Fb", headers={"X-Request-Id": "own"})
    found, lost = logged()
    assert lost.keys() == found.keys()
    assert (lost["message"], lost["request_id"]) == ("GET /v1/things/a/b", "own")
    assert (lost["status"], lost["surface"]) == (404, surface_name)
    assert lost["organization_id"] == str(client.gateway.organization_id)


def test_given_one_request_after_another_then_no_line_carries_the_id_of_the_earlier(
    client: Client, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    client.send("GET", headers={"X-Request-Id": "one"})
    client.gateway.organization_id = type(client.gateway.organization_id).new()
    client.send("POST", body="{}", headers={"X-Request-Id": "two"})
    one, two = logged()
    assert (one["request_id"], two["request_id"]) == ("one", "two")
    assert one["organization_id"] != two["organization_id"]
