"""The emulator's health names its stack, so that no other stack is taken for it."""

import json
import os
from typing import Any

from ministack import app

from local.emulator.patching import replace


def apply(home: str) -> None:
    """Add the stack's folder and this process to the answer to a health request."""

    def with_identity(health: Any) -> Any:
        def answered(path: str, request_id: str) -> Any:
            answer = health(path, request_id)
            if answer is None:
                return None
            status, headers, body = answer
            named = json.loads(body) | {"stack_home": home, "process": os.getpid()}
            return status, headers, json.dumps(named).encode()

        return answered

    replace(app, "_handle_health_request", ("path", "request_id"), with_identity)
