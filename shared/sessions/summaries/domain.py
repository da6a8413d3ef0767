"""Session summary: the fields of a session that a list of all kinds shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.core.ids import AgentId
from shared.sessions.agent_ref import AgentRef
from shared.sessions.domain import SessionKind


class CapturedSessionStatus(StrEnum):
    """Status of a session in one vocabulary for all kinds.

    ``open``: the session accepts a message, and nothing is in progress. ``running``: a turn is in
    progress. ``waiting``: a person or the client has to decide or to answer. ``completed``: it
    has ended. ``failed``: it has ended with an error.
    """

    OPEN = "open"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Workflow of a playground session: of the catalog, or a revision."""

    name: str
    catalog_slug: str | None = None
    revision_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Version of a product that an evaluation session is about, and its test case and run."""

    product_id: str
    version_id: str
    test_id: str | None = None
    test_case_id: str | None = None
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class SimulationRef:
    """Simulation that a session is the conversation of; ``number`` where the row has it."""

    run_id: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of all turns; ``cost`` where the row has it.

    A client may report a total without its parts.
    """

    input_tokens: int
    output_tokens: int
    total_tokens: int
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Session that a fork was made from, in its surface's form, and the last common sequence."""

    session_id: str
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSummary:
    """Row of the list of all sessions; a field that the row of its kind lacks is None.

    Attributes
    ----------
    id
        Id in the form of the session's surface.
    own_status
        Status in the words of the session's surface; None for a kind without any.
    title
        Title, name of the workflow, or the client's own id.
    finished_at
        Time of the end, of a playground session.
    event_count, turn_count, message_count
        Events of the log; turns and messages so far.
    version
        Number of writes of the session; its entity tag.
    """

    id: str
    kind: SessionKind
    status: CapturedSessionStatus
    created_at: datetime
    updated_at: datetime
    event_count: int
    turn_count: int
    version: int = 1
    own_status: str | None = None
    message_count: int | None = None
    finished_at: datetime | None = None
    title: str | None = None
    preview: str | None = None
    output_preview: str | None = None
    tags: tuple[str, ...] = ()
    agent: AgentRef | None = None
    workflow: Workflow | None = None
    evaluated: Evaluated | None = None
    simulation: SimulationRef | None = None
    usage: Tokens | None = None
    forked_from: Origin | None = None
    awaiting_approval: bool = False

    def mentions(self, search: str) -> bool:
        """Return whether id, title, agent, preview or a tag contains a text, ignoring case."""
        agent = self.agent.name if self.agent else None
        texts = (self.id, self.title, agent, self.preview, *self.tags)
        return any(search in text.casefold() for text in texts if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFilter:
    """Conditions on a session; all of them must hold.

    Attributes
    ----------
    kinds
        Kinds of sessions: each has a list of its own.
    agent_id
        Agent of the session: its list is an index.
    created_from, created_to
        Bounds of the creation time, both included: bounds of the sort key.
    status, search
        Status; a text in the id, title, agent, preview or tags: compared after the read.
    """

    kinds: frozenset[SessionKind] = frozenset(SessionKind)
    agent_id: AgentId | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    status: CapturedSessionStatus | None = None
    search: str = ""

    @property
    def is_indexed(self) -> bool:
        """True if every session that is read meets the conditions."""
        return self.status is None and not self.search

    def passes(self, summary: SessionSummary) -> bool:
        """Return whether a session meets the conditions that no index selects."""
        return self.status in (None, summary.status) and (
            not self.search or summary.mentions(self.search.casefold())
        )
