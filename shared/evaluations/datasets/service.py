"""Dataset service: create a test with the test cases of its file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from shared.core.errors import DomainError, NotFound, TooLarge
from shared.core.ids import ApiKeyId, OrganizationId, TestCaseId
from shared.evaluations.catalog.documents import TESTS
from shared.evaluations.catalog.domain import Test, TestCase
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.catalog.service import CatalogService
from shared.evaluations.datasets.csv_rows import MAX_BYTES, read_dataset
from shared.evaluations.files.domain import key_of, plain_uri
from shared.storage.idempotency import Idempotency
from shared.storage.records import Record
from shared.storage.transactions import MAX_ACTIONS, Create, Delete, transact, write_when_free

#: Bytes of the test cases of one transaction, at most: it takes 4 MB.
_TRANSACTION_BYTES = 3_000_000
_MISSING = "uri: nothing was uploaded there, or it has expired; upload the file, then retry."


class Bucket(Protocol):
    """Port to uploaded files."""

    def read(self, key: str) -> bytes:
        """Return an object's content. Raises ``NotFound`` and ``TooLarge``."""


@dataclass(frozen=True, slots=True)
class CreatedTest:
    """A created test, and the columns of its file that were not used."""

    test: Test
    replayed: bool
    ignored: Sequence[str] = ()


class DatasetService:
    """Use case of tests that come with a file; ``bucket`` is connected at first use."""

    def __init__(
        self,
        tests: CatalogService[Test],
        test_cases: CatalogRepository[TestCase],
        bucket: Callable[[], Bucket],
    ) -> None:
        self._tests = tests
        self._test_cases = test_cases
        self._bucket = bucket

    def create(
        self,
        organization_id: OrganizationId,
        user_id: ApiKeyId,
        fields: dict[str, Any],
        idempotency: Idempotency | None = None,
    ) -> CreatedTest:
        """Create a test, with a test case of each row of the file that its URI names.

        A URI of another place is stored, not read. All rows are checked first; then the test is
        written, and one transaction for each 100 test cases. If one fails, all are removed.
        Raises ``NotFound`` without the file, ``InvalidInput`` that names a row, ``TooLarge``,
        and as ``CatalogService.create``.
        """
        uri = fields["uri"]
        key = key_of(organization_id, uri) if uri else None
        if key is None or "/tests/" not in key:
            created = self._tests.create(organization_id, user_id, fields, idempotency)
            return CreatedTest(created.entity, created.replayed)
        dataset = read_dataset(self._read(key))
        ids = [
            TestCaseId(idempotency.uuid(f"case {number}")) if idempotency else TestCaseId.new()
            for number in range(len(dataset.cases))
        ]
        values = fields | {"uri": plain_uri(uri), "first_child": str(ids[0])}
        created = self._tests.create(organization_id, user_id, values, idempotency)
        if not created.replayed:
            self._write_cases(created.entity, zip(ids, dataset.cases, strict=True))
        return CreatedTest(created.entity, created.replayed, dataset.ignored)

    def _read(self, key: str) -> bytes:
        try:
            content = self._bucket().read(key)
        except NotFound as error:
            raise NotFound(_MISSING) from error
        if len(content) > MAX_BYTES:
            raise TooLarge(f"uri: a file must not exceed {MAX_BYTES // 1_000_000} MB; split it.")
        return content

    def _write_cases(self, test: Test, cases: Iterator[tuple[TestCaseId, dict[str, Any]]]) -> None:
        """Write test cases in the order of their rows, or remove all and the test."""
        records = [
            self._test_cases.codec.to_record(
                TestCase(
                    id=identifier,
                    organization_id=test.organization_id,
                    user_id=test.user_id,
                    created_at=test.created_at + timedelta(microseconds=number),
                    test_id=test.id,
                    **fields,
                )
            )
            for number, (identifier, fields) in enumerate(cases)
        ]
        table = self._test_cases.table
        written: list[Record] = []
        try:
            for batch in _batches(records):
                write_when_free(table, [Create(record) for record in batch])
                written += batch
        except DomainError:
            for batch in _batches(written):
                transact(table, [Delete(record.key) for record in batch])
            transact(table, [Delete(TESTS.key(test.organization_id, test.id))])
            raise


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Yield the items of one transaction each."""
    batch: list[Record] = []
    size = 0
    for record in records:
        bytes_ = len(str(record.body).encode(errors="surrogatepass"))
        if batch and (len(batch) == MAX_ACTIONS or size + bytes_ > _TRANSACTION_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += bytes_
    if batch:
        yield batch
