"""Lists of turns: read from the sessions they belong to, put in order, cut into pages."""

from dataclasses import replace
from itertools import islice

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import InferenceResultId, OrganizationId, SessionId
from shared.evaluations.client_ids import read_id
from shared.evaluations.filters import Listed, ResultFilter, SessionFilter, Window, bounded, page
from shared.evaluations.models import EvaluationSession, InferenceResult
from shared.evaluations.session_documents import INFERENCE_RESULT, result_from_event
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.sessions.store import SessionStore

#: Sessions read for a list of turns that names neither sessions nor turns, at most: each
#: is a query of its own.
MAX_SESSIONS = 200


class InferenceResultLists:
    """Lists of the turns of evaluation sessions."""

    def __init__(
        self,
        store: SessionStore[EvaluationSession],
        repository: EvaluationSessionRepository,
    ) -> None:
        self._store = store
        self._repository = repository

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

    def of_session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> tuple[EvaluationSession, list[InferenceResult]]:
        """Read a session and its turns, in order: one query a megabyte. Raises ``NotFound``."""
        session, events = self._store.read(organization_id, session_id)
        results = [
            result_from_event(session, event) for event in events if event.type == INFERENCE_RESULT
        ]
        return session, [result for result in results if result.deleted_at is None]

    def _sessions(self, organization_id: OrganizationId, wanted: ResultFilter) -> list[SessionId]:
        """Return the sessions to look in; unknown ones among them show no turns."""
        if wanted.ids:
            results = [read_id(InferenceResultId.parse, text) for text in wanted.ids]
            return list(dict.fromkeys(result.session_id for result in results if result))
        if wanted.session_ids:
            known = [read_id(SessionId.parse, text) for text in wanted.session_ids]
            return [session_id for session_id in known if session_id]
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
            session, results = self.of_session(organization_id, session_id)
        except NotFound:
            return []
        return [(session, result) for result in results]


def _place(session: EvaluationSession, result: InferenceResult, sort_by: str) -> str:
    """Return where a turn stands: by time, by index, or by session and index."""
    index = f"{result.index:012d}"
    of_session = f"{timestamp(session.created_at)}#{session.id.hex}"
    if sort_by == "createdAt":
        return f"{timestamp(result.created_at)}#{of_session}#{index}"
    return f"{index}#{of_session}" if sort_by == "index" else f"{of_session}#{index}"
