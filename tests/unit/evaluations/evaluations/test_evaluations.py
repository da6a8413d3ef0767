"""Evaluations through the API: create, get, delete and retry."""

from typing import Any

import pytest

from shared.core.ids import EvaluationId, SessionId, new_uuid
from tests.support.evaluations import World, ids, new_entity, new_session, new_turn
from tests.support.gateway import Gateway


def evaluate(api: Gateway, session: str, *metrics: dict[str, Any], **body: Any) -> Any:
    answer = api(
        "POST", "/evaluations/fromSession", {"sessionId": session, "metrics": metrics, **body}
    )
    assert answer.status == 201, answer.text
    return answer.json


def test_score_of_the_client_is_stored_as_given(
    api: Gateway, world: World, session: str, own: str
) -> None:
    run = new_entity(api, "/runs", productId=world.product)["id"]
    [evaluation] = evaluate(api, session, {"id": own, "score": 0.4}, runId=run)
    assert evaluation == {
        "id": evaluation["id"],
        "metricId": own,
        "sessionId": session,
        "inferenceResultId": None,
        "productId": world.product,
        "runId": run,
        "userId": str(api.key_id),
        "status": "SUCCESS",
        "score": 0.4,
        "reason": None,
        "passed": False,
        "metricPassThreshold": 0.5,
        "evaluatedAt": evaluation["createdAt"],
        "createdAt": evaluation["createdAt"],
        "deletedAt": None,
        "retriesAttempted": 0,
        "canRetry": False,
        "conversationSimulatorVersion": None,
        "judgeInputTokens": None,
        "judgeOutputTokens": None,
        "judgeReasoningTokens": None,
        "humanEvaluatorId": None,
        "humanEvaluatorStartedAt": None,
        "humanEvaluatorFinishedAt": None,
        "humanScore": None,
        "humanReason": None,
        "metricLegacyAt": None,
        "testCaseLegacyAt": None,
        "scoreBreakdown": None,
        "confidence": None,
        "longInput": False,
    }
    assert api("GET", f"/evaluations/{evaluation['id']}").json == evaluation


def test_each_metric_makes_one_evaluation_of_its_kind(
    api: Gateway, session: str, own: str, judged: str
) -> None:
    human = new_entity(api, "/metrics", name="People", source="HUMAN_EVALUATION")["id"]
    found = evaluate(
        api, session,
        {"name": "Own", "score": 1}, {"id": own, "score": 0.2}, {"id": judged}, {"id": human},
    )  # fmt: skip
    assert [(one["metricId"], one["status"], one["score"]) for one in found] == [
        (own, "SUCCESS", 1.0),
        (judged, "PENDING", None),
        (human, "PENDING_HUMAN", None),
    ]


def test_name_means_the_newest_metric(api: Gateway, session: str, own: str) -> None:
    newest = new_entity(api, "/metrics", name="Own", source="SELF_HOSTED")["id"]
    assert own != newest
    [found] = evaluate(api, session, {"name": "Own", "score": 1})
    assert found["metricId"] == newest


@pytest.mark.parametrize(
    ("metrics", "status", "text"),
    [
        ([], 400, "metrics"),
        ([{}], 400, "metrics.0"),
        ([{"name": "None of them"}], 404, "metrics.0: metric not found"),
        ([{"id": "metric_unknown"}], 404, "metrics.0: metric not found"),
        ([{"name": "Own"}], 400, "metrics.0.score"),
        ([{"name": "Own", "score": 1.5}], 400, "metrics.0.score"),
        ([{"name": "Judged", "score": 1}], 400, "metrics.0.score"),
    ],
)
@pytest.mark.usefixtures("own", "judged")
def test_invalid_metrics_are_refused(
    api: Gateway, session: str, metrics: Any, status: int, text: str
) -> None:
    answer = api("POST", "/evaluations/fromSession", {"sessionId": session, "metrics": metrics})
    assert (answer.status, text in answer.json["message"]) == (status, True), answer.text
    assert ids(api, f"/evaluations?sessionIds={session}") == []


@pytest.mark.parametrize(
    ("path", "body", "text"),
    [
        ("fromSession", {"sessionId": str(SessionId.new())}, "sessionId"),
        ("fromSession", {"sessionId": "none"}, "sessionId"),
        ("fromSession", {"sessionId": "{session}", "specificationIds": ["a"]}, "specificationIds"),
        ("fromInferenceResult", {"inferenceResultId": "none"}, "inferenceResultId"),
        ("fromInferenceResult", {"inferenceResultId": "{unknown}"}, "inferenceResultId"),
        ("singleTurn", {"versionId": "none", "actualOutput": "A"}, "versionId"),
        ("singleTurn", {"productId": "none", "actualOutput": "A"}, "productId"),
        ("fromVersion", {"versionId": "none"}, "versionId"),
        ("fromVersion", {"productId": "none"}, "productId"),
    ],
)
def test_unknown_subject_is_not_found(
    api: Gateway, session: str, turn: str, own: str, path: str, body: Any, text: str
) -> None:
    named = {"{session}": session, "{unknown}": f"{turn[:-1]}f"}
    body = {key: named.get(str(value), value) for key, value in body.items()}
    body["metrics"] = [{"id": own, "score": 1}]
    answer = api("POST", f"/evaluations/{path}", body)
    assert (answer.status, text in answer.json["message"]) == (404, True), answer.text


def test_turn_is_evaluated(api: Gateway, session: str, turn: str, own: str) -> None:
    assert own
    body = {"inferenceResultId": turn, "metrics": [{"name": "Own", "score": 0.5}]}
    answer = api("POST", "/evaluations/fromInferenceResult", body)
    assert answer.status == 201
    [found] = answer.json
    assert (found["sessionId"], found["inferenceResultId"]) == (session, turn)
    assert found["passed"] is True


def test_single_turn_is_recorded_and_evaluated(api: Gateway, world: World, own: str) -> None:
    body = {
        "versionId": world.version, "testCaseId": world.test_case, "actualOutput": "Hi.",
        "input": None, "retrievalContext": None, "latency": 5.5, "isProduction": None,
        "usageInfo": {"input_tokens": 3.0}, "costInfo": {"cost": 0.5},
        "conversationSimulatorVersion": None, "metrics": [{"id": own, "score": 1}],
    }  # fmt: skip
    first = api("POST", "/evaluations/singleTurn", body, headers={"Idempotency-Key": "k"})
    assert first.status == 201, first.text
    [found] = first.json
    session = api("GET", f"/sessions/{found['sessionId']}").json
    assert (session["status"], session["testCaseId"]) == ("COMPLETED", world.test_case)
    turn = api("GET", f"/inferenceResults/{found['inferenceResultId']}").json
    assert (turn["input"], turn["inputTokens"], turn["cost"]) == (
        {"user_message": "Hello"}, 3, 0.5,
    )  # fmt: skip

    api("DELETE", f"/metrics/{own}")
    again = api("POST", "/evaluations/singleTurn", body, headers={"Idempotency-Key": "k"})
    assert (again.status, again.json) == (201, first.json)
    assert api("POST", "/evaluations/singleTurn", body).status == 404
    assert len(ids(api, "/sessions")) == 1


def test_single_turn_of_a_product_uses_its_newest_version(api: Gateway, own: str) -> None:
    product = new_entity(api, "/products", name="Empty")["id"]
    body = {
        "productId": product, "input": "Hi", "actualOutput": "A",
        "metrics": [{"name": "Own", "score": 1}],
    }  # fmt: skip
    [first] = api("POST", "/evaluations/singleTurn", body).json
    [second] = api("POST", "/evaluations/singleTurn", body).json
    assert len(ids(api, f"/versions?productIds={product}")) == 1
    assert first["sessionId"] != second["sessionId"]
    missing = api("POST", "/evaluations/singleTurn", {"actualOutput": "A", **_scores(own)})
    assert missing.status == 400


def _scores(metric: str) -> dict[str, Any]:
    return {"metrics": [{"id": metric, "score": 1}]}


def test_version_is_evaluated_by_its_recorded_sessions_once(
    api: Gateway, world: World, judged: str
) -> None:
    body = {"versionId": world.version, "specificationIds": []}
    assert api("POST", "/evaluations/fromVersion", body).status == 400
    session = new_session(api, world.version, testCaseId=world.test_case)["id"]
    new_session(api, world.version, testCaseId=world.test_case)  # without turns
    new_turn(api, session, input="When?", actualOutput="Now.")

    first = api("POST", "/evaluations/fromVersion", body)
    assert first.status == 200, first.text
    assert first.json["testCaseCount"] == 1
    [evaluation] = first.json["evaluationIds"]
    assert api("GET", f"/evaluations/{evaluation}").json["metricId"] == judged
    by_product = api("POST", "/evaluations/fromVersion", {"productId": world.product})
    assert by_product.json == first.json
    assert ids(api, "/evaluations") == [evaluation]
    api("DELETE", f"/evaluations/{evaluation}")
    assert api("POST", "/evaluations/fromVersion", body).json["evaluationIds"] == []


def test_evaluations_are_counted_in_their_run(api: Gateway, world: World, own: str) -> None:
    run = new_entity(api, "/runs", productId=world.product)["id"]
    of_case = {"versionId": world.version, "testCaseId": world.test_case}
    session = new_entity(api, "/sessions", **of_case, runId=run)["id"]
    turn = new_turn(api, session, input="When?", actualOutput="Now.")["id"]
    new_entity(api, "/metrics", name="Judged", judgePrompt="It is polite.")
    bodies = {
        "fromSession": {"sessionId": session, **_scores(own)},
        "fromInferenceResult": {"inferenceResultId": turn, **_scores(own)},
        "singleTurn": {**of_case, "actualOutput": "A", **_scores(own)},
        "fromVersion": {"versionId": world.version},
    }
    for path, body in bodies.items():
        assert api("POST", f"/evaluations/{path}", {**body, "runId": run}).status < 300
    shown = api("GET", f"/runs/{run}").json
    assert (shown["sessionCount"], shown["evaluationCount"]) == (2, 5)
    assert len(ids(api, f"/evaluations?runIds={run}")) == 5

    api("POST", f"/runs/{run}/close")
    for path in ("fromSession", "fromInferenceResult", "singleTurn"):
        refused = api("POST", f"/evaluations/{path}", {**bodies[path], "runId": run})
        assert (refused.status, "runId" in refused.json["message"]) == (400, True)
        unknown = api("POST", f"/evaluations/{path}", {**bodies[path], "runId": "none"})
        assert (unknown.status, "runId" in unknown.json["message"]) == (404, True)


def test_deleted_evaluation_is_not_found(api: Gateway, session: str, own: str) -> None:
    [one] = evaluate(api, session, {"id": own, "score": 1})
    assert api("DELETE", f"/evaluations/{one['id']}").status == 204
    assert api("GET", f"/evaluations/{one['id']}").status == 404
    assert api("DELETE", f"/evaluations/{one['id']}").status == 404
    assert ids(api, f"/evaluations?sessionIds={session}") == []


def test_evaluations_go_with_their_session_and_outlive_their_metric(
    api: Gateway, session: str, own: str
) -> None:
    [one] = evaluate(api, session, {"id": own, "score": 1})
    api("DELETE", f"/metrics/{own}")
    assert ids(api, f"/evaluations?metricIds={own}") == [one["id"]]
    api("DELETE", f"/sessions/{session}")
    assert api("GET", f"/evaluations/{one['id']}").status == 404
    assert api("DELETE", f"/evaluations/{one['id']}").status == 404
    assert api("GET", f"/evaluations?ids={one['id']}").status == 404
    assert ids(api, "/evaluations") == []


def test_evaluation_of_another_organization_is_not_found(
    api: Gateway, session: str, own: str
) -> None:
    [one] = evaluate(api, session, {"id": own, "score": 1})
    other = Gateway()
    assert other("GET", f"/evaluations/{one['id']}").status == 404
    assert other("GET", f"/evaluations?ids={one['id']}").status == 404


def test_only_judged_evaluations_without_a_score_are_retried(
    api: Gateway, session: str, own: str, judged: str
) -> None:
    scored, waiting = evaluate(api, session, {"id": own, "score": 1}, {"id": judged})
    unknown = str(EvaluationId.of(SessionId.new(), new_uuid()))
    sent = [scored["id"], waiting["id"], unknown, "none"]
    answer = api("POST", "/evaluations/retry", {"ids": sent})
    assert answer.status == 200
    assert answer.json == {
        "retried": 0,
        "skipped": 4,
        "errors": [
            f"{scored['id']}: cannot be retried in status SUCCESS.",
            f"{waiting['id']}: cannot be retried in status PENDING.",
            f"{unknown}: evaluation not found",
            "none: evaluation not found",
        ],
    }


@pytest.mark.parametrize("text", ["ev_", "ev_" + "A" * 31, "ev_" + "?" * 32, "session_" + "0" * 32])
def test_invalid_id_is_not_found(api: Gateway, text: str) -> None:
    assert api("GET", f"/evaluations/{text}").status == 404
    with pytest.raises(ValueError, match="expected ev_"):
        EvaluationId.parse(text)


def test_id_is_that_of_its_session() -> None:
    session = SessionId.new()
    found = EvaluationId.parse(str(EvaluationId.of(session, new_uuid())))
    assert found.session_id == session
    assert len(str(found)) == 35
