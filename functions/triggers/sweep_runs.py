"""Schedule, every minute: start runs that wait, and go on with those whose steps were lost."""

from dataclasses import asdict
from functools import cache
from typing import Any

from shared.core.observability import logger
from shared.runs.runs.sweep import RunSweep
from shared.runs.runs.wiring import run_repository, run_starter
from shared.runs.simulations.wiring import simulations

#: Milliseconds that one run may take; the next sweep continues with the others.
_MARGIN = 15_000


@cache
def service() -> RunSweep:
    return RunSweep(run_repository(), simulations(), run_starter())


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:  # noqa: ARG001  # a schedule's event is empty
    result = service().run(lambda: context.get_remaining_time_in_millis() > _MARGIN)
    if result.resent:
        logger.warning("runs swept", extra=asdict(result))
    return asdict(result)
