"""Trace of a session: nodes, edges and their reasons, by turn."""

import json

from tests.support.gateway import Gateway
from tests.unit.playground.conversations import (
    URL,
    decide,
    items_of,
    open_awaiting_approval,
    open_session,
    read,
    say,
)


def test_trace_shows_edges_and_their_reasons(api: Gateway) -> None:
    session = open_awaiting_approval(api)
    decide(api, session, "deny", note="out of policy")

    answer = api("GET", f"{URL}/{session}/trace")

    assert answer.status == 200
    body = answer.json
    assert (len(body["items"]), body["has_more"], body["next_cursor"]) == (5, False, None)
    asking, decided = body["items"][3], body["items"][4]
    assert (asking["turn"], asking["message"], asking["decision"]) == (4, "249", None)
    collect, look_up, approval = asking["nodes"]
    assert collect["set"] == {"refund_amount": 249.0}
    assert (collect["outcome"], collect["way"]["because"]) == ("completed", "it has no condition")
    [tool] = look_up["tools"]
    assert (tool["tool"], tool["arguments"]) == ("get_order", {"order_number": "NW-5581"})
    assert (tool["delay_ms"], tool["error"]) == (150, None)
    assert look_up["way"] == {
        "edge_id": "4:look_up_order->manager_approval",
        "to": "manager_approval",
        "because": "it has no condition",
        "condition": None,
        "seen": {},
        "passed_over": [
            {
                "edge_id": "2:look_up_order->amount_too_high",
                "condition": "refund_amount > order_total",
                "seen": {"order_total": 261.5, "refund_amount": 249.0},
            },
            {
                "edge_id": "3:look_up_order->period_over",
                "condition": 'refund_reason == "changed_mind" and not within_return_period',
                "seen": {"refund_reason": "damaged", "within_return_period": False},
            },
        ],
    }
    assert (approval["outcome"], approval["approver_role"]) == ("waiting", "refunds_manager")
    assert approval["approval_deadline"] is not None
    assert approval["signals"] == ["approval_required"]
    assert (decided["decision"], decided["note"], decided["decided_by"]) == (
        "deny", "out of policy", "person"
    )  # fmt: skip
    assert [node["node_id"] for node in decided["nodes"]] == [
        "manager_approval", "refund_denied", "offer_alternative"
    ]  # fmt: skip
    assert decided["nodes"][0]["way"]["seen"] == {"refund_amount": 249.0}
    assert decided["nodes"][2]["asked"] == "alternative"


def test_trace_of_a_session_without_turns_is_empty(api: Gateway) -> None:
    session = open_session(api)

    assert api("GET", f"{URL}/{session}/trace").json == {
        "items": [], "next_cursor": None, "has_more": False
    }  # fmt: skip


def test_pages_of_a_trace_have_no_gap_and_no_repeat(api: Gateway) -> None:
    session = open_session(api)
    for number in range(7):
        say(api, session, "ada@example.org HP-1" if number == 0 else "hm")
        if read(api, session)["current_step_id"] is None:
            break
    whole = api("GET", f"{URL}/{session}/trace").json["items"]

    assert items_of(api, f"{URL}/{session}/trace?limit=2") == whole
    assert [turn["turn"] for turn in whole] == list(range(1, len(whole) + 1))
    assert len(whole) > 3


def test_cursor_of_another_session_is_refused(api: Gateway) -> None:
    session, other = open_awaiting_approval(api), open_session(api)
    cursor = api("GET", f"{URL}/{session}/trace?limit=1").json["next_cursor"]

    assert api("GET", f"{URL}/{other}/trace?cursor={cursor}").status == 400


def test_positions_in_a_trace_are_those_of_the_log(api: Gateway) -> None:
    session = open_awaiting_approval(api)
    export = api("GET", f"/v1/sessions/{session}/export").text
    log = {
        (event["type"], event["sequence"])
        for event in map(json.loads, export.splitlines())
        if "sequence" in event
    }

    turns = api("GET", f"{URL}/{session}/trace").json["items"]

    nodes = [node for turn in turns for node in turn["nodes"]]
    found = {("user.message", turn["sequence"]) for turn in turns}
    found |= {("assistant.message", one) for node in nodes for one in node["said_sequences"]}
    found |= {("tool.called", tool["sequence"]) for node in nodes for tool in node["tools"]}
    shown = {"user.message", "assistant.message", "tool.called"}
    assert found == {(kind, sequence) for kind, sequence in log if kind in shown}
