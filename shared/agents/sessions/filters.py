"""Session filter: conditions on index keys, and conditions checked after the read."""

from dataclasses import dataclass
from datetime import datetime

from shared.agents.sessions.domain import AgentSession, SessionStatus
from shared.core.ids import AgentId
from shared.sessions.documents import list_bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Conditions on a session; all of them must hold.

    Attributes
    ----------
    agent_id
        Agent of the session: its list is an index.
    created_from, created_to
        Bounds of the creation time, both included: bounds of the sort key.
    tags, status, search
        Tags that the session has, its status, a text in its title: compared after the read,
        since they change, or have no order.
    """

    agent_id: AgentId | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    tags: frozenset[str] = frozenset()
    status: SessionStatus | None = None
    search: str = ""

    @property
    def is_counted(self) -> bool:
        """True if a counter holds the number of matching sessions."""
        return self == SessionFilter(agent_id=self.agent_id)

    @property
    def bounds(self) -> tuple[str, str]:
        """Bounds of the sort key."""
        return list_bounds(self.created_from, self.created_to)

    def passes(self, session: AgentSession) -> bool:
        """Return whether a session meets the conditions that no index selects."""
        return (
            self.tags.issubset(session.tags)
            and self.status in (None, session.status)
            and self.search.casefold() in (session.title or "").casefold()
        )
