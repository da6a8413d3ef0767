"""Listings of remote tools, kept for some minutes in a warm function."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, cast

#: Seconds for which a listing is used again.
KEPT_SECONDS = 300.0
_MAX_LISTINGS = 64


class Listings:
    """Cache of listings; safe for threads. Two threads may fetch the same one."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get[L](self, key: Hashable, fetch: Callable[[], L]) -> L:
        """Return the listing of a key, fetched if it is not there or too old."""
        now = self._monotonic()
        with self._lock:
            kept = self._found.get(key)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return cast("L", kept[1])
        fresh = fetch()
        with self._lock:
            self._found[key] = (now, fresh)
            self._found.move_to_end(key)
            while len(self._found) > _MAX_LISTINGS:
                self._found.popitem(last=False)
        return fresh
