"""Rules and recommendations of AWS that the emulator does not check."""

from collections import defaultdict
from typing import Any

import pytest

from functions.triggers import sweep_turns
from tests.support.policies import delivery_needs, grants, role_grants, role_of, roles
from tests.support.template import (
    functions,
    of_type,
    routes_of,
    stream_sources,
    template,
    transformed,
)

#: Seconds after which API Gateway ends a request.
GATEWAY_TIMEOUT = 29
_FIRST_ORIGIN = {"Fn::Select": [0, {"Ref": "AllowedOrigins"}]}
MANAGED = "arn:${AWS::Partition}:iam::aws:policy"


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return of_type(kind, transformed())


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


def _timeout(function: str) -> int:
    shared: int = template()["Globals"]["Function"]["Timeout"]
    own: int = functions()[function].get("Timeout", shared)
    return own


def _has_route(function: str) -> bool:
    return bool(routes_of(function))


@pytest.mark.parametrize("logged", [True, False])
def test_access_log_setting_is_complete_or_absent(logged: bool) -> None:
    [stage] = _of_type("AWS::ApiGateway::Stage").values()

    setting = _evaluated(stage["AccessLogSetting"], AccessLogged=logged)

    assert (sorted(setting) if logged else setting) == (
        ["DestinationArn", "Format"] if logged else None
    )


def test_functions_with_routes_time_out_before_the_gateway() -> None:
    routed = [name for name in functions() if _has_route(name)]

    assert not [name for name in routed if _timeout(name) > GATEWAY_TIMEOUT]


def test_model_requests_time_out_before_their_function() -> None:
    """Bedrock's client waits for an answer as long as TURN_TIMEOUT_SECONDS."""
    invoking = [
        name
        for name in functions()
        if any(grant.action.startswith("bedrock:") for grant in grants(name))
    ]
    longest = template()["Parameters"]["TurnTimeoutSeconds"]["MaxValue"]
    waits = {
        name: int(
            functions()[name]
            .get("Environment", {})
            .get("Variables", {})
            .get("TURN_TIMEOUT_SECONDS", longest)
        )
        for name in invoking
    }

    assert len(invoking) > 5
    assert not {name: wait for name, wait in waits.items() if wait >= _timeout(name)}


def test_no_function_may_invoke_models_or_read_secrets_by_default() -> None:
    policies = _of_type("AWS::IAM::Policy")
    resources = {
        name: [statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]]
        for name, policy in policies.items()
    }
    allowing = [name for name, role in roles().items() if "bedrock" in str(role)]

    assert not allowing
    assert resources == {
        "InvokeModelsPolicy": [{"Ref": "ModelArns"}],
        "StreamModelsPolicy": [{"Ref": "ModelArns"}],
        "ReadSecretsPolicy": [{"Ref": "SecretArns"}],
    }
    assert {name: transformed()[name]["Condition"] for name in resources} == {
        "InvokeModelsPolicy": "ModelsAllowed",
        "StreamModelsPolicy": "ModelsAllowed",
        "ReadSecretsPolicy": "SecretsAllowed",
    }
    assert template()["Parameters"]["ModelArns"]["Default"] == ""
    assert template()["Parameters"]["SecretArns"]["Default"] == ""


def test_import_queue_has_recommended_visibility_timeout_and_receive_count() -> None:
    """Six times the function's timeout, and at least five attempts."""
    queue = template()["Resources"]["ImportQueue"]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * _timeout("ImportSessionsFunction")
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5


def test_sibling_paths_have_the_same_variable() -> None:
    """API Gateway rejects siblings ``{a}`` and ``{b}``."""
    [api] = _of_type("AWS::ApiGateway::RestApi").values()
    variables = defaultdict(set)
    for path in api["Body"]["paths"]:
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                variables["/".join(parts[:place])].add(part)

    assert variables
    assert not {parent: names for parent, names in variables.items() if len(names) > 1}


def test_old_versions_are_deleted() -> None:
    """Lambda charges for the snapshot of each existing version, used or not."""
    policies = [
        resource["DeletionPolicy"]
        for resource in transformed().values()
        if resource["Type"] == "AWS::Lambda::Version"
    ]

    assert set(policies) == {"Delete"}


def test_each_dead_letter_queue_has_an_alarm_if_a_topic_is_set() -> None:
    alarms = {
        name: resource
        for name, resource in transformed().items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
        and resource["Properties"]["Namespace"] == "AWS/SQS"
    }
    watched = []
    for alarm in alarms.values():
        properties = alarm["Properties"]
        [dimension] = properties["Dimensions"]
        watched.append(dimension["Value"]["Fn::GetAtt"])
        assert alarm["Condition"] == "Alarmed"
        assert properties["AlarmActions"] == [{"Ref": "AlarmTopicArn"}]
        assert properties["MetricName"] == "ApproximateNumberOfMessagesVisible"
    queues = [name for name in _of_type("AWS::SQS::Queue") if "DeadLetter" in name]
    assert sorted(watched) == [[name, "QueueName"] for name in sorted(queues)]
    assert template()["Parameters"]["AlarmTopicArn"]["Default"] == ""


def test_longest_wait_has_an_alarm_on_the_metric_of_the_sweep() -> None:
    alarm = transformed()["LongestWaitAlarm"]
    properties = alarm["Properties"]
    [dimension] = properties["Dimensions"]
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]

    assert alarm["Condition"] == "Alarmed"
    assert properties["MetricName"] == sweep_turns.METRIC
    assert properties["Namespace"] == variables["POWERTOOLS_METRICS_NAMESPACE"]
    assert dimension["Value"] == variables["POWERTOOLS_SERVICE_NAME"]
    # A metric is a line of the level INFO, which Lambda would drop at a higher LogLevel.
    assert functions()["SweepTurnsFunction"]["LoggingConfig"] == {"ApplicationLogLevel": "INFO"}


def test_queue_of_turns_hides_a_message_longer_than_a_run_takes() -> None:
    visible_after = template()["Resources"]["TurnQueue"]["Properties"]["VisibilityTimeout"]
    turn = template()["Parameters"]["TurnTimeoutSeconds"]["MaxValue"]

    assert turn < functions()["RunTurnFunction"]["Timeout"] <= visible_after


def test_failed_batches_of_the_stream_go_to_the_dead_letter_queue() -> None:
    mappings = [
        mapping
        for mapping in _of_type("AWS::Lambda::EventSourceMapping").values()
        if "DestinationConfig" in mapping
    ]
    assert len(mappings) == 2

    for mapping in mappings:
        destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
        assert destination == {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}
        function = mapping["FunctionName"]["Ref"]
        [need] = delivery_needs(function)
        assert need.resource.endswith("DeadLetterQueue")
        assert any(grant.covers(need) for grant in grants(function))


def test_roles_have_the_managed_policies_of_their_functions_events() -> None:
    """SAM adds them to roles that it makes itself; each role here names them."""
    of_events = {
        "DynamoDB": "service-role/AWSLambdaDynamoDBExecutionRole",
        "SQS": "service-role/AWSLambdaSQSQueueExecutionRole",
    }
    assert template()["Globals"]["Function"]["Tracing"] == "Active"
    for function, properties in functions().items():
        kinds = {event["Type"] for event in properties.get("Events", {}).values()}
        kinds |= {"DynamoDB" for _ in stream_sources(function)}
        names = ["service-role/AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"]
        names += [of_events[kind] for kind in sorted(kinds & of_events.keys())]
        policies = roles()[role_of(function)]["ManagedPolicyArns"]
        assert policies == [{"Sub": f"{MANAGED}/{name}"} for name in names], function


def test_only_lambda_assumes_the_roles_of_functions() -> None:
    for role in roles().values():
        assert _assumed_by(role) == "lambda.amazonaws.com"


def test_gateway_invokes_the_functions_of_this_stack_by_one_role() -> None:
    role = template()["Resources"]["InvokeFunctionsRole"]["Properties"]
    [policy] = role["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    [api] = _of_type("AWS::ApiGateway::RestApi").values()
    methods = [one for path in api["Body"]["paths"].values() for one in path.values()]

    assert _assumed_by(role) == "apigateway.amazonaws.com"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"]["Sub"].endswith(":function:${AWS::StackName}-*")
    assert {
        one["x-amazon-apigateway-integration"]["credentials"]["Fn::GetAtt"][0] for one in methods
    } == {"InvokeFunctionsRole"}


def _assumed_by(role: dict[str, Any]) -> str:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
    return str(statement["Principal"]["Service"])


def test_each_role_is_used_and_differs_from_all_others() -> None:
    """Functions with the same statements share a role, so that the stack stays small."""
    assert {role_of(function) for function in functions()} == roles().keys()

    by_content = defaultdict(list)
    for name, role in roles().items():
        by_content[role_grants(name), str(role["ManagedPolicyArns"])].append(name)
    assert not [names for names in by_content.values() if len(names) > 1]


def test_writes_of_functions_are_limited_to_kinds_of_keys() -> None:
    unlimited = {
        (name, grant.action)
        for name in roles()
        for grant in role_grants(name)
        if grant.action.endswith(("WriteItem", "PutItem", "UpdateItem", "DeleteItem"))
        and not grant.keys
    }

    assert not unlimited


def test_functions_of_read_routes_write_sessions_only() -> None:
    """A read may end a stale turn or an overdue approval; nothing else is written."""
    for name in functions():
        if {route.method for route in routes_of(name)} == {"get"}:
            assert {key for grant in grants(name) for key in grant.keys} <= {"*#session#*"}, name


@pytest.mark.parametrize("rule", ["PurgeSessionsFunctionDeleted", "EvaluationRequested"])
def test_undeliverable_events_go_to_the_dead_letter_queue(rule: str) -> None:
    [target] = transformed()[rule]["Properties"]["Targets"]
    queue = {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}

    assert target["DeadLetterConfig"]["Arn"] == queue
    assert {"queue": queue, "rule": {"Fn::GetAtt": [rule, "Arn"]}} in _events_accepted()


def test_queues_accept_the_events_of_their_rules() -> None:
    for name in ("EvaluationRequested", "SimulatedTurnEnded"):
        [target] = transformed()[name]["Properties"]["Targets"]
        rule = {"Fn::GetAtt": [name, "Arn"]}

        assert {"queue": target["Arn"], "rule": rule} in _events_accepted(), name


def _events_accepted() -> list[dict[str, Any]]:
    """Return the queues that EventBridge may send to, each with the rule."""
    statements = [
        statement
        for policy in _of_type("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert {one["Principal"]["Service"] for one in statements} == {"events.amazonaws.com"}
    return [
        {"queue": one["Resource"], "rule": one["Condition"]["ArnEquals"]["aws:SourceArn"]}
        for one in statements
    ]


def _gateway_responses() -> dict[str, dict[str, Any]]:
    [api] = _of_type("AWS::ApiGateway::RestApi").values()
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
