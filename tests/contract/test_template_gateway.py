"""API Gateway in the template: paths, time-outs, access log, and responses of its own."""

from collections import defaultdict
from typing import Any

import pytest

from tests.support.template import deployed, functions, routes_of, timeout_of

#: Seconds after which API Gateway ends a request.
GATEWAY_TIMEOUT = 29
_FIRST_ORIGIN = {"Fn::Select": [0, {"Ref": "AllowedOrigins"}]}


def _evaluated(value: Any, **conditions: bool) -> Any:
    """Return a value with each ``Fn::If`` evaluated; None is ``AWS::NoValue``."""
    if isinstance(value, list):
        return [_evaluated(one, **conditions) for one in value]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": "AWS::NoValue"}:
        return None
    if "Fn::If" in value:
        condition, then, otherwise = value["Fn::If"]
        return _evaluated(then if conditions[condition] else otherwise, **conditions)
    return {name: _evaluated(one, **conditions) for name, one in value.items()}


def _has_route(function: str) -> bool:
    return bool(routes_of(function))


@pytest.mark.parametrize("logged", [True, False])
def test_access_log_setting_is_complete_or_absent(logged: bool) -> None:
    [stage] = deployed("AWS::ApiGateway::Stage").values()

    setting = _evaluated(stage["AccessLogSetting"], AccessLogged=logged)

    assert (sorted(setting) if logged else setting) == (
        ["DestinationArn", "Format"] if logged else None
    )


def test_functions_with_routes_time_out_before_the_gateway() -> None:
    routed = [name for name in functions() if _has_route(name)]

    assert not [name for name in routed if timeout_of(name) > GATEWAY_TIMEOUT]


def test_sibling_paths_have_the_same_variable() -> None:
    """API Gateway rejects siblings ``{a}`` and ``{b}``."""
    [api] = deployed("AWS::ApiGateway::RestApi").values()
    variables = defaultdict(set)
    for path in api["Body"]["paths"]:
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                variables["/".join(parts[:place])].add(part)

    assert variables
    assert not {parent: names for parent, names in variables.items() if len(names) > 1}


def _gateway_responses() -> dict[str, dict[str, Any]]:
    [api] = deployed("AWS::ApiGateway::RestApi").values()
    found: dict[str, dict[str, Any]] = api["Body"]["x-amazon-apigateway-gateway-responses"]
    return found


@pytest.mark.parametrize(
    ("is_allowed", "is_one", "origin"),
    [
        (False, True, None),
        (True, True, {"Fn::Sub": ["'${Origin}'", {"Origin": _FIRST_ORIGIN}]}),
        (True, False, "method.request.header.Origin"),
    ],
)
def test_each_gateway_response_has_the_headers_of_the_api(
    is_allowed: bool, is_one: bool, origin: Any
) -> None:
    for kind, response in _gateway_responses().items():
        parameters = response["responseParameters"]
        prefix = "gatewayresponse.header."
        found = {name.removeprefix(prefix): value for name, value in parameters.items()}
        values = _evaluated(found, CrossOrigin=is_allowed, OneOrigin=is_one)
        assert values["X-Request-Id"] == "context.requestId", kind
        assert values["Vary"] == "'Origin'", kind
        assert values["Access-Control-Allow-Origin"] == origin, kind
        assert bool(values["Access-Control-Expose-Headers"]) is is_allowed, kind


def test_refused_keys_are_401_and_failures_of_the_authorizer_503() -> None:
    responses = _gateway_responses()

    assert responses["ACCESS_DENIED"] == responses["UNAUTHORIZED"] == responses["INVALID_API_KEY"]
    assert responses["ACCESS_DENIED"]["statusCode"] == "401"
    assert responses["AUTHORIZER_FAILURE"] == responses["AUTHORIZER_CONFIGURATION_ERROR"]
    failure = responses["AUTHORIZER_FAILURE"]
    assert failure["statusCode"] == "503"
    assert failure["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"
