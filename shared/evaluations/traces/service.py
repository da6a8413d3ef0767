"""Trace service: create and list the traces of turns.

A trace is written once, under the id that its client gave it: a repeated request meets its own
items. Readers check session and turn, so a trace is gone with either at once; its item is removed
by the delete of the turn or by the purge of the session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.core.errors import Conflict, NotFound
from shared.core.ids import InferenceResultId, OrganizationId
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.traces.documents import from_record, is_recorded, to_record
from shared.evaluations.traces.domain import Trace
from shared.evaluations.traces.removal import remove
from shared.sessions.store import SessionStore
from shared.storage.contention import ConditionFailed
from shared.storage.records import Key, Record
from shared.storage.transactions import Create, write_when_free

_REPEATED = "id: another trace of this turn has it; use another id."


@dataclass(frozen=True, slots=True)
class CreatedTraces:
    """Traces as they are stored; ``replayed`` if all were stored before."""

    traces: list[Trace]
    replayed: bool


class TraceService:
    """Use cases of traces."""

    def __init__(self, store: SessionStore[EvaluationSession]) -> None:
        self._store = store

    def create(self, organization_id: OrganizationId, traces: Sequence[Trace]) -> CreatedTraces:
        """Store traces, all or none: two reads of their sessions, one transaction.

        A trace that is stored already is returned as it is. Raises ``NotFound`` for a turn that
        does not exist, ``Conflict`` for another trace under an id, and ``TooLarge`` for a trace
        of more than 400 KB, or 4 MB in all.
        """
        turns = dict.fromkeys(trace.inference_result_id for trace in traces)
        self._check_turns(organization_id, turns)
        records = [to_record(organization_id, trace) for trace in traces]
        earlier = self._write(records)
        try:
            # A session that was deleted meanwhile may be purged already. A check within the
            # transaction would leave room for 99 traces; clients send 100.
            self._check_turns(organization_id, turns)
        except NotFound:
            # Those stored before stay: their turns may exist, and go with them otherwise.
            new = (record.key for record in records if record.key not in earlier)
            remove(self._store.table, new)
            raise
        stored = [from_record(earlier.get(record.key, record)) for record in records]
        return CreatedTraces(stored, replayed=len(earlier) == len(records))

    def _check_turns(
        self, organization_id: OrganizationId, turns: Iterable[InferenceResultId]
    ) -> None:
        turns = list(turns)
        sessions = self._store.get_many(organization_id, {turn.session_id for turn in turns})
        for turn in turns:
            if not is_recorded(turn, sessions):
                raise NotFound(f"inferenceResultId: inference result not found: {turn}")

    def _write(self, records: list[Record]) -> Mapping[Key, Record]:
        """Write the items that do not exist; return those that do, equal to what is given."""
        earlier: dict[Key, Record] = {}
        table = self._store.table
        while left := [record for record in records if record.key not in earlier]:
            try:
                write_when_free(table, [Create(record) for record in left])
            except ConditionFailed as failed:
                for position, existing in failed.existing.items():
                    given = left[position]
                    if existing is None or not _same(existing, given):
                        raise Conflict(_REPEATED) from failed
                    earlier[given.key] = existing
            else:
                break
        return earlier


def _same(stored: Record, given: Record) -> bool:
    """Return whether two items have one trace; their times of recording may differ."""

    def content(record: Record) -> dict[str, Any]:
        return {key: value for key, value in record.body.items() if key != "created_at"}

    return content(stored) == content(given)
