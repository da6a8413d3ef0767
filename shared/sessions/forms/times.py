"""Times of messages in captured conversations: RFC 3339 text, or a number since 1970."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from shared.sessions.forms.steps import refuse

#: Keys of a message's time in the known forms, in order of preference.
TIME_KEYS = (
    "timestamp", "created_at", "createdAt", "created", "create_time", "createTime",
    "sent_at", "sentAt", "time", "date", "datetime", "ts", "start_time", "startTime",
    "timeUnixNano", "time_unix_nano", "startTimeUnixNano", "start_time_unix_nano",
    "observed_timestamp", "observedTimeUnixNano", "observed_time_unix_nano",
)  # fmt: skip
#: Units of a number, by its size: seconds, milliseconds, microseconds, nanoseconds.
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
_NUMBER = re.compile(r"\d+(\.\d+)?")
_RULE = "must be a time: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970"
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def time_of(path: str, fields: dict[str, Any]) -> datetime | None:
    """Return the time of a message, an event or a line; None if it has none.

    Raises ``InvalidInput`` for a value that is no time.
    """
    for key in TIME_KEYS:
        if (value := fields.get(key)) not in (None, "", 0):
            return parse_time(f"{path}.{key}" if path else key, value)
    metadata = fields.get("metadata")
    if isinstance(metadata, dict):
        for key in ("timestamp", "created_at", "createdAt"):
            if (value := metadata.get(key)) not in (None, "", 0):
                return parse_time(f"{path}.metadata.{key}" if path else f"metadata.{key}", value)
    return None


def parse_time(path: str, value: Any) -> datetime:
    """Return a time in UTC; text without an offset is in UTC already."""
    try:
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = float(value) if "." in value else int(value)
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        elif type(value) in (int, float) and math.isfinite(value):
            unit = next((unit for limit, unit in _UNITS if abs(value) < limit), None)
            found = datetime.fromtimestamp(value / unit, UTC) if unit else refuse(path, _RULE)
        else:
            refuse(path, _RULE)
    except (ValueError, OverflowError, OSError):
        refuse(path, _RULE)
    if found < _EARLIEST:
        refuse(path, "must not be before 1970")
    return found
