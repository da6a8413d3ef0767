"""Schedule, every minute: expire stale turns, admit lost ones, and measure the longest wait."""

from dataclasses import asdict
from functools import cache
from typing import Any

from shared.agents.admission.wiring import admission
from shared.agents.sessions.wiring import session_repository, turn_supervisor, turn_timeout
from shared.agents.turns.sweep import TurnSweep
from shared.core.observability import MetricUnit, logger, metrics

METRIC = "LongestWait"
#: Milliseconds that one organization may take; the next run continues with the others.
_MARGIN = 15_000


@cache
def service() -> TurnSweep:
    return TurnSweep(session_repository(), turn_supervisor(), admission(), turn_timeout())


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # a schedule's event is empty
    result = service().run(lambda: context.get_remaining_time_in_millis() > _MARGIN)
    metrics.add_metric(name=METRIC, unit=MetricUnit.Seconds, value=result.oldest)
    metrics.flush_metrics()
    if result.expired or result.restarted:
        logger.warning("turns swept", extra=asdict(result))
    return asdict(result)
