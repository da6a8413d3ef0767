"""Plot of pass rates by scenario and run, as SVG within a page: no script, no outside address."""

from collections.abc import Iterator
from html import escape
from math import sqrt

from shared.runs.reports.domain import Tally
from shared.runs.reports.report import Report, Row, out_of, percent

#: Scenarios of a plot, at most; characters of a name in it, of which wide ones are cut off.
MAX_ROWS, _NAME = 40, 36
_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 800, 300, 730, 24, 30
#: 97.5 % quantile of the normal distribution.
_Z = 1.959964


def plot(report: Report) -> Iterator[str]:
    """Yield the SVG: a line a scenario, the baseline's mark hollow and the run's filled."""
    rows = report.rows[:MAX_ROWS]
    if not rows:
        return
    bottom = _TOP + _ROW * len(rows)
    yield f'<svg viewBox="0 0 {_WIDTH} {bottom + 26}" role="img" aria-labelledby="plot-title">'
    yield f'<title id="plot-title">Pass rate of {len(rows)} scenarios</title>'
    for share in (0, 25, 50, 75, 100):
        x = _x(share / 100)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{bottom}"/>'
        yield f'<text class="axis" x="{x}" y="{bottom + 18}" text-anchor="middle">{share} %</text>'
    yield from _legend(has_baseline=report.baseline is not None)
    for index, row in enumerate(rows):
        yield _line(row, _TOP + _ROW * index + _ROW // 2)
    yield "</svg>"


def _legend(*, has_baseline: bool) -> Iterator[str]:
    marks = [("before", "baseline")] if has_baseline else []
    for index, (kind, text) in enumerate([*marks, ("now", "this run")]):
        x = _LEFT + 110 * index
        yield f'<circle class="{kind}" cx="{x}" cy="10" r="5"/>'
        yield f'<text class="axis" x="{x + 11}" y="14">{text}</text>'
    x = _LEFT + 110 * (1 + has_baseline)
    yield f'<line class="range" x1="{x}" x2="{x + 26}" y1="10" y2="10"/>'
    yield f'<text class="axis" x="{x + 33}" y="14">95 % interval</text>'


def _line(row: Row, y: int) -> str:
    name = row.name or str(row.unit.scenario_id)
    shown = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    counts = out_of(row.now)
    if row.before:
        counts = f"{out_of(row.before)} → {counts}"
    kind = row.label.replace(" ", "-")
    parts = [
        f'<g class="{kind}"><title>{escape(name)}: {row.label}, {counts}</title>',
        f'<svg y="{y - _ROW // 2}" width="{_LEFT - 20}" height="{_ROW}">',
        f'<text y="{_ROW // 2 + 4}">{escape(shown)}</text></svg>',
    ]
    before, now = _rate(row.before), _rate(row.now)
    if row.now and now is not None:
        low, high = wilson(row.now.passed, row.now.counted)
        parts.append(f'<line class="range" x1="{_x(low)}" x2="{_x(high)}" y1="{y}" y2="{y}"/>')
    if before is not None and now is not None and before != now:
        parts.append(f'<line class="move" x1="{_x(before)}" x2="{_x(now)}" y1="{y}" y2="{y}"/>')
    if before is not None:
        parts.append(f'<circle class="before" cx="{_x(before)}" cy="{y}" r="6"/>')
    if now is not None:
        parts.append(f'<circle class="now" cx="{_x(now)}" cy="{y}" r="5"/>')
    parts.append(f'<text class="axis" x="{_RIGHT + 16}" y="{y + 4}">{percent(now)}</text></g>')
    return "".join(parts)


def _rate(tally: Tally | None) -> float | None:
    return tally.rate if tally else None


def _x(share: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share, 1)


def wilson(passed: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a pass rate (Wilson score), which few repeats leave wide."""
    rate, weight = passed / total, _Z * _Z / total
    middle = (rate + weight / 2) / (1 + weight)
    half = _Z * sqrt(rate * (1 - rate) / total + weight / (4 * total)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
