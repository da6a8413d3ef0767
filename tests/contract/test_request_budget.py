"""What each operation may cost: requests to the table, held to the design's figures."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, forget_process_state, moto_table

READ, WRITE, BATCH, QUERY = "GetItem", "PutItem", "BatchGetItem", "Query"
TRANSACTION = "TransactWriteItems"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Any:
    with moto_table(monkeypatch):
        yield Gateway()


def _cost(request: Callable[[], Any]) -> Counter[str]:
    """Return the requests of one call, in a function that has just started."""
    forget_process_state()
    with counted_requests() as counts:
        answer = request()
    assert answer.status < 300, answer.text
    return counts


def _made(api: Gateway, path: str, body: Any) -> dict[str, Any]:
    answer = api("POST", path, body)
    assert answer.status in (200, 201), answer.text
    made: dict[str, Any] = answer.json
    return made


def _agent(api: Gateway) -> str:
    return str(_made(api, "/v1/agents", {"name": "Ada", "system_prompt": "You help."})["id"])


def _agent_session(api: Gateway) -> str:
    return str(_made(api, "/v1/sessions", {"agent_id": _agent(api)})["id"])


def _message(text: str = "Where is my order?") -> dict[str, Any]:
    return {"message": {"content": [{"type": "text", "text": text}]}}


def _revision(api: Gateway) -> str:
    workflow = _made(api, "/v1/workflows", {"name": "Returns"})["id"]
    made = _made(
        api, f"/v1/workflows/{workflow}/revisions", {"name": "first", "instructions": "Be kind."}
    )
    graph = {
        "name": "Returns",
        "entry_node_id": "end",
        "nodes": [{"id": "end", "type": "handoff", "static_text": "One moment."}],
        "edges": [],
    }
    put = api("PUT", f"/v1/workflows/revisions/{made['id']}/graph", {"compiled_graph": graph})
    assert put.status == 200, put.text
    return str(made["id"])


def _version(api: Gateway) -> str:
    product = _made(api, "/products", {"name": "Desk"})["id"]
    return str(_made(api, "/versions", {"productId": product, "name": "v1"})["id"])


def _test_case(api: Gateway) -> str:
    product = _made(api, "/products", {"name": "Other"})["id"]
    test = _made(api, "/tests", {"productId": product, "name": "Late", "type": "SCENARIOS"})["id"]
    return str(_made(api, "/testCases", {"testId": test, "input": "Where?"})["id"])


PLAYGROUND = "/v1/workflow/playground/sessions"


def test_open_playground_session_from_the_catalog_is_one_write(api: Gateway) -> None:
    cost = _cost(lambda: api("POST", PLAYGROUND, {"catalog_slug": "order-status"}))

    assert cost == {WRITE: 1}


def test_open_playground_session_from_a_revision_is_one_read_and_one_write(api: Gateway) -> None:
    revision = _revision(api)

    cost = _cost(lambda: api("POST", PLAYGROUND, {"revision_id": revision}))

    assert cost.total() <= 2
    assert cost[WRITE] + cost[TRANSACTION] == 1


def test_create_agent_session_is_one_read_and_one_write(api: Gateway) -> None:
    """The write is a transaction: the session, and the counts that lists tell."""
    agent = _agent(api)

    cost = _cost(lambda: api("POST", "/v1/sessions", {"agent_id": agent}))

    assert cost == {READ: 1, TRANSACTION: 1}


def test_create_evaluation_session_is_one_batch_read_and_one_write(api: Gateway) -> None:
    body = {"versionId": _version(api), "testCaseId": _test_case(api)}
    _made(api, "/sessions", body)  # the first is also written down in both

    cost = _cost(lambda: api("POST", "/sessions", body))

    assert cost == {BATCH: 1, WRITE: 1}


def test_create_evaluation_session_with_a_custom_id_is_no_more_requests(api: Gateway) -> None:
    body = {"versionId": _version(api), "customId": "run-1"}

    cost = _cost(lambda: api("POST", "/sessions", body))

    assert cost[TRANSACTION] + cost[WRITE] == 1
    assert cost.total() == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/sessions", lambda api: {"agent_id": _agent(api)}),
        ("/sessions", lambda api: {"versionId": _version(api)}),
        (PLAYGROUND, lambda _: {"catalog_slug": "order-status"}),
    ],
)
def test_replay_of_a_create_costs_no_more_than_the_create(
    api: Gateway, path: str, body: Callable[[Gateway], Any]
) -> None:
    sent = body(api)
    create = lambda: api("POST", path, sent, headers={"Idempotency-Key": "once"})  # noqa: E731

    first, second = _cost(create), _cost(create)

    assert second.total() <= first.total()


@pytest.mark.parametrize(
    "url",
    [
        lambda api: f"/v1/sessions/{_agent_session(api)}",
        lambda api: f"/v1/agents/{_agent(api)}",
        lambda api: (
            f"{PLAYGROUND}/"
            + _made(api, PLAYGROUND, {"catalog_slug": "order-status"})["session_id"]
        ),
        lambda api: "/sessions/" + _made(api, "/sessions", {"versionId": _version(api)})["id"],
        lambda api: f"/versions/{_version(api)}",
        lambda api: f"/testCases/{_test_case(api)}",
    ],
    ids=["agent session", "agent", "playground session", "evaluation session", "version", "case"],
)
def test_get_is_one_read(api: Gateway, url: Callable[[Gateway], str]) -> None:
    address = url(api)

    assert _cost(lambda: api("GET", address)) == {READ: 1}


@pytest.mark.parametrize(
    ("url", "rows"),
    [
        ("/v1/agents", _agent),
        ("/v1/sessions?limit=2", _agent_session),
        ("/sessions?limit=2", lambda api: _made(api, "/sessions", {"versionId": _version(api)})),
        ("/versions?limit=2", _version),
        ("/v1/workflows?limit=2", lambda api: _made(api, "/v1/workflows", {"name": "Returns"})),
    ],
)
def test_list_is_one_query_a_shard(api: Gateway, url: str, rows: Callable[[Gateway], Any]) -> None:
    """Whatever the number of rows: nothing is looked up for one."""
    for _ in range(5):
        rows(api)
    assert api("GET", url).status == 200  # the stack's first page makes the secret of cursors

    cost = _cost(lambda: api("GET", url))

    assert cost[QUERY] <= table().shards
    # This contract wants a total on each page: one request, whatever the number.
    assert cost[BATCH] == (1 if "/v1/sessions" in url else 0)
    assert cost[READ] <= 1  # reads that secret, once in the life of a process
    assert cost.total() == cost[QUERY] + cost[BATCH] + cost[READ]


def test_append_a_message_is_one_read_and_one_transaction(api: Gateway) -> None:
    session = _agent_session(api)

    cost = _cost(lambda: api("POST", f"/v1/sessions/{session}/messages", _message()))

    assert cost == {READ: 1, TRANSACTION: 1}


def test_run_a_playground_turn_is_one_read_and_one_transaction(api: Gateway) -> None:
    session = _made(api, PLAYGROUND, {"catalog_slug": "order-status"})["session_id"]
    say = lambda: api("POST", f"{PLAYGROUND}/{session}/messages", {"message": "Hi"})  # noqa: E731

    assert _cost(say) == {READ: 1, TRANSACTION: 1}


def test_record_an_evaluation_turn_is_one_read_and_one_transaction(api: Gateway) -> None:
    session = _made(api, "/sessions", {"versionId": _version(api)})["id"]
    turn = {"sessionId": session, "input": "Where?", "actualOutput": "Here."}

    cost = _cost(lambda: api("POST", "/inferenceResults", turn))

    assert cost == {READ: 1, TRANSACTION: 1}


def test_draft_from_a_session_is_one_query_for_each_megabyte(api: Gateway) -> None:
    session = _agent_session(api)
    for number in range(12):
        _made(api, f"/v1/sessions/{session}/messages", _message(f"Question {number}"))
    body = {"session_id": session.removeprefix("session_")}

    cost = _cost(lambda: api("POST", "/v1/scenarios/draft-from-session", body))

    assert cost == {QUERY: 1}
