"""Where evaluation sessions are found: by custom id, by the lists they stand in.

Session and turns themselves are kept by :class:`shared.sessions.store.SessionStore`.
"""

from collections.abc import Iterator
from typing import Any

from shared.core.ids import OrganizationId, SessionId, TypedId
from shared.evaluations.filters import SessionFilter, Window
from shared.evaluations.models import EvaluationSession
from shared.evaluations.parent_documents import TEST_CASES, VERSIONS, ParentKind
from shared.evaluations.parent_repository import ParentRepository
from shared.evaluations.session_documents import EvaluationCodec, custom_id_key, sessions_list
from shared.sessions.documents import from_record, session_list
from shared.sessions.models import SessionKind
from shared.storage.lists import merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT
from shared.storage.table import Table

#: Lists read side by side for one page, at most. A product with more versions, or a test
#: with more cases, is found by passing over others' sessions instead.
MAX_LISTS = 100


class EvaluationSessionRepository:
    """The lists of evaluation sessions."""

    def __init__(self, table: Table, parents: ParentRepository) -> None:
        self._table = table
        self._parents = parents
        self._codec = EvaluationCodec()

    def ids_of_custom_ids(
        self, organization_id: OrganizationId, wanted: SessionFilter
    ) -> list[SessionId]:
        """Return the sessions that have these custom ids: one query for each."""
        return [
            SessionId.parse(record.body["session_id"])
            for custom_id in wanted.custom_ids
            for record in self._table.query(custom_id_key(organization_id, custom_id), upto="g")
        ]

    def listed(
        self, organization_id: OrganizationId, wanted: SessionFilter, window: Window
    ) -> Iterator[EvaluationSession]:
        """Read sessions in the window's order; the caller passes over those that do not match.

        One query a shard for each list that :meth:`_lists` chooses, of one megabyte each.
        """
        index, names = self._lists(organization_id, wanted)
        queries = [window.query(name, index) for name in names]
        records = merged(self._table, queries, window.offset + window.limit + 1)
        return (from_record(self._codec, record) for record in records)

    def _lists(
        self, organization_id: OrganizationId, wanted: SessionFilter
    ) -> tuple[str, list[str]]:
        """Choose the lists that hold all that match, and the fewest others.

        A test case has fewer sessions than a version, which has the production traffic.
        """
        if wanted.test_case_ids:
            cases = TEST_CASES.read_ids(wanted.test_case_ids)
            return BY_LINK, _session_lists(organization_id, cases)
        if wanted.version_ids:
            versions = VERSIONS.read_ids(wanted.version_ids)
            return BY_PARENT, _session_lists(organization_id, versions)
        # An empty test id asks for sessions without a test: those are in no test case's list.
        if wanted.test_ids and "" not in wanted.test_ids:
            children = self._children(TEST_CASES, organization_id, wanted.test_ids)
            if children is not None:
                return BY_LINK, _session_lists(organization_id, children)
        if wanted.product_ids:
            children = self._children(VERSIONS, organization_id, wanted.product_ids)
            if children is not None:
                return BY_PARENT, _session_lists(organization_id, children)
        return BY_LIST, [session_list(organization_id, SessionKind.EVALUATION)]

    def _children(
        self, kind: ParentKind[Any], organization_id: OrganizationId, ids: tuple[str, ...]
    ) -> list[TypedId] | None:
        known = kind.above.read_ids(ids) if kind.above else []
        children = self._parents.children(kind, organization_id, known, MAX_LISTS)
        return None if children is None else [child.id for child in children]


def _session_lists(organization_id: OrganizationId, parents: list[TypedId]) -> list[str]:
    return [sessions_list(organization_id, parent) for parent in parents]
