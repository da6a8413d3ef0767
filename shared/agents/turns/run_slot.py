"""Slot of a run: taken over by the run, or freed by the last write of its turn."""

from contextlib import suppress
from dataclasses import dataclass, replace

from shared.agents.admission.domain import Slot, SlotLost
from shared.agents.admission.service import Admission
from shared.storage.contention import ConditionFailed
from shared.storage.transactions import Action


@dataclass(slots=True)
class RunSlot:
    """The slot in which a run works.

    Attributes
    ----------
    slot
        The slot as the queue message names it, later as the run holds it.
    cause
        Id of the queue message that started the run.
    is_freed_with_turn
        True for a turn that began with its message, until a run occupies the slot, or a start
        waits for it.
    """

    admission: Admission
    slot: Slot
    cause: str
    is_freed_with_turn: bool = False
    is_free: bool = False

    def occupying(self) -> list[Action]:
        """Return the write with which the run takes the slot, so that no other run can."""
        return [self.admission.slots.occupying(self.slot, self.cause)]

    def occupied(self) -> None:
        """Note that the slot was taken: the run releases it."""
        self.slot = replace(self.slot, version=self.slot.version + 1)
        self.is_freed_with_turn = False

    def follow(self, failed: ConditionFailed) -> None:
        """Find the slot at another version. Raises ``SlotLost`` if another session has it."""
        self.slot = self.admission.follow(self.slot, failed)

    def freeing(self) -> list[Action]:
        """Return the write that frees the slot with the turn; none if the run releases it."""
        return [self.admission.slots.freeing(self.slot)] if self.is_freed_with_turn else []

    def freed(self) -> None:
        """Note that the turn has ended, and freed the slot with it unless a start waits."""
        self.is_free = self.is_freed_with_turn

    def keep(self, failed: ConditionFailed) -> None:
        """Let the run release the slot, for which a start waits, after the turn."""
        self.is_freed_with_turn = False
        with suppress(SlotLost):  # its lease expired: nothing is left to be released
            self.follow(failed)

    def release(self, *, is_lost: bool) -> None:
        """Free the slot and hand it on, unless the turn's last write did; see ``Admission``."""
        if not self.is_free:
            self.admission.release(self.slot, self.cause, is_lost=is_lost)
