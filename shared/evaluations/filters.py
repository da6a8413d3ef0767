"""What part of a list is asked for: filters, order, and a window on what they leave.

Values of one filter are OR-ed, filters AND-ed. An empty filter lets everything pass. Ids
are as the client wrote them: one that nothing has matches nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from shared.core.clock import timestamp
from shared.core.errors import InvalidInput
from shared.core.json import as_text
from shared.evaluations.models import EvaluationSession
from shared.evaluations.parents import TestCase
from shared.storage.lists import ListQuery

#: Rows looked at for one page, at most: what takes longer than a request may take.
MAX_ROWS = 50_000
#: Sorts behind the id that follows the time in the place of a row.
_BEHIND_IDS = "#g"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which rows of a list, in which order.

    Attributes
    ----------
    created_from, created_to
        Bounds of the time of creation, both included.
    sort_by
        The field to sort by, under the API's name; empty for the list's own order.
    ascending
        Upwards; else downwards, the newest first.
    limit, offset
        Rows of the page, at most, and rows passed over before it, at their cost.
    after
        The place of the last row already seen; reading goes on behind it.
    """

    created_from: datetime | None = None
    created_to: datetime | None = None
    sort_by: str = ""
    ascending: bool = False
    limit: int = 10_000
    offset: int = 0
    after: str | None = None

    @property
    def lowest(self) -> str:
        return timestamp(self.created_from) if self.created_from else ""

    @property
    def highest(self) -> str:
        return timestamp(self.created_to) + _BEHIND_IDS if self.created_to else "\uffff"

    def query(self, list_name: str, index: str) -> ListQuery:
        """Return the query for the rows of a list that is kept in order of creation."""
        return ListQuery(
            list=list_name,
            index=index,
            ascending=self.ascending,
            after=self.after,
            lowest=self.lowest,
            highest=self.highest,
        )

    def created_within(self, moment: datetime) -> bool:
        """Tell whether a time of creation is within the bounds."""
        return self.lowest <= timestamp(moment) < self.highest

    def arranged[T](self, things: Iterable[T], place: Callable[[T], str]) -> Iterator[T]:
        """Put what was read whole in order, from behind ``after``."""
        placed = sorted(((place(thing), thing) for thing in things), key=lambda pair: pair[0])
        if not self.ascending:
            placed.reverse()
        return (thing for where, thing in placed if self._is_ahead(where))

    def _is_ahead(self, place: str) -> bool:
        if self.after is None:
            return True
        return place > self.after if self.ascending else place < self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which evaluation sessions."""

    ids: tuple[str, ...] = ()
    custom_ids: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()
    version_ids: tuple[str, ...] = ()
    test_case_ids: tuple[str, ...] = ()
    test_ids: tuple[str, ...] = ()
    exclude_test_ids: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    user_ids: tuple[str, ...] = ()

    def passes(self, session: EvaluationSession) -> bool:
        """Tell whether a session matches; an empty test id stands for no test."""
        test_id = str(session.test_id or "")
        return (
            _in(str(session.id), self.ids)
            and _in(session.custom_id, self.custom_ids)
            and _in(str(session.product_id), self.product_ids)
            and _in(str(session.version_id), self.version_ids)
            and _in(str(session.test_case_id or ""), self.test_case_ids)
            and _in(test_id, self.test_ids)
            and test_id not in self.exclude_test_ids
            and _in(session.status, self.statuses)
            and _in(str(session.user_id), self.user_ids)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentFilter:
    """Which products, versions, tests or test cases."""

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    parent_ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    def passes(self, entity: Any) -> bool:
        """Tell whether one matches, as far as its own fields tell."""
        return (not self.names or entity.name in self.names) and (
            not self.types or entity.type in self.types
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFilter(ParentFilter):
    """Which versions. ``origins`` are versions they were made from: none has one here."""

    origins: tuple[str, ...] = ()

    def passes(self, entity: Any) -> bool:
        # A dataclass with slots is made anew: super() without arguments does not know it.
        return not self.origins and ParentFilter.passes(self, entity)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCaseFilter(ParentFilter):
    """Which test cases.

    Attributes
    ----------
    expected_tools
        Those that expect all of these, and perhaps more.
    reviewed
        Whether someone has reviewed it.
    user_score
        The user's vote; 0 is also that of a case without one.
    text
        Stands somewhere in a value of the input, in small letters or capitals.
    """

    languages: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    expected_tools: tuple[str, ...] = ()
    reviewed: bool | None = None
    user_score: int | None = None
    text: str = ""

    def passes(self, entity: TestCase) -> bool:
        return (
            _in(entity.language_code, self.languages)
            and _in(entity.variant, self.variants)
            and _in(entity.strategy, self.strategies)
            and set(self.expected_tools) <= set(entity.expected_tools or ())
            and self.reviewed in (None, entity.reviewed_by_id is not None)
            and self.user_score in (None, entity.user_score or 0)
            and self._is_said(entity.input or {})
        )

    def _is_said(self, said: dict[str, Any]) -> bool:
        texts = (as_text(value) for value in said.values())
        wanted = self.text.casefold()
        return not wanted or any(wanted in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """Which turns."""

    ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    evaluation_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed[T]:
    """A page, and the place of its last row if there are more behind it."""

    items: list[T]
    after: str | None


def page[T](
    rows: Iterable[T], window: Window, passes: Callable[[T], bool], place: Callable[[T], str]
) -> Listed[T]:
    """Take the window's page from rows that come in its order."""
    matching = (row for row in bounded(rows) if passes(row))
    found = list(islice(matching, window.offset, window.offset + window.limit + 1))
    items = found[: window.limit]
    return Listed(items, place(items[-1]) if len(found) > window.limit else None)


def bounded[T](rows: Iterable[T]) -> Iterator[T]:
    """Pass rows on, up to ``MAX_ROWS``. Raises ``InvalidInput`` behind them."""
    for count, row in enumerate(rows):
        if count >= MAX_ROWS:
            raise InvalidInput(
                f"More than {MAX_ROWS} rows would have to be looked at; narrow the list by ids, "
                "parents or fromCreatedAt and toCreatedAt, or go on by cursor."
            )
        yield row


def _in(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted
