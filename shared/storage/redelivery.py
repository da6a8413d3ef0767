"""Redelivery of a queue message whose run is gone: soon, not after the queue's own time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from shared.storage.queues import MessageQueue

#: Seconds after which a message whose run was killed is delivered again.
HIDDEN_SECONDS = 30
#: Seconds between extensions while the run works.
_INTERVAL = 10
#: Seconds after which a message whose run failed is delivered again.
_RETRY_SECONDS = 5


@contextmanager
def redelivered_soon(queue: MessageQueue, receipt_handle: str) -> Iterator[None]:
    """Hide a message for 30 seconds at a time while the block runs.

    Lambda requires the queue's own time to exceed the function's timeout. One request before
    the block, and one each ten seconds.
    """
    ended = Event()

    def hide() -> None:
        while not ended.wait(_INTERVAL):
            queue.hide(receipt_handle, HIDDEN_SECONDS)

    queue.hide(receipt_handle, HIDDEN_SECONDS)
    thread = Thread(target=hide, daemon=True)
    thread.start()
    try:
        yield
    except Exception:
        ended.set()
        thread.join()
        queue.hide(receipt_handle, _RETRY_SECONDS)
        raise
    finally:
        # No request outlives the invocation: Lambda would freeze it.
        ended.set()
        thread.join()
