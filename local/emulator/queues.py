"""Queues of a state folder that is moved to another port.

A queue is known by its URL, which holds the port of the run that made it. With another port,
the functions that read a queue would look for it under a URL that it does not have.
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
    """Name queues by the port that those of the state folder have, whatever the port is now.

    Who asks for a URL is told the one that answers: the emulator writes the host and port of
    the request into it.
    """
    if f"{sqs.DEFAULT_HOST}:{sqs.DEFAULT_PORT}" != sqs._CANONICAL_NETLOC:
        raise Moved("sqs._CANONICAL_NETLOC is no longer made of host and port")
    replace(sqs, "_restore_state", ("data",), _keep_port)
