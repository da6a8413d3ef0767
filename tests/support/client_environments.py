"""Environments of the clients that tests run: the mark ``environments`` names those of a test.

They are installed while the tests before use the stack.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from local.environments import ensure
from local.settings import ROOT


def install(item: pytest.Item) -> None:
    """Install the environments of a test, or wait until another process has."""
    if names := _names([item]):
        ensure(names)


@contextmanager
def installing(items: Iterable[pytest.Item]) -> Iterator[None]:
    """Install the environments of tests in a process of its own during the block.

    What cannot be installed is tried again for its test, which then fails.
    """
    if not (names := _names(items)):
        yield
        return
    words = [sys.executable, "-m", "local.environments", *names]
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.wait()


def _names(items: Iterable[pytest.Item]) -> list[str]:
    marks = (mark for item in items for mark in item.iter_markers("environments"))
    return sorted({name for mark in marks for name in mark.args})
