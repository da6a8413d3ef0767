"""What can be done with the turns of evaluation sessions.

A turn is an event of its session's log: it is recorded in the transaction that adds its
tokens and cost to the session, and its index is its place in the log.
"""

from dataclasses import replace
from itertools import islice

from shared.core.clock import Clock, system_clock, timestamp
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import ApiKeyId, InferenceResultId, OrganizationId, SessionId
from shared.evaluations.filters import Listed, ResultFilter, SessionFilter, Window, bounded, page
from shared.evaluations.models import EvaluationSession, InferenceResult, Turn
from shared.evaluations.session_documents import (
    INFERENCE_RESULT,
    result_from_event,
    turn_to_event,
)
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.sessions.events import find_event
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency

#: Sessions read for a list of turns that names neither sessions nor turns, at most: each
#: is a query of its own.
MAX_SESSIONS = 200


class InferenceResultService:
    """The turns of evaluation sessions."""

    def __init__(
        self,
        store: SessionStore[EvaluationSession],
        repository: EvaluationSessionRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._repository = repository
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        session_id: str,
        turn: Turn,
        idempotency: Idempotency | None = None,
    ) -> tuple[InferenceResult, bool]:
        """Record a turn; return it, and whether an earlier request had recorded it.

        One read, one transaction. A closed session takes turns too, and stays closed:
        imported conversations often arrive closed. Raises ``NotFound``.
        """
        known = _session_id(session_id)

        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            if session.deleted_at is not None:
                raise NotFound("sessionId: session not found")
            event = turn_to_event(turn, user_id, session.last_sequence)
            usage = session.usage.plus(turn)
            return replace(session, usage=usage, updated_at=self._clock()), [event]

        try:
            done = self._store.append(organization_id, known, change, idempotency=idempotency)
        except NotFound as error:
            raise NotFound("sessionId: session not found") from error
        return result_from_event(known, done.events[0]), done.replayed

    def get(self, organization_id: OrganizationId, identifier: str) -> InferenceResult:
        """Read a turn: one request. Raises ``NotFound``, also for an id of another form."""
        known = _result_id(identifier)
        event = known and find_event(
            self._store.table, organization_id, known.session_id, known.sequence
        )
        if not known or not event or event.type != INFERENCE_RESULT:
            raise NotFound("Inference result not found")
        result = result_from_event(known.session_id, event)
        if result.deleted_at is not None:
            raise NotFound("Inference result not found")
        return result

    def find(
        self, organization_id: OrganizationId, wanted: ResultFilter, window: Window
    ) -> Listed[InferenceResult]:
        """Read a page, by default in order of the sessions' creation, then of index.

        One query a session, of one megabyte each. Raises ``NotFound`` when one of ``ids``
        does not exist.
        """
        if wanted.evaluation_ids:
            return Listed([], None)
        found = [
            (session, result)
            for session_id in self._sessions(organization_id, wanted)
            for session, result in self._results(organization_id, session_id)
        ]
        present = {str(result.id) for _, result in found}
        for text in wanted.ids:
            if text not in present:
                raise NotFound(f"ids: inference result not found: {text[:60]}")
        places = {result.id: _place(session, result, window.sort_by) for session, result in found}
        within = [result for _, result in found if window.created_within(result.created_at)]

        def place(result: InferenceResult) -> str:
            return places[result.id]

        def passes(result: InferenceResult) -> bool:
            return (not wanted.ids or str(result.id) in wanted.ids) and (
                not wanted.session_ids or str(result.session_id) in wanted.session_ids
            )

        if not window.sort_by:
            window = replace(window, ascending=True)
        return page(window.arranged(within, place), window, passes, place)

    def _sessions(self, organization_id: OrganizationId, wanted: ResultFilter) -> list[SessionId]:
        """Return the sessions to look in; unknown ones among them show no turns."""
        if wanted.ids:
            results = filter(None, map(_result_id, wanted.ids))
            return list(dict.fromkeys(result.session_id for result in results))
        if wanted.session_ids:
            return list(filter(None, map(_read_session_id, wanted.session_ids)))
        sessions = self._repository.listed(
            organization_id, SessionFilter(), Window(limit=MAX_SESSIONS)
        )
        busy = (session for session in bounded(sessions) if session.last_sequence)
        found = [session.id for session in islice(busy, MAX_SESSIONS + 1)]
        if len(found) > MAX_SESSIONS:
            raise InvalidInput(
                f"sessionIds: more than {MAX_SESSIONS} sessions have turns; name those wanted."
            )
        return found

    def _results(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> list[tuple[EvaluationSession, InferenceResult]]:
        try:
            session, events = self._store.read(organization_id, session_id)
        except NotFound:
            return []
        if session.deleted_at is not None:
            return []
        results = [
            result_from_event(session_id, event)
            for event in events
            if event.type == INFERENCE_RESULT
        ]
        return [(session, result) for result in results if result.deleted_at is None]


def _place(session: EvaluationSession, result: InferenceResult, sort_by: str) -> str:
    """Return where a turn stands: by time, by index, or by session and index."""
    index = f"{result.index:012d}"
    of_session = f"{timestamp(session.created_at)}#{session.id.hex}"
    if sort_by == "createdAt":
        return f"{timestamp(result.created_at)}#{of_session}#{index}"
    return f"{index}#{of_session}" if sort_by == "index" else f"{of_session}#{index}"


def _session_id(text: str) -> SessionId:
    known = _read_session_id(text)
    if known is None:
        raise NotFound("sessionId: session not found")
    return known


def _read_session_id(text: str) -> SessionId | None:
    try:
        return SessionId.parse(text)
    except ValueError:
        return None


def _result_id(text: str) -> InferenceResultId | None:
    try:
        return InferenceResultId.parse(text)
    except ValueError:
        return None
