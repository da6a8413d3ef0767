"""Schedule, every minute: expire stale turns and restart lost ones."""

from dataclasses import asdict
from typing import Any

from shared.agents.sessions.wiring import turn_supervisor
from shared.core.observability import logger


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # Lambda's form
    result = asdict(turn_supervisor().sweep())
    if any(result.values()):
        logger.warning("turns swept", extra=result)
    return result
