"""Schedule, every minute: deny approvals past their deadline."""

from typing import Any

from shared.core.observability import logger
from shared.playground.turns.wiring import approval_expiry

#: Milliseconds that one session's turn may take; the next run continues with the rest.
_MARGIN = 28_000


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # a schedule's event is empty
    expired, failed = approval_expiry().run(
        lambda: context.get_remaining_time_in_millis() > _MARGIN
    )
    if expired or failed:
        logger.info("approvals past their deadline", extra={"expired": expired, "failed": failed})
    return {"expired": expired, "failed": failed}
