"""Queues of a state folder that is used on another port.

The key of a queue is its URL, with the port of the run that created it. On another port, the
functions that read a queue would not find it.
"""

from typing import Any
from urllib.parse import urlsplit

from ministack.services import sqs

from local.emulator.patching import Moved, replace


def _keep_port(restore: Any) -> Any:
    def restored(data: dict[str, Any]) -> None:
        restore(data)
        for (_account, _region, url), _queue in sqs._queues.all_items():
            sqs._CANONICAL_NETLOC = urlsplit(url).netloc
            sqs.DEFAULT_PORT = str(urlsplit(url).port)

    return restored


def apply() -> None:
    """Use the port of the state folder in the keys of queues.

    Clients get a URL that works: the emulator puts the host and port of the request into it.
    """
    if f"{sqs.DEFAULT_HOST}:{sqs.DEFAULT_PORT}" != sqs._CANONICAL_NETLOC:
        raise Moved("sqs._CANONICAL_NETLOC is no longer made of host and port")
    replace(sqs, "_restore_state", ("data",), _keep_port)
