"""Wiring of traces."""

from functools import cache

from shared.evaluations.sessions.documents import EvaluationCodec
from shared.evaluations.traces.lists import TraceLists
from shared.evaluations.traces.service import TraceService
from shared.sessions.store import SessionStore
from shared.storage.table import table


@cache
def traces() -> TraceService:
    """Return the trace service."""
    return TraceService(SessionStore(table(), EvaluationCodec()))


@cache
def trace_lists() -> TraceLists:
    """Return the lists of traces."""
    return TraceLists(SessionStore(table(), EvaluationCodec()))
