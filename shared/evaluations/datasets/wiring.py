"""Wiring of datasets."""

from functools import cache

from shared.evaluations.catalog.documents import TEST_CASES
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.catalog.wiring import tests
from shared.evaluations.datasets.service import DatasetService
from shared.evaluations.files.wiring import file_bucket
from shared.storage.table import table


@cache
def datasets() -> DatasetService:
    """Return the dataset service."""
    return DatasetService(tests(), CatalogRepository(table(), TEST_CASES), file_bucket)
