"""Start of a turn, and slot of a turn in progress."""

from dataclasses import dataclass

from shared.core.ids import AgentId, OrganizationId, SessionId


@dataclass(frozen=True, slots=True)
class Start:
    """A session whose next turn is to be admitted.

    ``since`` is the time since when it waits, as text: starts are admitted in its order.
    """

    organization_id: OrganizationId
    session_id: SessionId
    since: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A session's place among the turns in progress of its organization.

    ``number`` is below the organization's limit. ``version`` is that of the slot's item: with
    another one, the slot belongs to another run or to another session. ``agent_id`` is the
    session's agent, where the writer of a queue message knew it.
    """

    organization_id: OrganizationId
    session_id: SessionId
    number: int
    version: int
    agent_id: AgentId | None = None

    @property
    def name(self) -> str:
        """Name of the slot as it was taken, the cause of a turn that began with its message."""
        return f"slot {self.number}:{self.version}"


class SlotLost(Exception):
    """Slot that is free or belongs to another session: its lease expired or it was released."""
