"""Commands about runs: list, show, compare, report, cancel."""

from pathlib import Path

import pytest

from shared.runs.runs.domain import RunStatus
from shared.simulation.judging.domain import Outcome
from tests.support.fake_runs import FakeRuns, FakeScenario
from tests.unit.cli.conftest import CommandLine


@pytest.fixture
def runs(cli: CommandLine) -> FakeRuns:
    """Two runs of two scenarios: in the second one, one regressed."""
    found = FakeRuns(FakeScenario("Broken lamp"), FakeScenario("Late parcel"))
    cli.talks_to(found)
    for options in ((), ("--baseline", "last")):
        assert cli("run", "--tag", "a", "--agent", "b", *options).status == 0
    found.end(list(found.runs.values())[1], 0, Outcome.FAILED)
    return found


def test_runs_are_listed_newest_first(cli: CommandLine, runs: FakeRuns) -> None:
    second, first = runs.runs.values().__reversed__()

    lines = cli("runs", "list").out.splitlines()

    assert [line.split("\t")[0] for line in lines] == [str(second.run.id), str(first.run.id)]
    assert lines[0].endswith("1/2\t50 %")
    assert [one["id"] for one in cli("runs", "list", "--json").lines] == [
        str(second.run.id), str(first.run.id),
    ]  # fmt: skip


def test_run_is_shown_with_what_did_not_pass(cli: CommandLine, runs: FakeRuns) -> None:
    done = cli("runs", "show", list(runs.runs)[1])

    assert "simulations: 2 of 2 ended: 1 passed, 1 failed\n" in done.out
    assert "scores: pass@1 50 %, pass^1 50 %, 0 flaky\n" in done.out
    assert "failed: Broken lamp, repeat 1: a tool was not called (event 3)\n" in done.out
    assert cli("runs", "show", list(runs.runs)[1], "--json").json["progress"]["failed"] == 1


def test_comparison_shows_the_changes(cli: CommandLine, runs: FakeRuns) -> None:
    first, second = runs.runs

    done = cli("runs", "compare", second, "--with", first)

    assert done.out.splitlines() == [
        "regressed\tBroken lamp\t1/1\t0/1", "still passing\tLate parcel\t1/1\t1/1",
    ]  # fmt: skip
    assert done.err == "1 regressed, 1 still passing\n"
    found = cli("runs", "compare", second, "--with", first, "--json").json
    assert found["counts"]["regressed"] == 1


def test_report_is_written_in_each_form(cli: CommandLine, runs: FakeRuns, tmp_path: Path) -> None:
    run = list(runs.runs)[1]

    assert cli("runs", "report", run).out.startswith("<!doctype html>")
    assert cli("runs", "report", run, "-f", "markdown").out.startswith("### a: 50 % passed")
    assert cli("runs", "report", run, "--json").json["run_id"] == run
    done = cli("runs", "report", run, "-f", "junit", "-o", tmp_path / "out.xml", "--json")
    assert done.json["bytes"] == (tmp_path / "out.xml").stat().st_size


def test_run_is_cancelled(cli: CommandLine, runs: FakeRuns) -> None:
    run = next(iter(runs.runs))

    assert cli("runs", "cancel", run).out == f"{run}: cancelled\n"
    assert runs.runs[run].status is RunStatus.CANCELLED


@pytest.mark.parametrize(
    "words",
    [("show", "x"), ("cancel", "x"), ("report", "x"), ("compare", "x", "--with", "y")],
    ids=" ".join,
)
def test_unknown_run_is_not_found(cli: CommandLine, runs: FakeRuns, words: tuple[str, ...]) -> None:
    assert cli("runs", *words).status == 5
