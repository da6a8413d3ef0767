"""Usage: counts of one day, those of a range, and the limits of an organization."""

from dataclasses import dataclass, field
from datetime import date, datetime

from shared.sessions.domain import SessionKind
from shared.sessions.summaries.domain import SessionSummary


@dataclass(slots=True)
class Counts:
    """Counts of sessions, and of all of their turns so far.

    ``cost`` is None while no session has one.
    """

    sessions: dict[SessionKind, int] = field(default_factory=lambda: dict.fromkeys(SessionKind, 0))
    turns: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None

    def add(self, session: SessionSummary) -> None:
        """Count a session."""
        self.sessions[session.kind] += 1
        self.turns += session.turn_count
        if usage := session.usage:
            self.input_tokens += usage.input_tokens
            self.output_tokens += usage.output_tokens
            if usage.cost is not None:
                # Without the binary remainder of a sum.
                self.cost = round((self.cost or 0.0) + usage.cost, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of an organization, and how much of some is used now; None where not known."""

    requests_per_second: int | None
    requests_in_a_burst: int | None
    requests_per_day: int | None
    max_turns_in_progress: int
    turns_in_progress: int
    max_simulations_in_progress: int
    simulations_in_progress: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Usage of a range of days (UTC), oldest first: of the sessions created on each.

    ``complete_from`` is the time from which on every session is counted: the begin of the range,
    or the creation of the last session that was read where there were too many. Days before it
    are left out.
    """

    days: dict[date, Counts]
    total: Counts
    complete_from: datetime
    is_complete: bool
    limits: Limits
