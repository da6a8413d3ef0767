"""Evaluation session repository: the session store, custom ids and lists."""

from collections.abc import Iterable, Iterator

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, SessionId, TypedId
from shared.evaluations.catalog.domain import TestCase, Version
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.evaluation_runs.repository import RunRepository
from shared.evaluations.list_names import SESSION, children_list
from shared.evaluations.list_windows import Entry, Window, entry
from shared.evaluations.sessions.documents import EvaluationCodec, custom_id_key
from shared.evaluations.sessions.domain import EvaluationSession
from shared.evaluations.sessions.filters import SessionFilter
from shared.sessions.documents import session_list
from shared.sessions.domain import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.lists import merged
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT
from shared.storage.repository import Loaded

#: Lists merged for one page, at most. For a product with more versions, or a test with more
#: cases, the list of all sessions is filtered instead.
MAX_LISTS = 100


class EvaluationSessionRepository(SessionStore[EvaluationSession]):
    """Evaluation sessions; ``versions`` and ``test_cases`` resolve filters by product and test."""

    def __init__(
        self,
        versions: CatalogRepository[Version],
        test_cases: CatalogRepository[TestCase],
        clock: Clock = system_clock,
    ) -> None:
        super().__init__(versions.table, EvaluationCodec(), clock)
        self.versions = versions
        self.test_cases = test_cases
        self.runs = RunRepository(versions.table, clock)

    def ids_of_custom_ids(
        self, organization_id: OrganizationId, custom_ids: Iterable[str]
    ) -> list[SessionId]:
        """Return the sessions that have these custom ids: one query for each."""
        return [
            SessionId.parse(record.body["session_id"])
            for custom_id in custom_ids
            for record in self.table.query(custom_id_key(organization_id, custom_id), upto="g")
        ]

    def find(
        self, organization_id: OrganizationId, accepted: SessionFilter, window: Window
    ) -> Iterator[Entry[EvaluationSession]]:
        """Yield a list in the window's order; some may not pass the filter.

        One query a shard for each list that :meth:`_lists` chooses, per megabyte.
        """
        index, names = self._lists(organization_id, accepted)
        queries = [window.query(name, index) for name in names]
        records = merged(self.table, queries, window.offset + window.limit + 1)
        return (entry(Loaded(self.codec.from_record(record), record)) for record in records)

    def _lists(
        self, organization_id: OrganizationId, accepted: SessionFilter
    ) -> tuple[str, list[str]]:
        """Return the index and the lists that have all matches, and the fewest others.

        A test case has fewer sessions than a version, which has the production traffic.
        """

        def lists(index: str, parents: Iterable[TypedId]) -> tuple[str, list[str]]:
            return index, [children_list(organization_id, parent, SESSION) for parent in parents]

        if accepted.test_case_ids:
            return lists(BY_LINK, self.test_cases.kind.parse_ids(accepted.test_case_ids))
        if accepted.version_ids:
            return lists(BY_PARENT, self.versions.kind.parse_ids(accepted.version_ids))
        # An empty test id stands for sessions without a test, which no test case's list has.
        if accepted.test_ids and "" not in accepted.test_ids:
            cases = self.test_cases.ids_of_children(organization_id, accepted.test_ids, MAX_LISTS)
            if cases is not None:
                return lists(BY_LINK, cases)
        if accepted.product_ids:
            versions = self.versions.ids_of_children(
                organization_id, accepted.product_ids, MAX_LISTS
            )
            if versions is not None:
                return lists(BY_PARENT, versions)
        return BY_LIST, [session_list(organization_id, SessionKind.EVALUATION)]
