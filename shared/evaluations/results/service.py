"""Inference result service: create, get, update and delete turns.

A turn is an event of its session's log. It is written in the transaction that adds its tokens
and cost to the session; its index is its sequence less the deleted turns before it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from shared.core.errors import Deleted, DomainError, NotFound
from shared.core.ids import ApiKeyId, InferenceResultId, OrganizationId, SessionId
from shared.evaluations.changes import Unchanged
from shared.evaluations.client_ids import known_id
from shared.evaluations.event_types import INFERENCE_RESULT
from shared.evaluations.results.documents import result_data, result_of_event, turn_event
from shared.evaluations.results.domain import (
    InferenceResult,
    Recorded,
    Turn,
    delete_result,
    update_result,
)
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.documents import session_key
from shared.sessions.domain import Event, NewEvent
from shared.sessions.event_lookup import find_event
from shared.sessions.rewriting import find_to_rewrite, keep_original, remove_original, rewrite
from shared.sessions.store import Appended, SessionStore
from shared.storage.conditions import ExpectedVersion, check_version
from shared.storage.idempotency import Idempotency, receipt
from shared.storage.records import Record
from shared.storage.transactions import Action

#: Key of a receipt's note: number of deleted turns when its turns were recorded.
_DELETED_TURNS = "deleted_turns"
#: Version of a turn after its first change.
_FIRST_CHANGE = 2
_UNKNOWN = "Inference result not found"
_UNKNOWN_SESSION = "sessionId: session not found"


class InferenceResultService:
    """Use cases of the turns of evaluation sessions."""

    def __init__(self, store: SessionStore[EvaluationSession]) -> None:
        self._store = store

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        session_id: str,
        turns: list[Turn],
        idempotency: Idempotency | None = None,
        *,
        expected_version: ExpectedVersion = None,
        note: dict[str, Any] | None = None,
    ) -> Recorded:
        """Record turns, all or none: one read, one transaction.

        A closed session accepts turns and stays closed, since imported conversations often
        arrive closed. ``expected_version`` is the session's; a replay returns the ``note`` of
        the first request. Raises ``NotFound``, ``PreconditionFailed``, ``Deleted`` for a
        replay after the delete of a turn, and ``TooLarge`` for more than a transaction holds
        (4 MB), or a turn of more than 400 KB.
        """

        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            usage = session.usage
            for turn in turns:
                usage = usage.plus(turn)
            events = [turn_event(turn, user_id) for turn in turns]
            return replace(session, usage=usage, updated_at=self._store.clock()), events

        try:
            appended = self._store.append(
                organization_id,
                known_id(SessionId.parse, session_id, _UNKNOWN_SESSION),
                change,
                idempotency=idempotency,
                expected_version=expected_version,
                note=lambda session: {**(note or {}), _DELETED_TURNS: len(session.deleted_turns)},
            )
        except NotFound as error:
            raise NotFound(_UNKNOWN_SESSION) from error
        return _recorded(appended, note or {})

    def find_replay(
        self, organization_id: OrganizationId, session_id: str, idempotency: Idempotency | None
    ) -> Recorded | None:
        """Return what an earlier request under the key recorded: two reads; None if nothing.

        Raises as :meth:`create`; costs nothing without a key.
        """
        if idempotency is None:
            return None

        def reject(_: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            raise _NotRecorded("nothing was recorded")

        try:
            appended = self._store.append(
                organization_id,
                known_id(SessionId.parse, session_id, _UNKNOWN_SESSION),
                reject,
                idempotency=idempotency,
            )
        except _NotRecorded:
            return None
        except NotFound as error:
            raise NotFound(_UNKNOWN_SESSION) from error
        return _recorded(appended, {})

    def keep_note(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        idempotency: Idempotency | None,
        note: dict[str, Any],
    ) -> None:
        """Store the receipt of a request that recorded nothing: one write, none without a key.

        Raises ``ConditionFailed`` if the key has a receipt already.
        """
        if idempotency is not None:
            table = self._store.table
            partition = session_key(organization_id, session_id).partition
            body = {"span": [], "note": note}
            table.create(receipt(idempotency, body, table.now(), partition))

    def get(self, organization_id: OrganizationId, identifier: str) -> InferenceResult:
        """Return a turn: two requests. Raises ``NotFound``, also for an invalid id.

        The session is read because its delete deletes its turns.
        """
        known = _known_id(identifier)
        try:
            session = self._store.get(organization_id, known.session_id)
        except NotFound as error:
            raise NotFound(_UNKNOWN) from error
        event = find_event(self._store.table, organization_id, known.session_id, known.sequence)
        return _result(session, event)

    def update(
        self,
        organization_id: OrganizationId,
        identifier: str,
        fields: dict[str, Any],
        *,
        expected_version: ExpectedVersion = None,
    ) -> InferenceResult:
        """Change fields of a turn, and the session's sums: two reads, one transaction.

        Raises ``NotFound``, ``PreconditionFailed``, and ``InvalidInput`` for a field that
        cannot change.
        """
        return self._rewrite(
            organization_id,
            identifier,
            lambda result: update_result(result, fields),
            expected_version,
        )

    def delete(
        self,
        organization_id: OrganizationId,
        identifier: str,
        *,
        expected_version: ExpectedVersion = None,
    ) -> None:
        """Delete a turn with its content, and reduce later indexes: two reads, one transaction.

        Its tokens and cost are subtracted from the session's sums. Its traces, which nobody
        finds from then on, are removed: one query. Raises ``NotFound`` and
        ``PreconditionFailed``.
        """
        # Only a delete needs it.
        from shared.evaluations.traces.removal import remove_traces  # noqa: PLC0415

        now = self._store.clock()
        self._rewrite(
            organization_id,
            identifier,
            lambda result: delete_result(result, now),
            expected_version,
        )
        remove_traces(self._store.table, organization_id, _known_id(identifier))

    def _rewrite(
        self,
        organization_id: OrganizationId,
        identifier: str,
        rule: Callable[[InferenceResult], InferenceResult],
        expected_version: ExpectedVersion,
    ) -> InferenceResult:
        """Change a turn together with its session; return it.

        Each change of a turn writes the session too: as long as the session is at the version
        that was read, the turn is as read after it.
        """
        known = _known_id(identifier)
        changed: list[InferenceResult] = []
        writes: list[Action] = []

        def change(session: EvaluationSession) -> tuple[EvaluationSession, list[NewEvent]]:
            found = find_to_rewrite(
                self._store.table, organization_id, known.session_id, known.sequence
            )
            if found is None:
                raise NotFound(_UNKNOWN)
            record, event = found
            result = _result(session, event)
            check_version(expected_version, result.version)
            after = rule(result)
            if after == result:
                raise Unchanged(result)
            after = replace(after, version=result.version + 1)
            changed[:] = [after]
            writes[:] = self._writes(record, event, after)
            deleted = {*session.deleted_turns} | ({known.sequence} if after.deleted_at else set())
            return replace(
                session,
                usage=session.usage.minus(result).plus(after),
                deleted_turns=tuple(sorted(deleted)),
                updated_at=self._store.clock(),
            ), []

        try:
            self._store.append(organization_id, known.session_id, change, also=lambda *_: writes)
        except NotFound as error:
            raise NotFound(_UNKNOWN) from error
        except Unchanged as unchanged:
            return cast("InferenceResult", unchanged.entity)
        return changed[0]

    def _writes(self, record: Record, event: Event, after: InferenceResult) -> list[Action]:
        """Return the writes of a change: the first keeps the original, a delete removes it."""
        actions = rewrite(record, replace(event, data=result_data(after)))
        is_first = after.version == _FIRST_CHANGE
        if is_first and not after.deleted_at:
            actions.append(keep_original(record, event, self._store.table.now()))
        elif after.deleted_at and not is_first:
            actions.append(remove_original(record, event.sequence))
        return actions


class _NotRecorded(DomainError):
    """No earlier request recorded anything under an idempotency key."""


def _recorded(appended: Appended[EvaluationSession], note: dict[str, Any]) -> Recorded:
    """Return the turns of an append; a replay has their first indexes, and the first note."""
    session, deleted = appended.session, appended.note.get(_DELETED_TURNS)
    results = [
        # Receipts of earlier versions have no note: then the index is the one of now.
        result_of_event(session, event, None if deleted is None else event.sequence - 1 - deleted)
        for event in appended.events
    ]
    if any(result.deleted_at for result in results):
        raise Deleted
    return Recorded(results=results, replayed=appended.replayed, note={**note, **appended.note})


def _result(session: EvaluationSession, event: Event | None) -> InferenceResult:
    if event is None or event.type != INFERENCE_RESULT:
        raise NotFound(_UNKNOWN)
    result = result_of_event(session, event)
    if result.deleted_at is not None:
        raise NotFound(_UNKNOWN)
    return result


def _known_id(text: str) -> InferenceResultId:
    return known_id(InferenceResultId.parse, text, _UNKNOWN)
