"""The written form of a moment: it reads back, and sorts by time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.core.clock import UtcDatetime, moment, system_clock, timestamp

# A day from either end of what datetime holds, so that every zone can be shown in UTC.
MOMENTS = st.datetimes(
    datetime.min + timedelta(days=1),  # noqa: DTZ901  # bounds of a strategy are naive
    datetime.max - timedelta(days=1),  # noqa: DTZ901
    timezones=st.sampled_from(
        [UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12, minutes=-30))]
    ),
)


class _Body(BaseModel):
    at: UtcDatetime


@given(MOMENTS)
def test_given_any_moment_when_written_then_it_reads_back_in_utc(at: datetime) -> None:
    assert moment(timestamp(at)) == at
    assert moment(timestamp(at)).tzinfo == UTC
    assert timestamp(at).endswith("Z")


@given(MOMENTS, MOMENTS)
def test_given_two_moments_then_their_texts_sort_as_they_do(one: datetime, other: datetime) -> None:
    assert (timestamp(one) < timestamp(other)) == (one < other)


def test_given_the_system_clock_then_it_tells_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)


def test_given_a_moment_in_another_zone_in_a_request_then_it_is_read_as_utc() -> None:
    body = _Body.model_validate({"at": "2030-01-01T01:30:00+02:00"})
    assert body.model_dump(mode="json") == {"at": "2029-12-31T23:30:00Z"}


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"])
def test_given_a_moment_that_utc_cannot_show_then_the_input_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="outside the years"):
        _Body.model_validate({"at": text})
