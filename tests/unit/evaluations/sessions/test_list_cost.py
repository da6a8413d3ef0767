"""Cost of a page of a list: independent of the length of the list."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.core import ids as typed
from shared.storage.table import table
from tests.support.evaluations import World, ids
from tests.support.gateway import Gateway
from tests.support.many_sessions import sessions_of, write
from tests.support.storage import hooked


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Count queries, the entries they read, and the entries they returned."""
    counts: Counter[str] = Counter()

    def count(parsed: dict[str, Any], **_: Any) -> None:
        counts.update(requests=1, read=parsed["ScannedCount"], returned=parsed["Count"])

    with hooked("after-call.dynamodb.Query", count):
        yield counts


QUERIES = (
    "versionIds[]={version}",
    "testCaseIds[]={case}",
    "versionIds[]={version}&sort=createdAt",
    "fromCreatedAt=2026-03-01T00:00:05Z&toCreatedAt=2026-03-01T00:01:00Z",
    "",
)


@pytest.mark.parametrize("query", QUERIES)
def test_page_costs_the_same_among_six_times_the_sessions(
    api: Gateway, world: World, query: str
) -> None:
    version, other = typed.VersionId.parse(world.version), typed.VersionId.new()
    case = typed.TestCaseId.parse(world.test_case)
    kinds: dict[str, Any] = {"versions": [version, other], "test_cases": [case, None, case]}
    url = "/sessions?limit=10&" + query.format(version=world.version, case=world.test_case)
    # Enough that each shard holds more than a page, however the ids are spread.
    write(table(), sessions_of(api.organization_id, 240, **kinds))
    assert api("GET", url).status == 200  # the first page creates the secret of the cursors
    with counted() as few:
        assert len(ids(api, url)) == 10

    write(table(), sessions_of(api.organization_id, 1200, first=240, **kinds))
    with counted() as many:
        assert len(ids(api, url)) == 10

    assert many == few
    assert few["requests"] == table().shards
    assert few["read"] == few["returned"]
    assert few["read"] <= (10 + 2) * table().shards
