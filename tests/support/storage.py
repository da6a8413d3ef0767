"""Table in this process (moto), and the requests sent to it."""

import sys
import threading
from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any
from unittest.mock import patch

import botocore.session
import pytest
from moto.backends import get_backend

from shared.core.settings import settings
from shared.storage.client import dynamodb
from shared.storage.connections import ConnectionPool
from shared.storage.records import Key, Record
from shared.storage.secret import create_signing_secret, signing_secret
from shared.storage.table import Table, table
from tests.support import fast_moto, fast_moto_requests
from tests.support.template import table_definition

TABLE = "agent-sessions-test"
FILES = "agent-sessions-files"
IMPORTS = "imports"
TURN_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/agent-sessions-turns"
SIMULATION_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/agent-sessions-simulations"
TRACE_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/agent-sessions-traces"
#: Endings of the modules that cache something for the life of a process.
_CACHING = (
    "service", "wiring",
    "composition.simulations", "composition.captured_sessions", "composition.usage",
    "functions.triggers.assemble_traces", "functions.triggers.import_sessions",
)  # fmt: skip

#: Names of the modules that were imported before, and of those with caches.
_known: set[str] = set()
_caching: set[str] = set()

# The SDK's service models, read once a process: reading them takes four fifths of a new table.
botocore.session.create_loader = cache(botocore.session.create_loader)
fast_moto.patch()
fast_moto_requests.patch()


def forget_process_state() -> None:
    """Clear the caches of a process: the next use builds them anew, as in a new function."""
    for cached in (settings, dynamodb, table, signing_secret):
        cached.cache_clear()
    imported = sys.modules.keys() - _known
    _known.update(imported)
    _caching.update(
        name
        for name in imported
        if name.startswith(("shared.", "functions.")) and name.endswith(_CACHING)
    )
    for name in _caching & sys.modules.keys():
        for value in list(vars(sys.modules[name]).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def set_variables(
    monkeypatch: pytest.MonkeyPatch, *, credential: str = "testing", **variables: str
) -> None:
    """Set environment variables of a function, those of the SDK included."""
    credentials = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), credential)
    for name, value in (credentials | {"AWS_DEFAULT_REGION": "eu-west-1"} | variables).items():
        monkeypatch.setenv(name, value)


@contextmanager
def moto_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Create the template's table in moto and point the functions at it."""
    queues = {
        "SIMULATION_QUEUE_URL": SIMULATION_QUEUE_URL,
        "TRACE_QUEUE_URL": TRACE_QUEUE_URL,
        "TURN_QUEUE_URL": TURN_QUEUE_URL,
    }
    variables = {"FILES_BUCKET": FILES, "IMPORT_BUCKET": IMPORTS, **queues}
    set_variables(monkeypatch, TABLE_NAME=TABLE, LIST_SHARDS="3", **variables)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    # Moto answers in place of the SDK's transport; our own must not send.
    monkeypatch.setattr(ConnectionPool, "send", lambda *_, **__: None)
    with fast_moto.MockedAws():
        forget_process_state()
        _create_table()
        create_signing_secret(table())
        for bucket in (FILES, IMPORTS):
            _buckets().create_bucket(bucket, "eu-west-1")
        # In moto's own backend: see _buckets.
        backend: Any = get_backend("sqs")["123456789012"]["eu-west-1"]
        for url in (TRACE_QUEUE_URL, SIMULATION_QUEUE_URL):
            backend.create_queue(url.rpartition("/")[2])
        yield dynamodb()
    forget_process_state()


def _create_table() -> None:
    """Create the template's table in moto's own backend: its answer takes longer than the table."""
    definition = table_definition(TABLE)
    get_backend("dynamodb")["123456789012"]["eu-west-1"].create_table(
        TABLE,
        schema=definition["KeySchema"],
        throughput=None,
        attr=definition["AttributeDefinitions"],
        global_indexes=definition["GlobalSecondaryIndexes"],
        indexes=[],
        streams=definition["StreamSpecification"],
        billing_mode=definition["BillingMode"],
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )


def _buckets() -> Any:
    """Return moto's own backend: a client of S3 takes longer to create than a table."""
    return get_backend("s3")["123456789012"]["aws"]


def stored_objects(bucket: str = FILES) -> dict[str, bytes]:
    """Return the objects of a bucket, that of session files by default, by key."""
    return {key: one.value for key, one in _buckets().buckets[bucket].keys.items()}


def restore_objects(objects: dict[str, bytes], bucket: str = FILES) -> None:
    """Store objects that were there before."""
    for key, content in objects.items():
        _buckets().put_object(bucket, key, content)


def stored_table() -> Any:
    """Return moto's own object of the table, with its items and its stream."""
    backends = [one for account in get_backend("dynamodb").values() for one in account.values()]
    [found] = [backend.tables[TABLE] for backend in backends if TABLE in backend.tables]
    return found


@contextmanager
def emulated_table(
    monkeypatch: pytest.MonkeyPatch, *, endpoint_url: str, **variables: str
) -> Iterator[None]:
    """Point this process's functions at a running stack's table, and at what else they need."""
    set_variables(monkeypatch, credential="test", AWS_ENDPOINT_URL=endpoint_url, **variables)
    forget_process_state()
    yield
    forget_process_state()


@contextmanager
def counted_requests() -> Iterator[Counter[str]]:
    """Count the requests sent to DynamoDB, by operation."""
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def count(model: Any, **_: Any) -> None:
        with lock:
            counts[model.name] += 1

    with hooked("before-call.dynamodb", count):
        yield counts


@contextmanager
def hooked(event: str, hook: Callable[..., Any]) -> Iterator[None]:
    """Call a function at each event of the database client's requests."""
    events = dynamodb().meta.events
    events.register(event, hook)
    try:
        yield
    finally:
        events.unregister(event, hook)


@contextmanager
def late_writes(missing: Container[int]) -> Iterator[None]:
    """Hide items of events by their first sequence from eventually consistent queries.

    Simulates replication delay, which moto does not have.
    """
    query = Table.query

    def visible(
        table: Table, key: Key, *, consistent: bool = True, limit: int | None = None, **options: Any
    ) -> Iterator[Record]:
        if consistent:
            return query(table, key, limit=limit, **options)
        found = query(table, key, consistent=False, **options)
        return islice((item for item in found if item.body["first"] not in missing), limit)

    with patch.object(Table, "query", visible):
        yield
