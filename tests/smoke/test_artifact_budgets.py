"""Sizes of the built artifact and resources of the stack, at most their budgets."""

from collections.abc import Callable

from benchmarks.artifact import measure
from benchmarks.report.budgets import exceeded, of_artifact, read_budgets, slack


def test_artifact_stays_within_its_budgets(record_property: Callable[[str, str], None]) -> None:
    figures = of_artifact(measure())
    for sentence in slack(figures, read_budgets()):
        record_property("summary", f"tests/budgets.toml: {sentence}")

    assert exceeded(figures, read_budgets()) == []
