"""Request id: on every response and in every log line."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.http.conftest import Client


@pytest.mark.parametrize("own", ["a", "x" * 128, "550e8400-e29b-41d4-a716-446655440000", "!~{}"])
def test_valid_request_id_is_returned_and_logged(
    client: Client, own: str, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = client.send("GET", headers={"X-Request-Id": own})
    assert answer.headers["x-request-id"] == own
    (line,) = logged()
    assert line["request_id"] == own
    assert line["organization_id"] == str(client.gateway.organization_id)
    assert (line["status"], line["message"]) == (200, "GET /v1/things/{agent_id}")


@pytest.mark.parametrize("own", [None, "", "x" * 129, "a b", "é", "a\x7f", "a\x00", "\t"])
def test_missing_or_invalid_request_id_is_replaced(
    client: Client, own: str | None, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = client.send("GET", headers={"X-Request-Id": own} if own is not None else {})
    identifier = answer.headers["x-request-id"]
    assert len(identifier) == 36
    (line,) = logged()
    assert line["request_id"] == identifier


def test_path_without_a_route_is_logged_like_any_other(
    surface_name: str, client: Client, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    """API Gateway reads ``a%2Fb`` as one segment, the function's routes as two."""
    client.send("GET")
    client.send("GET", path="/v1/things/a%2Fb", headers={"X-Request-Id": "own"})
    with_route, without = logged()
    assert without.keys() == with_route.keys()
    assert (without["message"], without["request_id"]) == ("GET /v1/things/a/b", "own")
    assert (without["status"], without["surface"]) == (404, surface_name)
    assert without["organization_id"] == str(client.gateway.organization_id)


def test_log_lines_do_not_keep_the_ids_of_earlier_requests(
    client: Client, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    client.send("GET", headers={"X-Request-Id": "one"})
    client.gateway.organization_id = type(client.gateway.organization_id).new()
    client.send("POST", body="{}", headers={"X-Request-Id": "two"})
    one, two = logged()
    assert (one["request_id"], two["request_id"]) == ("one", "two")
    assert one["organization_id"] != two["organization_id"]
