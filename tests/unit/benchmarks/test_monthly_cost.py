"""Bill of benchmarks/monthly_cost.py: tiers, and lines that follow from the numbers of sessions."""

import pytest

from benchmarks.monthly_cost import API_TIERS, measure, tiered


@pytest.mark.parametrize(
    ("millions", "dollars"),
    [(0, 0), (100, 350), (333, 333 * 3.5), (2_100, 333 * 3.5 + 667 * 2.8 + 1_100 * 2.38)],
)
def test_each_part_of_a_quantity_has_the_price_of_its_tier(millions: int, dollars: float) -> None:
    assert tiered(millions, API_TIERS) == pytest.approx(dollars)


def test_lines_are_quantities_at_prices_and_grow_with_the_sessions() -> None:
    one, ten = measure(sessions=1_000_000, turns=2), measure(sessions=10_000_000, turns=2)

    for line in one.lines:
        assert line.quantity * line.price == pytest.approx(line.dollars), line
        assert line.dollars > 0, line
    assert ten.dollars == pytest.approx(10 * one.dollars, rel=0.01)  # log lines have times
    assert [rate.mean for rate in ten.rates] == pytest.approx(
        [10 * rate.mean for rate in one.rates]
    )
