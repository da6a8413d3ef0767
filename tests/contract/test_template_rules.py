"""What AWS asks of a stack, or advises, and the local AWS does not check."""

from collections import defaultdict
from typing import Any

import pytest

from tests.support.policies import grants
from tests.support.template import functions, template, transformed

#: Seconds that API Gateway waits for a function.
GATEWAY_WAITS = 29


def _of_type(kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in transformed().items()
        if resource["Type"] == kind
    }


def _decided(value: Any, **conditions: bool) -> Any:
    """Return a value with each ``Fn::If`` decided; None is ``AWS::NoValue``."""
    if isinstance(value, list):
        return [_decided(one, **conditions) for one in value]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": "AWS::NoValue"}:
        return None
    if "Fn::If" in value:
        condition, then, otherwise = value["Fn::If"]
        return _decided(then if conditions[condition] else otherwise, **conditions)
    return {name: _decided(one, **conditions) for name, one in value.items()}


def _timeout(function: str) -> int:
    shared: int = template()["Globals"]["Function"]["Timeout"]
    own: int = functions()[function].get("Timeout", shared)
    return own


def _has_route(function: str) -> bool:
    events = functions()[function].get("Events", {}).values()
    return any(event["Type"] == "Api" for event in events)


@pytest.mark.parametrize("logged", [True, False])
def test_stage_has_the_setting_of_access_logs_whole_or_not_at_all(logged: bool) -> None:
    [stage] = _of_type("AWS::ApiGateway::Stage").values()

    setting = _decided(stage["AccessLogSetting"], AccessLogged=logged)

    assert (sorted(setting) if logged else setting) == (
        ["DestinationArn", "Format"] if logged else None
    )


def test_functions_with_routes_end_while_the_gateway_waits() -> None:
    routed = [name for name in functions() if _has_route(name)]

    assert not [name for name in routed if _timeout(name) > GATEWAY_WAITS]


def test_functions_that_may_ask_a_model_give_up_on_it_before_their_time_is_over() -> None:
    """Bedrock's client waits for an answer as long as TURN_TIMEOUT_SECONDS."""
    asking = [
        name
        for name in functions()
        if any(grant.action == "bedrock:InvokeModel" for grant in grants(name))
    ]
    most = template()["Parameters"]["TurnTimeoutSeconds"]["MaxValue"]
    waits = {
        name: int(
            functions()[name]
            .get("Environment", {})
            .get("Variables", {})
            .get("TURN_TIMEOUT_SECONDS", most)
        )
        for name in asking
    }

    assert len(asking) > 5
    assert not {name: wait for name, wait in waits.items() if wait >= _timeout(name)}


def test_messages_stay_hidden_while_they_are_tried_and_are_tried_often_enough() -> None:
    """Six times the function's time, and five times in all, as AWS advises."""
    queue = template()["Resources"]["ImportQueue"]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * _timeout("ImportSessionsFunction")
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5


def test_paths_have_one_variable_at_one_place() -> None:
    """API Gateway refuses siblings ``{a}`` and ``{b}``."""
    [api] = _of_type("AWS::ApiGateway::RestApi").values()
    variables = defaultdict(set)
    for path in api["Body"]["paths"]:
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                variables["/".join(parts[:place])].add(part)

    assert variables
    assert not {parent: names for parent, names in variables.items() if len(names) > 1}


def test_old_versions_go() -> None:
    """Lambda charges for the snapshot of each version that there is, used or not."""
    policies = [
        resource["DeletionPolicy"]
        for resource in transformed().values()
        if resource["Type"] == "AWS::Lambda::Version"
    ]

    assert set(policies) == {"Delete"}


def test_dead_letter_queues_have_an_alarm_each_where_a_topic_is_named() -> None:
    alarms = {
        name: resource
        for name, resource in transformed().items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
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


def test_whoever_reads_the_stream_may_send_what_it_cannot_do_to_its_queue() -> None:
    mappings = [
        mapping
        for mapping in _of_type("AWS::Lambda::EventSourceMapping").values()
        if "DestinationConfig" in mapping
    ]
    assert len(mappings) == 2

    for mapping in mappings:
        destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
        assert destination == {"Fn::GetAtt": ["DeadLetterQueue", "Arn"]}
        role = transformed()[mapping["FunctionName"]["Ref"] + "Role"]["Properties"]
        allowed = [
            statement["Resource"]
            for policy in role["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Action"] == "sqs:SendMessage"
        ]
        assert destination in allowed


def test_deletions_that_the_bus_cannot_hand_over_are_kept() -> None:
    """Given the rule of deleted sessions, then it has a queue that lets it in."""
    rule = "PurgeSessionsFunctionDeleted"
    [target] = transformed()[rule]["Properties"]["Targets"]
    [policy] = _of_type("AWS::SQS::QueuePolicy").values()
    [statement] = policy["PolicyDocument"]["Statement"]

    assert target["DeadLetterConfig"]["Arn"] == statement["Resource"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}}
