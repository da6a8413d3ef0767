"""Wiring of imports: the bucket of a process."""

from functools import cache

from shared.core.settings import settings
from shared.imports.bucket import ImportBucket


@cache
def import_bucket() -> ImportBucket:
    """Return the import bucket of this process."""
    return ImportBucket.connect(settings().import_bucket)
