"""Each minute: deny the approvals that nobody decided in time."""

from typing import Any

from shared.core.observability import logger
from shared.playground.sessions.approval_service import expire_approvals

#: Milliseconds that the turn of one session may take; the next minute takes up what is left.
_MARGIN = 28_000


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # a schedule says nothing
    expired, failed = expire_approvals(lambda: context.get_remaining_time_in_millis() > _MARGIN)
    if expired or failed:
        logger.info("approvals past their deadline", extra={"expired": expired, "failed": failed})
    return {"expired": expired, "failed": failed}
