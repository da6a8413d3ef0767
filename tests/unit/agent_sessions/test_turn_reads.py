"""Reads of a turn: their cost, and consistency with concurrent writes."""

from collections.abc import Container

import pytest

from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, late_writes
from tests.support.turns import Model, Turns, answer_texts, text


def test_fortieth_turn_costs_the_same_as_the_first(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("ok")))
    costs: list[dict[str, int]] = []
    for _ in range(40):
        say(api, session_id, "hi")
        with counted_requests() as requests:
            turns.run()
        costs.append(dict(requests))

    # The session with its agent, the log, and the end of the turn with that of its slot. The
    # message took the slot and began the turn.
    run = {"BatchGetItem": 1, "Query": 1, "TransactWriteItems": 1}
    assert costs[0] == costs[-1] == run


@pytest.mark.parametrize("late", [(), (10,), (5, 19), range(1, 99)])
def test_inconsistent_reads_lose_no_message_and_repeat_no_answer(
    api: Gateway, session_id: str, late: Container[int]
) -> None:
    model = Model(text("one"), text("two"), text("three"))
    turns = Turns(model)
    with late_writes(late):
        for words in ("a", "b", "c"):
            say(api, session_id, words)
            turns.deliver(*turns.triggers() * 2)

    assert answer_texts(api, session_id) == ["one", "two", "three"]
    assert [len(request.messages) for request in model.requests] == [1, 3, 5]


def test_waiting_messages_are_answered_by_one_start_each(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("ok")))
    for number in range(5):
        say(api, session_id, str(number))
    with counted_requests() as requests:
        turns.run()
    # Each turn's end starts the next; the other four records start none.
    assert requests["Query"] == 1 + 3 * 4
    assert requests["TransactWriteItems"] == 1 + 2 * 4


def test_large_message_and_answer_are_stored(api: Gateway, session_id: str) -> None:
    say(api, session_id, "x" * 200_000)
    Turns(Model(text("y" * 200_000))).run()
    assert len(answer_texts(api, session_id)[0]) == 200_000
