"""Test of an agent: a run of scenarios from its start to the verdict, and its files."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import exporting, output, run_client
from .client import Api
from .errors import Failure, Status
from .local_agents import LocalAgent
from .relaying import Relay
from .runs import changes, counts, scores
from .watching import Watch

#: Scenarios that are printed, at most.
_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Conditions under which a run passes: the least pass@1, and no regressed scenario."""

    fail_under: float = 1.0
    on_regression: bool = False

    def reasons(self, run: dict[str, Any], scenarios: list[dict[str, Any]]) -> list[str]:
        """Return the reasons why a run does not pass; none if it does."""
        found = []
        if run["status"] != "completed":
            found.append(f"the run is {run['status'].replace('_', ' ')}"
                         + (f": {run['error']}" if run.get("error") else ""))  # fmt: skip
        rate = run["pass_at_1"]
        if rate is None:
            found.append("no simulation has a verdict")
        elif rate < self.fail_under:
            found.append(f"pass@1 {rate:.4g} is below {self.fail_under:g}")
        regressed = sum(one["change"] == "regressed" for one in scenarios)
        if self.on_regression and regressed:
            found.append(f"{regressed} scenario{'s' * (regressed > 1)} regressed")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A run to start or to take up, its agent on this machine, its gate and its files."""

    body: dict[str, Any] = field(default_factory=dict)
    resume: str | None = None
    agent: Callable[[], LocalAgent] | None = None
    gate: Gate = field(default_factory=Gate)
    files: dict[str, Path] = field(default_factory=dict)
    as_json: bool = False

    def run(self, api: Api) -> list[str]:
        """Run it to its end; return the reasons why it does not pass."""
        run = run_client.get(api, self.resume) if self.resume else run_client.start(api, self.body)
        output.note(f"run {run['id']}: {run['progress']['total']} simulations")
        try:
            run = self._until_end(api, run)
        except (KeyboardInterrupt, Failure):
            self._cancel(api, run["id"])
            raise
        report = json.loads(b"".join(run_client.report(api, run["id"], "json")))
        for form, file in self.files.items():
            exporting.to_file(run_client.report(api, run["id"], form), file)
        reasons = self.gate.reasons(run, report["scenarios"])
        self._print(run, report, reasons)
        return reasons

    def _until_end(self, api: Api, run: dict[str, Any]) -> dict[str, Any]:
        if self.agent is None:
            return Watch(api).until_end(run)
        with ExitStack() as opened:
            relay = opened.enter_context(Relay(api, run, self.agent()))
            run = Watch(api, relay.stopped.wait).until_end(run)
        if relay.failure:
            raise relay.failure
        return run

    def _cancel(self, api: Api, run: str) -> None:
        try:
            run_client.cancel(api, run)
        except Failure as failure:
            output.note(f"the run could not be cancelled: {failure.message}")
        else:
            output.note(f"the run {run} is cancelled")

    def _print(self, run: dict[str, Any], report: dict[str, Any], reasons: list[str]) -> None:
        if self.as_json:
            document = {"passed": not reasons, "reasons": reasons, "run": run}
            return output.document(document | {"scenarios": report["scenarios"]})
        scenarios = report["scenarios"]
        changes(scenarios[:_SHOWN], _first_reasons(report["results"]))
        if len(scenarios) > _SHOWN:
            output.note(f"{len(scenarios) - _SHOWN} more scenarios are in the reports")
        output.line(f"{scores(run)}; {counts(run['progress'])}")
        return None


def _first_reasons(results: list[dict[str, Any]]) -> dict[tuple[str, Any], str]:
    """Return a reason for each scenario and persona that did not always pass."""
    found: dict[tuple[str, Any], str] = {}
    for one in results:
        if one["outcome"] != "passed" and one["status"] in ("completed", "failed"):
            reason = "; ".join(one["reasons"]) or one["error"] or str(one["outcome"])
            found.setdefault((one["scenario_id"], one["persona_id"]), reason)
    return found


def check_files(files: dict[str, Path]) -> None:
    """Refuse, before anything runs, files that could not be written."""
    for form, file in files.items():
        if not file.absolute().parent.is_dir() or file.is_dir():
            raise Failure(f"--{form}: {file.parent} must be a folder, and {file.name} a file in it",
                          Status.USAGE)  # fmt: skip
