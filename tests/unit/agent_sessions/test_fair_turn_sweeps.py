"""Turns above the limit of an organization: the sweep, which admits what was lost."""

from typing import Any

import pytest

from shared.agents.admission.queue import TurnQueue
from shared.agents.turns import sweep
from shared.core.errors import Unavailable
from tests.support.gateway import Gateway
from tests.support.turns import Model, Turns, answer_texts, session, text
from tests.unit.agent_sessions.fair_turns import LIMIT, nothing_is_left, opened
from tests.unit.agent_sessions.recovery import expire_leases, sweep_later

pytestmark = pytest.mark.usefixtures("limited_turns")


def test_turn_whose_message_was_lost_is_admitted_by_the_sweep(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, 3)
    turns.dispatch(*turns.triggers())
    first, second = turns.queue.receive()

    def silent(*_: Any) -> None:
        raise Unavailable("The queue does not respond.")

    with monkeypatch.context() as patched:
        patched.setattr(TurnQueue, "send", silent)
        with pytest.raises(Unavailable):  # while it hands its slot on
            turns.run_message(first)
    turns.run_message(second)
    assert session(api, sessions[2])["status"] == "started"
    assert sweep_later(1000).restarted == 0  # it has a slot

    expire_leases(api)
    assert sweep_later(1000).restarted == 1
    turns.work()

    assert nothing_is_left(api, sessions)


def test_free_slots_are_handed_on_by_the_sweep(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, 5)
    turns.dispatch(*turns.triggers())
    turns.queue.receive()  # lost, with the runs that were to hand their slots on
    expire_leases(api)

    result = sweep_later(1000)
    assert result.oldest >= 1000
    turns.work()
    expire_leases(api)
    sweep_later(1000)
    turns.work()

    assert nothing_is_left(api, sessions)


def test_lost_turn_is_found_behind_any_number_of_waiting_ones(
    api: Gateway, other_api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_MAX_READ", LIMIT)
    turns = Turns(Model(text("Hi")))
    opened(api, 12)
    turns.dispatch(*turns.triggers())
    [lost] = opened(other_api, 1)
    turns.triggers()  # its record is lost
    expire_leases(other_api)

    assert sweep_later(1000).restarted == 1

    queued = turns.queue.receive()
    assert sum(str(other_api.organization_id) in one["body"] for one in queued) == 1
    for message in queued:
        turns.run_message(message)
    assert answer_texts(other_api, lost) == ["Hi"]


def test_each_sweep_reads_other_sessions_of_an_organization(
    api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_MAX_READ", 1)
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, LIMIT)
    turns.triggers()  # their records are lost
    expire_leases(api)

    assert [sweep_later(1000 + 60 * minute).restarted for minute in range(LIMIT)] == [1, 1]
    turns.work()

    assert nothing_is_left(api, sessions)
