"""What can be done with the turns of evaluation sessions.

A turn is an event of its session's log: it is written in the transaction that adds its
tokens and cost to the session, and its index is its place in the log, less the deleted
turns before it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound, PreconditionFailed
from shared.core.ids import ApiKeyId, InferenceResultId, OrganizationId, SessionId
from shared.evaluations.changes import Unchanged, changed_turn
from shared.evaluations.client_ids import read_id
from shared.evaluations.filters import Listed, ResultFilter, Window
from shared.evaluations.models import EvaluationSession, InferenceResult, Turn
from shared.evaluations.result_lists import InferenceResultLists
from shared.evaluations.session_documents import (
    INFERENCE_RESULT,
    deleted_turn_data,
    result_from_event,
    turn_data,
    turn_to_event,
)
from shared.sessions.events import find_event
from shared.sessions.models import Event, NewEvent
from shared.sessions.rewriting import find_to_rewrite, rewritten
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.transactions import Action

#: What becomes of a turn: the session after it, and the data of the turn's event.
type Rewrite = Callable[
    [EvaluationSession, InferenceResult], tuple[EvaluationSession, dict[str, Any]]
]


class InferenceResultService:
    """The turns of evaluation sessions."""

    def __init__(
        self,
        store: SessionStore[EvaluationSession],
        lists: InferenceResultLists,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._lists = lists
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        session_id: str,
        turns: list[Turn],
        idempotency: Idempotency | None = None,
        *,
        expected_version: int | None = None,
    ) -> tuple[list[InferenceResult], bool]:
        """Record turns, all or none; tell whether an earlier request had recorded them.

        One read, one transaction. A closed session takes turns too, and stays closed:
        imported conversations often arrive closed. ``expected_version`` is the session's.
        Raises ``NotFound``, ``PreconditionFailed``, and ``TooLarge`` for more than a
        transaction holds (4 MB), or a turn of more than 400 KB.
        """

        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            usage = session.usage
            for turn in turns:
                usage = usage.plus(turn)
            events = [turn_to_event(turn, user_id) for turn in turns]
            return replace(session, usage=usage, updated_at=self._clock()), events

        try:
            done = self._store.append(
                organization_id,
                _session_id(session_id),
                change,
                idempotency=idempotency,
                expected_version=expected_version,
            )
        except NotFound as error:
            raise NotFound("sessionId: session not found") from error
        results = [result_from_event(done.session, event) for event in done.events]
        return results, done.replayed

    def get(self, organization_id: OrganizationId, identifier: str) -> InferenceResult:
        """Read a turn: two requests. Raises ``NotFound``, also for an id of another form.

        The session is read for its own sake: with it, its turns are deleted.
        """
        known = _known(identifier)
        try:
            session = self._store.get(organization_id, known.session_id)
        except NotFound as error:
            raise _unknown() from error
        event = find_event(self._store.table, organization_id, known.session_id, known.sequence)
        return _result(session, event)

    def find(
        self, organization_id: OrganizationId, wanted: ResultFilter, window: Window
    ) -> Listed[InferenceResult]:
        """Read a page; see :meth:`InferenceResultLists.find`."""
        return self._lists.find(organization_id, wanted, window)

    def update(
        self,
        organization_id: OrganizationId,
        identifier: str,
        told: dict[str, Any],
        *,
        expected_version: int | None = None,
    ) -> InferenceResult:
        """Change what was told of a turn, by field: two reads, one transaction.

        The sums on the session follow. Raises ``NotFound``, ``PreconditionFailed``, and
        ``InvalidInput`` for a field that cannot change.
        """
        outcome: list[InferenceResult] = []

        def rewrite(
            session: EvaluationSession, result: InferenceResult
        ) -> tuple[EvaluationSession, dict[str, Any]]:
            after = changed_turn(result, told)
            if after == result:
                raise Unchanged(result)
            after = replace(after, version=result.version + 1)
            outcome[:] = [after]
            usage = session.usage.minus(result).plus(after)
            return replace(session, usage=usage), turn_data(after, after.user_id, after.version)

        try:
            self._rewrite(organization_id, _known(identifier), rewrite, expected_version)
        except Unchanged as unchanged:
            return cast("InferenceResult", unchanged.thing)
        return outcome[0]

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: int | None = None,
    ) -> None:
        """Delete a turn: two reads, one transaction. The turns behind it move up by one.

        What was said is gone at once, its tokens and cost leave the session's sums.
        Raises ``NotFound`` and ``PreconditionFailed``.
        """
        known = _known(identifier)

        def rewrite(
            session: EvaluationSession, result: InferenceResult
        ) -> tuple[EvaluationSession, dict[str, Any]]:
            deleted = tuple(sorted((*session.deleted_turns, known.sequence)))
            usage = session.usage.minus(result)
            after = replace(session, usage=usage, deleted_turns=deleted)
            return after, deleted_turn_data(result, self._clock())

        self._rewrite(organization_id, known, rewrite, expected_version)

    def _rewrite(
        self,
        organization_id: OrganizationId,
        known: InferenceResultId,
        rewrite: Rewrite,
        expected_version: int | None,
    ) -> None:
        """Change a turn together with its session.

        Whoever changes a turn changes its session: as long as that is at the version that
        was read, the turn is as it was read after it.
        """
        writes: list[Action] = []

        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            found = find_to_rewrite(
                self._store.table, organization_id, known.session_id, known.sequence
            )
            result = _result(session, found and found[1])
            if expected_version is not None and result.version != expected_version:
                raise PreconditionFailed
            after, data = rewrite(session, result)
            if found:
                record, event = found
                writes[:] = rewritten(record, replace(event, data=data))
            return replace(after, updated_at=self._clock()), []

        try:
            self._store.append(organization_id, known.session_id, change, also=lambda *_: writes)
        except NotFound as error:
            raise _unknown() from error


def _result(session: EvaluationSession, event: Event | None) -> InferenceResult:
    if event is None or event.type != INFERENCE_RESULT:
        raise _unknown()
    result = result_from_event(session, event)
    if result.deleted_at is not None:
        raise _unknown()
    return result


def _unknown() -> NotFound:
    return NotFound("Inference result not found")


def _known(text: str) -> InferenceResultId:
    known = read_id(InferenceResultId.parse, text)
    if known is None:
        raise _unknown()
    return known


def _session_id(text: str) -> SessionId:
    known = read_id(SessionId.parse, text)
    if known is None:
        raise NotFound("sessionId: session not found")
    return known
