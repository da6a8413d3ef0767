"""Example requests of functions/evaluation_sessions/."""

from typing import Any

from local.examples.example import ORGANIZATION, Example, example_id
from shared.core.ids import (
    EvaluationId,
    EvaluationRunId,
    InferenceResultId,
    MetricId,
    ProductId,
    SessionId,
    TestCaseId,
    TestId,
    VersionId,
)

_PRODUCT = str(ProductId(example_id("/products")))
_VERSION = str(VersionId(example_id("/versions")))
_TEST = str(TestId(example_id("/tests")))
_TEST_CASE = str(TestCaseId(example_id("/testCases")))
_METRIC = str(MetricId(example_id("/metrics")))
_SESSION_ID = SessionId(example_id("/sessions"))
_SESSION = str(_SESSION_ID)
_RESULT = str(InferenceResultId(_SESSION_ID, 1))

_CREATE_PRODUCT = ("evaluation_sessions.create_product",)
_CREATE_VERSION = (*_CREATE_PRODUCT, "evaluation_sessions.create_version")
_CREATE_TEST = (*_CREATE_PRODUCT, "evaluation_sessions.create_test")
_CREATE_TEST_CASE = (*_CREATE_TEST, "evaluation_sessions.create_test_case")
_CREATE_CATALOG = (*_CREATE_TEST_CASE, "evaluation_sessions.create_version")
_CREATE_SESSION = (*_CREATE_CATALOG, "evaluation_sessions.create")
_RUN = str(EvaluationRunId(example_id("/runs")))
_OPEN_RUN = (*_CREATE_PRODUCT, "evaluation_sessions.create_evaluation_run")
_CREATE_RESULT = (*_CREATE_SESSION, "evaluation_sessions.create_inference_result")

_TRACE: dict[str, Any] = {
    "id": "trace_00000000000000a1",
    "inferenceResultId": _RESULT,
    "name": "get_order",
    "type": "TOOL",
    "inputData": {"id": 4711},
    "outputData": {"status": "late"},
    "latencyMs": 12.5,
    "startTime": "2026-03-01T09:29:58Z",
}

_CATALOG = {
    "evaluation_sessions.create_product": Example(
        body={"name": "Order desk", "description": "Answers questions about orders."}
    ),
    "evaluation_sessions.list_products": Example(
        query=(("ids[]", _PRODUCT),), after=_CREATE_PRODUCT
    ),
    "evaluation_sessions.get_product": Example(parameters={"id": _PRODUCT}, after=_CREATE_PRODUCT),
    "evaluation_sessions.update_product": Example(
        parameters={"id": _PRODUCT}, body={"name": "Order help"}, after=_CREATE_PRODUCT
    ),
    "evaluation_sessions.delete_product": Example(
        parameters={"id": _PRODUCT}, after=_CREATE_PRODUCT
    ),
    "evaluation_sessions.create_version": Example(
        body={"productId": _PRODUCT, "name": "v1", "systemPrompt": "You answer briefly."},
        after=_CREATE_PRODUCT,
    ),
    "evaluation_sessions.get_or_create_version": Example(
        body={"productId": _PRODUCT, "facts": {"model": "gpt-4o", "temperature": "0.7"}},
        after=_CREATE_PRODUCT,
    ),
    "evaluation_sessions.list_versions": Example(
        query=(("productIds[]", _PRODUCT),), after=_CREATE_VERSION
    ),
    "evaluation_sessions.get_version": Example(parameters={"id": _VERSION}, after=_CREATE_VERSION),
    "evaluation_sessions.update_version": Example(
        parameters={"id": _VERSION}, body={"description": "Brief."}, after=_CREATE_VERSION
    ),
    "evaluation_sessions.delete_version": Example(
        parameters={"id": _VERSION}, after=_CREATE_VERSION
    ),
    "evaluation_sessions.create_test": Example(
        body={"productId": _PRODUCT, "name": "Late orders", "type": "SCENARIOS"},
        after=_CREATE_PRODUCT,
    ),
    "evaluation_sessions.list_tests": Example(
        query=(("productIds[]", _PRODUCT),), after=_CREATE_TEST
    ),
    "evaluation_sessions.get_test": Example(parameters={"id": _TEST}, after=_CREATE_TEST),
    "evaluation_sessions.update_test": Example(
        parameters={"id": _TEST}, body={"languageCode": "en"}, after=_CREATE_TEST
    ),
    "evaluation_sessions.delete_test": Example(parameters={"id": _TEST}, after=_CREATE_TEST),
    "evaluation_sessions.create_test_case": Example(
        body={
            "testId": _TEST,
            "input": "Where is my order 4711?",
            "expectedOutput": "It arrives on Tuesday.",
            "context": "The customer has one order, 4711, which is late.",
            "userPersona": "In a hurry, polite.",
        },
        after=_CREATE_TEST,
    ),
    "evaluation_sessions.list_test_cases": Example(
        query=(("testIds[]", _TEST),), after=_CREATE_TEST_CASE
    ),
    "evaluation_sessions.get_test_case": Example(
        parameters={"id": _TEST_CASE}, after=_CREATE_TEST_CASE
    ),
    "evaluation_sessions.update_test_case": Example(
        parameters={"id": _TEST_CASE},
        body={"goal": "To know the day of delivery."},
        after=_CREATE_TEST_CASE,
    ),
    "evaluation_sessions.delete_test_case": Example(
        parameters={"id": _TEST_CASE}, after=_CREATE_TEST_CASE
    ),
}

_CREATE_METRIC = ("evaluation_sessions.create_metric",)
_METRICS = {
    "evaluation_sessions.create_metric": Example(
        body={
            "name": "Day of delivery",
            "source": "PARTIAL_PROMPT",
            "judgePrompt": "The answer names the day of {{expected_output}}.",
            "evaluationParams": ["input", "actual_output", "expected_output"],
            "tags": ["orders"],
            "passThreshold": 0.5,
        }
    ),
    "evaluation_sessions.list_metrics": Example(
        query=(("names[]", "Day of delivery"),), after=_CREATE_METRIC
    ),
    "evaluation_sessions.get_metric": Example(parameters={"id": _METRIC}, after=_CREATE_METRIC),
    "evaluation_sessions.delete_metric": Example(parameters={"id": _METRIC}, after=_CREATE_METRIC),
}

_SESSIONS = {
    "evaluation_sessions.create": Example(
        body={
            "versionId": _VERSION,
            "customId": "run-2026-03-01-001",
            "isProduction": None,
            "testCaseId": _TEST_CASE,
            "metadata": {"channel": "web"},
        },
        after=_CREATE_CATALOG,
    ),
    "evaluation_sessions.list": Example(
        query=(("versionIds[]", _VERSION), ("sort[]", "createdAt"), ("sort[]", "desc")),
        after=_CREATE_SESSION,
    ),
    "evaluation_sessions.get": Example(parameters={"id": _SESSION}, after=_CREATE_SESSION),
    "evaluation_sessions.update": Example(
        parameters={"id": _SESSION},
        body={"metadata": {"channel": "app"}, "context": None},
        after=_CREATE_SESSION,
    ),
    "evaluation_sessions.finish": Example(
        parameters={"id": _SESSION}, body={"stoppingReason": "GOAL_ACHIEVED"}, after=_CREATE_SESSION
    ),
    "evaluation_sessions.delete": Example(parameters={"id": _SESSION}, after=_CREATE_SESSION),
    "evaluation_sessions.delete_batch": Example(body={"ids": [_SESSION]}, after=_CREATE_SESSION),
    "evaluation_sessions.create_inference_result": Example(
        body={
            "sessionId": _SESSION,
            "input": "Where is my order 4711?",
            "actualOutput": "It is on its way and arrives on Tuesday.",
            "latency": 812.5,
            "inputTokens": 21,
            "outputTokens": 12,
            "status": "GENERATED",
        },
        after=_CREATE_SESSION,
    ),
    "evaluation_sessions.list_inference_results": Example(
        query=(("sessionIds[]", _SESSION),), after=_CREATE_RESULT
    ),
    "evaluation_sessions.get_inference_result": Example(
        parameters={"id": _RESULT}, after=_CREATE_RESULT
    ),
    "evaluation_sessions.create_inference_results_batch": Example(
        body={
            "sessionId": _SESSION,
            "conversationTurns": [
                {"role": "user", "content": "Where is my order 4711?"},
                {"role": "assistant", "content": "It arrives on Tuesday."},
            ],
            "conversationSimulatorVersion": None,
        },
        after=_CREATE_SESSION,
    ),
    "evaluation_sessions.update_inference_result": Example(
        parameters={"id": _RESULT}, body={"actualOutput": "On Wednesday."}, after=_CREATE_RESULT
    ),
    "evaluation_sessions.create_trace": Example(body=_TRACE, after=_CREATE_RESULT),
    "evaluation_sessions.create_traces_batch": Example(
        body={"traces": [_TRACE]}, after=_CREATE_RESULT
    ),
    "evaluation_sessions.list_traces": Example(
        query=(("inferenceResultIds[]", _RESULT),),
        after=(*_CREATE_RESULT, "evaluation_sessions.create_trace"),
    ),
    "evaluation_sessions.get_trace": Example(
        parameters={"id": _TRACE["id"]},
        after=(*_CREATE_RESULT, "evaluation_sessions.create_trace"),
    ),
    "evaluation_sessions.delete_trace": Example(
        parameters={"id": _TRACE["id"]},
        after=(*_CREATE_RESULT, "evaluation_sessions.create_trace"),
    ),
    "evaluation_sessions.delete_inference_result": Example(
        parameters={"id": _RESULT}, after=_CREATE_RESULT
    ),
    "evaluation_sessions.generate_next_user_message": Example(
        body={"sessionId": _SESSION, "maxTurns": 5}, after=_CREATE_SESSION
    ),
}

_FILE = f"https://files.example/datasets/tests/{ORGANIZATION}/{'0' * 32}.csv"
_FILES = {
    "evaluation_sessions.create_upload_url": Example(
        query=(("key", "cases.csv"), ("fileType", "testFile"))
    ),
    "evaluation_sessions.create_download_url": Example(query=(("uri", _FILE),)),
    "evaluation_sessions.create_download_urls": Example(body={"uris": [_FILE]}),
}

_RUNS = {
    "evaluation_sessions.create_evaluation_run": Example(
        body={"productId": _PRODUCT, "customId": "nightly-2026-03-01"}, after=_CREATE_PRODUCT
    ),
    "evaluation_sessions.list_evaluation_runs": Example(
        query=(("productIds[]", _PRODUCT),), after=_OPEN_RUN
    ),
    "evaluation_sessions.get_evaluation_run": Example(parameters={"id": _RUN}, after=_OPEN_RUN),
    "evaluation_sessions.close_evaluation_run": Example(parameters={"id": _RUN}, after=_OPEN_RUN),
    "evaluation_sessions.delete_evaluation_run": Example(parameters={"id": _RUN}, after=_OPEN_RUN),
}

_METRIC_BODY = {"name": "Day of delivery", "source": "SELF_HOSTED"}
_SCORE_METRIC = (*_CREATE_RESULT, ("evaluation_sessions.create_metric", _METRIC_BODY))
_SCORES = [{"name": "Day of delivery", "score": 0.8}]
_EVALUATE = (*_CREATE_RESULT, *_CREATE_METRIC, "evaluation_sessions.evaluate_session")
_EVALUATION = str(EvaluationId.of(_SESSION_ID, example_id("/evaluations/fromSession", "0")))

_EVALUATIONS = {
    "evaluation_sessions.evaluate_session": Example(
        body={"sessionId": _SESSION, "metrics": [{"id": _METRIC}]},
        after=(*_CREATE_RESULT, *_CREATE_METRIC),
    ),
    "evaluation_sessions.evaluate_inference_result": Example(
        body={"inferenceResultId": _RESULT, "metrics": _SCORES}, after=_SCORE_METRIC
    ),
    "evaluation_sessions.evaluate_single_turn": Example(
        body={
            "versionId": _VERSION,
            "testCaseId": _TEST_CASE,
            "actualOutput": "It arrives on Tuesday.",
            "usageInfo": {"input_tokens": 21, "output_tokens": 6},
            "metrics": _SCORES,
        },
        after=_SCORE_METRIC,
    ),
    "evaluation_sessions.evaluate_version": Example(
        body={"versionId": _VERSION, "metrics": [{"id": _METRIC}]},
        after=(*_CREATE_RESULT, *_CREATE_METRIC),
    ),
    "evaluation_sessions.retry_evaluations": Example(body={"ids": [_EVALUATION]}, after=_EVALUATE),
    "evaluation_sessions.list_evaluations": Example(
        query=(("sessionIds[]", _SESSION), ("statuses[]", "PENDING")), after=_EVALUATE
    ),
    "evaluation_sessions.get_evaluation": Example(parameters={"id": _EVALUATION}, after=_EVALUATE),
    "evaluation_sessions.delete_evaluation": Example(
        parameters={"id": _EVALUATION}, after=_EVALUATE
    ),
}

EXAMPLES = {
    **_CATALOG,
    **_METRICS,
    **_EVALUATIONS,
    **_SESSIONS,
    **_RUNS,
    **_FILES,
    "evaluation_sessions.get_auth_user": Example(),
    "evaluation_sessions.get_minimum_sdk_version": Example(),
}
