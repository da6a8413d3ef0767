"""Sample of benchmarks/personal_data/: readable shares of its values, and what must stay."""

from collections.abc import Callable
from functools import cache

import pytest

from benchmarks.personal_data.conversations import SETS, VISIBLE, read_cases
from benchmarks.personal_data.measure import Found, Result, measure_drafts
from benchmarks.personal_data.systems import draft
from benchmarks.personal_data.values import Kind

#: Of each set every third conversation with values, and all with phrases.
STEP = 3
#: Greatest readable share of each kind in the words of drafts.
LIMITS = {
    Kind.NAME: 0.15,
    Kind.ADDRESS: 0.08,
    Kind.PHONE: 0.01,
    Kind.DATE_OF_BIRTH: 0.10,
    Kind.ACCOUNT: 0.03,
    Kind.CARD: 0.03,
    Kind.CREDENTIAL: 0.0,
    Kind.EMAIL: 0.0,
}
NAMES_IN_ENGLISH = 0.08
HARMLESS_PHRASES = 0.04


@cache
def result() -> Result:
    cases = [
        case
        for name in SETS
        for number, case in enumerate(read_cases(name))
        if number % STEP == 0 or case.phrases
    ]
    return measure_drafts(cases, draft)


@pytest.mark.parametrize("kind", LIMITS)
def test_few_values_of_a_kind_are_readable(kind: Kind) -> None:
    assert_few(lambda found: found.planted.value.kind is kind, LIMITS[kind])


def test_few_english_names_are_readable() -> None:
    assert_few(
        lambda found: found.planted.value.kind is Kind.NAME and found.case.group.startswith("en_"),
        NAMES_IN_ENGLISH,
    )


def assert_few(is_meant: Callable[[Found], bool], limit: float) -> None:
    found = [one for one in result().found if is_meant(one)]
    leaked = [described(one) for one in found if one.in_words is not None]
    allowed = int(limit * len(found))
    assert found
    assert len(leaked) <= allowed, f"{len(leaked)} of {len(found)}: {leaked}"


def described(found: Found) -> str:
    """No rule is written for a value of the sets that are only measured, so it is not shown."""
    place = f"{found.case.group}, {found.planted.way}"
    return f"{place}: {found.planted.value.text}" if found.case.set_name in VISIBLE else place


def test_mock_worlds_contain_no_credential() -> None:
    found = [one for one in result().found if one.planted.value.kind is Kind.CREDENTIAL]

    assert not [one.planted.value.group for one in found if one.in_world is not None]


def test_numbers_of_orders_stay_readable() -> None:
    changed = [(one.case.group, one.text) for one in result().changed_numbers]

    assert result().numbers > 100
    assert not changed


def test_harmless_phrases_stay_readable() -> None:
    changed = [(one.case.group, one.text) for one in result().changed_phrases]
    allowed = int(HARMLESS_PHRASES * result().phrases)

    assert len(changed) <= allowed, changed
