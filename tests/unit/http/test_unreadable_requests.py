"""Requests that no endpoint gets to see: each answered in its surface's own form."""

import pytest

from tests.support.gateway import Gateway

KEYS = "/v1/identity/api-keys"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"name": "' + "x" * 1024 * 1024 + '"}', 413),
        ('{"name":', 422),
        ('{"name": NaN}', 422),
        ("[" * 100_000, 422),
    ],
)
def test_body_that_cannot_be_read_is_the_clients_error(
    api: Gateway, body: str, status: int
) -> None:
    answer = api("POST", KEYS, raw=body)

    assert answer.status == status


def test_encoded_slash_in_an_id_is_an_unknown_route(api: Gateway) -> None:
    """API Gateway takes the whole for one segment, the adapter decodes it into two."""
    answer = api("DELETE", KEYS + "/a%2Fb")

    assert answer.status == 404
    assert answer.json == {"error": "not_found", "message": "No route has this path and method"}
    assert answer.headers["x-request-id"]
