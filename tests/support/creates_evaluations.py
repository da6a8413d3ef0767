"""Cases of evaluations."""

from typing import Any

from tests.support.create_case import CreateCase, Step, case_of, delete_of

_VERSION_BODY = {"productId": "{product}", "name": "one"}
_TEST_BODY = {"productId": "{product}", "name": "Orders", "type": "SCENARIOS"}
_TEST_CASE_BODY = {
    "testId": "{test}",
    "input": "Where is my order?",
    "goal": "The date of delivery",
    "scenario": "The order is 4711.",
    "maxIterations": 4,
    "context": "A shop",
}
_PRODUCT = Step("POST /products", {"name": "Shop"}, makes="product")
_VERSION = Step("POST /versions", _VERSION_BODY, makes="version")
_TEST = Step("POST /tests", _TEST_BODY, makes="test")
_TEST_CASE = Step("POST /testCases", _TEST_CASE_BODY, makes="case")
_METRIC = Step("POST /metrics", {"name": "Politeness"}, makes="metric")
_OF_TEST_CASE = {"versionId": "{version}", "testCaseId": "{case}"}
_SESSION = Step("POST /sessions", {"versionId": "{version}"}, makes="session")
_SIMULATED = Step("POST /sessions", _OF_TEST_CASE, makes="session")
_TURN = {"sessionId": "{session}", "input": "Where is it?", "actualOutput": "In Oslo."}
_EARLIER = Step("POST /inferenceResults", _TURN | {"inputTokens": 3}, makes="earlier")
_CHANGE_EARLIER = Step("PATCH /inferenceResults/{earlier}", {"actualOutput": "Good evening"})
_FINISHED = {"stoppingReason": "GOAL_ACHIEVED"}
_FINISH = Step("PATCH /sessions/{session}/finish", _FINISHED)
_RESULT = "/inferenceResults/{it}"
_ANSWER_TURN = Step(f"PATCH {_RESULT}", {"actualOutput": "On Tuesday.", "status": "GENERATED"})


def _catalog_case(path: str, body: dict[str, Any], change: Any, **more: Any) -> CreateCase:
    """Return the case of a product, a version, a test or a test case."""
    return case_of(path, body, change, changes=(Step(f"PATCH {path}/{{it}}", change),), **more)


def _turn_case(
    path: str,
    body: dict[str, Any],
    other: dict[str, Any],
    *,
    given: tuple[Step, ...] = (_PRODUCT, _VERSION, _SESSION, _EARLIER),
    origin: Step = _FINISH,
    change: tuple[Step, ...] = (),
    delete: tuple[Step, ...] = (),
    **more: Any,
) -> CreateCase:
    """Return the case of turns that are recorded in a session."""
    return case_of(
        path,
        body,
        other,
        read=_RESULT,
        given=given,
        changes=(_ANSWER_TURN, *change),
        deletes=(delete_of(_RESULT), *delete, _SESSION.deletion),
        origins=(_CHANGE_EARLIER, _EARLIER.deletion, origin),
        session="{session}",
        **more,
    )


def _batch(output: str) -> Any:
    turns = [("user", "Where is it?"), ("assistant", output), ("user", "Thank you.")]
    return {
        "sessionId": "{session}",
        "conversationTurns": [{"role": role, "content": content} for role, content in turns],
    }


def _evaluation_case(path: str, body: dict[str, Any]) -> CreateCase:
    """Return the case of evaluations by a metric."""
    scores = [{"id": "{metric}", "score": 0.5}]
    return case_of(
        path,
        body | {"metrics": scores},
        {"metrics": [{"id": "{metric}", "score": 0.6}]},
        read="/evaluations/{it}",
        given=(_PRODUCT, _VERSION, _SESSION, _EARLIER, _METRIC),
        deletes=(delete_of("/evaluations/{it}"), _SESSION.deletion),
        origins=(_METRIC.deletion,),
        session="{session}",
    )


EVALUATIONS = (
    case_of(
        "/metrics",
        {"name": "Politeness", "source": "SELF_HOSTED"},
        {"name": "Accuracy"},
    ),
    _catalog_case("/products", {"name": "Shop"}, {"name": "Renamed"}),
    _catalog_case(
        "/versions",
        _VERSION_BODY,
        {"name": "Renamed"},
        given=(_PRODUCT,),
        origins=(Step("PATCH /products/{product}", {"name": "Renamed"}),),
    ),
    # The name of a version that is created without one counts its siblings.
    _catalog_case(
        "/versions",
        {"productId": "{product}"},
        {"description": "Other"},
        variant="unnamed",
        given=(_PRODUCT, _VERSION),
        origins=(_VERSION.deletion, _VERSION),
    ),
    case_of(
        "/runs",
        {"productId": "{product}", "versionId": "{version}", "customId": "nightly"},
        {"customId": "weekly"},
        given=(_PRODUCT, _VERSION),
        changes=(Step("POST /runs/{it}/close"),),
        origins=(Step("PATCH /versions/{version}", {"name": "Renamed"}),),
    ),
    _catalog_case("/tests", _TEST_BODY, {"name": "Renamed"}, given=(_PRODUCT,)),
    _catalog_case("/testCases", _TEST_CASE_BODY, {"goal": "A refund"}, given=(_PRODUCT, _TEST)),
    case_of(
        "/sessions",
        _OF_TEST_CASE | {"customId": "mine"},
        {"customId": "other"},
        given=(_PRODUCT, _VERSION, _TEST, _TEST_CASE),
        changes=(
            Step("PATCH /sessions/{it}", {"customId": "moved", "metadata": {"a": 1}}),
            Step("POST /inferenceResults", {"sessionId": "{it}", "input": "Hi", "inputTokens": 2}),
            Step("PATCH /sessions/{it}/finish", _FINISHED),
        ),
        deletes=(delete_of("/sessions/{it}"), Step("DELETE /sessions/batch", {"ids": ["{it}"]})),
        origins=(Step("PATCH /testCases/{case}", {"context": "Another shop"}),),
        session="{it}",
    ),
    _turn_case(
        "/inferenceResults",
        _TURN,
        {"actualOutput": "In Lyon."},
        delete=(Step("DELETE /sessions/batch", {"ids": ["{session}"]}),),
    ),
    _evaluation_case("/evaluations/fromSession", {"sessionId": "{session}"}),
    _evaluation_case("/evaluations/fromInferenceResult", {"inferenceResultId": "{earlier}"}),
    # With one of its results deleted, the first answer cannot be given any more.
    _turn_case(
        "/inferenceResults/batch",
        _batch("In Oslo."),
        _batch("In Lyon."),
        change=(Step("PATCH /inferenceResults/{it_2}", {"actualOutput": "Welcome."}),),
    ),
    # Changed by an answer: without a key, the same request would now record a further turn.
    _turn_case(
        "/conversationSimulator/generateNextUserMessage",
        {"sessionId": "{session}"},
        {"maxTurns": 3},
        status=200,
        id_field="inferenceResultId",
        given=(_PRODUCT, _VERSION, _TEST, _TEST_CASE, _SIMULATED, _EARLIER),
        origin=Step("PATCH /testCases/{case}", {"goal": "A refund", "scenario": "It is lost."}),
    ),
)
