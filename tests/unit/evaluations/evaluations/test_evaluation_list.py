"""List of evaluations: filters, order and pages."""

from typing import Any

import pytest

from tests.support.evaluations import World, ids, new_entity, new_session, new_turn
from tests.support.gateway import Gateway

SCORES = (0.2, 0.9, 0.5)


@pytest.fixture
def scored(api: Gateway, session: str, own: str) -> list[str]:
    """Evaluations of one session with ``SCORES``, in this order."""
    return [_new(api, session, own, score) for score in SCORES]


def _new(api: Gateway, session: str, metric: str, score: float | None, **body: Any) -> str:
    metrics = [{"id": metric} if score is None else {"id": metric, "score": score}]
    sent = {"sessionId": session, "metrics": metrics, **body}
    answer = api("POST", "/evaluations/fromSession", sent)
    assert answer.status == 201, answer.text
    return str(answer.json[0]["id"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2, 1, 0]),
        ("sort[]=createdAt&sort[]=asc", [0, 1, 2]),
        ("sort[]=score&sort[]=asc", [0, 2, 1]),
        ("sort[]=score&sort[]=desc", [1, 2, 0]),
        ("statuses[]=SUCCESS", [2, 1, 0]),
        ("statuses[]=PENDING", []),
        ("statuses[]=OUTDATED", []),
        ("passed=true", [2, 1]),
        ("passed=false", [0]),
        ("scoreGt=0.5", [1]),
        ("scoreGte=0.5&scoreLt=0.9", [2]),
        ("scoreLte=0.2", [0]),
        ("humanScoreGte=0", []),
        ("includeExcludedFromAnalytics=false", [2, 1, 0]),
        ("limit=1&offset=1", [1]),
        ("userIds[]=nobody", []),
        ("runIds[]=none", []),
    ],
)
@pytest.mark.parametrize("by", ["sessionIds[]", "metricIds[]", "versionIds[]", "ids[]"])
def test_filters_and_orders(
    api: Gateway, world: World, session: str, own: str, scored: list[str],
    by: str, query: str, expected: list[int],
) -> None:  # fmt: skip
    values = {
        "sessionIds[]": [session], "metricIds[]": [own], "versionIds[]": [world.version],
        "ids[]": scored,
    }[by]  # fmt: skip
    named = "&".join(f"{by}={one}" for one in values)
    assert ids(api, f"/evaluations?{named}&{query}") == [scored[one] for one in expected]


def test_parents_filter(api: Gateway, world: World, own: str, judged: str) -> None:
    of_case = new_session(api, world.version, testCaseId=world.test_case)["id"]
    other = new_session(api, world.version)["id"]
    turn = new_turn(api, of_case, input="When?", actualOutput="Now.")["id"]
    run = new_entity(api, "/runs", productId=world.product)["id"]
    first = _new(api, of_case, own, 1, runId=run)
    second = _new(api, other, judged, None)
    body = {"inferenceResultId": turn, "metrics": [{"id": own, "score": 0}]}
    third = api("POST", "/evaluations/fromInferenceResult", body).json[0]["id"]

    found = {
        "": [third, second, first],
        f"testCaseIds={world.test_case}": [third, first],
        f"testIds={world.test}": [third, first],
        f"metricIds={judged}": [second],
        f"metricIds={judged}&sort[]=score&sort[]=asc": [second],
        f"inferenceResultIds={turn}": [third],
        f"sessionIds={other}&sessionIds={of_case}": [third, second, first],
        f"sessionIds={other}&inferenceResultIds={turn}": [],
        f"runIds={run}": [first],
        f"sessionIds={other}&statuses[]=PENDING&limit=1": [second],
        "versionIds=none": [],
        "metricIds=none": [],
        "sessionIds=none": [],
    }
    for query, expected in found.items():
        assert ids(api, f"/evaluations?{query}") == expected, query


@pytest.mark.parametrize("query", ["statuses=DONE", "scoreGt=2", "scoreGt=x", "passed=1", "sort=a"])
def test_invalid_filter_is_refused(api: Gateway, query: str) -> None:
    answer = api("GET", f"/evaluations?{query}")
    assert answer.status == 400
    assert query.partition("=")[0] in answer.json["message"]


def test_as_many_ids_as_the_sdk_sends_are_accepted(api: Gateway) -> None:
    query = "&".join(f"sessionIds[]=session_{number:032x}" for number in range(200))
    assert ids(api, f"/evaluations?{query}") == []
    assert api("GET", f"/evaluations?{query}&sessionIds[]=x").status == 400


@pytest.mark.parametrize("sort", ["createdAt", "score"])
@pytest.mark.parametrize("by", ["sessionIds", "metricIds"])
def test_cursor_continues(
    api: Gateway, session: str, own: str, scored: list[str], by: str, sort: str
) -> None:
    url = f"/evaluations?{by}={session if by == 'sessionIds' else own}&sort={sort},asc&limit=1"
    order = scored if sort == "createdAt" else [scored[0], scored[2], scored[1]]
    found, cursor = [], ""
    for _ in order:
        answer = api("GET", f"{url}{cursor}")
        found += [one["id"] for one in answer.json]
        cursor = f"&cursor={answer.headers.get('x-next-cursor', '')}"
    assert (found, cursor) == (order, "&cursor=")


def test_evaluations_of_deleted_sessions_are_left_out(
    api: Gateway, world: World, session: str, own: str, scored: list[str]
) -> None:
    other = new_session(api, world.version)["id"]
    left = _new(api, other, own, 1)
    api("DELETE", f"/sessions/{session}")
    assert ids(api, f"/evaluations?metricIds={own}") == [left]
    assert api("GET", f"/evaluations?ids={scored[0]}&ids={left}").status == 404
    assert new_entity(api, "/metrics", name="x")
