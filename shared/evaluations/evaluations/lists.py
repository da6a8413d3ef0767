"""Lists of evaluations: read by id, session, metric or version, then filtered and sorted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import batched

from shared.core.errors import InvalidInput
from shared.core.ids import (
    EvaluationId,
    InferenceResultId,
    MetricId,
    OrganizationId,
    SessionId,
    VersionId,
)
from shared.evaluations.client_ids import load_all, parse_id
from shared.evaluations.evaluations.documents import END, EVALUATION, list_of_all, of_session
from shared.evaluations.evaluations.domain import Evaluation
from shared.evaluations.evaluations.filters import EvaluationFilter
from shared.evaluations.list_names import children_list, creation_key
from shared.evaluations.list_windows import (
    MAX_ENTRIES,
    MAX_READ_BYTES,
    Entry,
    Window,
    WindowPage,
    read_window,
)
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.store import SessionStore
from shared.storage.lists import merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Record
from shared.storage.repository import Repository

#: Evaluations whose sessions are read together.
_TOGETHER = 100
#: Sort key of an evaluation without a score: below all others.
_NO_SCORE = "-"

type Entries = Iterable[Entry[Evaluation]]


@dataclass(frozen=True, slots=True)
class EvaluationLists:
    """Lists of the evaluations of evaluation sessions."""

    evaluations: Repository[Evaluation, EvaluationId]
    sessions: SessionStore[EvaluationSession]

    def find(
        self, organization_id: OrganizationId, accepted: EvaluationFilter, window: Window
    ) -> WindowPage[Evaluation]:
        """Return a page, by default newest first.

        One query for each session, or a shard of the lists of the narrowest filter, and a
        batch read of the sessions for each 100. Raises ``NotFound`` if one of ``ids`` does not
        exist, and ``InvalidInput`` for more evaluations than can be sorted at once.
        """

        def passes(evaluation: Evaluation) -> bool:
            return accepted.passes(evaluation) and window.includes(evaluation.created_at)

        entries = self._existing(organization_id, self._entries(organization_id, accepted, window))
        return read_window(entries, window, passes)

    def _entries(
        self, organization_id: OrganizationId, accepted: EvaluationFilter, window: Window
    ) -> Entries:
        if accepted.ids:
            load = partial(self.evaluations.load_many, organization_id)
            found = load_all(EvaluationId.parse, accepted.ids, load, "evaluation")
            self._reject_deleted(organization_id, accepted.ids, found)
            return window.sort(_entry(one.record, one.entity, window) for one in found.values())
        if session_ids := _session_ids(accepted):
            return window.sort(
                self._read(_limited(self._of_sessions(organization_id, session_ids)), window)
            )
        if window.sort_by == "score":
            everything = replace(window, sort_by="", after=None)
            records = _limited(self._listed(organization_id, accepted, everything))
            return window.sort(self._read(records, window))
        return self._read(self._listed(organization_id, accepted, window), window)

    def _read(self, records: Iterable[Record], window: Window) -> Iterator[Entry[Evaluation]]:
        codec = self.evaluations.codec
        for record in records:
            if self.evaluations.owns(record):
                yield _entry(record, codec.from_record(record), window)

    def _of_sessions(
        self, organization_id: OrganizationId, session_ids: Iterable[SessionId]
    ) -> Iterator[Record]:
        for session_id in session_ids:
            yield from self.evaluations.table.query(
                of_session(organization_id, session_id), upto=END
            )

    def _listed(
        self, organization_id: OrganizationId, accepted: EvaluationFilter, window: Window
    ) -> Iterator[Record]:
        """Yield a list in the window's order, from the index that has the fewest others."""
        index, names = BY_LIST, [list_of_all(organization_id)]
        for texts, kind, of_parents in (
            (accepted.metric_ids, MetricId, BY_LINK),
            (accepted.version_ids, VersionId, BY_PARENT),
        ):
            if texts:
                parents = filter(None, (parse_id(kind.parse, text) for text in texts))
                index = of_parents
                names = [children_list(organization_id, one, EVALUATION) for one in parents]
                break
        queries = [window.query(name, index) for name in names]
        return merged(self.evaluations.table, queries, window.offset + window.limit + 1)

    def _existing(
        self, organization_id: OrganizationId, entries: Entries
    ) -> Iterator[Entry[Evaluation]]:
        """Yield the entries whose sessions are not deleted; their purge takes a moment."""
        known: dict[SessionId, bool] = {}
        for batch in batched(entries, _TOGETHER):
            unread = {one.entity.session_id for one in batch} - known.keys()
            found = self.sessions.get_many(organization_id, unread) if unread else {}
            known |= {one: one in found for one in unread}
            yield from (one for one in batch if known[one.entity.session_id])

    def _reject_deleted(
        self,
        organization_id: OrganizationId,
        texts: Iterable[str],
        found: Iterable[EvaluationId],
    ) -> None:
        """Raise ``NotFound`` for an id of a deleted session."""
        sessions = self.sessions.get_many(organization_id, {one.session_id for one in found})
        load_all(
            EvaluationId.parse,
            texts,
            lambda ids: {one: one for one in ids if one.session_id in sessions},
            "evaluation",
        )


def _session_ids(accepted: EvaluationFilter) -> list[SessionId]:
    """Return the sessions that a filter names by themselves or by their turns."""
    named = [parse_id(SessionId.parse, text) for text in accepted.session_ids]
    turns = [parse_id(InferenceResultId.parse, text) for text in accepted.inference_result_ids]
    named += [turn.session_id for turn in turns if turn and not accepted.session_ids]
    return list(dict.fromkeys(filter(None, named)))


def _entry(record: Record, evaluation: Evaluation, window: Window) -> Entry[Evaluation]:
    position = creation_key(evaluation)
    if window.sort_by == "score":
        score = evaluation.score
        position = f"{_NO_SCORE if score is None else f'{score:.15f}'}#{position}"
    return Entry(evaluation, position, record.size)


def _limited(records: Iterable[Record]) -> Iterator[Record]:
    """Yield items to be sorted. Raises ``InvalidInput`` for more than can be read at once."""
    size = 0
    for count, record in enumerate(records):
        size += record.size
        if size > MAX_READ_BYTES or count >= MAX_ENTRIES:
            raise InvalidInput("sort: these are too many evaluations to sort; narrow the filters.")
        yield record
