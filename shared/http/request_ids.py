"""Request id: the caller's, if it is valid, else API Gateway's."""

import re
from typing import Any

_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


def request_id_of(own: str | None, event: dict[str, Any]) -> str:
    """Return the caller's ``X-Request-Id`` if it is valid, else API Gateway's.

    Valid is 1 to 128 visible ASCII characters: it is repeated in headers and log lines.
    """
    if own is not None and _REQUEST_ID.fullmatch(own):
        return own
    return str(event.get("requestContext", {}).get("requestId", "local"))
