"""Waiting for what a function does in its own time."""

import time
from collections.abc import Callable
from typing import Any

#: Seconds until it is given up. A cold function on a busy machine takes a few.
PATIENCE = 120


def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds; fail when it does not for too long."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)
