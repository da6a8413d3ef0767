"""Fixtures of the catalog tests."""

import pytest

from tests.support.evaluations import World

#: Path of each kind, and its field of ``World``.
PATHS = {
    "/products": "product", "/versions": "version", "/tests": "test", "/testCases": "test_case",
}  # fmt: skip


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """The path of each kind of catalog entity."""
    return str(request.param)


def url_of(world: World, path: str) -> str:
    """Return the URL of an entity of the world."""
    return f"{path}/{getattr(world, PATHS[path])}"
