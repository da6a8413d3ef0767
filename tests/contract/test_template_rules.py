"""Rules of AWS for functions, queues, alarms and events that the emulator does not check."""

from typing import Any

import pytest

from functions.triggers import sweep_turns
from tests.support.policies import delivery_needs, grants
from tests.support.template import deployed, functions, template, timeout_of, transformed


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
    assert not {name: wait for name, wait in waits.items() if wait >= timeout_of(name)}


def test_import_queue_has_recommended_visibility_timeout_and_receive_count() -> None:
    """Six times the function's timeout, and at least five attempts."""
    queue = template()["Resources"]["ImportQueue"]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * timeout_of("ImportSessionsFunction")
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5


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
    queues = [name for name in deployed("AWS::SQS::Queue") if "DeadLetter" in name]
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
        for mapping in deployed("AWS::Lambda::EventSourceMapping").values()
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
        for policy in deployed("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert {one["Principal"]["Service"] for one in statements} == {"events.amazonaws.com"}
    return [
        {"queue": one["Resource"], "rule": one["Condition"]["ArnEquals"]["aws:SourceArn"]}
        for one in statements
    ]
