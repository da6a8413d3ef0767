"""Scores: pass@1, pass^k and flaky of a run's results."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runs.reports.domain import Scores, scores_of, tallies_of
from tests.support.run_results import result, results


def scores(*scenarios: str, k: int) -> Scores:
    return scores_of(tallies_of(results(*scenarios)).values(), k)


def test_pass_at_1_is_the_mean_of_the_scenarios_pass_rates() -> None:
    found = scores("ppp", "pff", "fff", k=3)

    assert found.pass_at_1 == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert found.pass_hat_k == pytest.approx(1 / 3)
    assert (found.flaky, found.units) == (1, 3)


def test_errors_and_undecided_do_not_pass_and_are_not_flaky() -> None:
    found = scores("pe", "pu", "pf", k=2)

    assert found.pass_at_1 == pytest.approx(0.5)
    assert found.flaky == 1


def test_cancelled_over_budget_and_open_simulations_do_not_count() -> None:
    found = scores("pcb", "-cc", k=1)

    assert (found.pass_at_1, found.pass_hat_k, found.units) == (1.0, 1.0, 1)


def test_run_without_a_counted_result_has_no_scores() -> None:
    found = scores("cc", "--", k=2)

    assert (found.pass_at_1, found.pass_hat_k, found.units) == (None, None, 0)


def test_scenario_with_fewer_repeats_than_k_is_left_out_of_pass_hat_k() -> None:
    found = scores("ppc", "fff", k=3)

    assert (found.pass_at_1, found.pass_hat_k) == (0.5, 0.0)


def test_personas_are_units_of_their_own() -> None:
    tallies = tallies_of([result(0, "p"), result(1, "f", persona_id=result(0).scenario_id)])

    assert [one.passed for one in tallies.values()] == [1, 0]
    assert scores_of(tallies.values(), 1).flaky == 0


def test_tally_has_the_numbers_of_what_did_not_pass() -> None:
    [tally] = tallies_of(results("pfeuc")).values()

    assert tally.numbers == [1, 2, 3]
    assert (tally.passed, tally.failed, tally.errors, tally.undecided) == (1, 1, 1, 1)
    assert (tally.left_out, tally.counted) == (1, 4)


@given(st.text("pf", min_size=1, max_size=8), st.data())
def test_pass_hat_k_is_the_share_of_draws_in_which_all_pass(
    letters: str, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(letters)))

    draws = [all(one == "p" for one in draw) for draw in combinations(letters, k)]
    assert scores(letters, k=k).pass_hat_k == pytest.approx(sum(draws) / len(draws))
