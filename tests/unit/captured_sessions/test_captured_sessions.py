"""List of the sessions of all kinds: order, cursors, filters, cost."""

from typing import Any
from urllib.parse import quote

import pytest

from shared.storage import filtered_lists
from tests.support import evaluations
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.new_runs import new_run, new_scenario
from tests.support.run_steps import SimulationRuns
from tests.support.storage import counted_requests
from tests.support.turns import Model, Turns, text
from tests.unit.playground.conversations import REFUND, open_session
from tests.unit.playground.conversations import URL as PLAYGROUND
from tests.unit.playground.conversations import say as say_to_workflow

URL = "/v1/captured-sessions"
SHARDS = 3
KINDS = ["agent", "playground", "evaluation"]


def new(api: Gateway, kind: str) -> str:
    """Create a session of a kind; return its id."""
    if kind == "agent":
        return str(new_session(api)["id"])
    if kind == "playground":
        return open_session(api)
    return str(evaluations.new_session(api, evaluations.new_world(api).version)["id"])


@pytest.fixture
def nine(api: Gateway) -> list[str]:
    """Ids of nine sessions, newest first: three of each kind in turn."""
    return [new(api, kind) for _ in range(3) for kind in KINDS][::-1]


def listed(api: Gateway, query: str = "") -> list[dict[str, Any]]:
    answer = api("GET", f"{URL}?{query}")
    assert answer.status == 200, answer.text
    assert answer.json["has_more"] is (answer.json["next_cursor"] is not None)
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


def test_list_merges_kinds_newest_first(api: Gateway, other_api: Gateway, nine: list[str]) -> None:
    new(other_api, "agent")
    with counted_requests() as requests:
        items = listed(api)
    assert ids(items) == nine
    assert [item["kind"] for item in items] == [*reversed(KINDS)] * 3
    assert requests == {"Query": len(KINDS) * SHARDS}


def test_list_without_sessions_is_empty(api: Gateway) -> None:
    assert api("GET", URL).json == {"items": [], "next_cursor": None, "has_more": False}


@pytest.mark.parametrize("limit", [1, 2, 4, 8, 9])
def test_pages_neither_repeat_nor_skip_while_sessions_are_created(
    api: Gateway, nine: list[str], limit: int
) -> None:
    found: list[str] = []
    cursor = ""
    while True:
        with counted_requests() as requests:
            page = api("GET", f"{URL}?limit={limit}{cursor}").json
        assert len(page["items"]) <= limit
        assert requests["Query"] == len(KINDS) * SHARDS
        found += ids(page["items"])
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        new(api, KINDS[len(found) % 3])
    assert found == nine


def test_deleted_session_at_a_cursor_leaves_the_position(api: Gateway, nine: list[str]) -> None:
    cursor = api("GET", f"{URL}?limit=5").json["next_cursor"]
    path = {"session": "/v1/sessions"}.get(nine[4].partition("_")[0], PLAYGROUND)
    assert api("DELETE", f"{path}/{nine[4]}").status < 300
    assert ids(listed(api, f"cursor={cursor}")) == nine[5:]
    assert ids(listed(api)) == [*nine[:4], *nine[5:]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=agent", [2, 5, 8]),
        ("kind=playground&kind=evaluation", [0, 1, 3, 4, 6, 7]),
        ("kind=agent&kind=agent", [2, 5, 8]),
        ("search={5}", [5]),
        ("search=CONCIERGE", [2, 5, 8]),
        ("search=nobody", []),
        ("status=open", list(range(9))),
        ("status=failed", []),
        ("created_after={at3}&created_before={at1}", [1, 2, 3]),
        ("created_after=9000-01-01T00:00:00Z", []),
    ],
)
def test_filters_select_sessions(
    api: Gateway, nine: list[str], query: str, expected: list[int]
) -> None:
    times = {f"at{n}": quote(one["created_at"]) for n, one in enumerate(listed(api))}
    items = listed(api, query.format(*nine, **times))
    assert [nine.index(one) for one in ids(items)] == expected


def test_kind_reads_only_its_list(api: Gateway, nine: list[str]) -> None:
    with counted_requests() as requests:
        assert len(listed(api, "kind=evaluation")) == 3
    assert requests == {"Query": SHARDS}


def test_agent_selects_its_own_list(api: Gateway, nine: list[str]) -> None:
    agent = new_agent(api)["id"]
    own = [new_session(api, agent_id=agent)["id"] for _ in range(2)][::-1]
    with counted_requests() as requests:
        assert ids(listed(api, f"agent_id={agent}")) == own
    assert requests == {"Query": SHARDS}
    assert listed(api, f"agent_id={agent}&kind=playground") == []


def test_rare_match_ends_the_page_with_a_cursor(
    api: Gateway, nine: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_lists, "MAX_READ", 4)
    page = api("GET", f"{URL}?search={nine[6]}").json
    assert page["items"] == []
    found = ids(listed(api, f"search={nine[6]}&cursor={page['next_cursor']}"))
    assert found == [nine[6]]


def test_statuses_of_each_kind_have_one_vocabulary(api: Gateway) -> None:
    agent, evaluated = new(api, "agent"), new(api, "evaluation")
    waiting, ended = open_session(api, "refund-approval"), new(api, "evaluation")
    say(api, agent, "Hello")
    Turns(Model(text("Hi"))).run()
    for message in REFUND:
        say_to_workflow(api, waiting, message)
    assert api("PATCH", f"/sessions/{evaluated}/finish", {"error": "Lost"}).status < 300
    assert api("PATCH", f"/sessions/{ended}/finish", {"stoppingReason": "done"}).status < 300

    found = {one["id"]: (one["status"], one["own_status"]) for one in listed(api)}
    assert found == {
        agent: ("open", "idle"),
        waiting: ("waiting", "approval_required"),
        evaluated: ("failed", "FAILED"),
        ended: ("completed", "COMPLETED"),
    }
    assert ids(listed(api, "status=waiting")) == [waiting]
    assert listed(api, "status=waiting")[0]["awaiting_approval"] is True


def test_rows_have_counts_and_usage(api: Gateway) -> None:
    agent, version = new(api, "agent"), evaluations.new_world(api)
    evaluated = evaluations.new_session(api, version.version, customId="call-7")["id"]
    say(api, agent, "Hello")
    Turns(Model(text("Hi"))).run()
    evaluations.new_turn(
        api, evaluated, input="a", actualOutput="b",
        inputTokens=7, outputTokens=2, cost=0.5,
    )  # fmt: skip

    product, conversation = listed(api)
    assert (conversation["preview"], conversation["output_preview"]) == ("Hello", "Hi")
    assert (conversation["turn_count"], conversation["message_count"]) == (1, 2)
    assert conversation["usage"]["cost"] is None
    assert conversation["usage"]["input_tokens"] > 0
    assert product["title"] == "call-7"
    assert product["turn_count"] == 1
    assert product["evaluated"]["product_id"] == version.product
    assert product["usage"] == {
        "input_tokens": 7, "output_tokens": 2, "total_tokens": 9, "cost": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "number"), [("agent", 0), ("playground", None)])
def test_session_of_a_simulation_names_its_run(api: Gateway, kind: str, number: int | None) -> None:
    target = {"catalog_slug": "order-status"}
    if kind == "agent":
        target = {"agent_id": new_agent(api)["id"]}
    run = new_run(api, target, scenario_ids=[new_scenario(api)])
    SimulationRuns(Model(text("Hi"))).run()

    [row] = listed(api)
    assert (row["kind"], row["turn_count"]) == (kind, 1)
    assert row["simulation"] == {"run_id": run["id"], "number": number}


def test_fork_names_its_origin_and_no_run(api: Gateway) -> None:
    new_run(api, {"catalog_slug": "order-status"}, scenario_ids=[new_scenario(api)])
    SimulationRuns(Model(text("Hi"))).run()
    [origin] = listed(api)
    forked = api("POST", f"{PLAYGROUND}/{origin['id']}/fork", {"at_turn": 0})
    assert forked.status == 201

    fork = listed(api)[0]
    assert fork["id"] == forked.json["session_id"]
    assert fork["forked_from"]["session_id"] == origin["id"]
    assert fork["simulation"] is None


@pytest.mark.parametrize("kind", KINDS)
def test_session_of_any_kind_is_found_by_any_form_of_its_id(api: Gateway, kind: str) -> None:
    own = new(api, kind)
    [row] = listed(api)
    digits = own.removeprefix("session_").replace("-", "")
    uuid = "-".join(digits[a:b] for a, b in [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)])
    for form in (own, f"session_{digits}", uuid):
        with counted_requests() as requests:
            answer = api("GET", f"{URL}/{form}")
        assert answer.json == row
        assert answer.headers["etag"]
        assert requests == {"GetItem": 1}


def test_session_of_another_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    assert api("GET", f"{URL}/{new(other_api, 'agent')}").status == 404


def test_text_that_is_no_id_is_refused(api: Gateway) -> None:
    answer = api("GET", f"{URL}/abc")
    assert (answer.status, answer.json["error"]) == (400, "invalid_input")


def test_cursor_of_other_filters_or_organization_is_refused(
    api: Gateway, other_api: Gateway, nine: list[str]
) -> None:
    cursor = api("GET", f"{URL}?limit=1").json["next_cursor"]
    for gateway, query in [
        (other_api, "limit=1"), (api, "kind=agent"), (api, "search=a"), (api, "status=open"),
    ]:  # fmt: skip
        assert gateway("GET", f"{URL}?{query}&cursor={cursor}").status == 400
    assert api("GET", f"{URL}?cursor={cursor[:-2]}").status == 400
    assert ids(listed(api, f"limit=3&cursor={cursor}")) == nine[1:4]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "kind=other", "status=PENDING", "agent_id=a", "offset=1",
     "created_after=yesterday"],
)  # fmt: skip
def test_invalid_parameters_are_refused(api: Gateway, query: str) -> None:
    assert api("GET", f"{URL}?{query}").status == 422


def test_times_in_the_wrong_order_are_refused(api: Gateway) -> None:
    query = "created_after=2026-02-01T00:00:00Z&created_before=2026-01-01T00:00:00Z"
    assert api("GET", f"{URL}?{query}").status == 400
