"""Turns above the limit of an organization: crashes, repeated deliveries, failed admissions."""

from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

from shared.agents.admission.dispatching import dispatch_turns
from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING
from shared.agents.admission.wiring import admission, turn_queue
from shared.agents.turns.queue_run import run_turn
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.llm.port import ModelAnswer, ModelRequest
from shared.storage.streams import stream_records
from shared.storage.table import table
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests
from tests.support.turns import Clock, Model, Turns, answer_texts, text
from tests.unit.agent_sessions.fair_turns import LIMIT, nothing_is_left, opened, stored
from tests.unit.agent_sessions.recovery import Killed, die, expire_leases, killed_at, sweep_later

pytestmark = pytest.mark.usefixtures("limited_turns")


def later() -> Clock:
    """Return a clock by which no turn has just begun: each run claims its turn."""
    clock = Clock()
    clock.forward(60)
    return clock


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
