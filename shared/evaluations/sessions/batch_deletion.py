"""Batch deletion of evaluation sessions."""

from collections.abc import Iterable
from functools import partial
from itertools import batched

from shared.core.ids import OrganizationId, SessionId
from shared.evaluations.client_ids import load_all
from shared.evaluations.sessions.documents import release_custom_id
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.store import SessionStore
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.transactions import MAX_ACTIONS, transact

#: Sessions in one transaction: each takes up to three actions, for the session, its original
#: and its custom id.
_TOGETHER = MAX_ACTIONS // 3


def delete_sessions(
    store: SessionStore[EvaluationSession], organization_id: OrganizationId, texts: Iterable[str]
) -> None:
    """Delete sessions by a client's ids: one batch read, and a transaction for each 33.

    Raises ``NotFound`` before anything is deleted if one of them does not exist.
    """
    load = partial(store.load_many, organization_id)
    loaded = load_all(SessionId.parse, texts, load, "session")

    def attempt(part: tuple[SessionId, ...]) -> None:
        actions = [
            action
            for one in part
            for action in (*store.deletion(loaded[one]), *release_custom_id(loaded[one].entity))
        ]
        try:
            transact(store.table, actions)
        except ConditionFailed:
            loaded.update(load_all(SessionId.parse, map(str, part), load, "session"))
            raise

    for part in list(batched(loaded, _TOGETHER)):
        retry_on_contention(store.table.sleep, partial(attempt, part))
