"""Wiring of traces: their service in this process."""

from functools import cache

from shared.core.settings import settings
from shared.storage.table import table
from shared.traces.queue import TraceQueue
from shared.traces.service import TraceService


@cache
def trace_queue() -> TraceQueue:
    """Return the queue of traces."""
    return TraceQueue.connect(settings().trace_queue_url)


@cache
def traces() -> TraceService:
    """Return the service of export requests."""
    return TraceService(table(), trace_queue())
