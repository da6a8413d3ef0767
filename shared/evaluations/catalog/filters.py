"""Filters of the catalog's lists: values of one filter are OR-ed, filters are AND-ed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.core.json import as_text
from shared.evaluations.catalog.domain import TestCase
from shared.evaluations.list_windows import matches
from shared.evaluations.query_parameters import IDS, MAX_VALUE, Declaration, ListParameters

#: Bounds of a vote; clients send -1, 0 and 1.
MAX_SCORE = 1_000_000

PRODUCT_FILTERS: dict[str, Declaration] = {"ids": IDS, "names": "Only these names"}
_OF_PRODUCTS = {**PRODUCT_FILTERS, "productIds": "Only children of these products"}
VERSION_FILTERS = {
    **_OF_PRODUCTS,
    "parentVersionIds": "Parent versions are not recorded: any value matches nothing",
}
TEST_FILTERS = {**_OF_PRODUCTS, "types": "Only these types"}
TEST_CASE_FILTERS: dict[str, Declaration] = {
    "ids": IDS,
    "testIds": "Only test cases of these tests",
    "languages": "Only these language codes",
    "variants": "Only these variants",
    "strategies": "Only these strategies",
    "expectedTools": "Only test cases that expect all of these tools",
    "reviewed": ("Only reviewed, or only unreviewed, test cases", {"type": "boolean"}),
    "userScore": (
        "Only this vote: 1 good, -1 bad, 0 none",
        {"type": "integer", "minimum": -MAX_SCORE, "maximum": MAX_SCORE},
    ),
    "input": (
        "Only test cases with this text in their input, in any case",
        {"type": "string", "maxLength": MAX_VALUE},
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFilter:
    """Filter of catalog entities. Ids are texts of the client: an invalid one matches nothing."""

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    parent_ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    parent_version_ids: tuple[str, ...] = ()

    def passes(self, entity: Any) -> bool:
        """Return whether an entity matches by its own fields, ids apart."""
        return (
            not self.parent_version_ids
            and (not self.names or entity.name in self.names)
            and (not self.types or entity.type in self.types)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCaseFilter(CatalogFilter):
    """Filter of test cases.

    Attributes
    ----------
    expected_tools
        Tools that a test case must all expect.
    user_score
        Vote of the user; 0 matches a test case without a vote too.
    text
        Part of a value in the input, case-insensitive.
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
            matches(entity.language_code, self.languages)
            and matches(entity.variant, self.variants)
            and matches(entity.strategy, self.strategies)
            and set(self.expected_tools) <= set(entity.expected_tools or ())
            and self.reviewed in (None, entity.reviewed_by_id is not None)
            and self.user_score in (None, entity.user_score or 0)
            and self._is_in(entity.input or {})
        )

    def _is_in(self, value: dict[str, Any]) -> bool:
        text = self.text.casefold()
        return not text or any(text in as_text(one).casefold() for one in value.values())


def catalog_filter(query: ListParameters, filters: Iterable[str]) -> CatalogFilter:
    """Return the filter of a list of products, versions or tests."""
    values = query.arrays(filters)
    parent_ids = values.pop("product_ids", ())
    return CatalogFilter(**values, parent_ids=parent_ids)


def test_case_filter(query: ListParameters) -> TestCaseFilter:
    """Return the filter of a list of test cases."""
    has_score = query.has("userScore")
    return TestCaseFilter(
        **query.arrays(["ids", "languages", "variants", "strategies", "expectedTools"]),
        parent_ids=query.array("testIds"),
        reviewed=query.flag("reviewed"),
        user_score=query.integer("userScore", 0, -MAX_SCORE, MAX_SCORE) if has_score else None,
        text=query.text("input"),
    )
