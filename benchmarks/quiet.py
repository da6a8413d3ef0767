"""Functions without their log: a bench prints its figures only."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.core.observability import logger


@contextmanager
def silent() -> Iterator[None]:
    """Log only errors."""
    before = logger.log_level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(before)
