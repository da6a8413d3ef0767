"""Lists of traces: read by turn, session or id, filtered and sorted; single ones by id."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput, NotFound
from shared.core.ids import InferenceResultId, OrganizationId, SessionId
from shared.evaluations.client_ids import parse_id
from shared.evaluations.list_windows import (
    MAX_ENTRIES,
    MAX_READ_BYTES,
    Entry,
    Window,
    WindowPage,
    matches,
    read_window,
)
from shared.evaluations.query_parameters import IDS, Declaration, ListParameters
from shared.evaluations.results.turn_reader import position
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.traces.documents import (
    END,
    TRACE,
    from_record,
    is_recorded,
    trace_key,
    trace_list,
)
from shared.evaluations.traces.domain import Trace
from shared.evaluations.traces.removal import remove
from shared.sessions.documents import session_key
from shared.sessions.store import SessionStore
from shared.storage.lists import ListQuery, merged
from shared.storage.records import BY_LINK, Key, Record

#: Traces with one id that are read, at most: an id may be used once in each turn.
_SAME_ID = 100
_MOMENT = {"type": "string", "format": "date-time"}
TRACE_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "inferenceResultIds": "Only traces of these turns",
    "sessionIds": "Only traces of the turns of these sessions",
    "types": "Only traces of these types",
    "names": "Only traces with these names",
    "fromStartTime": ("Started at this time or later (ISO 8601)", _MOMENT),
    "toStartTime": ("Started at this time or earlier (ISO 8601)", _MOMENT),
}
_ARRAYS = ("ids", "inferenceResultIds", "sessionIds", "types", "names")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceFilter:
    """Filter of traces. Ids are texts of the client: an invalid one matches nothing."""

    ids: tuple[str, ...] = ()
    inference_result_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    started_from: datetime | None = None
    started_to: datetime | None = None

    def passes(self, trace: Trace) -> bool:
        """Return whether a trace matches; one without a start has none within bounds."""
        turn, start = trace.inference_result_id, trace.start_time
        bounded = self.started_from is not None or self.started_to is not None
        return (
            matches(trace.id, self.ids)
            and matches(str(turn), self.inference_result_ids)
            and matches(str(turn.session_id), self.session_ids)
            and matches(str(trace.type or ""), self.types)
            and matches(trace.name, self.names)
            and not (bounded and start is None)
            and not (self.started_from and start and start < self.started_from)
            and not (self.started_to and start and start > self.started_to)
        )


def trace_filter(query: ListParameters) -> TraceFilter:
    """Return the filter of a list of traces. Raises ``InvalidInput`` without any id."""
    found = TraceFilter(
        **query.arrays(_ARRAYS),
        started_from=query.moment("fromStartTime"),
        started_to=query.moment("toStartTime"),
    )
    if not (found.ids or found.inference_result_ids or found.session_ids):
        raise InvalidInput("inferenceResultIds: is required, or sessionIds, or ids.")
    return found


class TraceLists:
    """Lists of the traces of evaluation sessions."""

    def __init__(self, store: SessionStore[EvaluationSession]) -> None:
        self._store = store

    def find(
        self, organization_id: OrganizationId, accepted: TraceFilter, window: Window
    ) -> WindowPage[Trace]:
        """Return a page, by default in order of turns, then of start.

        One query for each turn, session or shard of an id, and one batch read of the sessions.
        Raises ``NotFound`` if one of ``ids`` does not exist, and ``InvalidInput`` for more
        traces than can be sorted at once.
        """
        records = _limited(self._records(organization_id, accepted))
        traces = [(from_record(record), record.size) for record in records]
        ids = {trace.inference_result_id.session_id for trace, _ in traces}
        sessions = self._store.get_many(organization_id, ids)
        found = [one for one in traces if is_recorded(one[0].inference_result_id, sessions)]
        for identifier in accepted.ids:
            if not any(trace.id == identifier for trace, _ in found):
                raise NotFound(f"ids: trace not found: {identifier[:60]}")
        if not window.sort_by:
            ascending = Window(
                limit=window.limit, offset=window.offset, after=window.after, ascending=True,
                created_from=window.created_from, created_to=window.created_to,
            )  # fmt: skip
            window = ascending
        entries = window.sort(
            Entry(trace, _position(trace, sessions, window.sort_by), size) for trace, size in found
        )
        return read_window(
            entries,
            window,
            lambda trace: accepted.passes(trace) and window.includes(trace.created_at),
        )

    def latest(self, organization_id: OrganizationId, identifier: str) -> Trace:
        """Return the trace with an id; of several turns, the one recorded last.

        One query for each shard of the id, and one batch read. Raises ``NotFound``.
        """
        found = self._with_id(organization_id, identifier)
        return max((trace for trace, _ in found), key=lambda trace: trace.created_at)

    def delete(self, organization_id: OrganizationId, identifier: str) -> None:
        """Delete the traces with an id, in all turns: as :meth:`latest`, and one transaction."""
        found = self._with_id(organization_id, identifier)
        remove(self._store.table, [record.key for _, record in found])

    def _with_id(
        self, organization_id: OrganizationId, identifier: str
    ) -> list[tuple[Trace, Record]]:
        """Return the traces with an id, and their items. Raises ``NotFound``."""
        records = list(self._records(organization_id, TraceFilter(ids=(identifier,))))
        traces = [(from_record(record), record) for record in records]
        ids = {trace.inference_result_id.session_id for trace, _ in traces}
        sessions = self._store.get_many(organization_id, ids)
        found = [one for one in traces if is_recorded(one[0].inference_result_id, sessions)]
        if not found:
            raise NotFound("Trace not found")
        return found

    def _records(self, organization_id: OrganizationId, accepted: TraceFilter) -> Iterator[Record]:
        """Yield the items of the narrowest filter, each once."""
        table = self._store.table
        if accepted.ids:
            for identifier in accepted.ids:
                same = ListQuery(list=trace_list(organization_id, identifier), index=BY_LINK)
                yield from merged(table, [same], _SAME_ID)
        elif accepted.inference_result_ids:
            for text in accepted.inference_result_ids:
                if turn := parse_id(InferenceResultId.parse, text):
                    first = trace_key(organization_id, turn, "")
                    yield from table.query(first, upto=f"{first.sort}\U0010ffff")
        else:
            for text in accepted.session_ids:
                if session_id := parse_id(SessionId.parse, text):
                    partition = session_key(organization_id, session_id).partition
                    yield from table.query(Key(partition, f"{TRACE}#"), upto=END)


def _position(trace: Trace, sessions: dict[SessionId, EvaluationSession], sort_by: str) -> str:
    turn = trace.inference_result_id
    of_turn = position(sessions[turn.session_id], turn.sequence)
    began = timestamp(trace.created_at if sort_by == "createdAt" else trace.began_at)
    parts = (began, of_turn, trace.id) if sort_by else (of_turn, began, trace.id)
    return "#".join(parts)


def _limited(records: Iterator[Record]) -> Iterator[Record]:
    """Yield items to be sorted. Raises ``InvalidInput`` for more than can be read at once."""
    size = 0
    for count, record in enumerate(records):
        size += record.size
        if size > MAX_READ_BYTES or count >= MAX_ENTRIES:
            raise InvalidInput("sessionIds: have too many traces; narrow inferenceResultIds.")
        yield record
