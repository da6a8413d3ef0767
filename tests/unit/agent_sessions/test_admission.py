"""Admission of turns: the limit, the order of those that wait, and what is lost in a crash."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING, turns_key
from shared.agents.admission.domain import Slot, Start
from shared.agents.admission.service import Admission
from shared.agents.admission.slots import Slots
from shared.core.errors import Unavailable
from shared.core.ids import OrganizationId, SessionId
from shared.storage.contention import ConditionFailed
from shared.storage.table import Table
from shared.storage.transactions import write
from tests.support.racing import at_once
from tests.support.storage import TABLE, counted_requests
from tests.support.turns import Clock

LIMIT, LEASE = 3, timedelta(seconds=300)
ORGANIZATION = OrganizationId.new()


class Sent:
    """Queue that records what is sent; it rejects everything while ``down``."""

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self.down = False

    def send(self, slots: Sequence[Slot]) -> None:
        if self.down and slots:
            raise Unavailable("The queue does not respond.")
        self.slots += slots

    @property
    def sessions(self) -> list[SessionId]:
        return [slot.session_id for slot in self.slots]


@pytest.fixture
def queue() -> Sent:
    return Sent()


@pytest.fixture
def table(dynamodb_table: Any, clock: Clock) -> Table:
    return Table(dynamodb_table, TABLE, shards=3, clock=clock, sleep=lambda _: None)


@pytest.fixture
def admission(table: Table, queue: Sent) -> Admission:
    return limited_to(LIMIT, table, queue)


def limited_to(limit: int, table: Table, queue: Any) -> Admission:
    return Admission(table, queue, Slots(limit, LEASE, table.now))


def starts(number: int, organization_id: OrganizationId = ORGANIZATION) -> list[Start]:
    """Return starts of sessions that wait since successive seconds."""
    return [
        Start(organization_id, SessionId.new(), f"2026-03-01T09:{n // 60:02}:{n % 60:02}.000000Z")
        for n in range(number)
    ]


def sessions(some: Sequence[Start]) -> list[SessionId]:
    return [start.session_id for start in some]


def stored(table: Table, prefix: str) -> int:
    return len(list(table.query(turns_key(ORGANIZATION, prefix), upto=f"{prefix}~")))


def released_at_once(admission: Admission, slots: Sequence[Slot]) -> None:
    at_once(len(slots), lambda number: admission.release(slots[number], ""))


def test_turns_above_the_limit_wait_in_order(
    admission: Admission, table: Table, queue: Sent
) -> None:
    waiting = starts(6)
    admission.admit(ORGANIZATION, reversed(waiting))
    assert queue.sessions == sessions(waiting[:LIMIT])
    assert (stored(table, FIRST_SLOT), stored(table, FIRST_WAITING)) == (3, 3)

    for number in range(6):
        admission.release(queue.slots[number], "")

    assert queue.sessions == sessions(waiting)
    assert (stored(table, FIRST_SLOT), stored(table, FIRST_WAITING)) == (0, 0)


def test_new_start_waits_behind_those_that_wait_longer(
    admission: Admission, queue: Sent, table: Table
) -> None:
    first = starts(5)
    admission.admit(ORGANIZATION, first[:4])
    # A slot is free, and the run that was to hand it on is gone.
    freed = queue.slots[0]
    table.delete(
        turns_key(ORGANIZATION, f"{FIRST_SLOT}{freed.number:04d}"), expected_version=freed.version
    )

    admission.admit(ORGANIZATION, [first[4]])

    assert queue.sessions == sessions(first[:4])
    admission.release(queue.slots[1], "")
    assert queue.sessions == sessions(first)


def test_limit_holds_for_each_organization_alone(admission: Admission, queue: Sent) -> None:
    other = OrganizationId.new()
    admission.admit(ORGANIZATION, starts(5))
    theirs = starts(2, other)

    admission.admit(other, theirs)

    assert queue.sessions[LIMIT:] == sessions(theirs)


def test_concurrent_starts_never_exceed_the_limit(
    admission: Admission, queue: Sent, table: Table
) -> None:
    waiting = starts(100)

    at_once(100, lambda number: admission.admit(ORGANIZATION, [waiting[number]]))

    assert len(queue.slots) == stored(table, FIRST_SLOT) == LIMIT
    assert len({slot.number for slot in queue.slots}) == LIMIT
    assert stored(table, FIRST_WAITING) == 100 - LIMIT
    for done in range(0, 100, LIMIT):
        released_at_once(admission, queue.slots[done : done + LIMIT])
        assert stored(table, FIRST_SLOT) <= LIMIT
    assert len(queue.sessions) == 100
    assert set(queue.sessions) == set(sessions(waiting))
    assert (stored(table, FIRST_SLOT), stored(table, FIRST_WAITING)) == (0, 0)


def test_starts_and_releases_at_once_leave_no_start_behind(
    admission: Admission, queue: Sent, table: Table
) -> None:
    waiting = starts(40)
    admission.admit(ORGANIZATION, waiting[:20])
    held = list(queue.slots)

    def call(number: int) -> None:
        if number < LIMIT:
            admission.release(held[number], "")
        else:
            admission.admit(ORGANIZATION, [waiting[17 + number]])

    at_once(LIMIT + 20, call)

    assert stored(table, FIRST_SLOT) == LIMIT
    assert stored(table, FIRST_WAITING) == 40 - 2 * LIMIT
    assert len(queue.slots) == 2 * LIMIT


def test_repeated_start_adds_nothing(admission: Admission, queue: Sent, table: Table) -> None:
    waiting = starts(4)
    for _ in range(3):
        admission.admit(ORGANIZATION, [*waiting, *waiting])

    assert (stored(table, FIRST_SLOT), stored(table, FIRST_WAITING)) == (3, 1)
    # The run of a repeated message finds out whether there is something to do.
    assert queue.sessions == sessions(waiting[:3]) * 3
    assert len(set(queue.slots)) == 3


def test_start_is_repeated_after_the_queue_was_down(
    admission: Admission, queue: Sent, table: Table
) -> None:
    waiting = starts(5)
    queue.down = True
    with pytest.raises(Unavailable):
        admission.admit(ORGANIZATION, waiting)

    queue.down = False
    admission.admit(ORGANIZATION, waiting)

    assert queue.sessions == sessions(waiting[:LIMIT])
    assert (stored(table, FIRST_SLOT), stored(table, FIRST_WAITING)) == (3, 2)


def test_slot_of_another_run_is_not_released(
    admission: Admission, queue: Sent, table: Table
) -> None:
    admission.admit(ORGANIZATION, starts(1))
    [slot] = queue.slots
    write(table, [admission.slots.occupying(slot, "message 1")])

    admission.release(slot, "message 2")

    assert stored(table, FIRST_SLOT) == 1


def test_slot_of_a_run_that_is_gone_is_released_by_the_next_of_its_message(
    admission: Admission, queue: Sent, table: Table
) -> None:
    admission.admit(ORGANIZATION, starts(1))
    [slot] = queue.slots
    write(table, [admission.slots.occupying(slot, "message 1")])

    admission.release(slot, "message 1")

    assert stored(table, FIRST_SLOT) == 0


def test_slot_of_a_lost_turn_is_not_released_for_its_message(
    admission: Admission, queue: Sent, table: Table
) -> None:
    admission.admit(ORGANIZATION, starts(1))
    [slot] = queue.slots
    write(table, [admission.slots.occupying(slot, "message 1")])

    admission.release(slot, "message 1", is_lost=True)

    assert stored(table, FIRST_SLOT) == 1


def test_only_slots_that_a_message_handed_on_are_queued_again(table: Table, queue: Sent) -> None:
    limited = limited_to(2, table, queue)
    limited.admit(ORGANIZATION, starts(4))
    first, _ = queue.slots
    limited.release(first, "message 1")
    handed_on = queue.slots[-1]

    limited.resend(ORGANIZATION, "message 2")
    assert len(queue.slots) == 3
    limited.resend(ORGANIZATION, "message 1")
    assert queue.slots[3:] == [handed_on]
    write(table, [limited.slots.occupying(handed_on, "message 3")])
    limited.resend(ORGANIZATION, "message 1")
    assert len(queue.slots) == 4


def test_slot_that_was_freed_and_taken_again_cannot_be_occupied(
    admission: Admission, queue: Sent, table: Table
) -> None:
    limited = limited_to(1, table, queue)
    first, second = starts(2)
    limited.admit(ORGANIZATION, [first])
    limited.release(queue.slots[0], "")
    limited.admit(ORGANIZATION, [second])

    assert queue.slots[0].number == queue.slots[1].number
    with pytest.raises(ConditionFailed):
        write(table, [limited.slots.occupying(queue.slots[0], "late")])


def test_slot_is_free_after_its_lease(
    admission: Admission, queue: Sent, clock: Clock, table: Table
) -> None:
    waiting = starts(5)
    admission.admit(ORGANIZATION, waiting)
    clock.forward(LEASE.total_seconds() - 1)
    write(table, [admission.slots.occupying(queue.slots[0], "renewed")])
    clock.forward(2)

    admission.fill(ORGANIZATION)

    assert queue.sessions == sessions(waiting)
    with pytest.raises(ConditionFailed):
        write(table, [admission.slots.occupying(queue.slots[1], "late")])


def test_lowered_limit_admits_nothing_until_enough_turns_have_ended(
    admission: Admission, queue: Sent, table: Table
) -> None:
    waiting = starts(5)
    admission.admit(ORGANIZATION, waiting)
    lowered = limited_to(1, table, queue)

    for number in range(2):
        lowered.release(queue.slots[number], "")
        assert len(queue.slots) == LIMIT
    lowered.release(queue.slots[2], "")

    assert queue.sessions == sessions(waiting[:4])


@pytest.mark.parametrize("waiting", [1, 60])
def test_admission_and_release_cost_the_same_however_many_wait(
    table: Table, queue: Sent, waiting: int
) -> None:
    admission = limited_to(1, table, queue)
    admission.admit(ORGANIZATION, starts(waiting + 1))
    with counted_requests() as requests:
        admission.release(queue.slots[0], "")

    assert requests == {"DeleteItem": 1, "Query": 2, "TransactWriteItems": 1}
