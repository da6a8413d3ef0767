"""HTML page of a run: one file without scripts and outside addresses, in light and dark.

Texts of scenarios and sessions come from anywhere; every one is escaped, and the page's policy
lets a browser load nothing.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from shared.core.ids import session_id_in_any_form
from shared.runs.reports.domain import Result, Tally
from shared.runs.reports.page_style import STYLE
from shared.runs.reports.plot import MAX_ROWS, plot
from shared.runs.reports.report import Report, Row, out_of, percent, target_text

#: Scenarios and simulations that a page lists, at most; the JSON report has all.
MAX_SCENARIOS, MAX_SIMULATIONS = 1_000, 2_000
_PIECE = 100


def page(report: Report) -> Iterator[str]:
    """Yield the page in pieces."""
    name = escape(report.run.spec.name)
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{name}</title><style>{STYLE}</style></head>\n<body><main>"
    )
    yield _head(report)
    yield _tiles(report)
    yield from _plot(report)
    yield from _scenarios(report)
    yield from _simulations(report)
    yield _footer(report)
    yield "</main></body></html>\n"


def _head(report: Report) -> str:
    run, baseline = report.run, report.baseline
    facts = [f"run <code>{run.id}</code>", escape(target_text(run.spec.target))]
    facts.append(f"started {_time(run.started_at or run.created_at)}")
    if run.finished_at:
        facts.append(f"finished {_time(run.finished_at)}")
    if baseline:
        facts.append(
            f"compared with <code>{baseline.run.id}</code> ({escape(baseline.run.spec.name)})"
        )
    status = run.status.value.replace("_", " ")
    return (
        f'<header><h1>{escape(run.spec.name)}</h1><span class="chip">{status}</span>'
        f"{_verdict(report)}<p>{' · '.join(facts)}</p></header>\n"
    )


def _verdict(report: Report) -> str:
    """Return the most important finding of a run in a word or two; nothing without results."""
    sums, regressed = report.sums, report.regressed()
    kind, text = "passing", "all passed"
    if regressed:
        kind, text = "regressed", f"{regressed:,} regressed"
    elif sums.passed < sums.counted:
        kind, text = "failing", f"{sums.counted - sums.passed:,} did not pass"
    return f'<span class="chip {kind}">{text}</span>' if sums.counted else ""


def _tiles(report: Report) -> str:
    scores, before, sums = report.scores, report.baseline_scores, report.sums
    was = f"was {percent(before.pass_at_1)}" if before else ""
    tiles = [("pass@1", percent(scores.pass_at_1), was)]
    was = f"was {percent(before.pass_hat_k)}" if before and before.k == scores.k else ""
    tiles.append((f"pass^{scores.k}", percent(scores.pass_hat_k), was))
    if report.comparison:
        chance = report.comparison.p_value
        note = "" if chance is None else f"sign test p = {chance:.2g}"
        tiles.append(("regressed", str(report.regressed()), note))
    tiles.append(("flaky", str(scores.flaky), f"of {scores.units} scenarios"))
    counts = [
        (sums.failed, "failed"), (sums.undecided, "undecided"), (sums.errors, "errors"),
        (sums.left_out, "not run"), (sums.open, "open"),
    ]  # fmt: skip
    note = ", ".join(f"{count} {word}" for count, word in counts if count)
    tiles.append(("passed", f"{sums.passed:,} of {len(report.results):,}", note))
    ended = sums.counted or 1
    note = f"{sums.turns / ended:.1f} turns, {sums.seconds / ended:.1f} s each"
    spent = ("tokens", f"{sums.tokens:,}")
    if sums.cost_usd is not None:
        spent = ("cost", f"${sums.cost_usd:,.4f}")
    tiles.append((*spent, note))
    return f'<section class="tiles">{"".join(_tile(*one) for one in tiles)}</section>\n'


def _tile(name: str, value: str, note: str) -> str:
    small = f"<small>{escape(note)}</small>" if note else ""
    return f"<div><span>{name}</span><strong>{value}</strong>{small}</div>"


def _plot(report: Report) -> Iterator[str]:
    if not report.rows:
        yield "<p>No simulation has ended.</p>"
        return
    yield '<section><h2>Pass rate by scenario and run</h2><div class="plot">'
    yield from plot(report)
    yield "</div>"
    if (total := len(report.rows)) > MAX_ROWS:
        yield f"<p>{MAX_ROWS} of {total:,} scenarios, those that need attention first.</p>"
    yield "</section>\n"


def _scenarios(report: Report) -> Iterator[str]:
    head = ["Scenario", "", "Baseline", "This run", "p", "Turns", "Seconds", "Tokens", "Cost"]
    cells = "".join(f"<th>{one}</th>" for one in head)
    yield f"<section><h2>Scenarios</h2><table><thead><tr>{cells}</tr></thead><tbody>"
    rows = report.rows[:MAX_SCENARIOS]
    listed = {one.number for one in _listed(report)}
    for first in range(0, len(rows), _PIECE):
        yield "".join(_row(row, listed) for row in rows[first : first + _PIECE])
    yield "</tbody></table>"
    if (rest := len(report.rows) - len(rows)) > 0:
        yield f"<p>{rest:,} more scenarios are in the JSON report.</p>"
    yield "</section>\n"


def _row(row: Row, listed: set[int]) -> str:
    name = escape(row.name or str(row.unit.scenario_id))
    if row.unit.persona_id:
        name += f" <small>persona {row.unit.persona_id}</small>"
    first = row.now.numbers[0] if row.now and row.now.numbers else None
    if first in listed:
        name = f'<a href="#s{first}">{name}</a>'
    kind = row.label.replace(" ", "-")
    p_value = "" if row.p_value is None else f"{row.p_value:.2g}"
    cells = [out_of(row.before), out_of(row.now), p_value, *_means(row.now)]
    numbers = "".join(f"<td>{one}</td>" for one in cells)
    return f'<tr><th>{name}</th><td><span class="chip {kind}">{row.label}</span></td>{numbers}</tr>'


def _means(tally: Tally | None) -> list[str]:
    if tally is None or not tally.counted:
        return ["-"] * 4
    cost = "-" if tally.cost_usd is None else f"${tally.cost_usd / tally.counted:.4f}"
    turns, seconds = tally.turns / tally.counted, tally.seconds / tally.counted
    return [f"{turns:.1f}", f"{seconds:.1f}", f"{tally.tokens / tally.counted:,.0f}", cost]


def _listed(report: Report) -> list[Result]:
    found = (one for one in report.results if one.verdict in ("failed", "undecided", "error"))
    return [one for one, _ in zip(found, range(MAX_SIMULATIONS), strict=False)]


def _simulations(report: Report) -> Iterator[str]:
    listed = _listed(report)
    if not listed:
        return
    yield "<section><h2>Simulations that did not pass</h2>"
    for first in range(0, len(listed), _PIECE):
        yield "".join(_simulation(report, one) for one in listed[first : first + _PIECE])
    ended = report.sums.failed + report.sums.undecided + report.sums.errors
    if ended > len(listed):
        yield f"<p>{ended - len(listed):,} more are in the JSON report.</p>"
    yield "</section>\n"


def _simulation(report: Report, one: Result) -> str:
    reasons = [*one.reasons, *([one.error] if one.error else [])]
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    places = [f"/v1/runs/{report.run.id}/simulations/{one.number}", *_session_places(one)]
    links = " · ".join(f"<code>{place}</code>" for place in places)
    end = f", {escape(one.end_reason).replace('_', ' ').lower()}" if one.end_reason else ""
    turns = "1 turn" if one.turns == 1 else f"{one.turns} turns"
    facts = f"repeat {one.repeat + 1}, {turns}, {one.seconds:.1f} s{end}"
    return (
        f'<article id="s{one.number}"><h3>{escape(one.scenario_name or str(one.scenario_id))} '
        f'<span class="chip {one.verdict}">{one.verdict}</span> '
        f"<small>{facts}</small></h3><ul>{items}</ul><p>{links}</p></article>\n"
    )


def _session_places(one: Result) -> list[str]:
    """Return the path of a session, and the command that shows it; a page has no address."""
    if one.session_id is None:
        return []
    session = session_id_in_any_form(one.session_id)
    if one.session_kind == "playground":
        path = f"/v1/workflow/playground/sessions/{session.uuid}"
    else:
        path = f"/v1/sessions/{session}"
    return [path, f"agent-sessions sessions show {session}"]


def _footer(report: Report) -> str:
    k = report.scores.k
    return (
        f"<footer><p><b>pass@1</b>: mean pass rate of the scenarios. <b>pass^{k}</b>: mean "
        f"probability that {k} of {k} repeats pass. <b>flaky</b>: passed and failed both. "
        "Undecided and errors do not pass; cancelled simulations do not count.</p>"
        "<p><b>p</b>: probability of a difference as large by chance (Fisher's exact test). "
        "Regressed and fixed are scenarios of which all repeats changed side, or with p ≤ 0.05; "
        "with few repeats, p stays large: repeat more to be sure.</p></footer>"
    )


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
