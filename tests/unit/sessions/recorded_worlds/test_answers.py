"""Answers of a recorded world: the recorded call that answers, and the rule that chose it."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.core.json import fingerprint
from shared.sessions.recorded_worlds.answers import OnUnmatched, RecordedAnswer, find_answer
from shared.sessions.recorded_worlds.arguments import equal
from shared.sessions.recorded_worlds.world import parse_world


def call(arguments: Any, output: Any) -> dict[str, Any]:
    return {"arguments": arguments, "output": output}


def ask(
    calls: Sequence[dict[str, Any]],
    arguments: dict[str, Any],
    used: Sequence[int] = (),
    on_unmatched: OnUnmatched = "error",
) -> RecordedAnswer:
    return find_answer({"t": {"output": "own", "calls": calls}}, "t", arguments, used, on_unmatched)


ORDERS = [call({"order_id": "A1"}, "sent"), call({"order_id": "B2"}, "lost")]


@pytest.mark.parametrize(
    ("arguments", "matched"),
    [
        ({"order_id": "B2"}, "exact"),
        ({"order_id": "b2"}, "normalized"),
        ({"order_id": " B-2 "}, "normalized"),
        ({"order_id": "B2", "verbose": True}, "normalized"),
        ({"order_id": "b2", "locale": "en"}, "normalized"),
        ({"order_id": "B2", "note": None}, "normalized"),
    ],
)
def test_written_differently_is_the_same_call(arguments: dict[str, Any], matched: str) -> None:
    answer = ask(ORDERS, arguments)

    assert (answer.answer["output"], answer.index, answer.matched) == ("lost", 1, matched)


@pytest.mark.parametrize(
    "arguments", [{"order_id": "NOT-THERE"}, {}, {"id": "B2"}, {"order_id": ["B2"]}, {"x": True}]
)
def test_unknown_arguments_are_an_error(arguments: dict[str, Any]) -> None:
    answer = ask(ORDERS, arguments)

    assert (answer.matched, answer.index) == ("none", None)
    assert answer.answer["error"].startswith("no_recorded_answer: t: ")


def test_error_names_the_nearest_recorded_arguments() -> None:
    calls = [call({"order_id": "W-1001", "n": 1}, 1), call({"order_id": "K-77", "n": 2}, 2)]

    wrong: list[tuple[dict[str, Any], str]] = [
        ({"order_id": "K-78", "n": 2}, '{"order_id":"K-77","n":2}'),
        ({"order_id": "W-1002"}, '{"order_id":"W-1001","n":1}'),
    ]
    for arguments, nearest in wrong:
        assert ask(calls, arguments).answer["error"] == (
            "no_recorded_answer: t: no call with these arguments was recorded;"
            f" the nearest recorded arguments are {nearest}."
        )


def test_long_arguments_are_cut_in_the_error() -> None:
    error = ask([call({"text": "x" * 10_000}, 1)], {"text": "y"}).answer["error"]

    assert len(error) < 700


def test_equal_calls_answer_in_recorded_order() -> None:
    calls = [call({"id": 1}, "a"), call({"id": 2}, "b"), call({"id": "1"}, "c"), call({}, "d")]
    same = [call({"id": 1}, "a"), call({"id": 2}, "b"), call({"id": 1}, "c")]

    assert [ask(same, {"id": 1}, used).index for used in ((), (0,), (0, 2))] == [0, 2, 2]
    assert ask(same, {"id": 1}).matched == "order"
    # Written in two ways, but one value: still in order.
    assert [ask(calls, {"id": "1.0"}, used).index for used in ((), (0,))] == [0, 2]


def test_arguments_that_match_two_meanings_are_an_error() -> None:
    dates = [call({"on": "2026-05-02"}, "May"), call({"on": "2026-02-05"}, "February")]
    codes = [call({"id": "A-1 2"}, "one"), call({"id": "A-1.2"}, "two"), call({"id": "A 1-2"}, "3")]

    ambiguous = ask(dates, {"on": "05/02/2026"})
    assert ambiguous.matched == "none"
    assert "several recorded calls" in ambiguous.answer["error"]
    assert ask(dates[:1], {"on": "05/02/2026"}).answer["output"] == "May"
    assert ask(dates[1:], {"on": "05/02/2026"}).answer["output"] == "February"
    assert ask(codes, {"id": "a_1_2"}).matched == "none"
    assert ask(codes, {"id": "a 1-2"}).answer["output"] == "3"


def test_argument_of_another_recorded_call_is_not_additional() -> None:
    calls = [call({"city": "Rome"}, "all"), call({"city": "Rome", "food": "thai"}, "thai")]

    assert ask(calls, {"city": "Rome", "food": "pizza"}).matched == "none"
    assert ask(calls, {"city": "rome", "verbose": "1"}).answer["output"] == "all"
    assert ask(calls[1:], {"city": "Rome"}).matched == "none"


def test_call_without_arguments_allows_additional_switches_only() -> None:
    calls = [call({}, "everything")]

    assert ask(calls, {"verbose": True}).answer["output"] == "everything"
    assert ask(calls, {"order_id": "NOT-THERE"}).matched == "none"


@pytest.mark.parametrize(("on_unmatched", "index"), [("error", None), ("nearest", 0), ("last", 1)])
def test_rule_for_unmatched_calls(on_unmatched: OnUnmatched, index: int | None) -> None:
    answer = ask(ORDERS, {"order_id": "A12"}, on_unmatched=on_unmatched)

    assert answer.index == index
    assert answer.matched == ("none" if on_unmatched == "error" else on_unmatched)
    assert ask(ORDERS, {"order_id": "b2"}, on_unmatched=on_unmatched).index == 1


def test_answers_written_without_arguments_answer_any() -> None:
    world: dict[str, Any] = {
        "constant": {"output": 1},
        "list": {"calls": [{"output": 1}, {"output": 2}, call({"id": 3}, 3)]},
    }

    assert find_answer(world, "constant", {"id": 1}) == RecordedAnswer({"output": 1}, "any")
    chosen = [find_answer(world, "list", {"id": n}, used) for n, used in ((9, ()), (9, (0, 1)))]
    assert [(one.index, one.matched) for one in chosen] == [(0, "any"), (1, "any")]
    assert find_answer(world, "list", {"id": "3"}).index == 2


def test_tool_with_empty_calls_answers_nothing() -> None:
    assert ask([], {}).matched == "none"
    assert ask([], {}, on_unmatched="nearest").matched == "none"
    assert ask([], {}, on_unmatched="last").answer["output"] == "own"


def test_call_without_an_answer_has_that_of_its_tool() -> None:
    world = parse_world({"t": {"output": "own", "calls": [{"arguments": {"id": 1}}]}})

    assert find_answer(world, "t", {"id": 1}).answer["output"] == "own"
    assert find_answer(world, "t", {"id": 2}).matched == "none"


def test_unknown_tool_is_an_error() -> None:
    answer = find_answer({}, "gone", {}, on_unmatched="last")

    assert (answer.answer["error"], answer.matched) == (
        "The mock world has no tool 'gone'.",
        "none",
    )


# ------------------------------------------------------------------------------ properties
TEXTS = st.text(max_size=8) | st.from_regex(r"[A-C]-?[0-3]{1,2}", fullmatch=True)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-30, 30)
    | st.floats(-9, 9)
    | TEXTS
    | st.dates().map(str)
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
ARGUMENTS = st.dictionaries(st.sampled_from(["id", "on", "q"]), VALUES, max_size=3)
CALLS = st.lists(st.builds(call, ARGUMENTS, st.integers(0, 3)), min_size=1, max_size=8)


@given(CALLS)
def test_recorded_calls_in_order_give_their_answers(calls: list[dict[str, Any]]) -> None:
    used: list[int] = []
    for recorded in calls:
        answer = ask(calls, recorded["arguments"], used)
        assert answer.answer["output"] == recorded["output"]
        assert answer.index is not None
        used.append(answer.index)


@given(CALLS, st.data())
def test_calls_in_any_order_get_an_answer_to_equal_arguments(
    calls: list[dict[str, Any]], data: st.DataObject
) -> None:
    used: list[int] = []
    for recorded in data.draw(st.permutations(calls)):
        answer = ask(calls, recorded["arguments"], used)
        assert answer.index is not None
        assert fingerprint(calls[answer.index]["arguments"]) == fingerprint(recorded["arguments"])
        used.append(answer.index)


@given(CALLS, ARGUMENTS)
def test_arguments_unlike_all_recorded_ones_get_no_answer(
    calls: list[dict[str, Any]], arguments: dict[str, Any]
) -> None:
    answer = ask(calls, arguments)

    if answer.index is None:
        assert answer.answer["error"].startswith("no_recorded_answer: ")
    else:
        own = {k: v for k, v in calls[answer.index]["arguments"].items() if v is not None}
        given_values = {name: arguments.get(name) for name in own}
        assert equal(own, given_values, loose=True)
        known = {k for one in calls for k, v in one["arguments"].items() if v is not None}
        assert {k for k, v in arguments.items() if v is not None} & known == own.keys()


@given(CALLS, st.sampled_from(["id", "on", "q"]))
def test_never_recorded_value_gets_no_answer(calls: list[dict[str, Any]], name: str) -> None:
    assume(any(one["arguments"].get(name) is not None for one in calls))
    arguments = calls[0]["arguments"] | {name: "never recorded"}

    assert ask(calls, arguments).matched == "none"
