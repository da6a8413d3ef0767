"""Distribution of the tests over processes: one stack, and each measurement once."""

from tests.support.grouping import group


def test_tests_of_the_stack_are_one_group() -> None:
    ids = (
        "tests/integration/test_races.py::test_race[a]",
        "tests/smoke/test_built_functions.py::test_starts",
        "tests/browser/test_cross_origin.py::test_page",
    )

    assert {group(one) for one in ids} == {"stack"}


def test_tests_that_share_a_measurement_are_one_group() -> None:
    path = "tests/unit/scenarios/redaction/test_cases.py"

    assert group(f"{path}::test_a[x::y]") == group(f"{path}::test_b") == path


def test_any_other_test_is_its_own_group() -> None:
    ids = ["tests/unit/core/test_ids.py::test_a", "tests/unit/core/test_ids.py::test_b"]

    assert [group(one) for one in ids] == ids
