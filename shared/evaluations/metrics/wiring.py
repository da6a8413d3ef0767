"""Wiring of metrics."""

from functools import cache

from shared.evaluations.catalog.children import ChildFinder
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.metrics.documents import METRICS
from shared.evaluations.metrics.domain import Metric
from shared.storage.table import table


@cache
def metrics() -> CatalogService[Metric]:
    """Return the metric service."""
    return CatalogService(metric_repository(), None, ChildFinder(table(), METRICS))


@cache
def metric_repository() -> CatalogRepository[Metric]:
    """Return the metric repository."""
    return CatalogRepository(table(), METRICS)
