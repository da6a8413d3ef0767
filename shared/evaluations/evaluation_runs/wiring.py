"""Wiring of evaluation runs."""

from functools import cache

from shared.evaluations.catalog.documents import PRODUCTS, VERSIONS
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.evaluation_runs.repository import RunRepository
from shared.evaluations.evaluation_runs.service import RunService
from shared.storage.table import table


@cache
def evaluation_runs() -> RunService:
    """Return the evaluation run service."""
    products = CatalogRepository(table(), PRODUCTS)
    return RunService(RunRepository(table()), products, CatalogRepository(table(), VERSIONS))
