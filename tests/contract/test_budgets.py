"""Requests and capacity units of operations, at most their budgets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.operations import measure
from benchmarks.report.budgets import (
    Figures,
    exceeded,
    of_operations,
    read_budgets,
    slack,
    write_budgets,
)

BUDGETS: Figures = {"requests": {"open": 5, "get": 1}}


def test_operations_stay_within_their_budgets(record_property: Callable[[str, str], None]) -> None:
    figures = of_operations(measure())
    for sentence in slack(figures, read_budgets()):
        record_property("summary", f"tests/budgets.toml: {sentence}")

    assert exceeded(figures, read_budgets()) == []


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"open": 6, "get": 1}, "open: 6 requests, above the budget of 5."),
        ({"open": 5, "get": 1, "list": 2}, "list: 2 requests, without a budget."),
        ({"open": 5}, "get: has a budget of requests and no figure."),
    ],
)
def test_figure_that_differs_from_its_budget_is_named(
    figures: dict[str, float], fault: str
) -> None:
    [sentence] = exceeded({"requests": figures}, BUDGETS)

    assert sentence.startswith(fault)
    assert sentence.endswith("-m benchmarks.report --budgets` writes the present figures.")


def test_size_may_exceed_its_budget_by_what_builds_differ() -> None:
    budgets = {"zipped KB": {"layer": 1000.0}}

    assert exceeded({"zipped KB": {"layer": 1049}}, budgets) == []
    assert len(exceeded({"zipped KB": {"layer": 1051}}, budgets)) == 1


def test_budget_that_is_a_fifth_too_high_is_named() -> None:
    [sentence] = slack({"requests": {"open": 3, "get": 1}}, BUDGETS)

    assert sentence.startswith("open: 3 requests, far below the budget of 5.")
    assert slack({"requests": {"open": 4, "get": 1}}, BUDGETS) == []


def test_written_budgets_are_read_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "budgets.toml"
    write_budgets(BUDGETS | {"read units": {"turn 1,000": 0.5}}, file)

    assert read_budgets(file) == BUDGETS | {"read units": {"turn 1,000": 0.5}}
