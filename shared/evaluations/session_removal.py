"""Deleting several evaluation sessions together."""

from collections.abc import Iterable, Sequence

from shared.core.backoff import CROWDED
from shared.core.errors import Busy, Conflict, NotFound
from shared.core.ids import OrganizationId, SessionId
from shared.evaluations.models import EvaluationSession
from shared.evaluations.session_documents import custom_id_key
from shared.sessions.deletion import KEPT_FOR, tombstone
from shared.sessions.documents import from_record, session_key
from shared.sessions.store import SessionStore
from shared.storage.records import Record
from shared.storage.transactions import (
    MAX_ACTIONS,
    Action,
    Delete,
    Refused,
    Replace,
    transact,
)

#: Sessions in one transaction: each takes a write of its own and one for its custom id.
_TOGETHER = MAX_ACTIONS // 2

type Store = SessionStore[EvaluationSession]


def claims_freed(session: EvaluationSession) -> list[Action]:
    """Return what frees a session's custom id for others."""
    if session.custom_id is None:
        return []
    key = custom_id_key(session.organization_id, session.custom_id, session.version_id)
    return [Delete(key)]


def delete_together(
    store: Store, organization_id: OrganizationId, ids: Iterable[SessionId]
) -> None:
    """Delete sessions: one batch read, and a transaction for each 50.

    Raises ``NotFound`` before anything is deleted when one of them does not exist, and
    ``Conflict`` when others keep writing at them.
    """
    waiting = list(dict.fromkeys(ids))
    found = _read(store, organization_id, waiting)
    for start in range(0, len(waiting), _TOGETHER):
        part = waiting[start : start + _TOGETHER]
        _delete(store, organization_id, {one: found[one] for one in part})


def _delete(store: Store, organization_id: OrganizationId, found: dict[SessionId, Record]) -> None:
    for _ in CROWDED.attempts(store.table.sleep):
        try:
            return transact(store.table, _actions(store, found.values()))
        except Busy:
            continue
        except Refused:
            found = _read(store, organization_id, list(found))
    raise Conflict("Others are writing at one of the sessions; try again.")


def _actions(store: Store, records: Iterable[Record]) -> list[Action]:
    actions: list[Action] = []
    for record in records:
        grave = tombstone(record, store.clock(), expires_at=store.table.now() + KEPT_FOR)
        actions.append(Replace(grave, record.version))
        actions += claims_freed(from_record(store.codec, record))
    return actions


def _read(
    store: Store, organization_id: OrganizationId, ids: Sequence[SessionId]
) -> dict[SessionId, Record]:
    keys = {one: session_key(organization_id, one) for one in ids}
    records = store.table.get_many(keys.values())
    found: dict[SessionId, Record] = {}
    for one, key in keys.items():
        record = records.get(key)
        if record is None or not store.is_own(record):
            raise NotFound(f"ids: session not found: {one}")
        found[one] = record
    return found
