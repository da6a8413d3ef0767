"""Functions without their log: a bench prints its figures only."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.core.observability import logger


@contextmanager
def silent(level: str = "ERROR") -> Iterator[None]:
    """Log nothing below a level; afterwards log as before."""
    before = logger.log_level
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.setLevel(before)
