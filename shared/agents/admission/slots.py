"""Slots: the places of an organization's turns in progress, and the writes that take them."""

import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shared.agents.admission.documents import slot_record
from shared.agents.admission.domain import Slot
from shared.agents.sessions.domain import AgentSession
from shared.core.ids import AgentId, MessageId, OrganizationId, SessionId
from shared.storage.transactions import Create, Delete, Replace


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots of every organization.

    Attributes
    ----------
    limit
        Slots of one organization.
    lease
        Time after which a slot whose holder is gone is free. Longer than any run.
    now
        Returns the time in seconds since the epoch.
    """

    limit: int
    lease: timedelta
    now: Callable[[], int]

    def new(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        number: int,
        agent_id: AgentId | None = None,
    ) -> Slot:
        """Return a slot to be taken, at a version that the item never had."""
        # Not from 1: a slot that was freed and taken again must not be at an earlier version.
        return Slot(organization_id, session_id, number, secrets.randbits(48), agent_id)

    def of_message(self, session: AgentSession, message_id: MessageId, attempt: int) -> Slot:
        """Return the slot that a message tries for its turn; messages are spread evenly."""
        number = (zlib.crc32(message_id.hex.encode()) + attempt) % self.limit
        return self.new(session.organization_id, session.id, number, session.agent_id)

    def taking(self, slot: Slot, *, handed_by: str = "", freed_with_turn: bool = False) -> Create:
        """Return the write that takes a free slot; see ``slot_record``."""
        return Create(
            slot_record(
                slot,
                handed_by=handed_by,
                freed_with_turn=freed_with_turn,
                expires_at=self._lease_end(),
            )
        )

    def occupying(self, slot: Slot, cause: str) -> Replace:
        """Return the write with which a run takes its session's slot and renews the lease.

        It fails unless the slot is at its version; it is then one version higher.
        """
        record = slot_record(slot, cause=cause, expires_at=self._lease_end())
        return Replace(record, slot.version)

    def freeing(self, slot: Slot) -> Delete:
        """Return the write that frees a slot; it fails if a start waits for it.

        Of a slot that is ``freed_with_turn``: a start that waits raises its version.
        """
        return Delete(slot_record(slot, expires_at=0).key, slot.version)

    def _lease_end(self) -> int:
        return self.now() + int(self.lease.total_seconds())
