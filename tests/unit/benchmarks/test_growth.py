"""Growth of calls: requests and units do not depend on the size of a list or of a log."""

from itertools import groupby

import pytest

from benchmarks.growth import measure
from benchmarks.growth_world import CALLS

#: Both have more than a page.
SIZES = (1_000, 5_000)


def test_requests_and_units_of_a_call_are_the_same_at_each_size() -> None:
    """But those of drafts, which read the whole conversation."""
    calls = [one for one in CALLS if one.kind != "draft"]

    found = measure(SIZES, calls)

    for name, costs in groupby(found, key=lambda one: (one.kind, one.name)):
        few, many = costs
        assert many.requests == few.requests, name
        # Of two equal pages, one may have longer numbers and begin 4 KB more.
        assert many.reads == pytest.approx(few.reads, abs=1), name
        assert many.writes == few.writes, name
