"""Wiring of the catalog: one service per kind, created once in a process."""

from functools import cache

from shared.evaluations.catalog.children import ChildFinder
from shared.evaluations.catalog.documents import PRODUCTS, TEST_CASES, TESTS, VERSIONS, CatalogKind
from shared.evaluations.catalog.domain import CatalogEntity, Product, Test, TestCase, Version
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.catalog.version_facts import VersionFacts
from shared.storage.table import table


@cache
def products() -> CatalogService[Product]:
    """Return the product service."""
    return _service(PRODUCTS)


@cache
def versions() -> CatalogService[Version]:
    """Return the version service."""
    return _service(VERSIONS)


@cache
def version_facts() -> VersionFacts:
    """Return the versions by their facts."""
    return VersionFacts(CatalogRepository(table(), VERSIONS), CatalogRepository(table(), PRODUCTS))


@cache
def tests() -> CatalogService[Test]:
    """Return the test service."""
    return _service(TESTS)


@cache
def test_cases() -> CatalogService[TestCase]:
    """Return the test case service."""
    return _service(TEST_CASES)


def _service[E: CatalogEntity](kind: CatalogKind[E]) -> CatalogService[E]:
    parents = CatalogRepository(table(), kind.parent) if kind.parent else None
    return CatalogService(CatalogRepository(table(), kind), parents, ChildFinder(table(), kind))
