"""JUnit XML of a run: a test case for each simulation, as Jenkins, GitLab and GitHub read it.

Attributes and order follow the schema of Jenkins' xUnit plugin. A simulation that is undecided is a
failure; one that was cancelled or did not end is skipped.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from shared.runs.reports.domain import Result
from shared.runs.reports.report import Report, target_text
from shared.simulation.judging.domain import Outcome

#: Characters that XML 1.0 cannot have, even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PIECE = 200


def junit(report: Report) -> Iterator[str]:
    """Yield the XML in pieces."""
    sums, spec = report.sums, report.run.spec
    counts = _attributes(
        tests=len(report.results), failures=sums.failed + sums.undecided, errors=sums.errors
    )
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {_attributes(name=spec.name)}'
    yield f" {counts} {_attributes(time=f'{sums.seconds:.3f}')}>\n"
    began = _attributes(timestamp=_time(report.run.started_at or report.run.created_at))
    skipped = _attributes(skipped=sums.left_out + sums.open, time=f"{sums.seconds:.3f}")
    yield f"<testsuite {_attributes(name=spec.name)} {counts} {skipped} {began}>\n"
    yield _properties(report)
    for first in range(0, len(report.results), _PIECE):
        yield "".join(map(_case, report.results[first : first + _PIECE]))
    yield "</testsuite>\n</testsuites>\n"


def _properties(report: Report) -> str:
    scores, baseline = report.scores, report.baseline
    found = {
        "run_id": report.run.id, "target": target_text(report.run.spec.target),
        "pass_at_1": scores.pass_at_1, f"pass_hat_{scores.k}": scores.pass_hat_k,
        "flaky": scores.flaky, "baseline_run_id": baseline and baseline.run.id,
    }  # fmt: skip
    rows = (
        f"<property {_attributes(name=name, value=value)}/>"
        for name, value in found.items()
        if value is not None
    )
    return f"<properties>{''.join(rows)}</properties>\n"


def _case(result: Result) -> str:
    persona = f", persona {result.persona_id}" if result.persona_id else ""
    name = f"{result.scenario_name or result.scenario_id}{persona}, repeat {result.repeat + 1}"
    head = _attributes(
        name=name, classname=f"scenario.{result.scenario_id}", time=f"{result.seconds:.3f}"
    )
    body = _finding(result)
    if result.session_id:
        body += f"<system-out>{_text(f'session {result.session_id}')}</system-out>"
    return f"<testcase {head}>{body}</testcase>\n"


def _finding(result: Result) -> str:
    if result.passed:
        return ""
    reasons = [*result.reasons, *([result.error] if result.error else [])] or [result.verdict]
    marked = _attributes(message=reasons[0], type=result.verdict)
    if result.outcome in (Outcome.FAILED, Outcome.UNDECIDED):
        return f"<failure {marked}>{_text(chr(10).join(reasons))}</failure>"
    if result.verdict == "error":
        return f"<error {marked}>{_text(chr(10).join(reasons))}</error>"
    return f"<skipped {_attributes(message=result.verdict)}/>"


def _attributes(**values: object) -> str:
    return " ".join(f"{name}={quoteattr(_clean(value), _SPACES)}" for name, value in values.items())


#: Line ends in an attribute, which a parser would read as blanks.
_SPACES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _text(value: object) -> str:
    return escape(_clean(value), {"\r": "&#13;"})


def _clean(value: object) -> str:
    return _NOT_XML.sub("\ufffd", str(value))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
