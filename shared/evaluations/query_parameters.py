"""Query parameters of the lists, in each encoding that clients use.

Arrays are sent as ``ids=a&ids=b``, ``ids[]=a&ids[]=b`` or ``ids[0]=a&ids[1]=b``; an order as
``sort=createdAt,desc``, ``sort[]=createdAt&sort[]=desc`` or ``sort=-createdAt``. Unknown
parameters are ignored, since clients may be newer than the service, and named in the response;
but the singular of a filter is rejected, because ignoring it would return the unfiltered list.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic.alias_generators import to_snake

from shared.core.api_types import MAX_CURSOR
from shared.core.errors import InvalidInput
from shared.evaluations.list_windows import Window

#: Values of one filter, and characters of a value, at most.
MAX_VALUES = 100
MAX_VALUE = 1024
#: Entries of one response, at most and by default.
MAX_LIMIT = 10_000
#: Skipped entries, at most; ``list_windows.MAX_ENTRIES`` ends a slow request long before.
MAX_OFFSET = 1_000_000

#: Description of a filter; with a schema, if the filter is not an array of strings.
type Declaration = str | tuple[str, dict[str, Any]]

#: Description of the filter that all lists have.
IDS = "Only these ids; an unknown id is an error"

_NAME = re.compile(r"([A-Za-z]+)(?:\[\d*\])?")
#: Number as Python and JavaScript write it.
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,30})?(e-[0-9]{1,3})?")
_PAGING = ("limit", "offset", "cursor")
#: Singulars of filters that are not formed by dropping the last letter.
_SINGULARS = {"statuses": "status", "strategies": "strategy"}


class ListParameters:
    """Query parameters of one request for a list."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        self._parameters: dict[str, str] = {}
        self._read: set[str] = set()
        for name, value in pairs:
            found = _NAME.fullmatch(name)
            self._parameters[name] = found[1] if found else name
            if found:
                self._values.setdefault(found[1], []).append(value)

    @property
    def filters(self) -> dict[str, list[str]]:
        """Parameters that a cursor is bound to: all but those of paging."""
        return {name: values for name, values in self._values.items() if name not in _PAGING}

    @property
    def ignored(self) -> list[str]:
        """Names of the parameters, as sent, that were not read so far."""
        return [name for name, read_as in self._parameters.items() if read_as not in self._read]

    @property
    def cursor(self) -> str | None:
        return self._take("cursor", MAX_CURSOR)[-1] if self.has("cursor") else None

    def has(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """Return the last value of a parameter; empty if it was not sent."""
        return (self._take(name) or [""])[-1]

    def array(self, name: str, most: int = MAX_VALUES) -> tuple[str, ...]:
        """Return the distinct values of a filter."""
        if (singular := _SINGULARS.get(name, name.removesuffix("s"))) in self._values:
            raise InvalidInput(f"{singular}: is not a filter of this list; use {name}.")
        values = self._take(name)
        if len(values) > most:
            raise InvalidInput(f"{name}: must have at most {most} values.")
        return tuple(dict.fromkeys(values))

    def arrays(self, names: Iterable[str]) -> dict[str, Any]:
        """Return several filters by their names in snake_case."""
        return {to_snake(name): self.array(name) for name in names}

    def integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Return an integer within bounds."""
        text = (self._take(name) or [str(default)])[-1]
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise InvalidInput(f"{name}: must be an integer from {lowest} to {highest}.")
        return int(text)

    def share(self, name: str) -> float | None:
        """Return a number from 0 to 1; None if it was not sent."""
        if not self.has(name):
            return None
        text = self.text(name)
        if not _SHARE.fullmatch(text) or not 0 <= float(text) <= 1:
            raise InvalidInput(f"{name}: must be a number from 0 to 1.")
        return float(text)

    def flag(self, name: str) -> bool | None:
        """Return a boolean in any case, as Python writes it too; None if it was not sent."""
        if not self.has(name):
            return None
        text = self.text(name).lower()
        if text not in ("true", "false"):
            raise InvalidInput(f"{name}: must be true or false.")
        return text == "true"

    def window(self, *sortable: str, after: str | None = None) -> Window:
        """Return order and page; ``sortable`` are the fields to sort by, or ``createdAt``."""
        sort_by, ascending = self._sort(sortable or ("createdAt",))
        if after is not None and self.has("offset"):
            raise InvalidInput("offset: cannot be used together with cursor.")
        return Window(
            created_from=self.moment("fromCreatedAt"),
            created_to=self.moment("toCreatedAt"),
            sort_by=sort_by,
            ascending=ascending,
            limit=self.integer("limit", MAX_LIMIT, 1, MAX_LIMIT),
            offset=self.integer("offset", 0, 0, MAX_OFFSET),
            after=after,
        )

    def _take(self, name: str, longest: int = MAX_VALUE) -> list[str]:
        """Return the values of a parameter, which counts as read from then on."""
        self._read.add(name)
        values = self._values.get(name, [])
        if any(len(value) > longest for value in values):
            raise InvalidInput(f"{name}: must have at most {longest} characters.")
        return values

    def moment(self, name: str) -> datetime | None:
        """Return a time in UTC; None if it was not sent."""
        if not self.has(name):
            return None
        # A plus sign that was not percent-encoded arrives as a space.
        text = re.sub(r" (\d\d:?\d\d)$", r"+\1", self.text(name))
        try:
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidInput(f"{name}: must be an ISO 8601 date and time.") from error

    def _sort(self, sortable: tuple[str, ...]) -> tuple[str, bool]:
        """Return field and direction; without a parameter no field, and newest first."""
        words = [word for value in self._take("sort") for word in value.split(",")]
        if not words:
            return "", False
        field, descending = words[0].removeprefix("-"), words[0].startswith("-")
        direction = words[1].lower() if len(words) > 1 else ("desc" if descending else "asc")
        if field not in sortable or direction not in ("asc", "desc") or len(words) > 2:
            raise InvalidInput(
                f"sort: must be {' or '.join(sortable)}, then asc or desc, "
                "as in sort=createdAt,desc."
            )
        return field, direction == "asc"


def parameters(filters: Mapping[str, Declaration]) -> dict[str, Any]:
    """Return the OpenAPI parameters of a list, for ``openapi_extra``.

    ``filters`` are the list's own; order and page are common to all lists.
    """
    texts = {"type": "array", "items": {"type": "string", "maxLength": MAX_VALUE}}
    moment = {"type": "string", "format": "date-time"}
    declared = {
        **{
            name: (one, texts | {"maxItems": MAX_VALUES}) if isinstance(one, str) else one
            for name, one in filters.items()
        },
        "sort": (
            "Field and direction, as in `sort=createdAt&sort=desc`",
            texts | {"maxItems": 2},
        ),
        "limit": (
            "Maximum number of entries; fewer, with a cursor, if they are large",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
        ),
        "offset": (
            "Number of entries to skip",
            {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        ),
        "cursor": (
            "`X-Next-Cursor` of the previous page; costs the same on every page",
            {"type": "string", "maxLength": MAX_CURSOR},
        ),
        "fromCreatedAt": ("Created at this time or later (ISO 8601)", moment),
        "toCreatedAt": ("Created at this time or earlier (ISO 8601)", moment),
    }
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (text, schema) in declared.items()
        ]
    }
