"""Comparison of two runs: the changes of scenarios, and their chance."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runs.reports.comparison import Change, Comparison, compare, fisher_p, sign_p
from shared.runs.reports.domain import tallies_of
from tests.support.run_results import results


def comparison(before: list[str], now: list[str]) -> Comparison:
    return compare(tallies_of(results(*before)), tallies_of(results(*now)))


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        ("p", "f", Change.REGRESSED),
        ("ppp", "fff", Change.REGRESSED),
        ("ppp", "eee", Change.REGRESSED),
        ("ppp", "uuu", Change.REGRESSED),
        ("fff", "ppp", Change.FIXED),
        ("fff", "eee", Change.STILL_FAILING),
        ("ppp", "ppp", Change.STILL_PASSING),
        ("ppp", "p", Change.STILL_PASSING),
        ("ppp", "ppf", Change.FLAKY),
        ("pff", "fff", Change.FLAKY),
        ("pff", "ppp", Change.FLAKY),
        ("pf", "pf", Change.FLAKY),
        ("p" * 16, "p" * 10 + "f" * 6, Change.REGRESSED),
        ("p" * 16, "p" * 12 + "f" * 4, Change.FLAKY),
        ("p" * 2 + "f" * 14, "p" * 14 + "f" * 2, Change.FIXED),
        ("", "p", Change.NEW),
        ("cc", "p", Change.NEW),
        ("p", "", Change.REMOVED),
        ("p", "-", Change.REMOVED),
    ],
)
def test_change_of_a_scenario(before: str, now: str, change: Change) -> None:
    found = comparison([before], [now])

    assert [one.change for one in found.changes] == [change]
    assert found.counts[change] == 1


def test_scenario_without_a_counted_repeat_in_both_runs_is_no_change() -> None:
    assert comparison(["cc"], ["-"]).changes == ()


def test_one_repeat_proves_nothing() -> None:
    [change] = comparison(["p"], ["f"]).changes

    assert change.change is Change.REGRESSED
    assert change.p_value == 1.0


def test_rates_are_those_of_the_scenarios_of_both_runs() -> None:
    found = comparison(["pp", "pf", "pp"], ["pp", "ff", "", "ff"])

    assert (found.rate_before, found.rate_now) == (0.75, 0.5)
    assert (found.better, found.worse) == (0, 1)
    assert found.p_value == 1.0


def test_regressed_scenarios_come_first_the_largest_loss_ahead() -> None:
    long = "p" * 16
    found = comparison([long, "p", "f", long], [long, "f", "p", "p" * 4 + "f" * 12])

    assert [one.name for one in found.changes] == [
        "Scenario 1", "Scenario 3", "Scenario 2", "Scenario 0",
    ]  # fmt: skip


def test_runs_without_a_common_scenario_have_no_rates() -> None:
    found = compare(tallies_of(results("p")), tallies_of(results("p", first=7)))

    assert (found.rate_before, found.rate_now, found.p_value) == (None, None, None)


def test_fisher_p_of_known_tables() -> None:
    assert fisher_p(3, 3, 0, 3) == pytest.approx(0.1)
    assert fisher_p(8, 10, 1, 10) == pytest.approx(0.005477494)
    assert fisher_p(5, 5, 5, 5) == 1.0


@given(st.integers(1, 16), st.integers(1, 16), st.data())
def test_fisher_p_is_a_symmetric_probability(total: int, other: int, data: st.DataObject) -> None:
    passed, other_passed = data.draw(st.integers(0, total)), data.draw(st.integers(0, other))

    p_value = fisher_p(passed, total, other_passed, other)

    assert 0 < p_value <= 1
    assert p_value == pytest.approx(fisher_p(other_passed, other, passed, total))


@given(st.integers(0, 30), st.integers(0, 30))
def test_sign_p_is_the_exact_two_sided_binomial(better: int, worse: int) -> None:
    changed = better + worse
    tail = sum(comb(changed, one) for one in range(min(better, worse) + 1)) / 2**changed

    assert sign_p(better, worse) == pytest.approx(min(1.0, 2 * tail))


def test_sign_p_of_ten_thousand_scenarios_is_no_overflow() -> None:
    assert sign_p(0, 10_000) == pytest.approx(0.0)
    assert 0 < sign_p(4_900, 5_100) < 0.05
