"""Wiring of session exports: the service of a process."""

from functools import cache

from shared.core.clock import system_clock
from shared.core.settings import settings
from shared.sessions.domain import SessionKind
from shared.sessions.exports.delivery import Delivery
from shared.sessions.exports.service import Describe, SessionExports
from shared.storage.objects import ObjectStore
from shared.storage.table import table


def session_exports(*kinds: tuple[SessionKind, Describe]) -> SessionExports:
    """Return the service for these kinds of session; the bucket is connected at first use."""
    return SessionExports(table(), dict(kinds), delivery(), system_clock)


def delivery() -> Delivery:
    """Return the delivery of files; the bucket is connected at first use."""
    return Delivery(_bucket, system_clock)


@cache
def _bucket() -> ObjectStore:
    return ObjectStore.connect(settings().import_bucket)
