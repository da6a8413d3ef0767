"""Admission: give sessions slots, let the others wait in order, and hand freed slots on."""

import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from shared.agents.admission.documents import (
    FIRST_SLOT,
    FIRST_WAITING,
    FREED_WITH_TURN,
    LAST_WAITING,
    SLOT,
    slot_from_record,
    slot_key,
    start_from_record,
    turns_key,
    waiting_record,
)
from shared.agents.admission.domain import Slot, SlotLost, Start
from shared.agents.admission.queue import TurnQueue
from shared.agents.admission.slots import Slots
from shared.core.errors import Busy, Conflict
from shared.core.ids import OrganizationId, SessionId
from shared.storage.contention import CONTENTION, ConditionFailed, retry_on_contention
from shared.storage.records import Record
from shared.storage.table import Table
from shared.storage.transactions import (
    Delete,
    Replace,
    transact,
    write,
    write_unless_exists,
    write_when_free,
)


@dataclass(frozen=True, slots=True)
class TurnsOf:
    """Slots in use, by number, and the first waiting starts of one organization, as read."""

    slots: dict[int, Record]
    waiting: list[Record]

    def slot_of(self, session_id: SessionId) -> Slot | None:
        """Return a slot that a session holds, or None."""
        slots = map(slot_from_record, self.slots.values())
        return next((slot for slot in slots if slot.session_id == session_id), None)


class Admission:
    """Admission of turns.

    A slot is an item that at most one session holds, so the number of turns in progress never
    exceeds the limit, whatever runs concurrently. Who frees a slot then looks for starts that
    wait, and who lets a start wait then looks for free slots: one of the two sees the other.
    A slot that a message took is freed by the last write of its turn, without that look, as long
    as no start waits: the first that does changes the slot, and that write fails.
    """

    def __init__(self, table: Table, queue: TurnQueue, slots: Slots) -> None:
        self._table = table
        self._queue = queue
        self.slots = slots

    def queue(self, slots: Sequence[Slot]) -> None:
        """Queue the turns of messages that took slots. Raises ``Unavailable`` if it fails."""
        self._queue.send(slots)

    def admit(
        self, organization_id: OrganizationId, starts: Iterable[Start], cause: str = ""
    ) -> None:
        """Queue the turns of an organization's starts that get a slot; the others wait.

        A session that holds a slot gets a further message: whether its start is repeated, only
        its run can tell. One query, and a write for each start; one query more if any waits.
        ``cause`` is the queue message of the run that admits, if one does (see :meth:`resend`).
        Raises ``Unavailable`` if the queue does; repeated, it loses and adds nothing.
        """
        turns = self._read(organization_id)
        ready: list[Slot] = []
        late: list[Start] = []
        for start in sorted(set(starts), key=lambda one: one.since):
            slot = turns.slot_of(start.session_id)
            if slot is None and not turns.waiting and not late:
                slot = self._take(turns, start, cause)
            if slot is None:
                late.append(start)
            else:
                ready.append(slot)
        self._queue.send(ready)
        for start in late:
            write_unless_exists(self._table, waiting_record(start))
        if late:
            self.fill(organization_id, cause)

    def fill(self, organization_id: OrganizationId, cause: str = "") -> None:
        """Give free slots to the starts that wait longest: one query, a transaction for each.

        While more wait, each slot in use is marked, by one write: its holder looks for them.
        Repeated while others do the same. Raises ``Conflict`` after many tries, and as
        :meth:`admit`.
        """
        for _ in CONTENTION.attempts(self._table.sleep):
            turns = self._read(organization_id)
            pairs = list(zip(turns.waiting, self._free(turns), strict=False))
            admitted = [slot for pair in pairs if (slot := self._hand_on(*pair, cause))]
            self._queue.send(admitted)
            if len(admitted) < len(pairs):
                continue
            if len(turns.waiting) == len(pairs) or self._mark_waited_for(turns):
                return
        raise Conflict("The turns of the organization are admitted concurrently; retry.")

    def release(self, slot: Slot, cause: str, *, is_lost: bool = False) -> None:
        """Free the slot of a run that has ended, and hand it on: one write, one query.

        It is left alone if another run has it. ``cause`` is the run's queue message: of a run
        that is gone, the next one of the same message frees the slot. Not so if the turn
        ``is_lost``: the other run may have the same message, and works in the slot; or it
        occupied the slot before this run's message was sent. Then one read more.
        """
        delete = self._delete_unused if is_lost else self._delete
        retry_on_contention(self._table.sleep, lambda: delete(slot, cause))
        first = turns_key(slot.organization_id, FIRST_WAITING)
        if any(self._table.query(first, upto=LAST_WAITING, limit=1)):
            self.fill(slot.organization_id, cause)

    def resend(self, organization_id: OrganizationId, cause: str) -> None:
        """Queue the turns that runs of a message handed slots, and that none has begun: one query.

        For a run whose message, ``cause``, is delivered again: the run before may have handed a
        slot on, and died before it queued the turn. Raises as :meth:`admit`.
        """
        first = turns_key(organization_id, FIRST_SLOT)
        slots = list(self._table.query(first, upto=f"{FIRST_SLOT}~"))
        handed = [one for one in slots if one.body.get("handed_by") == cause]
        self._queue.send([slot_from_record(one) for one in handed if not one.body["cause"]])

    def follow(self, slot: Slot, failed: ConditionFailed) -> Slot:
        """Return a slot at the version to which another run of its session has raised it.

        ``failed`` is the write that met that version. Raises ``SlotLost`` if the slot is free
        or another session's.
        """
        items = [one for one in failed.existing.values() if one is not None and one.type == SLOT]
        found = slot_from_record(items[0]) if items else None
        if found is None or found.session_id != slot.session_id:
            raise SlotLost
        return found

    def known(
        self, organization_id: OrganizationId, through: str
    ) -> tuple[set[SessionId], list[Start]]:
        """Return the sessions that hold a slot, and the starts that wait since a time or longer.

        One query a megabyte, which holds about 5,000 starts.
        """
        upto = f"{FIRST_WAITING}{through}~"
        records = list(self._table.query(turns_key(organization_id, FIRST_SLOT), upto=upto))
        slots = [slot_from_record(one) for one in records if one.key.sort.startswith(FIRST_SLOT)]
        waiting = [start_from_record(one) for one in records[len(slots) :]]
        return {slot.session_id for slot in slots}, waiting

    def _read(self, organization_id: OrganizationId) -> TurnsOf:
        """Return all slots, and at least as many waiting starts as could get one."""
        key = turns_key(organization_id, FIRST_SLOT)
        limit = 2 * self.slots.limit
        records = list(self._table.query(key, upto=LAST_WAITING, limit=limit))
        slots = [one for one in records if one.key.sort.startswith(FIRST_SLOT)]
        by_number = {slot_from_record(one).number: one for one in slots}
        return TurnsOf(by_number, records[len(slots) :])

    def _free(self, turns: TurnsOf) -> Sequence[int]:
        """Return the numbers of free slots; none above a limit that was lowered."""
        limit = self.slots.limit
        free = [number for number in range(limit) if number not in turns.slots]
        return free[: max(0, limit - len(turns.slots))]

    def _take(self, turns: TurnsOf, start: Start, cause: str) -> Slot | None:
        """Take a free slot, or return None: one write, more where others take slots too."""
        free = self._free(turns)
        # Concurrent starts try the slots in different orders.
        first = zlib.crc32(start.session_id.hex.encode()) % max(1, len(free))
        for number in [*free[first:], *free[:first]]:
            slot = self.slots.new(start.organization_id, start.session_id, number)
            taking = self.slots.taking(slot, handed_by=cause)
            try:
                write_when_free(self._table, [taking])
            except ConditionFailed as failed:
                if (existing := failed.existing[0]) is not None:
                    turns.slots[number] = existing
                continue
            turns.slots[number] = taking.record
            return slot
        return None

    def _hand_on(self, waiting: Record, number: int, cause: str) -> Slot | None:
        """Move a waiting start into a free slot; None if either is gone."""
        start = start_from_record(waiting)
        slot = self.slots.new(start.organization_id, start.session_id, number)
        with suppress(ConditionFailed, Busy):
            taking = self.slots.taking(slot, handed_by=cause)
            transact(self._table, [taking, Delete(waiting.key, waiting.version)])
            return slot
        return None

    def _mark_waited_for(self, turns: TurnsOf) -> bool:
        """Let the holders of all slots look for waiting starts; return False if one was freed."""
        for record in turns.slots.values():
            if FREED_WITH_TURN in record.body:
                body = {k: v for k, v in record.body.items() if k != FREED_WITH_TURN}
                try:
                    write(self._table, [Replace(replace(record, body=body), record.version)])
                except (ConditionFailed, Busy):
                    return False
        return True

    def _delete_unused(self, slot: Slot, cause: str) -> None:
        existing = self._table.get(slot_key(slot))
        if existing is None:
            return
        is_unused = existing.version == slot.version and existing.body["cause"] in ("", cause)
        if is_unused or _is_marked(existing, slot):
            self._table.delete(existing.key, expected_version=existing.version)

    def _delete(self, slot: Slot, cause: str) -> None:
        try:
            self._table.delete(slot_key(slot), expected_version=slot.version)
        except ConditionFailed as failed:
            existing = failed.existing[0]
            if existing is not None and _is_of_run(existing, slot, cause):
                self._table.delete(existing.key, expected_version=existing.version)


def _is_of_run(record: Record, slot: Slot, cause: str) -> bool:
    """Return whether a slot is that of a run, as a run before it or a waiting start left it."""
    return record.body["cause"] == cause or _is_marked(record, slot)


def _is_marked(record: Record, slot: Slot) -> bool:
    """Return whether a slot, which no run occupied, was marked by a waiting start."""
    return record.version == slot.version + 1 and not record.body["cause"]
