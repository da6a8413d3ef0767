"""Markdown of a run, for a comment on a pull request: scores, and what needs attention."""

import re
from collections.abc import Iterator

from shared.runs.reports.domain import Result
from shared.runs.reports.report import Report, Row, out_of, percent, target_text

#: Scenarios in a table, and characters of a name or reason; a comment of GitHub has 65,536.
_ROWS, _CELL = 50, 300
_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!|~-])")
_BLANKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def markdown(report: Report) -> Iterator[str]:
    """Yield the text in pieces."""
    spec, scores, sums = report.run.spec, report.scores, report.sums
    yield f"### {_cell(spec.name)}: {percent(scores.pass_at_1)} passed\n\n"
    target = _cell(target_text(spec.target))
    yield f"Run `{report.run.id}`, {report.run.status.value}, against {target}.\n\n"
    yield from _scores(report)
    counts = [
        (sums.passed, "passed"), (sums.failed, "failed"), (sums.undecided, "undecided"),
        (sums.errors, "errors"), (sums.left_out, "cancelled or over budget"), (sums.open, "open"),
    ]  # fmt: skip
    yield "\nSimulations: " + ", ".join(f"{n} {word}" for n, word in counts if n) + ".\n"
    rows = [row for row in report.rows if not row.is_good or row.label == "fixed"]
    if rows:
        yield from _rows(report, rows)


def _scores(report: Report) -> Iterator[str]:
    now, before = report.scores, report.baseline_scores
    cells = f"{percent(now.pass_at_1)} | {percent(now.pass_hat_k)} | {now.flaky}"
    hat = f"pass^{now.k}"
    if before is None or report.baseline is None:
        yield f"| pass@1 | {hat} | flaky |\n|---|---|---|\n"
        yield f"| {cells} |\n"
        return
    same = before.k == now.k
    yield f"| | pass@1 | {hat} | flaky |\n|---|---|---|---|\n"
    was = percent(before.pass_hat_k) if same else "-"
    name = f"baseline `{report.baseline.run.id}`"
    yield f"| {name} | {percent(before.pass_at_1)} | {was} | {before.flaky} |\n"
    yield f"| this run | {cells} |\n"
    if report.comparison:
        found = (
            f"{n} {one.value.replace('_', ' ')}" for one, n in report.comparison.counts.items() if n
        )
        yield f"\nScenarios: {', '.join(found) or 'none'}.\n"


def _rows(report: Report, rows: list[Row]) -> Iterator[str]:
    by_number = {one.number: one for one in report.results if not one.passed}
    yield "\n| scenario | | before | now | p | reason |\n|---|---|---|---|---|---|\n"
    for row in rows[:_ROWS]:
        p_value = "" if row.p_value is None else f"{row.p_value:.2g}"
        first = by_number[row.now.numbers[0]] if row.now and row.now.numbers else None
        cells = [_cell(row.name), row.label, out_of(row.before), out_of(row.now), p_value]
        yield f"| {' | '.join([*cells, _cell(_reason(first))])} |\n"
    if len(rows) > _ROWS:
        yield f"\n{len(rows) - _ROWS} more scenarios are in the HTML and JSON reports.\n"


def _reason(result: Result | None) -> str:
    if result is None:
        return ""
    return "; ".join(result.reasons) or result.error or result.verdict


def _cell(text: object) -> str:
    """Return text that is nothing but text: no table, link, image, mention or HTML."""
    line = _BLANKS.sub(" ", str(text)).strip()
    if len(line) > _CELL:
        line = line[: _CELL - 1] + "…"
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", line).replace("@", "&#64;").replace("://", ":&#47;/")
