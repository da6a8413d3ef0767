"""Traces: created one by one or as a batch, listed, and gone with their turn or session."""

from typing import Any
from unittest.mock import patch

import pytest

from functions.triggers import purge_sessions
from shared.evaluations.sessions.wiring import sessions
from shared.evaluations.traces import service
from shared.storage.table import Table
from shared.storage.transactions import write_when_free
from tests.support import watch
from tests.support.evaluations import ids, new_session, new_turn, new_world
from tests.support.gateway import Gateway
from tests.support.snapshot import stored_items
from tests.support.storage import counted_requests


@pytest.fixture
def session(api: Gateway) -> str:
    return str(new_session(api, new_world(api).version)["id"])


@pytest.fixture
def turn(api: Gateway, session: str) -> str:
    return str(new_turn(api, session, input="Where is 4711?", actualOutput="Late.")["id"])


def tool(turn: str, **fields: Any) -> dict[str, Any]:
    return {"inferenceResultId": turn, "name": "get_order", "type": "TOOL", **fields}


def numbered(turn: str, count: int) -> list[dict[str, Any]]:
    return [tool(turn, id=f"trace_{number:016x}") for number in range(count)]


def stored_traces() -> int:
    return sum(item["type"]["S"] == "trace" for item in stored_items().values())


def test_created_trace_is_listed_as_answered(api: Gateway, turn: str) -> None:
    sent = tool(
        turn,
        id="trace_00000000000000a1",
        inputData={"id": 4711},
        outputData=["late", None],
        metadata="any",
        latencyMs=12.5,
        error="slow",
        description="Reads an order.",
        parentTraceId="trace_00000000000000a0",
        startTime="2026-03-01T10:30:00+01:00",
        endTime="2026-03-01T09:30:01",
    )

    answer = api("POST", "/traces", sent)

    assert answer.status == 201, answer.text
    times = {"startTime": "2026-03-01T09:30:00.000000Z", "endTime": "2026-03-01T09:30:01.000000Z"}
    assert answer.json == {
        **sent, **times, "createdAt": answer.json["createdAt"], "deletedAt": None,
    }  # fmt: skip
    assert api("GET", f"/traces?inferenceResultIds={turn}").json == [answer.json]


def test_trace_without_an_id_gets_one(api: Gateway, turn: str) -> None:
    answers = [api("POST", "/traces", tool(turn)).json for _ in range(2)]

    assert answers[0]["id"].startswith("trace_")
    assert ids(api, f"/traces?inferenceResultIds={turn}") == [one["id"] for one in answers]
    assert answers[0]["startTime"] is None


def test_batch_is_stored_in_one_transaction(api: Gateway, turn: str) -> None:
    sent = numbered(turn, 100)

    with counted_requests() as counts:
        answer = api("POST", "/traces/batch", {"traces": sent})  # as the official client

    assert answer.status == 201, answer.text
    assert [one["id"] for one in answer.json] == [one["id"] for one in sent]
    assert counts == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert len(ids(api, f"/traces?inferenceResultIds={turn}")) == 100


def test_repeated_batch_is_stored_once(api: Gateway, turn: str) -> None:
    first = api("POST", "/traces/batch", numbered(turn, 3))
    before = stored_items()

    again = api("POST", "/traces/batch", numbered(turn, 3))

    assert (again.status, again.text) == (201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert stored_items() == before
    longer = api("POST", "/traces/batch", numbered(turn, 5))
    assert "idempotent-replayed" not in longer.headers
    assert longer.json[:3] == first.json
    assert stored_traces() == 5


def test_other_trace_under_an_id_is_refused_with_its_batch(api: Gateway, turn: str) -> None:
    api("POST", "/traces", tool(turn, id="one"))

    answer = api("POST", "/traces/batch", [tool(turn, id="two"), tool(turn, id="one", error="x")])

    assert answer.status == 409
    assert ids(api, f"/traces?inferenceResultIds={turn}") == ["one"]


@pytest.mark.parametrize(
    "unknown", ["", "x", "ir_" + "0" * 40, "ir_" + "1" * 40, "last"], ids=lambda text: text[:6]
)
def test_batch_with_a_trace_of_an_unknown_turn_is_refused(
    api: Gateway, turn: str, unknown: str
) -> None:
    if unknown == "last":
        unknown = f"{turn[:-1]}9"

    answer = api("POST", "/traces/batch", [tool(turn), tool(unknown)])

    assert answer.status == 404
    assert stored_traces() == 0


def test_turn_of_another_organization_is_unknown(
    api: Gateway, other_api: Gateway, turn: str, session: str
) -> None:
    api("POST", "/traces", tool(turn, id="one"))

    assert other_api("POST", "/traces", tool(turn)).status == 404
    assert other_api("GET", f"/traces?inferenceResultIds={turn}").json == []
    assert other_api("GET", f"/traces?sessionIds={session}").json == []
    assert other_api("GET", "/traces?ids=one").status == 404


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"type": "tool"}, "type"),
        ({"latencyMs": -1}, "latencyMs"),
        ({"startTime": "yesterday"}, "startTime"),
        ({"endTime": "0001-01-01T00:00:00+14:00"}, "endTime"),
        ({"id": "x" * 201}, "id"),
        ({"id": ""}, "id"),
        ({"description": 1}, "description"),
    ],
    ids=str,
)
def test_invalid_field_is_refused_by_its_name(
    api: Gateway, turn: str, fields: dict[str, Any], named: str
) -> None:
    for path, body in (("", tool(turn, **fields)), ("/batch", [tool(turn, **fields)])):
        answer = api("POST", f"/traces{path}", body)
        assert answer.status == 400
        assert named in answer.json["message"]


@pytest.mark.parametrize("body", [[], {"traces": []}, {}, "x", 7])
def test_batch_without_traces_is_refused(api: Gateway, body: Any) -> None:
    assert api("POST", "/traces/batch", body).status == 400


def test_too_many_and_too_large_traces_are_refused(api: Gateway, turn: str) -> None:
    assert api("POST", "/traces/batch", numbered(turn, 101)).status == 400
    same = [tool(turn, id="one"), tool(turn, id="one")]
    assert api("POST", "/traces/batch", same).status == 400
    assert api("POST", "/traces", tool(turn, inputData="x" * 410_000)).status == 413
    large = [tool(turn, inputData="x" * 300_000) for _ in range(15)]
    assert api("POST", "/traces/batch", large).status == 413
    assert stored_traces() == 0


def test_filters_and_order_of_the_list(api: Gateway, session: str, turn: str) -> None:
    other = new_turn(api, session, input="And 4712?", actualOutput="Early.")["id"]
    at = "2026-03-01T09:30:0{}Z".format
    api("POST", "/traces/batch", [
        tool(other, id="d", startTime=at(1)),
        tool(turn, id="c", startTime=at(3), name="cancel"),
        tool(turn, id="b", startTime=at(2), type="GENERATION"),
        tool(turn, id="a", type=None),
    ])  # fmt: skip
    url = f"/traces?sessionIds={session}"

    assert ids(api, url) == ["b", "c", "a", "d"]
    assert ids(api, f"{url}&types=TOOL") == ["c", "d"]
    assert ids(api, f"{url}&names[]=cancel") == ["c"]
    assert ids(api, f"{url}&inferenceResultIds={other}") == ["d"]
    assert ids(api, f"{url}&ids[]=a&ids[]=d") == ["a", "d"]
    assert ids(api, f"{url}&fromStartTime={at(2)}") == ["b", "c"]
    assert ids(api, f"{url}&fromStartTime={at(1)}&toStartTime={at(2)}") == ["b", "d"]
    assert ids(api, f"{url}&sort=startTime&sort=asc")[:3] == ["d", "b", "c"]
    assert ids(api, f"{url}&sort=startTime,desc")[1:] == ["c", "b", "d"]
    assert ids(api, f"{url}&limit=2&offset=1") == ["c", "a"]
    page = api("GET", f"{url}&limit=3")
    cursor = page.headers["x-next-cursor"]
    assert ids(api, f"{url}&limit=3&cursor={cursor}") == ["d"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("types=TOOL", 400),
        ("ids=unknown", 404),
        ("inferenceResultIds=unknown", 200),
        ("sessionIds=unknown", 200),
        ("sessionIds=x&fromStartTime=now", 400),
        ("sessionId=x", 400),
        ("sessionIds=x&sort=name", 400),
    ],
)
def test_status_of_unusual_queries(api: Gateway, query: str, status: int) -> None:
    answer = api("GET", f"/traces?{query}")

    assert answer.status == status
    assert status != 200 or answer.json == []


def test_list_beyond_what_can_be_sorted_is_refused(
    api: Gateway, turn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api("POST", "/traces/batch", numbered(turn, 3))
    monkeypatch.setattr("shared.evaluations.traces.lists.MAX_ENTRIES", 2)

    assert api("GET", f"/traces?inferenceResultIds={turn}").status == 400


def test_delete_of_a_turn_removes_its_traces(api: Gateway, session: str, turn: str) -> None:
    other = new_turn(api, session, input="And 4712?", actualOutput="Early.")["id"]
    api("POST", "/traces/batch", [*numbered(turn, 3), tool(other, id="kept")])

    assert api("DELETE", f"/inferenceResults/{turn}").status == 204

    assert ids(api, f"/traces?sessionIds={session}") == ["kept"]
    assert stored_traces() == 1
    assert api("GET", "/traces?ids=trace_0000000000000001").status == 404
    assert api("POST", "/traces", tool(turn)).status == 404


def test_traces_are_gone_with_their_session(api: Gateway, session: str, turn: str) -> None:
    api("POST", "/traces/batch", numbered(turn, 3))

    api("DELETE", f"/sessions/{session}")

    assert api("GET", f"/traces?inferenceResultIds={turn}").json == []
    assert api("GET", f"/traces?ids={numbered(turn, 1)[0]['id']}").status == 404
    assert api("POST", "/traces", tool(turn)).status == 404
    detail = {"organization_id": str(api.organization_id), "session_id": session}
    purge_sessions.handler({"detail": detail}, None)
    assert stored_traces() == 0


@pytest.mark.parametrize("path", ["/traces", "/traces/batch"])
def test_traces_of_a_session_that_is_deleted_meanwhile_are_removed(
    api: Gateway, session: str, turn: str, path: str
) -> None:
    def write_late(table: Table, actions: Any) -> None:
        with watch.outside():
            sessions().delete(api.organization_id, session)
        write_when_free(table, actions)

    body = tool(turn)
    with patch.object(service, "write_when_free", write_late):
        answer = api("POST", path, body if path == "/traces" else [body])

    assert answer.status == 404
    assert stored_traces() == 0


def test_repeated_trace_stays_when_another_session_of_its_batch_is_deleted_meanwhile(
    api: Gateway, session: str, turn: str
) -> None:
    kept = str(new_turn(api, new_session(api, new_world(api).version)["id"], input="Hi.")["id"])
    api("POST", "/traces", tool(kept, id="kept"))

    def write_late(table: Table, actions: Any) -> None:
        if len(actions) == 1:  # without the one that is stored
            with watch.outside():
                sessions().delete(api.organization_id, session)
        write_when_free(table, actions)

    with patch.object(service, "write_when_free", write_late):
        answer = api("POST", "/traces/batch", [tool(kept, id="kept"), tool(turn)])

    assert answer.status == 404
    assert ids(api, f"/traces?inferenceResultIds={kept}") == ["kept"]
    assert stored_traces() == 1


def test_trace_is_read_and_deleted_by_its_id(api: Gateway, other_api: Gateway, turn: str) -> None:
    created = api("POST", "/traces", tool(turn, id="one")).json
    api("POST", "/traces", tool(turn, id="two", parentTraceId="one"))

    assert api("GET", "/traces/one").json == created
    assert other_api("GET", "/traces/one").status == 404
    assert other_api("DELETE", "/traces/one").status == 404

    assert api("DELETE", "/traces/one").status == 204

    assert api("GET", "/traces/one").status == 404
    assert api("DELETE", "/traces/one").status == 404
    assert ids(api, f"/traces?inferenceResultIds={turn}") == ["two"]


def test_id_of_several_turns_is_that_of_the_latest_and_is_deleted_in_all(
    api: Gateway, session: str, turn: str
) -> None:
    later = new_turn(api, session, input="And when?")["id"]
    for one in (turn, later):
        api("POST", "/traces", tool(one, id="one"))

    assert api("GET", "/traces/one").json["inferenceResultId"] == later
    assert api("DELETE", "/traces/one").status == 204
    assert stored_traces() == 0


def test_trace_of_a_deleted_session_is_unknown(api: Gateway, session: str, turn: str) -> None:
    api("POST", "/traces", tool(turn, id="one"))
    api("DELETE", f"/sessions/{session}")

    assert api("GET", "/traces/one").status == 404
    assert api("DELETE", "/traces/one").status == 404
