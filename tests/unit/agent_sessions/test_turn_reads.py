"""What turns read of their session: never too little, and the fortieth as the first."""

from collections.abc import Container

import pytest

from tests.support.agents import say
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests, late_writes
from tests.support.turns import (
    Model,
    Turns,
    answers,
    text,
)


def test_given_a_first_turn_and_a_fortieth_then_they_cost_the_same_requests(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(text("ok")))
    costs: list[dict[str, int]] = []
    for _ in range(40):
        say(api, session_id, "hi")
        with counted_requests() as requests:
            turns.run()
        costs.append(dict(requests))

    # The session, the log, the agent; the turn's beginning and its end.
    assert costs[0] == costs[-1] == {"GetItem": 2, "Query": 1, "TransactWriteItems": 2}


@pytest.mark.parametrize("late", [(), (10,), (5, 19), range(1, 99)])
def test_given_reads_that_miss_the_last_writes_then_no_message_is_lost_or_answered_twice(
    api: Gateway, session_id: str, late: Container[int]
) -> None:
    model = Model(text("one"), text("two"), text("three"))
    turns = Turns(model)
    with late_writes(late):
        for words in ("a", "b", "c"):
            say(api, session_id, words)
            turns.deliver(*turns.triggers() * 2)

    assert [words for _, words in answers(api, session_id)] == ["one", "two", "three"]
    assert [len(request.messages) for request in model.requests] == [1, 3, 5]


def test_given_many_messages_at_once_then_the_log_is_read_on_and_not_anew(
    api: Gateway, session_id: str
) -> None:
    turns = Turns(Model(text("ok")))
    for number in range(5):
        say(api, session_id, str(number))
    with counted_requests() as requests:
        turns.run()
    # One read of the log serves all five; the four records behind the first only find out.
    assert requests["Query"] == 1
    assert requests["TransactWriteItems"] == 10


def test_given_a_large_message_and_a_large_answer_then_both_are_kept(
    api: Gateway, session_id: str
) -> None:
    say(api, session_id, "x" * 200_000)
    Turns(Model(text("y" * 200_000))).run()
    assert len(answers(api, session_id)[0][1]) == 200_000
