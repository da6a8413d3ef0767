"""API models of run reports and comparisons."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.runs.reports.comparison import Change, Comparison, ScenarioChange
from shared.runs.reports.domain import Tally
from shared.runs.reports.formats import ReportFormat
from shared.sessions.exports.api import ExportLink


class CompareParameters(BaseModel):
    """Query parameters of a comparison. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    other: UUID = Field(alias="with")
    """Earlier run, the baseline."""


class ReportParameters(BaseModel):
    """Query parameters of a report. Unknown parameters are rejected, not ignored."""

    model_config = ConfigDict(extra="forbid")

    format: ReportFormat = ReportFormat.HTML
    """`html`: one page without scripts, which loads nothing; `junit`: XML with a test case for each
    simulation; `markdown`: scores and up to 50 scenarios that need attention; `json`: all
    scenarios and results."""
    baseline: UUID | None = None
    """Earlier run to compare with; the run's own baseline unless given."""


class TallyResponse(BaseModel):
    """Counts of a scenario's simulations in a run, without those that did not run."""

    passed: int
    """All checks and criteria passed."""
    failed: int
    """A check or a criterion failed."""
    undecided: int
    """None failed, and a judge could not decide."""
    errors: int
    """Simulations without a conversation to judge."""
    total: int
    """Sum of these."""

    @classmethod
    def of(cls, tally: Tally | None) -> "TallyResponse | None":
        if tally is None:
            return None
        return cls(
            passed=tally.passed,
            failed=tally.failed,
            undecided=tally.undecided,
            errors=tally.errors,
            total=tally.counted,
        )


class ChangeResponse(BaseModel):
    """Scenario, or scenario with a persona, in both runs."""

    scenario_id: UUID
    """Id of the scenario, which may be deleted since."""
    persona_id: UUID | None
    """Id of the persona; null in runs without personas."""
    scenario_name: str
    """Name of the scenario when it ran."""
    change: Change
    """Regressed and fixed: all repeats changed side, or the difference is too large for chance;
    flaky: any other difference, or repeats of both sides."""
    before: TallyResponse | None
    """Counts in the earlier run; null if it has none that count."""
    now: TallyResponse | None
    """Counts in this run; null if it has none that count."""
    p_value: float | None
    """Probability of such a difference by chance (Fisher's exact test); null without both runs."""

    @classmethod
    def of(cls, one: ScenarioChange) -> "ChangeResponse":
        return cls(
            scenario_id=one.unit.scenario_id,
            persona_id=one.unit.persona_id,
            scenario_name=one.name,
            change=one.change,
            before=TallyResponse.of(one.before),
            now=TallyResponse.of(one.now),
            p_value=one.p_value,
        )


class ComparisonResponse(BaseModel):
    """Comparison of a run with an earlier one."""

    items: list[ChangeResponse]
    """Scenarios, the regressed ones first."""
    counts: dict[Change, int]
    """Number of scenarios for each change."""
    rate_before: float | None
    """Mean pass rate in the earlier run of the scenarios of both; null if there are none."""
    rate_now: float | None
    """Mean pass rate in this run of the scenarios of both; null if there are none."""
    p_value: float | None
    """Probability by chance that so many more scenarios got worse than better, or better than
    worse (sign test); null if no scenario is in both."""

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonResponse":
        return cls(
            items=[ChangeResponse.of(one) for one in found.changes],
            counts=found.counts,
            rate_before=found.rate_before,
            rate_now=found.rate_now,
            p_value=found.p_value,
        )


def _header(name: str, description: str) -> dict[str, Any]:
    return {name: {"description": description, "schema": {"type": "string"}}}


def _text(example: str) -> dict[str, Any]:
    return {"schema": {"type": "string"}, "example": example}


_HTML = """\
<!doctype html>
<html lang="en"><head><title>refunds</title></head><body><h1>refunds</h1></body></html>
"""
_JUNIT = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="refunds" tests="1" failures="1" errors="0" time="1.500">
<testsuite name="refunds" tests="1" failures="1" errors="0" skipped="0" time="1.500">
<testcase name="Late order, repeat 1" classname="scenario.1" time="1.500">
<failure message="refund_order was not called" type="failed">refund_order was not called</failure>
</testcase>
</testsuite>
</testsuites>
"""
_MARKDOWN = """\
### refunds: 0 % passed

| scenario | result | before | now | p | reason |
|---|---|---|---|---|---|
| Late order | regressed | 3/3 | 0/3 | 0.1 | refund\\_order was not called |
"""
REPORT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, as a file",
        "headers": _header("Content-Disposition", "Name of the file."),
        "content": {
            "text/html": _text(_HTML),
            "application/xml": _text(_JUNIT),
            "text/markdown": _text(_MARKDOWN),
            "application/json": {"schema": {"type": "object"}},
        },
    },
    303: {
        "description": "Link to a report of more than 5.5 MB",
        "model": ExportLink,
        "headers": _header("Location", "URL of the report."),
    },
}
