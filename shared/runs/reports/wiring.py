"""Run reports of this process."""

from functools import cache

from shared.runs.reports.service import RunReports
from shared.runs.runs.wiring import run_repository
from shared.runs.simulations.wiring import simulations
from shared.sessions.exports.wiring import delivery


@cache
def run_reports() -> RunReports:
    """Return the service of reports; the bucket is connected at first use."""
    return RunReports(run_repository(), simulations(), delivery())
