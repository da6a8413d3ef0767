"""Evaluation run repository: runs by id, product and version."""

from collections.abc import Iterator

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, VersionId
from shared.evaluations.catalog.filters import CatalogFilter
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.client_ids import parse_id
from shared.evaluations.evaluation_runs.documents import RUNS
from shared.evaluations.evaluation_runs.domain import EvaluationRun
from shared.evaluations.evaluation_runs.filters import RunFilter
from shared.evaluations.list_names import children_list
from shared.evaluations.list_windows import Entry, Window, entry
from shared.storage.lists import merged
from shared.storage.records import BY_LINK
from shared.storage.repository import Loaded
from shared.storage.table import Table


class RunRepository(CatalogRepository[EvaluationRun]):
    """Evaluation runs."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, RUNS, clock)

    def matching(
        self, organization_id: OrganizationId, accepted: RunFilter, window: Window
    ) -> Iterator[Entry[EvaluationRun]]:
        """Yield a list in the window's order; some may not pass the filter.

        One query a shard for each version or, without versions, for each product.
        """
        if not accepted.version_ids:
            parents = CatalogFilter(parent_ids=accepted.product_ids)
            yield from self.find(organization_id, parents, window)
            return
        versions = (parse_id(VersionId.parse, one) for one in accepted.version_ids)
        queries = [
            window.query(children_list(organization_id, one, self.kind.type), BY_LINK)
            for one in versions
            if one
        ]
        for record in merged(self.table, queries, window.offset + window.limit + 1):
            yield entry(Loaded(self.kind.from_record(record), record))
