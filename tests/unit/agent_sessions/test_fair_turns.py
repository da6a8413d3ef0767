"""Turns of organizations above their limit: order, crashes in between, and the sweep."""

from collections.abc import Iterator
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

import pytest

from shared.agents.admission.dispatching import dispatch_turns
from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING, turns_key
from shared.agents.admission.domain import Slot
from shared.agents.admission.queue import TurnQueue
from shared.agents.admission.slots import Slots
from shared.agents.admission.wiring import admission, turn_queue
from shared.agents.sessions.domain import AgentSession
from shared.agents.turns import sweep
from shared.agents.turns.queue_run import run_turn
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.streams import stream_records
from shared.storage.table import table
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.racing import at_once
from tests.support.storage import counted_requests, forget_process_state
from tests.support.turns import Clock, Message, Model, Turns, answer_texts, session, text
from tests.unit.agent_sessions.recovery import (
    Killed,
    assert_whole,
    die,
    expire_leases,
    killed_at,
    sweep_later,
)

LIMIT = 2


@pytest.fixture(autouse=True)
def _limit(dynamodb_table: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MAX_TURNS_PER_ORGANIZATION", str(LIMIT))

    def first_slot(slots: Slots, session: AgentSession, *_: Any) -> Slot:
        return slots.new(session.organization_id, session.id, 0, session.agent_id)

    # One message takes a slot, the others are admitted: no test depends on random ids.
    monkeypatch.setattr(Slots, "of_message", first_slot)
    forget_process_state()
    yield
    forget_process_state()


def opened(api: Gateway, number: int) -> list[str]:
    """Return the ids of new sessions, to each of which one message was sent, in order."""
    agent = new_agent(api)["id"]
    sessions = [str(new_session(api, agent_id=agent)["id"]) for _ in range(number)]
    for place, one in enumerate(sessions):
        say(api, one, f"message {place}")
    return sessions


def stored(organization_id: OrganizationId, prefix: str) -> int:
    return len(list(table().query(turns_key(organization_id, prefix), upto=f"{prefix}~")))


def nothing_is_left(api: Gateway, sessions: list[str]) -> bool:
    for one in sessions:
        assert_whole(api, one)
    return not stored(api.organization_id, FIRST_SLOT) + stored(api.organization_id, FIRST_WAITING)


def test_turns_above_the_limit_run_in_the_order_of_their_messages(api: Gateway) -> None:
    asked: list[str] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        asked.append(request.messages[-1].content[0]["text"])
        assert stored(api.organization_id, FIRST_SLOT) <= LIMIT
        return text("Hi")

    turns = Turns(Model(answer))
    sessions = opened(api, 7)
    turns.dispatch(*reversed(turns.triggers()))
    assert stored(api.organization_id, FIRST_WAITING) == 5
    turns.work()

    assert asked == [f"message {place}" for place in range(7)]
    assert nothing_is_left(api, sessions)


def test_session_with_many_messages_lets_others_in_between(api: Gateway) -> None:
    asked: list[str] = []

    def answer(request: ModelRequest) -> ModelAnswer:
        asked.append(request.messages[-1].content[0]["text"])
        return text("Hi")

    turns = Turns(Model(answer))
    [busy] = opened(api, 1)
    say(api, busy, "message 0, again")
    others = opened(api, 4)
    turns.run()

    assert len(asked) == 6
    assert asked[-1] == "message 0, again"
    assert nothing_is_left(api, [busy, *others])


def later() -> Clock:
    """Return a clock by which no turn has just begun: each run claims its turn."""
    clock = Clock()
    clock.forward(60)
    return clock


def run_at_once(messages: list[Message], turns: Turns) -> None:
    at_once(len(messages), lambda number: run_turn(messages[number], turn_queue(), turns.context))


def test_no_more_turns_than_the_limit_are_in_progress(api: Gateway) -> None:
    now, most, lock = 0, 0, Lock()

    def answer(_: ModelRequest) -> ModelAnswer:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        return text("Hi")

    turns = Turns(Model(answer))
    sessions = opened(api, 20)
    records = turns.triggers()
    at_once(len(records), lambda number: turns.dispatch(records[number]))
    while messages := turns.queue.receive():
        # Each twice at once: a standard queue may deliver a message more than once.
        run_at_once(messages * 2, turns)
        for message in messages:
            turns.queue.delete(message)
        turns.dispatch(*turns.triggers())

    assert most <= LIMIT
    assert nothing_is_left(api, sessions)


#: Of the dispatch of four starts, two of which wait, and of the first run with its hand-over.
REQUESTS_OF_HANDING_ON = 6 + 9


def test_killed_requests_are_all_requests_until_a_slot_is_handed_on(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")))
    opened(api, 4)
    with counted_requests() as requests:
        turns.dispatch(*turns.triggers())
        turns.run_message(turns.queue.receive()[0])

    assert requests.total() == REQUESTS_OF_HANDING_ON


@pytest.mark.parametrize("carried_out", [False, True])
@pytest.mark.parametrize("request_number", range(1, REQUESTS_OF_HANDING_ON + 1))
def test_crash_at_any_request_loses_no_turn(
    api: Gateway, request_number: int, carried_out: bool
) -> None:
    """At last the sweep finds what neither the stream nor the queue delivers again."""
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, 4)
    records = turns.triggers()
    with (
        suppress(Killed),
        killed_at(request_number, carried_out=carried_out),
    ):
        turns.deliver(*records)
    turns.deliver(*records)
    turns.run()
    for _ in range(3):
        expire_leases(api)
        sweep_later(1000)
        turns.work()
        turns.run()

    assert [answer_texts(api, one) for one in sessions] == [["Hi"]] * 4
    assert nothing_is_left(api, sessions)


def test_crash_between_handing_on_and_queueing_is_repaired_by_the_redelivered_message(
    api: Gateway,
) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, 4)
    turns.dispatch(*turns.triggers())
    with killed_at(9, carried_out=True), pytest.raises(Killed):
        turns.work()
    assert stored(api.organization_id, FIRST_WAITING) == 1  # of two: one has the slot

    turns.work()

    assert nothing_is_left(api, sessions)


def test_slot_stays_with_the_run_of_a_second_delivery(api: Gateway) -> None:
    second_began, first_ended = Event(), Event()
    slots: list[int] = []

    def answer(_: ModelRequest) -> ModelAnswer:
        if second.ident is None:
            second.start()
            assert second_began.wait(10)
        else:
            second_began.set()
            assert first_ended.wait(10)
            slots.append(stored(api.organization_id, FIRST_SLOT))
        return text("Hi")

    turns = Turns(Model(answer), later())
    [session_id] = opened(api, 1)
    turns.dispatch(*turns.triggers())
    [message] = turns.queue.receive()
    run = (message, turn_queue(), turns.context)
    first, second = (Thread(target=run_turn, args=run) for _ in range(2))
    first.start()
    first.join()
    first_ended.set()
    second.join()

    assert slots == [1]
    assert nothing_is_left(api, [session_id])


def test_further_message_of_a_turn_in_progress_leaves_its_slot(api: Gateway) -> None:
    """A killed run keeps it, so that its message, delivered again, takes the turn over."""
    turns = Turns(Model(die, text("Hi")), later())
    [session_id] = opened(api, 1)
    records = turns.triggers()
    with pytest.raises(Killed):
        turns.deliver(*records)
    [killed] = turns.queue.receive()

    turns.dispatch(*records)
    [further] = turns.queue.receive()
    turns.run_message(further)
    assert stored(api.organization_id, FIRST_SLOT) == 1
    turns.run_message(killed)

    assert answer_texts(api, session_id) == ["Hi"]
    turns.queue.delete(further)
    turns.queue.delete(killed)
    assert nothing_is_left(api, [session_id])


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


def test_failed_admission_of_one_organization_admits_the_others(
    api: Gateway, other_api: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = Turns(Model(text("Hi")))
    for one in (api, other_api):
        slots = admission().slots
        first = slots.new(one.organization_id, SessionId.new(), 0)
        table().create(slots.taking(first).record)
    [failing] = opened(api, 1)
    [good] = opened(other_api, 1)
    broken, fine = turns.triggers()
    admit = admission().admit

    def fail(organization_id: OrganizationId, starts: Any) -> None:
        if organization_id == api.organization_id:
            raise Unavailable("The storage does not answer.")
        admit(organization_id, starts)

    monkeypatch.setattr(admission(), "admit", fail)
    for batch in ((broken, fine), (fine, broken)):
        position = dispatch_turns(stream_records({"Records": list(batch)}), admission())
        assert position == broken["dynamodb"]["SequenceNumber"]
    monkeypatch.undo()
    turns.deliver(broken)

    assert (answer_texts(api, failing), answer_texts(other_api, good)) == (["Hi"], ["Hi"])


def test_run_whose_slot_was_taken_is_admitted_anew(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")), later())
    sessions = opened(api, LIMIT + 2)
    turns.dispatch(*turns.triggers())
    late = turns.queue.receive()
    expire_leases(api)
    admission().fill(api.organization_id)  # the slots of the late ones are others' now

    for message in late:
        turns.run_message(message)
    assert [answer_texts(api, one) for one in sessions[:LIMIT]] == [[], []]
    turns.work()

    assert nothing_is_left(api, sessions)


def test_cancelled_session_frees_its_slot(api: Gateway) -> None:
    turns = Turns(Model(text("Hi")))
    sessions = opened(api, LIMIT + 1)
    turns.dispatch(*turns.triggers())
    for one in sessions[:LIMIT]:
        api("POST", f"/v1/sessions/{one}/cancel")
    api("DELETE", f"/v1/sessions/{sessions[0]}")
    turns.work()

    assert answer_texts(api, sessions[LIMIT]) == ["Hi"]
    assert nothing_is_left(api, sessions[LIMIT:])
