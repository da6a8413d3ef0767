"""CORS headers, preflight requests, and methods that no function serves."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.service import fallback
from shared.http.cors import allowed_origins
from shared.http.fallback import served_methods
from tests.support.gateway import Gateway
from tests.support.template import routes, template
from tests.unit.http.conftest import Client

PAGE = "https://app.example.com"
OTHER = "https://evil.example.com"
PATH = "/v1/agents/{agent_id}"


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that sets the allowed origins."""

    def set_origins(origins: str) -> None:
        monkeypatch.setenv("ALLOWED_ORIGINS", origins)
        allowed_origins.cache_clear()

    yield set_origins
    allowed_origins.cache_clear()


def ask(method: str, headers: dict[str, str] | None = None, resource: str = PATH) -> dict[str, Any]:
    event = Gateway().event(method, resource, resource, {}, "", None, headers)
    return fallback.handler(event, None)


def cors_of(headers: dict[str, str]) -> dict[str, str]:
    names = {name.lower(): value for name, value in headers.items()}
    return {name: one for name, one in names.items() if name.startswith("access-control-")}


# ------------------------------------------------------------------------------ other methods
@pytest.mark.parametrize("method", ["PUT", "POST", "HEAD", "TRACE", "X" * 30])
def test_method_without_a_function_is_405_with_the_allowed_ones(method: str) -> None:
    answer = ask(method, {"X-Request-Id": "trace-1"})

    assert answer["statusCode"] == 405
    assert answer["headers"]["Allow"] == "GET, PATCH, DELETE, OPTIONS"
    assert answer["headers"]["X-Request-Id"] == "trace-1"
    assert json.loads(answer["body"]) == {
        "error": "method_not_allowed",
        "message": f"{method[:20]}: this path has only the methods GET, PATCH, DELETE, OPTIONS.",
    }


def test_each_path_of_the_template_names_its_methods() -> None:
    methods: dict[str, set[str]] = {}
    for route in routes():
        methods.setdefault(route.path, set()).add(route.method.upper())

    assert {path: set(served_methods(path)) for path in methods} == methods


def test_each_path_of_the_template_has_the_fallback() -> None:
    paths = template()["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]

    assert set(paths) == {*(route.path for route in routes()), "/{proxy+}"}
    for path in paths.values():
        method = path.get("x-amazon-apigateway-any-method") or path["options"]
        assert method["security"] == [{"NONE": []}, {"api_key_false": []}]
        assert "FallbackFunction.Arn" in str(method["x-amazon-apigateway-integration"]["uri"])


# ---------------------------------------------------------------------------------- preflight
def test_preflight_of_an_allowed_origin_names_methods_and_headers(
    allow: Callable[[str], None],
) -> None:
    allow(f"http://127.0.0.1:8080, {PAGE}")
    answer = ask("OPTIONS", {"Origin": PAGE, "Access-Control-Request-Method": "PATCH"})

    assert (answer["statusCode"], answer["body"]) == (204, "")
    headers = answer["headers"]
    assert headers["Access-Control-Allow-Origin"] == PAGE
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert methods <= set(headers["Access-Control-Allow-Methods"].split(", "))
    needed = {"authorization", "content-type", "idempotency-key", "if-match", "last-event-id"}
    needed |= {"x-api-key", "x-request-id"}
    assert needed <= set(headers["Access-Control-Allow-Headers"].split(", "))
    assert int(headers["Access-Control-Max-Age"]) > 0
    assert headers["Vary"] == "Origin"


@pytest.mark.parametrize("origins", ["", PAGE, f"{PAGE},http://127.0.0.1:8080"])
@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{PAGE}.evil.example", "http://app.example.com"]
)
def test_preflight_of_another_origin_allows_nothing(
    allow: Callable[[str], None], origins: str, origin: str
) -> None:
    allow(origins)
    answer = ask("OPTIONS", {"Origin": origin, "Access-Control-Request-Method": "PATCH"})

    assert answer["statusCode"] == 204
    assert answer["headers"]["Allow"] == "GET, PATCH, DELETE, OPTIONS"
    assert not cors_of(answer["headers"])


# -------------------------------------------------------------------------------- other answers
EXPOSED = {"ETag", "X-Request-Id", "Idempotent-Replayed", "X-Next-Cursor", "X-Ignored-Fields",
           "Retry-After", "Location"}  # fmt: skip


@pytest.mark.parametrize("origins", [PAGE, f"{OTHER}.org,{PAGE}", "*"])
def test_answers_of_each_status_carry_the_headers(
    allow: Callable[[str], None], client: Client, origins: str
) -> None:
    allow(origins)
    found = [client.send("PUT", headers={"Origin": PAGE})]
    found.append(client.send("PUT", headers={"Origin": PAGE, "If-Match": "x"}))
    found.append(client.send(body="{", headers={"Origin": PAGE}))
    found.append(client.send("GET", "/v1/things/a%2Fb", headers={"Origin": PAGE}))

    assert [answer.status for answer in found][:2] == [200, 412]
    for answer in found:
        assert answer.headers["access-control-allow-origin"] in (PAGE, "*")
        assert set(answer.headers["access-control-expose-headers"].split(", ")) >= EXPOSED
        assert answer.headers["vary"] == "Origin"
    refused = ask("PUT", {"Origin": PAGE})
    assert refused["headers"]["Access-Control-Allow-Origin"] in (PAGE, "*")


@pytest.mark.parametrize(("origins", "vary"), [("", None), (PAGE, "Origin")])
@pytest.mark.parametrize("origin", [None, OTHER])
def test_answers_to_other_origins_carry_no_headers(
    allow: Callable[[str], None], client: Client, origins: str, origin: str, vary: str | None
) -> None:
    allow(origins)
    answer = client.send("PUT", headers={"Origin": origin} if origin else {})

    assert answer.status == 200
    assert not cors_of(answer.headers)
    assert answer.headers.get("vary") == vary
