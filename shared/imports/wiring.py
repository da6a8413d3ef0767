"""Wiring of imports: the bucket of a process."""

from functools import cache

from shared.core.settings import settings
from shared.storage.objects import ObjectStore


@cache
def import_bucket() -> ObjectStore:
    """Return the import bucket of this process."""
    return ObjectStore.connect(settings().import_bucket)
