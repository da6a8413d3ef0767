"""Many evaluation sessions, written directly in the service's stored form."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

from shared.core.ids import ApiKeyId, OrganizationId, ProductId, SessionId, TestCaseId, VersionId
from shared.evaluations.sessions.documents import EvaluationCodec
from shared.evaluations.sessions.domain import EvaluationSession
from shared.storage.records import to_item
from shared.storage.table import Table

#: Items in one batch write, at most (DynamoDB's own limit).
_BATCH = 25
_START = datetime(2026, 3, 1, tzinfo=UTC)


def sessions_of(
    organization_id: OrganizationId,
    number: int,
    *,
    versions: list[VersionId],
    test_cases: list[TestCaseId | None],
    first: int = 0,
) -> Iterator[EvaluationSession]:
    """Return sessions, a second apart, that take versions and test cases in turn."""
    product, key = ProductId.new(), ApiKeyId.new()
    for place in range(first, first + number):
        at = _START + timedelta(seconds=place)
        case = test_cases[place % len(test_cases)]
        yield EvaluationSession(
            id=SessionId.new(),
            organization_id=organization_id,
            created_at=at,
            updated_at=at,
            version_id=versions[place % len(versions)],
            product_id=product,
            user_id=key,
            test_case_id=case,
            is_production=case is None,
            metadata={"place": place, "channel": "web"},
        )


def write(table: Table, sessions: Iterator[EvaluationSession]) -> None:
    """Store sessions, 25 a request."""
    codec = EvaluationCodec()
    for batch in batched(sessions, _BATCH):
        requests: list[Any] = [
            {"PutRequest": {"Item": to_item(codec.to_record(one), shards=table.shards)}}
            for one in batch
        ]
        while requests:
            answer: Any = table.client.batch_write_item(RequestItems={table.name: requests})
            requests = answer.get("UnprocessedItems", {}).get(table.name, [])
