"""The parameters of the lists, in all the ways clients write them.

Arrays come as ``ids=a&ids=b``, ``ids[]=a&ids[]=b`` or ``ids[0]=a&ids[1]=b``; an order as
``sort=createdAt,desc``, ``sort[]=createdAt&sort[]=desc`` or ``sort=-createdAt``.
Parameters that a list does not know are let pass, as clients may be newer than the service;
but the singular of a filter is a slip that would let all rows pass, and is refused.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from shared.core.errors import InvalidInput
from shared.evaluations.filters import (
    ParentFilter,
    ResultFilter,
    SessionFilter,
    TestCaseFilter,
    VersionFilter,
    Window,
)
from shared.evaluations.models import SessionStatus

#: Values of one filter, at most.
MAX_VALUES = 100
#: Rows of one answer, at most, and unless fewer are asked for.
MAX_LIMIT = 10_000
#: Rows passed over, at most. Long before, ``filters.MAX_ROWS`` stops what gets too slow.
MAX_OFFSET = 1_000_000

#: What a filter says; of one that takes a single value and not an array, with its schema.
type Declared = str | tuple[str, dict[str, Any]]

#: A vote is this or its negative, at most; clients send -1, 0 and 1.
MAX_SCORE = 1_000_000

_NAME = re.compile(r"([A-Za-z]+)(?:\[\d*\])?")
_PAGING = ("limit", "offset", "cursor")
#: Of the filters whose singular is not just without its last letter.
_SINGULARS = {"statuses": "status", "strategies": "strategy"}

#: The filters of a list of sessions, and what each says.
SESSION_FILTERS = {
    "ids": "Only these; one that does not exist is an error",
    "customIds": "Only of these custom ids",
    "productIds": "Only of versions of these products",
    "versionIds": "Only of these versions",
    "testCaseIds": "Only of these test cases",
    "testIds": "Only of test cases of these tests; an empty value: without a test",
    "excludeTestIds": "None of test cases of these tests; an empty value: none without a test",
    "statuses": "Only of these statuses",
    "userIds": "Only opened by these API keys",
}

#: Those of the lists of products, versions, tests and test cases.
PRODUCT_FILTERS = {
    "ids": "Only these; one that does not exist is an error",
    "names": "Only of these names",
}
_OF_PRODUCTS = {**PRODUCT_FILTERS, "productIds": "Only of these products"}
VERSION_FILTERS = {
    **_OF_PRODUCTS,
    "parentVersionIds": "Only made from these versions; that is not kept here, so none match",
}
TEST_FILTERS = {**_OF_PRODUCTS, "types": "Only of these types"}
TEST_CASE_FILTERS: dict[str, Declared] = {
    "ids": PRODUCT_FILTERS["ids"],
    "testIds": "Only of these tests",
    "languages": "Only in these languages, by language code",
    "variants": "Only of these variants",
    "strategies": "Only of these strategies",
    "expectedTools": "Only those that expect all of these tools",
    "reviewed": ("Only those that someone has reviewed, or that nobody has", {"type": "boolean"}),
    "userScore": (
        "Only of this vote: 1 good, -1 bad, 0 none",
        {"type": "integer", "minimum": -MAX_SCORE, "maximum": MAX_SCORE},
    ),
    "input": ("Only those with this text in their input, in any case", {"type": "string"}),
}
#: Those of a list of turns.
RESULT_FILTERS = {
    "ids": PRODUCT_FILTERS["ids"],
    "sessionIds": "Only of these sessions",
    "evaluationIds": "Only of these evaluations; none are kept here, so none match",
}


class ListParameters:
    """The query parameters of one request for a list."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if found := _NAME.fullmatch(name):
                self._values.setdefault(found[1], []).append(value)

    @property
    def filters(self) -> dict[str, list[str]]:
        """What a cursor is bound to: all but where in the list to read."""
        return {name: values for name, values in self._values.items() if name not in _PAGING}

    @property
    def cursor(self) -> str | None:
        return self._values.get("cursor", [None])[-1]

    def sessions(self) -> SessionFilter:
        """Return the filter of a list of sessions."""
        statuses = self._array("statuses")
        for status in statuses:
            if status not in SessionStatus.__members__:
                raise InvalidInput("statuses: expected PENDING, COMPLETED or FAILED.")
        return SessionFilter(
            ids=self._array("ids"),
            custom_ids=self._array("customIds"),
            product_ids=self._array("productIds"),
            version_ids=self._array("versionIds"),
            test_case_ids=self._array("testCaseIds"),
            test_ids=self._array("testIds"),
            exclude_test_ids=self._array("excludeTestIds"),
            statuses=statuses,
            user_ids=self._array("userIds"),
        )

    def products(self) -> ParentFilter:
        """Return the filter of a list of products."""
        return ParentFilter(ids=self._array("ids"), names=self._array("names"))

    def versions(self) -> VersionFilter:
        """Return the filter of a list of versions."""
        return VersionFilter(
            ids=self._array("ids"),
            names=self._array("names"),
            parent_ids=self._array("productIds"),
            origins=self._array("parentVersionIds"),
        )

    def tests(self) -> ParentFilter:
        """Return the filter of a list of tests."""
        return ParentFilter(
            ids=self._array("ids"),
            names=self._array("names"),
            parent_ids=self._array("productIds"),
            types=self._array("types"),
        )

    def test_cases(self) -> TestCaseFilter:
        """Return the filter of a list of test cases."""
        score = "userScore" in self._values
        return TestCaseFilter(
            ids=self._array("ids"),
            parent_ids=self._array("testIds"),
            languages=self._array("languages"),
            variants=self._array("variants"),
            strategies=self._array("strategies"),
            expected_tools=self._array("expectedTools"),
            reviewed=self._flag("reviewed"),
            user_score=self._integer("userScore", 0, -MAX_SCORE, MAX_SCORE) if score else None,
            text=self._values.get("input", [""])[-1],
        )

    def results(self) -> ResultFilter:
        """Return the filter of a list of turns."""
        return ResultFilter(
            ids=self._array("ids"),
            session_ids=self._array("sessionIds"),
            evaluation_ids=self._array("evaluationIds"),
        )

    def window(self, *sortable: str, after: str | None = None) -> Window:
        """Return order and page; ``sortable`` are the fields a client may sort by."""
        sort_by, ascending = self._sort(sortable or ("createdAt",))
        if after is not None and self._values.get("offset"):
            raise InvalidInput("offset: cannot be given together with cursor.")
        return Window(
            created_from=self._moment("fromCreatedAt"),
            created_to=self._moment("toCreatedAt"),
            sort_by=sort_by,
            ascending=ascending,
            limit=self._integer("limit", MAX_LIMIT, 1, MAX_LIMIT),
            offset=self._integer("offset", 0, 0, MAX_OFFSET),
            after=after,
        )

    def _array(self, name: str) -> tuple[str, ...]:
        if (singular := _SINGULARS.get(name, name.removesuffix("s"))) in self._values:
            raise InvalidInput(f"{singular}: not a filter of this list; {name} is.")
        values = tuple(dict.fromkeys(self._values.get(name, ())))
        if len(values) > MAX_VALUES:
            raise InvalidInput(f"{name}: expected {MAX_VALUES} values at most.")
        return values

    def _integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self._values.get(name, [str(default)])[-1]
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise InvalidInput(f"{name}: expected an integer from {lowest} to {highest}.")
        return int(text)

    def _flag(self, name: str) -> bool | None:
        """Read true or false, also as Python writes them."""
        if name not in self._values:
            return None
        text = self._values[name][-1].lower()
        if text not in ("true", "false"):
            raise InvalidInput(f"{name}: expected true or false.")
        return text == "true"

    def _moment(self, name: str) -> datetime | None:
        if name not in self._values:
            return None
        # A plus sign that was not encoded arrives as a space.
        text = re.sub(r" (\d\d:?\d\d)$", r"+\1", self._values[name][-1])
        try:
            found = datetime.fromisoformat(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidInput(f"{name}: expected a date and time in ISO 8601 form.") from error

    def _sort(self, sortable: tuple[str, ...]) -> tuple[str, bool]:
        """Return field and direction; without any, no field, and newest first."""
        words = [word for value in self._values.get("sort", ()) for word in value.split(",")]
        if not words:
            return "", False
        field, descending = words[0].removeprefix("-"), words[0].startswith("-")
        direction = words[1].lower() if len(words) > 1 else ("desc" if descending else "asc")
        if field not in sortable or direction not in ("asc", "desc") or len(words) > 2:
            raise InvalidInput(
                f"sort: expected {' or '.join(sortable)}, then asc or desc, "
                "as in sort=createdAt,desc."
            )
        return field, direction == "asc"


def parameters(**filters: Declared) -> dict[str, Any]:
    """Return what a route of a list declares of its parameters, for ``openapi_extra``.

    ``filters`` are its own; order and page are those of all lists.
    """
    texts = {"type": "array", "items": {"type": "string"}}
    moment = {"type": "string", "format": "date-time"}
    declared = {
        **{
            name: (told, texts | {"maxItems": MAX_VALUES}) if isinstance(told, str) else told
            for name, told in filters.items()
        },
        "sort": ("Field and direction, as in `sort=createdAt&sort=desc`", texts),
        "limit": (
            "Rows, at most",
            {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
        ),
        "offset": (
            "Rows to pass over",
            {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
        ),
        "cursor": (
            "Where to go on: the `X-Next-Cursor` of the last answer. Its cost is flat",
            {"type": "string"},
        ),
        "fromCreatedAt": ("Created at this time or after it (ISO 8601)", moment),
        "toCreatedAt": ("Created at this time or before it (ISO 8601)", moment),
    }
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": says, "schema": schema}
            for name, (says, schema) in declared.items()
        ]
    }
