"""Cost table of the README: what follows from measured units and list prices."""

from benchmarks.price import measure
from benchmarks.report.readme import cost_section, stated_section


def test_readme_states_the_computed_cost_of_a_million_sessions() -> None:
    """`.venv/dev/bin/python -m benchmarks.report --readme` writes the section anew."""
    assert stated_section() == cost_section(measure())
