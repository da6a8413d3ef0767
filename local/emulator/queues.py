"""Queues of a state folder that is used on another port, and the concurrency of their functions.

The key of a queue is its URL, with the port of the run that created it. On another port, the
functions that read a queue would not find it. A concurrency that is a template parameter is a
text, with which the emulator cannot compare.
"""

from typing import Any
from urllib.parse import urlsplit

from ministack.services import lambda_svc as functions
from ministack.services import sqs

from local.emulator.patching import Moved, replace


def _keep_port(restore: Any) -> Any:
    def restored(data: dict[str, Any]) -> None:
        restore(data)
        for (_account, _region, url), _queue in sqs._queues.all_items():
            sqs._CANONICAL_NETLOC = urlsplit(url).netloc
            sqs.DEFAULT_PORT = str(urlsplit(url).port)

    return restored


def _as_number(concurrency: Any) -> Any:
    def limit(
        esm: dict[str, Any], func_rec: Any, config: Any, queue: dict[str, Any] | None = None
    ) -> int:
        scaling = {name: int(value) for name, value in (esm.get("ScalingConfig") or {}).items()}
        return int(concurrency({**esm, "ScalingConfig": scaling}, func_rec, config, queue))

    return limit


def apply() -> None:
    """Use the port of the state folder in the keys of queues, and numbers as numbers.

    Clients get a URL that works: the emulator puts the host and port of the request into it.
    """
    if f"{sqs.DEFAULT_HOST}:{sqs.DEFAULT_PORT}" != sqs._CANONICAL_NETLOC:
        raise Moved("sqs._CANONICAL_NETLOC is no longer made of host and port")
    replace(sqs, "_restore_state", ("data",), _keep_port)
    arguments = ("esm", "func_rec", "config", "queue")
    replace(functions, "_sqs_esm_concurrency", arguments, _as_number)
