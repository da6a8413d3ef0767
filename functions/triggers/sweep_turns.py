"""Each minute: stop turns that have lost their runner, start those that nobody started."""

from typing import Any

from shared.agents.service import turns
from shared.core.observability import logger


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # Lambda's form
    swept = turns().sweep()
    if swept.stopped or swept.woken:
        logger.warning("turns were swept", extra={"stopped": swept.stopped, "woken": swept.woken})
    return {"stopped": swept.stopped, "woken": swept.woken}
