"""Commands about runs: list, show, compare, report, cancel."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from . import output
from .options import All, Json, Limit, api

app = typer.Typer(
    no_args_is_help=True, help="List, show, compare, report and cancel runs of scenarios."
)
Run = Annotated[str, typer.Argument(help="Id of the run.")]


class Form(StrEnum):
    """Form of a report."""

    HTML = "html"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command("list")
def list_runs(limit: Limit = 20, every: All = False, as_json: Json = False) -> None:
    """List runs, newest first.

    \b
    Examples:
      agent-sessions runs list
      agent-sessions runs list --all --json | jq -r .id
    """
    from .kinds import pages  # noqa: PLC0415 - help starts without it
    from .run_client import PATH  # noqa: PLC0415

    found = pages(api(), PATH, {}, None if every else limit)
    if as_json:
        for one in found:
            output.document(one)
        return
    output.table(("ID", "NAME", "STATUS", "CREATED", "PASSED", "PASS@1"), (
        (one["id"], one["name"], one["status"], output.when(one["created_at"]),
         f"{one['progress']['passed']}/{one['progress']['total']}", rate(one["pass_at_1"]))
        for one in found
    ))  # fmt: skip


@app.command()
def show(run: Run, as_json: Json = False) -> None:
    """Show a run: its progress, its scores, and the simulations that did not pass.

    \b
    Examples:
      agent-sessions runs show 3f2a…
      agent-sessions runs show 3f2a… --json | jq .progress
    """
    from . import run_client  # noqa: PLC0415 - as above

    server = api()
    found = run_client.get(server, run)
    if as_json:
        return output.document(found)
    for name in ("id", "name", "status", "created_at", "finished_at", "error"):
        if found.get(name):
            output.line(f"{name.replace('_', ' ')}: {found[name]}")
    output.line(f"simulations: {counts(found['progress'])}")
    output.line(f"scores: {scores(found)}")
    for outcome in ("failed", "undecided"):
        for one in run_client.results(server, run, 20, outcome=outcome):
            output.line(f"{outcome}: {result_line(one)}")
    return None


@app.command()
def compare(
    run: Run,
    other: Annotated[str, typer.Option("--with", help="Earlier run, the baseline.")],
    as_json: Json = False,
) -> None:
    """Compare a run with an earlier one: the scenarios that changed.

    \b
    Examples:
      agent-sessions runs compare 3f2a… --with 884d…
      agent-sessions runs compare 3f2a… --with 884d… --json | jq .counts.regressed
    """
    from .run_client import path  # noqa: PLC0415 - as above

    found = api().json("GET", f"{path(run)}/compare", query={"with": other})
    if as_json:
        return output.document(found)
    changes(found["items"])
    counted = (f"{n} {name.replace('_', ' ')}" for name, n in found["counts"].items() if n)
    return output.note(", ".join(counted) or "no scenario ran in either")


@app.command()
def report(
    run: Run,
    form: Annotated[Form, typer.Option("--format", "-f", help="Form of the report.")] = Form.HTML,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, in place of stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the report of a run, as one HTML page, JUnit XML, Markdown or JSON.

    With --output, --json prints the name and size of the file; without, it is --format json.

    \b
    Examples:
      agent-sessions runs report 3f2a… -o report.html
      agent-sessions runs report 3f2a… --format markdown >> "$GITHUB_STEP_SUMMARY"
    """
    from . import exporting, run_client  # noqa: PLC0415 - as above

    content = run_client.report(api(), run, "json" if as_json and file is None else form.value)
    if file is None:
        return exporting.to_stdout(content)
    size = exporting.to_file(content, file)
    if as_json:
        return output.document({"run_id": run, "file": str(file), "bytes": size})
    return output.note(f"{file}: {size:,} bytes")


@app.command()
def cancel(run: Run, as_json: Json = False) -> None:
    """Cancel a run; its simulations end within a turn.

    \b
    Example:
      agent-sessions runs cancel 3f2a…
    """
    from . import run_client  # noqa: PLC0415 - as above

    found = run_client.cancel(api(), run)
    output.document(found) if as_json else output.line(f"{found['id']}: {found['status']}")


def changes(items: list[dict[str, Any]], reasons: dict[tuple[str, Any], str] | None = None) -> None:
    """Print scenarios of a comparison or a report."""
    columns = ("RESULT", "SCENARIO", "BEFORE", "NOW", *(["REASON"] if reasons else []))
    output.table(columns, (
        (one["change"].replace("_", " "), one["scenario_name"] or one["scenario_id"],
         _passed(one["before"]), _passed(one["now"]),
         *([reasons.get((one["scenario_id"], one["persona_id"]), "")] if reasons else []))
        for one in items
    ))  # fmt: skip


def _passed(tally: dict[str, int] | None) -> str:
    return f"{tally['passed']}/{tally['total']}" if tally else "-"


def counts(progress: dict[str, int]) -> str:
    """Return the counts of a run's simulations in a sentence."""
    names = ("passed", "failed", "undecided", "errors", "cancelled", "budget_exceeded")
    ended = (f"{progress[one]} {one.replace('_', ' ')}" for one in names if progress.get(one))
    return f"{progress['finished']} of {progress['total']} ended: {', '.join(ended) or 'none'}"


def scores(run: dict[str, Any]) -> str:
    """Return the scores of a run in a sentence."""
    flaky = run.get("flaky_scenarios")
    hat = f"pass^{run['repeats']} {rate(run['pass_hat_k'])}"
    tail = "" if flaky is None else f", {flaky} flaky"
    return f"pass@1 {rate(run['pass_at_1'])}, {hat}{tail}"


def rate(value: float | None) -> str:
    """Return a rate in percent; only the whole is 100 %."""
    if value is None:
        return "-"
    text = f"{100 * value:.1f}".removesuffix(".0")
    return "99.9 %" if text == "100" and value < 1 else f"{text} %"


def result_line(one: dict[str, Any]) -> str:
    """Return a result in one line: scenario, repeat, reason, session."""
    reason = "; ".join(one["reasons"]) or one.get("error") or one["status"]
    session = f" ({one['session_id']})" if one.get("session_id") else ""
    return f"{one['scenario_name']}, repeat {one['repeat'] + 1}: {reason}{session}"
