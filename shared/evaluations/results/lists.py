"""Lists of inference results: read from their sessions, then filtered and sorted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import InferenceResultId, OrganizationId, SessionId
from shared.evaluations.client_ids import parse_id
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.evaluations.list_names import creation_key
from shared.evaluations.list_windows import Window, bounded, matches, read_window
from shared.evaluations.query_parameters import IDS, Declaration, ListParameters
from shared.evaluations.results.documents import result_of_event
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.documents import session_list
from shared.sessions.domain import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, Page, merged

#: Sessions read for a list that names neither sessions nor turns, at most: each is a query.
MAX_SESSIONS = 200

RESULT_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "sessionIds": "Only turns of these sessions",
    "evaluationIds": "Evaluations are not recorded: any value matches nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """Filter of turns. Ids are texts of the client: an invalid one matches nothing."""

    ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    evaluation_ids: tuple[str, ...] = ()

    def passes(self, result: InferenceResult) -> bool:
        """Return whether a turn matches."""
        return matches(str(result.id), self.ids) and matches(
            str(result.session_id), self.session_ids
        )


def result_filter(query: ListParameters) -> ResultFilter:
    """Return the filter of a list of turns."""
    return ResultFilter(**query.arrays(RESULT_FILTERS))


class InferenceResultLists:
    """Lists of the turns of evaluation sessions."""

    def __init__(self, store: SessionStore[EvaluationSession]) -> None:
        self._store = store

    def find(
        self, organization_id: OrganizationId, accepted: ResultFilter, window: Window
    ) -> Page[InferenceResult]:
        """Return a page, by default in order of session creation, then of index.

        One query a session per megabyte. Raises ``NotFound`` if one of ``ids`` does not
        exist.
        """
        if accepted.evaluation_ids:
            return Page([], None)
        sort_keys: dict[InferenceResultId, str] = {}
        results: list[InferenceResult] = []
        for session_id in self._session_ids(organization_id, accepted):
            for session, result in self._results(organization_id, session_id):
                sort_keys[result.id] = _sort_key(session, result, window.sort_by)
                results.append(result)
        present = {str(result.id) for result in results}
        for text in accepted.ids:
            if text not in present:
                raise NotFound(f"ids: inference result not found: {text[:60]}")
        within = [result for result in results if window.includes(result.created_at)]

        def sort_key(result: InferenceResult) -> str:
            return sort_keys[result.id]

        if not window.sort_by:
            window = replace(window, ascending=True)
        return read_window(window.sort(within, sort_key), window, accepted.passes, sort_key)

    def of_session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> tuple[EvaluationSession, list[InferenceResult]]:
        """Return a session and its turns: one query per megabyte. Raises ``NotFound``."""
        session, events = self._store.read(organization_id, session_id)
        results = [
            result_of_event(session, event) for event in events if event.type == INFERENCE_RESULT
        ]
        return session, [result for result in results if result.deleted_at is None]

    def _session_ids(
        self, organization_id: OrganizationId, accepted: ResultFilter
    ) -> list[SessionId]:
        """Return the sessions to read, which need not exist."""
        if accepted.ids:
            results = [parse_id(InferenceResultId.parse, text) for text in accepted.ids]
            return list(dict.fromkeys(result.session_id for result in results if result))
        if accepted.session_ids:
            known = [parse_id(SessionId.parse, text) for text in accepted.session_ids]
            return list(filter(None, known))
        query = ListQuery(list=session_list(organization_id, SessionKind.EVALUATION))
        records = bounded(merged(self._store.table, [query], MAX_SESSIONS + 1))
        sessions = map(self._store.codec.from_record, records)
        with_turns = (session.id for session in sessions if session.last_sequence)
        found = list(islice(with_turns, MAX_SESSIONS + 1))
        if len(found) > MAX_SESSIONS:
            raise InvalidInput(
                f"sessionIds: is required, since more than {MAX_SESSIONS} sessions have turns."
            )
        return found

    def _results(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> Iterator[tuple[EvaluationSession, InferenceResult]]:
        try:
            session, results = self.of_session(organization_id, session_id)
        except NotFound:
            return
        for result in results:
            yield session, result


def _sort_key(session: EvaluationSession, result: InferenceResult, sort_by: str) -> str:
    """Return the sort key of a turn: by time, by index, or by session and index."""
    index, of_session = f"{result.index:012d}", creation_key(session)
    if sort_by == "createdAt":
        return f"{timestamp(result.created_at)}#{of_session}#{index}"
    return f"{index}#{of_session}" if sort_by == "index" else f"{of_session}#{index}"
