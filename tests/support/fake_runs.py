"""API of runs in memory, for tests of the command line: scenarios by script, a check each.

A simulation passes if the agent called every tool of the scenario's world.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from uuid import UUID

import httpx

from shared.core.clock import timestamp
from shared.runs.reports.domain import Result, scores_of, tallies_of
from shared.runs.reports.formats import FORMS, ReportFormat
from shared.runs.reports.report import Baseline, Report
from shared.runs.runs.domain import Run, RunStatus
from shared.runs.simulations.domain import SimulationStatus
from shared.simulation.judging.domain import Outcome
from tests.support.run_results import run as run_of
from tests.support.run_results import scenario_id


@dataclass
class FakeScenario:
    """Scenario: words of the user, and answers of the tools."""

    name: str
    says: tuple[str, ...] = ("Hello",)
    tools: dict[str, Any] = field(default_factory=dict)


@dataclass
class FakeRun:
    """Run with the state of its simulations."""

    run: Run
    body: dict[str, Any]
    turns: dict[int, int] = field(default_factory=dict)
    called: dict[int, list[str]] = field(default_factory=dict)
    said: dict[int, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    results: dict[int, Result] = field(default_factory=dict)
    status: RunStatus = RunStatus.RUNNING


class FakeRuns:
    """Handler of requests; ``pending`` answers so many first turns as not begun."""

    def __init__(self, *scenarios: FakeScenario, pending: int = 0) -> None:
        self.scenarios = scenarios
        self.runs: dict[str, FakeRun] = {}
        self.requests: list[tuple[str, str]] = []
        self.pending = pending
        #: Called with a run before each answer to a GET of it.
        self.on_get: Callable[[FakeRun], None] = lambda _: None
        self._lock = RLock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append((request.method, request.url.path))
            body = json.loads(request.content) if request.content else {}
            return self._answer(request, request.url.path.split("/")[2:], body)

    def _answer(self, request: httpx.Request, path: list[str], body: Any) -> httpx.Response:
        if path == ["runs"] and request.method == "POST":
            return _json(self.document(self._start(body)), 202)
        if path == ["runs"]:
            return _page([self.document(one) for one in reversed(self.runs.values())])
        found = self.runs.get(path[1])
        if found is None:
            return _json({"error": "not_found", "message": "Run not found"}, 404)
        if "simulations" in path:
            return self._simulation(found, int(path[3]), path[4:], body)
        return self._run(request, found, path[2:])

    def _run(self, request: httpx.Request, found: FakeRun, path: list[str]) -> httpx.Response:
        match path:
            case ["results"]:
                outcome = request.url.params.get("outcome")
                items = json.loads(self._written(found, "json"))["results"]
                return _page([one for one in items if outcome in (None, one["outcome"])])
            case ["report"]:
                return httpx.Response(200, text=self._written(found, request.url.params["format"]))
            case ["compare"]:
                report = self._report(found, request.url.params["with"])
                assert report.comparison
                counts = {one.value: n for one, n in report.comparison.counts.items()}
                rows = json.loads("".join(FORMS[ReportFormat.JSON].write(report)))["scenarios"]
                return _json({"items": rows, "counts": counts})
            case ["cancel"]:
                found.status = RunStatus.CANCELLED
            case []:
                self.on_get(found)
        return _json(self.document(found))

    def _simulation(
        self, found: FakeRun, number: int, path: list[str], body: Any
    ) -> httpx.Response:
        scenario = self._scenario(found, number)
        match path:
            case ["turns"]:
                return self._turn(found, number, body)
            case ["tools"]:
                return _json(
                    {"items": [{"name": one, "input_schema": {}} for one in scenario.tools]}
                )
        tool = path[1]
        found.called.setdefault(number, []).append(tool)
        answer = scenario.tools.get(tool)
        return _json({"error": "no answer"} if answer is None else {"output": answer})

    def _written(self, found: FakeRun, form: str) -> str:
        report = self._report(found, found.body.get("baseline_run_id"))
        return "".join(FORMS[ReportFormat(form)].write(report))

    def _start(self, body: dict[str, Any]) -> FakeRun:
        count = len(self.scenarios)
        run = run_of(name=body["name"], target=body["target"], repeats=body["repeats"])
        identifier = UUID(int=len(self.runs) + 1)
        found = FakeRun(_with_id(run, identifier), body)
        self.runs[str(identifier)] = found
        if "relay" not in body["target"]:
            for number in range(count * body["repeats"]):
                self.end(found, number, Outcome.PASSED)
        return found

    def _scenario(self, found: FakeRun, number: int) -> FakeScenario:
        repeats: int = found.body["repeats"]
        return self.scenarios[number // repeats]

    def _turn(self, found: FakeRun, number: int, body: dict[str, Any]) -> httpx.Response:
        if self.pending:
            self.pending -= 1
            return _json({"status": "pending", "turn": 0, "message": None})
        if found.status is not RunStatus.RUNNING:
            return _json({"error": "conflict", "message": "The run has ended"}, 409)
        scenario, turn = self._scenario(found, number), found.turns.get(number, 0)
        if body["turn"] == turn:
            found.turns[number] = turn = turn + 1
            if body.get("message") is not None:
                found.said.setdefault(number, []).append(body["message"])
                found.seconds.append(body["seconds"])
            if body.get("error"):
                self.end(found, number, None, error=body["error"])
            elif turn > len(scenario.says):
                called = set(found.called.get(number, []))
                passed = called >= set(scenario.tools)
                self.end(found, number, Outcome.PASSED if passed else Outcome.FAILED)
        ended = number in found.results
        return _json({
            "status": "completed" if ended else "running", "turn": turn,
            "message": None if ended else scenario.says[turn - 1], "end_reason": None,
            "world": {"mcp_url": f"https://sessions.example/v1/runs/{found.run.id}/mcp"},
        })  # fmt: skip

    def end(
        self, found: FakeRun, number: int, outcome: Outcome | None, error: str | None = None
    ) -> None:
        """End a simulation, and the run with its last one."""
        index, repeat = divmod(number, found.body["repeats"])
        found.results[number] = Result(
            number=number, scenario_id=scenario_id(index), repeat=repeat,
            scenario_name=self.scenarios[index].name, outcome=outcome, error=error,
            status=SimulationStatus.COMPLETED if outcome else SimulationStatus.FAILED,
            reasons=("a tool was not called (event 3)",) if outcome is Outcome.FAILED else (),
        )  # fmt: skip
        if len(found.results) == len(self.scenarios) * found.body["repeats"]:
            found.status = RunStatus.COMPLETED

    def _report(self, found: FakeRun, baseline: str | None) -> Report:
        before = self.runs.get(baseline or "")
        return Report(
            run=found.run, results=[one for _, one in sorted(found.results.items())],
            baseline=Baseline(run=before.run, tallies=tallies_of(before.results.values()))
            if before else None,
        )  # fmt: skip

    def document(self, found: FakeRun) -> dict[str, Any]:
        """Return a run as the API has it."""
        results, repeats = list(found.results.values()), found.body["repeats"]
        scores = scores_of(tallies_of(results).values(), repeats)
        outcomes = [one.verdict for one in results]
        names = {
            "passed": "passed",
            "failed": "failed",
            "undecided": "undecided",
            "errors": "error",
        }
        return {
            "id": str(found.run.id), "name": found.run.spec.name, "status": found.status.value,
            "target": found.body["target"], "repeats": repeats, "error": None,
            "max_concurrency": found.body.get("max_concurrency", 4),
            "progress": {
                "total": len(self.scenarios) * repeats, "finished": len(results), "cancelled": 0,
                "budget_exceeded": 0, **{one: outcomes.count(name) for one, name in names.items()},
            },
            "totals": {"turns": 1, "tool_calls": 0, "input_tokens": 2, "output_tokens": 3,
                       "cost_usd": None, "seconds": 0.5,
                       "tester_input_tokens": 0, "tester_output_tokens": 0},
            "pass_at_1": scores.pass_at_1, "pass_hat_k": scores.pass_hat_k,
            "flaky_scenarios": scores.flaky, "created_at": timestamp(found.run.created_at),
            "finished_at": None,
        }  # fmt: skip


def _with_id(run: Run, identifier: UUID) -> Run:
    return Run(
        id=identifier, organization_id=run.organization_id, spec=run.spec, status=run.status,
        created_by=run.created_by, created_at=run.created_at,
    )  # fmt: skip


def _json(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=body)


def _page(items: list[Any]) -> httpx.Response:
    return _json({"items": items, "next_cursor": None, "has_more": False})
