"""The time, passed in so that tests can fix it, and its one written form."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

type Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC with microseconds; the text sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read what :func:`timestamp` wrote."""
    return datetime.fromisoformat(text)


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from error


#: A moment in a request, in any zone; read as UTC, so that it is answered the same when it
#: is new as when it was stored.
UtcDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
