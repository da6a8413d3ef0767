"""Wiring of the objects of session files: their bucket in this process."""

from functools import cache

from shared.core.settings import settings
from shared.storage.objects import ObjectStore


@cache
def files_bucket() -> ObjectStore:
    """Return the store of the contents of session files."""
    return ObjectStore.connect(settings().files_bucket)
