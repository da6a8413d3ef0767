"""JSON of a run: the run, its scores, the changes since the baseline, and every result."""

from collections.abc import Iterator
from typing import Any

from shared.core.clock import timestamp
from shared.core.json import dumps
from shared.runs.reports.domain import Result, Scores, Tally
from shared.runs.reports.report import Report

_PIECE = 200


def json_report(report: Report) -> Iterator[str]:
    """Yield one JSON object in pieces."""
    run = report.run
    yield dumps({
        "run_id": str(run.id), "name": run.spec.name, "status": run.status.value,
        "target": run.spec.target, "repeats": run.spec.repeats,
        "scores": _scores(report.scores),
        "baseline": report.baseline and report.baseline_scores and {
            "run_id": str(report.baseline.run.id), "name": report.baseline.run.spec.name,
            "scores": _scores(report.baseline_scores),
        },
    }).removesuffix("}")  # fmt: skip
    yield ',"scenarios":['
    yield from _pieces([_row_of(report, index) for index in range(len(report.rows))])
    yield '],"results":['
    yield from _pieces(report.results, result_json)
    yield "]}\n"


def _pieces(values: list[Any], form: Any = lambda value: value) -> Iterator[str]:
    for first in range(0, len(values), _PIECE):
        texts = (dumps(form(one)) for one in values[first : first + _PIECE])
        yield ("," if first else "") + ",".join(texts)


def _row_of(report: Report, index: int) -> dict[str, Any]:
    row = report.rows[index]
    return {
        "scenario_id": str(row.unit.scenario_id),
        "persona_id": row.unit.persona_id and str(row.unit.persona_id),
        "scenario_name": row.name,
        "change": row.label.replace(" ", "_"),
        "before": tally_json(row.before),
        "now": tally_json(row.now),
        "p_value": row.p_value,
    }


def _scores(scores: Scores) -> dict[str, Any]:
    return {
        "pass_at_1": scores.pass_at_1, "pass_hat_k": scores.pass_hat_k, "k": scores.k,
        "flaky_scenarios": scores.flaky, "scenarios": scores.units,
    }  # fmt: skip


def tally_json(tally: Tally | None) -> dict[str, int] | None:
    """Return the counts of a unit in a run."""
    if tally is None:
        return None
    return {
        "passed": tally.passed, "failed": tally.failed, "undecided": tally.undecided,
        "errors": tally.errors, "total": tally.counted,
    }  # fmt: skip


def result_json(one: Result) -> dict[str, Any]:
    """Return a result as the list of results has it."""
    return {
        "number": one.number,
        "scenario_id": str(one.scenario_id),
        "scenario_name": one.scenario_name,
        "persona_id": one.persona_id and str(one.persona_id),
        "repeat": one.repeat,
        "status": one.status.value,
        "outcome": one.outcome and one.outcome.value,
        "reasons": list(one.reasons),
        "session_id": one.session_id,
        "session_kind": one.session_kind,
        "end_reason": one.end_reason,
        "turns": one.turns,
        "tool_calls": one.tool_calls,
        "input_tokens": one.input_tokens,
        "output_tokens": one.output_tokens,
        "cost_usd": one.cost_usd,
        "seconds": one.seconds,
        "error": one.error,
        "started_at": one.started_at and timestamp(one.started_at),
        "finished_at": one.finished_at and timestamp(one.finished_at),
    }
