"""Lists of inference results: read from their sessions, then filtered and sorted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import InferenceResultId, OrganizationId, SessionId
from shared.evaluations.client_ids import parse_id
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.evaluations.list_windows import (
    MAX_ENTRIES,
    MAX_READ_BYTES,
    Entry,
    Window,
    WindowPage,
    empty_page,
    matches,
    read_window,
)
from shared.evaluations.query_parameters import IDS, Declaration, ListParameters
from shared.evaluations.results.documents import result_of_event
from shared.evaluations.results.domain import InferenceResult
from shared.evaluations.results.turn_reader import TurnEntry, TurnReader, position
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.documents import session_list
from shared.sessions.domain import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, merged

#: Sessions read for a list that names neither sessions nor turns, at most: each is a query.
MAX_SESSIONS = 200
#: Items of turns requested at once, at least: some have deleted turns only.
_MIN_AT_ONCE = 100

RESULT_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "sessionIds": "Only turns of these sessions",
    "evaluationIds": "Turns do not name their evaluations: any value matches nothing",
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
        self._turns = TurnReader(store)

    def find(
        self, organization_id: OrganizationId, accepted: ResultFilter, window: Window
    ) -> WindowPage[InferenceResult]:
        """Return a page, by default in order of session creation, then of index.

        One batch read of the sessions, and one query a session per megabyte until the page is
        full; only the query for the first page of one session. Raises ``NotFound`` if one of
        ``ids`` does not exist, and ``InvalidInput`` if the turns of several sessions that are
        to be sorted take more than ``MAX_READ_BYTES``.
        """
        if accepted.evaluation_ids:
            return empty_page()
        if not window.sort_by:
            window = replace(window, ascending=True)

        def passes(result: InferenceResult) -> bool:
            return accepted.passes(result) and window.includes(result.created_at)

        entries = self._entries(organization_id, accepted, window)
        return read_window(entries, window, passes)

    def of_session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> tuple[EvaluationSession, list[InferenceResult]]:
        """Return a session and its turns: one query per megabyte. Raises ``NotFound``."""
        session, events = self._store.read(organization_id, session_id)
        results = [
            result_of_event(session, event) for event in events if event.type == INFERENCE_RESULT
        ]
        return session, [result for result in results if result.deleted_at is None]

    def _entries(
        self, organization_id: OrganizationId, accepted: ResultFilter, window: Window
    ) -> Iterator[TurnEntry]:
        """Return turns in the window's order, behind its ``after``."""
        named = _sequences(accepted.ids)
        session_ids = self._session_ids(organization_id, accepted, list(named))
        is_ordered = not window.sort_by or len(session_ids) == 1
        if not named and len(session_ids) == 1 and window.ascending and window.after is None:
            return self._turns.from_start(organization_id, session_ids[0], _at_once(window))
        sessions = self._turns.sessions(organization_id, session_ids)
        _reject_unknown(accepted.ids, sessions)
        if is_ordered:
            # One session has its turns in the order of both fields to sort by.
            turns = (
                turn for session in sessions for turn in self._of_session(session, named, window)
            )
            return (turn for turn in turns if window.is_behind(turn.position))
        everything = replace(window, ascending=True, after=None, limit=MAX_ENTRIES)
        turns = (t for session in sessions for t in self._sortable(session, named, everything))
        return window.sort(_limited(turns))

    def _of_session(
        self, session: EvaluationSession, named: dict[SessionId, set[int]], window: Window
    ) -> Iterator[TurnEntry]:
        """Return the turns of a session behind ``after``, or a few before it too."""
        if named:
            return self._turns.named(session, named[session.id], ascending=window.ascending)
        seen: int | None = None
        if window.after is not None:
            before, _, digits = window.after.rpartition("#")
            own = position(session, 0).rpartition("#")[0]
            if own == before and digits.isdigit():
                seen = int(digits)
            elif not window.is_behind(f"{own}#"):
                return iter(())
        if window.ascending:
            return self._turns.turns(session, _at_once(window), after=seen or 0)
        return self._turns.turns(session, _at_once(window), before=seen, ascending=False)

    def _sortable(
        self, session: EvaluationSession, named: dict[SessionId, set[int]], window: Window
    ) -> Iterator[TurnEntry]:
        for turn in self._of_session(session, named, window):
            yield replace(turn, position=_sort_key(turn, window.sort_by))

    def _session_ids(
        self, organization_id: OrganizationId, accepted: ResultFilter, named: list[SessionId]
    ) -> list[SessionId]:
        """Return the sessions to read, which need not exist."""
        if accepted.ids:
            return named
        if accepted.session_ids:
            known = [parse_id(SessionId.parse, text) for text in accepted.session_ids]
            return list(filter(None, known))
        return self._sessions_with_turns(organization_id)

    def _sessions_with_turns(self, organization_id: OrganizationId) -> list[SessionId]:
        """Return all sessions that have turns: one query a shard per megabyte of sessions.

        Raises ``InvalidInput`` for more than ``MAX_SESSIONS``, or where too much was read.
        """
        query = ListQuery(list=session_list(organization_id, SessionKind.EVALUATION))
        found: list[SessionId] = []
        size = 0
        for count, record in enumerate(merged(self._store.table, [query], MAX_SESSIONS + 1)):
            size += record.size
            session = self._store.codec.from_record(record)
            if session.last_sequence:
                found.append(session.id)
            if len(found) > MAX_SESSIONS or count >= MAX_ENTRIES or size > MAX_READ_BYTES:
                raise InvalidInput(
                    f"sessionIds: is required above {MAX_SESSIONS} sessions with turns, and "
                    "above 32 MB of sessions."
                )
        return found


def _at_once(window: Window) -> int | None:
    """Return the items of one request for a page; None where a filter may reject most of them."""
    if window.created_from or window.created_to:
        return None
    # One more tells whether there is another page, and behind the last one is the session.
    return max(_MIN_AT_ONCE, window.offset + window.limit + 2)


def _sequences(texts: tuple[str, ...]) -> dict[SessionId, set[int]]:
    """Return the sequences that ids of turns name, by session; invalid ids are left out."""
    found: dict[SessionId, set[int]] = {}
    for text in texts:
        if known := parse_id(InferenceResultId.parse, text):
            found.setdefault(known.session_id, set()).add(known.sequence)
    return found


def _reject_unknown(texts: tuple[str, ...], sessions: list[EvaluationSession]) -> None:
    """Raise ``NotFound`` for the first id that is none of a turn of these sessions."""
    by_id = {session.id: session for session in sessions}
    for text in texts:
        known = parse_id(InferenceResultId.parse, text)
        session = by_id.get(known.session_id) if known else None
        if known is None or session is None or not session.has_turn(known.sequence):
            raise NotFound(f"ids: inference result not found: {text[:60]}")


def _limited(turns: Iterator[TurnEntry]) -> Iterator[TurnEntry]:
    """Yield turns to be sorted. Raises ``InvalidInput`` for more than can be read at once."""
    size = 0
    for count, turn in enumerate(turns):
        size += turn.size
        if size > MAX_READ_BYTES or count >= MAX_ENTRIES:
            raise InvalidInput(
                "sort: these sessions have too many turns to sort; narrow sessionIds, or omit sort."
            )
        yield turn


def _sort_key(turn: Entry[InferenceResult], sort_by: str) -> str:
    """Return the sort key of a turn among those of several sessions."""
    index, of_session = f"{turn.entity.index:012d}", turn.position.rpartition("#")[0]
    if sort_by == "createdAt":
        return f"{timestamp(turn.entity.created_at)}#{of_session}#{index}"
    return f"{index}#{of_session}"
