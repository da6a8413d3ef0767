"""Request budget: requests to the table per operation, at most those of the design."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.table import table
from tests.support.agents import new_agent, say
from tests.support.agents import new_session as new_agent_session
from tests.support.evaluations import new_entity, new_session, new_world
from tests.support.gateway import Answer, Gateway
from tests.support.storage import counted_requests, forget_process_state, moto_table
from tests.support.turns import Model, Turns
from tests.unit.playground.conversations import (
    REVISIONS,
    WORKFLOWS,
    new_revision,
    new_revision_with_graph,
    new_workflow,
    open_session,
)
from tests.unit.playground.conversations import URL as PLAYGROUND
from tests.unit.playground.graphs import small

READ, WRITE, BATCH, QUERY = "GetItem", "PutItem", "BatchGetItem", "Query"
TRANSACTION = "TransactWriteItems"
READ_WRITE, READ_TRANSACTION = {READ: 1, WRITE: 1}, {READ: 1, TRANSACTION: 1}
CATALOG = {"catalog_slug": "order-status"}
HELLO = {"message": {"content": [{"type": "text", "text": "Where is my order?"}]}}
KEY = {"Idempotency-Key": "once"}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with moto_table(monkeypatch):
        yield Gateway()


def _cost(request: Callable[[], Answer]) -> Counter[str]:
    """Return the requests of one call, in a function that has just started."""
    forget_process_state()
    with counted_requests() as counts:
        answer = request()
    assert answer.status < 300, answer.text
    return counts


def _version(api: Gateway) -> str:
    return new_world(api).version


def _evaluation(api: Gateway) -> dict[str, Any]:
    """Return the payload of a session whose version and test case have had one before."""
    world = new_world(api)
    body = {"versionId": world.version, "testCaseId": world.test_case}
    new_entity(api, "/sessions", **body)
    return body


def _turn(api: Gateway) -> dict[str, str]:
    session = new_session(api, _version(api))["id"]
    return {"sessionId": session, "input": "Where?", "actualOutput": "Here."}


def _conversation(api: Gateway) -> dict[str, str]:
    session: str = new_agent_session(api)["id"]
    for number in range(12):
        say(api, session, f"Question {number}")
    return {"session_id": session.removeprefix("session_")}


#: Operations: method, path, what returns the rest of the path or the payload, and the requests.
COSTS: list[tuple[str, str, Callable[[Gateway], Any], dict[str, int]]] = [
    ("POST", PLAYGROUND, lambda _: CATALOG, {WRITE: 1}),
    ("POST", PLAYGROUND, lambda api: {"revision_id": new_revision_with_graph(api)}, READ_WRITE),
    ("POST", "/v1/sessions", lambda api: {"agent_id": new_agent(api)["id"]}, READ_WRITE),
    ("POST", "/sessions", _evaluation, {BATCH: 1, WRITE: 1}),
    (
        "POST",
        "/sessions",
        lambda api: {"versionId": _version(api), "customId": "run-1"},
        {BATCH: 1, TRANSACTION: 1},
    ),
    ("POST", WORKFLOWS, lambda _: {"name": "Returns"}, {WRITE: 1}),
    ("POST", "/inferenceResults", _turn, READ_TRANSACTION),
    ("POST", "/v1/scenarios/draft-from-session", _conversation, {QUERY: 1}),
    ("GET", "/v1/workflow/playground/catalog", lambda _: "", {}),
    ("GET", "/v1/workflow/playground/catalog", lambda _: "order-status", {}),
    ("GET", "/v1/sessions", lambda api: new_agent_session(api)["id"], {READ: 1}),
    ("GET", "/v1/agents", lambda api: new_agent(api)["id"], {READ: 1}),
    ("GET", PLAYGROUND, open_session, {READ: 1}),
    ("GET", PLAYGROUND, lambda api: f"{open_session(api)}/graph", {READ: 1}),
    ("GET", "/sessions", lambda api: new_session(api, _version(api))["id"], {READ: 1}),
    ("GET", "/versions", _version, {READ: 1}),
    ("GET", "/testCases", lambda api: new_world(api).test_case, {READ: 1}),
    ("GET", WORKFLOWS, new_workflow, {READ: 1}),
    ("GET", REVISIONS, new_revision, {READ: 1}),
    ("GET", REVISIONS, new_revision_with_graph, {READ: 2}),
]


@pytest.mark.parametrize(("method", "path", "prepare", "expected"), COSTS)
def test_operation_sends_no_more_requests_than_designed(
    api: Gateway,
    method: str,
    path: str,
    prepare: Callable[[Gateway], Any],
    expected: dict[str, int],
) -> None:
    prepared = prepare(api)
    if method == "GET":
        path = f"{path}/{prepared}".rstrip("/")
    body = prepared if method == "POST" else None

    assert _cost(lambda: api(method, path, body)) == expected


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/sessions", lambda api: {"agent_id": new_agent(api)["id"]}),
        ("/sessions", lambda api: {"versionId": _version(api)}),
        (PLAYGROUND, lambda _: CATALOG),
    ],
)
def test_replay_of_a_create_costs_no_more_than_the_create(
    api: Gateway, path: str, body: Callable[[Gateway], Any]
) -> None:
    sent = body(api)

    first, second = (_cost(lambda: api("POST", path, sent, headers=KEY)) for _ in range(2))

    assert second.total() <= first.total()


@pytest.mark.parametrize(
    ("open_one", "path", "body"),
    [
        (lambda api: new_agent_session(api)["id"], "/v1/sessions/{}/messages", HELLO),
        (open_session, f"{PLAYGROUND}/{{}}/messages", {"message": "Hi"}),
    ],
)
def test_message_is_one_read_and_one_transaction(
    api: Gateway, open_one: Callable[[Gateway], str], path: str, body: dict[str, Any]
) -> None:
    url = path.format(open_one(api))

    assert _cost(lambda: api("POST", url, body)) == READ_TRANSACTION
    with_key = _cost(lambda: api("POST", url, body, headers=KEY))
    assert with_key[READ] + with_key[BATCH] == with_key[TRANSACTION] == 1
    assert with_key.total() == 2


def _streams(request: ModelRequest) -> ModelAnswer:
    assert request.on_text is not None
    for words in ("It", "It is", "It is here."):
        request.on_text(words)
    return ModelAnswer(text="It is here.")


@pytest.mark.parametrize("answer", [ModelAnswer(text="It is here."), _streams])
def test_turn_is_two_reads_and_one_write(api: Gateway, answer: Any) -> None:
    """A model that streams, for less than a second, costs no request more.

    The session with its agent, and the log; the end of the turn with that of its slot.
    """
    say(api, new_agent_session(api)["id"], "Where is my order?")
    turns = Turns(Model(answer))

    with counted_requests() as counts:
        turns.run()

    assert counts == {BATCH: 1, QUERY: 1, TRANSACTION: 1}


def test_put_of_a_graph_is_two_reads_and_two_writes(api: Gateway) -> None:
    url = f"{REVISIONS}/{new_revision(api)}/graph"

    assert _cost(lambda: api("PUT", url, {"compiled_graph": small()})) == {READ: 2, WRITE: 2}


@pytest.mark.parametrize(
    ("url", "create"),
    [
        ("/v1/agents", new_agent),
        ("/v1/sessions?limit=2", new_agent_session),
        ("/sessions?limit=2", lambda api: new_session(api, _version(api))),
        ("/versions?limit=2", _version),
        ("/v1/workflows?limit=2", new_workflow),
    ],
)
def test_list_is_one_query_per_shard(
    api: Gateway, url: str, create: Callable[[Gateway], Any]
) -> None:
    """The number of entries does not matter: nothing is read for a single one."""
    for _ in range(5):
        create(api)

    cost = _cost(lambda: api("GET", url))

    assert cost[QUERY] <= table().shards
    # This contract has a total on each page: one request, whatever the number.
    assert cost[BATCH] == (1 if "/v1/sessions" in url else 0)
    assert cost[READ] <= 1  # the secret of cursors, once in the life of a process
    assert cost.total() == cost[QUERY] + cost[BATCH] + cost[READ]
