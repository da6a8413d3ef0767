"""Wiring of files."""

from functools import cache

from shared.core.settings import settings
from shared.storage.objects import ObjectStore


@cache
def file_bucket() -> ObjectStore:
    """Return the bucket of the files of this process."""
    return ObjectStore.connect(settings().import_bucket)
