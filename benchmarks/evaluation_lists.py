"""Cost of a page of evaluation sessions, among 1,000 and among 100,000 of one organization.

    python -m benchmarks.evaluation_lists [--few 1000] [--many 100000] [--limit 100]

The service reads from the emulator's table. Read units are counted by DynamoDB's rule for such
queries, half a unit for each 4 KB begun, since the emulator reports a constant. Requests and
entries must not depend on the number of sessions.
"""

import argparse
import math
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.api_key import create
from local.settings import REGION, STACK_NAME
from shared.core.ids import OrganizationId, TestCaseId, VersionId
from shared.evaluations.catalog.documents import TEST_CASES, VERSIONS
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.list_windows import Window
from shared.evaluations.sessions.filters import SessionFilter
from shared.evaluations.sessions.repository import EvaluationSessionRepository
from shared.evaluations.sessions.service import EvaluationSessionService
from shared.storage.table import Table
from tests.support.many_sessions import sessions_of, write
from tests.support.running_stack import RunningStack, running_stack

#: Numbers of versions and of test cases (one of them none) that the sessions alternate between.
VERSION_COUNT, TEST_CASE_COUNT = 2, 4
#: Bytes of half a read unit, the price of an eventually consistent read.
_HALF_UNIT = 4096


class World:
    """Organization with a number of sessions, and the filters of the measured lists."""

    def __init__(self, stack: RunningStack, table: Table, number: int) -> None:
        key = create(stack.local, STACK_NAME, name="bench", organization=None, scopes=["read"])
        self.organization_id = OrganizationId.parse(key.organization_id)
        versions = [VersionId.new() for _ in range(VERSION_COUNT)]
        cases: list[TestCaseId | None] = [TestCaseId.new() for _ in range(TEST_CASE_COUNT - 1)]
        write(
            table,
            sessions_of(self.organization_id, number, versions=versions, test_cases=[*cases, None]),
        )
        version, case = str(versions[0]), str(cases[0])
        self.lists = {
            "newest": SessionFilter(),
            "by version": SessionFilter(version_ids=(version,)),
            "by test case": SessionFilter(test_case_ids=(case,)),
            "by both": SessionFilter(version_ids=(version,), test_case_ids=(case,)),
        }


@contextmanager
def capacity(of: Table) -> Iterator[Counter[str]]:
    """Count queries, the entries they read, and half read units."""
    counts: Counter[str] = Counter()

    def count(parsed: dict[str, Any], **_: Any) -> None:
        size = sum(_size(item) for item in parsed["Items"])
        halves = math.ceil(size / _HALF_UNIT)
        counts.update(requests=1, entries=parsed["ScannedCount"], halves=halves)

    events = of.client.meta.events
    events.register("after-call.dynamodb.Query", count)
    try:
        yield counts
    finally:
        events.unregister("after-call.dynamodb.Query", count)


def _size(item: dict[str, Any]) -> int:
    """Return an item's size as DynamoDB counts it: names and texts in UTF-8."""
    return sum(
        len(name.encode()) + sum(len(str(one).encode()) for one in value.values())
        for name, value in item.items()
    )


def main() -> None:
    """Measure every list for both numbers; exit with an error where the costs differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation_lists")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=100, help="sessions of a page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        table = _table(stack)
        started = time.monotonic()
        worlds = {number: World(stack, table, number) for number in (options.few, options.many)}
        print(f"wrote {sum(worlds):,} sessions in {time.monotonic() - started:.0f} s")
        print(f"{'a page of ' + str(options.limit):16}{'among':>10}{'requests':>10}{'entries':>9}"
              f"{'units':>8}{'ms':>8}")  # fmt: skip
        differing = [
            name
            for name in worlds[options.few].lists
            if len({_measure(table, name, world, number, options.limit)
                    for number, world in worlds.items()}) > 1
        ]  # fmt: skip
    if differing:
        raise SystemExit(f"The cost depends on the number of sessions: {', '.join(differing)}")


def _table(stack: RunningStack) -> Table:
    """Return the stack's table, with a long timeout: the emulator scans every entry."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=stack.aws_endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(read_timeout=120),
    )
    return Table(client, stack.table_name, shards=2)


def _measure(table: Table, name: str, world: World, number: int, limit: int) -> tuple[int, float]:
    window = Window(limit=limit)
    versions, test_cases = (CatalogRepository(table, kind) for kind in (VERSIONS, TEST_CASES))
    service = EvaluationSessionService(EvaluationSessionRepository(versions, test_cases))
    with capacity(table) as counts:
        started = time.perf_counter()
        page = service.find(world.organization_id, world.lists[name], window)
        spent = (time.perf_counter() - started) * 1000
    assert page.items, name
    print(
        f"{name:16}{number:>10,}{counts['requests']:>10}{counts['entries']:>9}"
        f"{counts['halves'] / 2:>8}{spent:>8.0f}",
        flush=True,
    )
    # Not units: of two equal pages, one may have longer numbers and begin 4 KB more.
    return counts["requests"], counts["entries"]


if __name__ == "__main__":
    main()
