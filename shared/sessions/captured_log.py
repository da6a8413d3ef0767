"""Log of a captured session that is derived anew, as more of its conversation arrives."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from shared.core.clock import timestamp
from shared.core.ids import OrganizationId, SessionId
from shared.core.json import dumps
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.domain import Event, NewEvent
from shared.storage.transactions import Action


@dataclass(frozen=True, slots=True)
class LogState:
    """State of a captured conversation's log.

    Attributes
    ----------
    generation
        Number of its current session, from 1; earlier ones went on otherwise, or were removed.
    through
        Number of events of the log that were derived; the session has no others.
    log, content
        Digest of these events; digest of the whole conversation ("" while some are missing).
    started_at
        Time of the first derivation: that of conversations without times.
    """

    generation: int = 1
    through: int = 0
    log: str = ""
    content: str = ""
    started_at: str = ""


class Outcome(Enum):
    """Result of deriving a log."""

    COMPLETE = auto()
    #: Part of it was written, as much as one transaction holds: derive again for the rest.
    PARTIAL = auto()
    #: The session was deleted: nothing was written, and nothing will be.
    DELETED = auto()
    #: The session went on otherwise, or a fork refers to what would change: it stays as it is.
    KEPT = auto()


#: Action that writes the next state, in the transaction of the session.
type Commit = Callable[[LogState], Sequence[Action]]


class LogWriter(Protocol):
    """Port to an area: sessions whose logs are derived."""

    def write(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        conversation: CapturedConversation,
        state: LogState,
        commit: Commit,
    ) -> Outcome:
        """Bring a session's log to a conversation: one transaction at most.

        Raises ``ConditionFailed`` and ``Busy`` where another writer came first.
        """

    def remove(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        state: LogState,
        commit: Commit,
    ) -> None:
        """Delete a session whose conversation is part of another, unless it went on otherwise.

        The state is written in any case. Raises as :meth:`write`.
        """


def log_digest(events: Sequence[NewEvent | Event]) -> str:
    """Return a digest that is equal for equal events, without their sequences."""
    digest = hashlib.sha256()
    for event in events:
        at: datetime | None = event.at
        fields = [event.type, event.context, event.data, at and timestamp(at)]
        digest.update(f"{dumps(fields)}\n".encode())
    return digest.hexdigest()[:32]
