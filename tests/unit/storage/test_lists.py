"""Lists: pages over many shards are the sorted whole, whatever their sizes."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.storage.lists import ListQuery, count, merged, read_page, sort_key
from shared.storage.records import BY_LIST, to_item
from shared.storage.table import Table
from tests.support.clocks import FixedClock
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import listed

LIST = "org#things"
#: Any text a sort key may be made of, emoji and control characters included.
SORTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), unique=True)
SLOW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def fill(table: Table, sorts: list[str]) -> None:
    """Make the list consist of these rows and no others."""
    for item in table.client.scan(TableName=table.name)["Items"]:
        table.client.delete_item(TableName=table.name, Key={key: item[key] for key in ("pk", "sk")})
    for sort in sorts:
        table.create(listed(sort))


def pages(table: Table, query: ListQuery, sizes: list[int]) -> list[str]:
    """Read to the end in pages of these sizes, the last one repeated."""
    found: list[str] = []
    sizes = list(sizes)
    while True:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        page = read_page(table, query, size)
        assert len(page.items) <= size
        found += [sort_key(record, BY_LIST) for record in page.items]
        if page.next_cursor is None:
            return found
        assert page.next_cursor == found[-1]
        query = replace(query, after=page.next_cursor)


@SLOW
@given(
    sorts=SORTS,
    shards=st.integers(1, 5),
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    ascending=st.booleans(),
    bounds=st.none() | st.tuples(st.text(max_size=2), st.text(min_size=1, max_size=2)),
)
def test_pages_of_any_list_make_up_the_sorted_whole(
    table: Table,
    sorts: list[str],
    shards: int,
    sizes: list[int],
    ascending: bool,
    bounds: tuple[str, str] | None,
) -> None:
    lowest, highest = bounds or ("", "\U0010ffff")
    assume(_storable(lowest) and _storable(highest))
    with patch.object(table, "shards", shards):
        fill(table, sorts)
        whole = sorted((sort for sort in sorts if lowest <= sort <= highest), reverse=not ascending)
        query = ListQuery(list=LIST, ascending=ascending, lowest=lowest, highest=highest)
        assert pages(table, query, sizes) == whole
        assert count(table, query) == len(whole)


def _storable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@SLOW
@given(
    number=st.integers(0, 25),
    skip=st.integers(0, 30),
    limit=st.integers(0, 30),
    ascending=st.booleans(),
)
def test_skip_starts_the_page_behind_the_skipped_entries(
    table: Table, number: int, skip: int, limit: int, ascending: bool
) -> None:
    sorts = [f"{n:03d}" for n in range(number)]
    fill(table, sorts)
    page = read_page(table, ListQuery(list=LIST, ascending=ascending), limit, skip=skip)
    whole = sorts if ascending else sorts[::-1]
    expected = whole[skip : skip + limit]
    assert [record.body["sort"] for record in page.items] == expected
    more = bool(expected) and len(whole) > skip + limit
    assert page.next_cursor == (expected[-1] if more else None)


@SLOW
@given(first=SORTS, later=SORTS, size=st.integers(1, 3), ascending=st.booleans())
def test_entries_created_between_pages_are_neither_repeated_nor_displace_others(
    table: Table, first: list[str], later: list[str], size: int, ascending: bool
) -> None:
    fill(table, first)
    coming = [sort for sort in later if sort not in first]
    found: list[str] = []
    after = None
    while True:
        page = read_page(table, ListQuery(list=LIST, ascending=ascending, after=after), size)
        found += [record.body["sort"] for record in page.items]
        after = page.next_cursor
        if after is None:
            break
        if coming:
            table.create(listed(coming.pop()))
    assert found == sorted(set(found), reverse=not ascending)
    assert set(first) <= set(found)


@pytest.mark.parametrize("ascending", [True, False])
def test_cursor_outside_the_bounds_returns_no_entry(table: Table, ascending: bool) -> None:
    fill(table, ["b", "d", "f"])
    bounds: dict[str, Any] = {"list": LIST, "ascending": ascending, "lowest": "c", "highest": "e"}
    beyond = ListQuery(after="f" if ascending else "b", **bounds)
    before = ListQuery(after="b" if ascending else "f", **bounds)
    assert read_page(table, beyond, 5).items == []
    assert [record.body["sort"] for record in read_page(table, before, 5).items] == ["d"]


def test_page_that_holds_all_entries_has_no_cursor(table: Table) -> None:
    fill(table, ["a", "b", "c"])
    assert read_page(table, ListQuery(list=LIST), 3).next_cursor is None
    assert read_page(table, ListQuery(list=LIST), 2).next_cursor == "b"


def test_inverted_bounds_return_an_empty_list_without_a_request(table: Table) -> None:
    fill(table, ["b", "d"])
    query = ListQuery(list=LIST, lowest="d", highest="b")
    with counted_requests() as requests:
        assert read_page(table, query, 5).items == []
        assert count(table, query) == 0
    assert not requests


def test_expired_entries_are_neither_returned_nor_counted(table: Table, clock: FixedClock) -> None:
    for number in range(40):
        expires_at = clock.after(10) if number % 2 else None
        table.create(listed(f"{number:03d}", expires_at=expires_at))
    query = ListQuery(list=LIST)
    assert count(table, query) == 40
    clock.forward(10)
    assert count(table, query) == 20
    found = pages(table, query, [3])
    assert found == [f"{number:03d}" for number in range(38, -1, -2)]


def test_entries_of_other_lists_are_not_returned(table: Table) -> None:
    fill(table, ["a"])
    table.create(listed("b", name="things2"))
    table.create(listed("c", name="thing"))
    assert pages(table, ListQuery(list=LIST), [10]) == ["a"]
    assert count(table, ListQuery(list=LIST)) == 1


@pytest.mark.parametrize(("limit", "skip"), [(1, 0), (20, 0), (100, 0), (20, 40), (200, 0)])
def test_page_costs_one_query_per_shard(table: Table, limit: int, skip: int) -> None:
    fill(table, [f"{number:03d}" for number in range(120)])
    with counted_requests() as requests:
        page = read_page(table, ListQuery(list=LIST), limit, skip=skip)
    assert requests == {"Query": table.shards}
    assert len(page.items) == min(limit, 120 - skip)
    with counted_requests() as requests:
        read_page(table, ListQuery(list=LIST, after=page.next_cursor), limit)
    assert requests == {"Query": table.shards}


def test_shard_of_several_megabytes_is_read_to_the_end(table: Table) -> None:
    for number in range(12):
        record = listed(f"{number:03d}")
        item = to_item(record, shards=table.shards) | {"pad": {"S": "x" * 390_000}}
        table.client.put_item(TableName=table.name, Item=item)
    whole = [f"{number:03d}" for number in range(12)]
    assert pages(table, ListQuery(list=LIST, ascending=True), [12]) == whole
    assert count(table, ListQuery(list=LIST)) == 12


def test_several_lists_are_merged_in_order(table: Table) -> None:
    for number in range(30):
        table.create(listed(f"{number:03d}", name=f"l{number % 4}"))
    queries = [ListQuery(list=f"org#l{name}") for name in range(4)]
    found = [record.body["sort"] for record in merged(table, queries, 30)]
    assert found == [f"{number:03d}" for number in range(29, -1, -1)]


def test_raising_the_number_of_shards_keeps_all_entries(table: Table) -> None:
    fill(table, [f"{number:03d}" for number in range(0, 40, 2)])
    table.shards = 8
    for number in range(1, 40, 2):
        table.create(listed(f"{number:03d}"))
    assert len(pages(table, ListQuery(list=LIST), [7])) == 40
