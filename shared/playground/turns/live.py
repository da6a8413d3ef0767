"""Live answers of playground sessions: the text of the model that speaks in the running turn.

The session is stored at the end of a turn only, so a text belongs to the session's version. Two
messages that are sent at once replace each other's text, until one of their turns is stored and
the other ends in ``Conflict``.
"""

from collections.abc import Callable

from shared.core.clock import Clock
from shared.core.errors import Conflict, NotFound
from shared.playground.sessions.domain import PlaygroundSession
from shared.sessions.documents import session_key
from shared.sessions.live_text import LiveTextWriter
from shared.sessions.store import SessionStore
from shared.storage.records import Record

TURN_CONFLICT = "Another turn of the session came first."


def call_at(session: PlaygroundSession) -> str:
    """Return the name of the model calls of a turn that starts at this state of a session."""
    return f"version {session.version}"


def live_answer(
    store: SessionStore[PlaygroundSession],
    session: PlaygroundSession,
    clock: Clock,
    monotonic: Callable[[], float],
) -> LiveTextWriter:
    """Return the writer of the text of a turn's next model call.

    It raises ``Conflict``, at most two seconds later, if another turn was stored first, and
    ``NotFound`` if the session was deleted.
    """

    def check(record: Record) -> None:
        if record.version <= session.version:
            return
        if store.loaded(record) is None:
            raise NotFound("Session not found")
        raise Conflict(TURN_CONFLICT, code="turn_conflict")

    key = session_key(session.organization_id, session.id)
    return LiveTextWriter(
        store.table, key, call_at(session), check, clock=clock, monotonic=monotonic
    )
