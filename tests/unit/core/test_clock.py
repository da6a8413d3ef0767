"""Timestamps: they round-trip, and sort by time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.core.api_types import UtcDatetime
from shared.core.clock import moment, system_clock, timestamp

# One day within the range of datetime, so that every zone converts to UTC.
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
def test_timestamp_round_trips_in_utc(at: datetime) -> None:
    assert moment(timestamp(at)) == at
    assert moment(timestamp(at)).tzinfo == UTC
    assert timestamp(at).endswith("Z")


@given(MOMENTS, MOMENTS)
def test_timestamps_sort_by_time(one: datetime, other: datetime) -> None:
    assert (timestamp(one) < timestamp(other)) == (one < other)


def test_system_clock_is_in_utc() -> None:
    assert system_clock().utcoffset() == timedelta(0)


def test_time_in_another_zone_is_read_as_utc() -> None:
    body = _Body.model_validate({"at": "2030-01-01T01:30:00+02:00"})
    assert body.model_dump(mode="json") == {"at": "2029-12-31T23:30:00Z"}


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"])
def test_time_outside_the_range_of_utc_is_rejected(text: str) -> None:
    with pytest.raises(ValidationError, match="in the years 1 to 9999"):
        _Body.model_validate({"at": text})
