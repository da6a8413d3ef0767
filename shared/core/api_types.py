"""Pydantic types common to the API models of several areas."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be in the years 1 to 9999 in UTC") from error


#: A moment in a request, in any zone; converted to UTC, so that the answer to a write equals
#: the answer to a later read.
UtcDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
