"""Lists: pages over many shards are the sorted whole, whatever their sizes."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from shared.storage.lists import ListQuery, count, merged, read_page, sort_key
from shared.storage.records import BY_LIST, Row, to_item
from shared.storage.table import Table
from tests.support.storage import counted_requests
from tests.unit.storage.conftest import FixedClock, listed

LIST = "org#things"
#: Any text a sort key may be made of, emoji and control characters included.
SORTS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=4), unique=True)
SLOW = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=40,
)


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
    after = query.after
    while True:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        page = read_page(
            table,
            ListQuery(
                list=query.list,
                ascending=query.ascending,
                lowest=query.lowest,
                highest=query.highest,
                after=after,
            ),
            size,
        )
        assert len(page.records) <= size
        found += [sort_key(record, BY_LIST) for record in page.records]
        if page.after is None:
            return found
        assert page.after == found[-1]
        after = page.after


@SLOW
@given(
    sorts=SORTS,
    shards=st.integers(1, 5),
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    ascending=st.booleans(),
    bounds=st.none() | st.tuples(st.text(max_size=2), st.text(min_size=1, max_size=2)),
)
def test_given_any_list_when_read_in_pages_then_they_are_the_sorted_whole(
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
def test_given_rows_to_pass_over_then_the_page_begins_behind_them(
    table: Table, number: int, skip: int, limit: int, ascending: bool
) -> None:
    sorts = [f"{place:03d}" for place in range(number)]
    fill(table, sorts)
    page = read_page(table, ListQuery(list=LIST, ascending=ascending), limit, skip=skip)
    whole = sorts if ascending else sorts[::-1]
    expected = whole[skip : skip + limit]
    assert [record.body["sort"] for record in page.records] == expected
    more = bool(expected) and len(whole) > skip + limit
    assert page.after == (expected[-1] if more else None)


@SLOW
@given(
    first=SORTS,
    later=SORTS,
    size=st.integers(1, 3),
    ascending=st.booleans(),
)
def test_given_rows_created_meanwhile_then_no_row_is_read_twice_and_none_of_the_first_is_missed(
    table: Table, first: list[str], later: list[str], size: int, ascending: bool
) -> None:
    fill(table, first)
    coming = [sort for sort in later if sort not in first]
    found: list[str] = []
    after = None
    while True:
        page = read_page(table, ListQuery(list=LIST, ascending=ascending, after=after), size)
        found += [record.body["sort"] for record in page.records]
        after = page.after
        if after is None:
            break
        if coming:
            table.create(listed(coming.pop()))
    assert found == sorted(set(found), reverse=not ascending)
    assert set(first) <= set(found)


@pytest.mark.parametrize("ascending", [True, False])
def test_given_a_position_outside_the_bounds_then_no_row_is_made_up(
    table: Table, ascending: bool
) -> None:
    fill(table, ["b", "d", "f"])
    bounds: dict[str, Any] = {"list": LIST, "ascending": ascending, "lowest": "c", "highest": "e"}
    beyond = ListQuery(after="f" if ascending else "b", **bounds)
    before = ListQuery(after="b" if ascending else "f", **bounds)
    assert read_page(table, beyond, 5).records == []
    assert [record.body["sort"] for record in read_page(table, before, 5).records] == ["d"]


def test_given_as_many_rows_as_a_page_holds_then_nothing_comes_after_it(table: Table) -> None:
    fill(table, ["a", "b", "c"])
    assert read_page(table, ListQuery(list=LIST), 3).after is None
    assert read_page(table, ListQuery(list=LIST), 2).after == "b"


def test_given_bounds_the_wrong_way_round_then_the_list_is_empty_and_costs_nothing(
    table: Table,
) -> None:
    fill(table, ["b", "d"])
    query = ListQuery(list=LIST, lowest="d", highest="b")
    with counted_requests() as requests:
        assert read_page(table, query, 5).records == []
        assert count(table, query) == 0
    assert not requests


def test_given_rows_that_have_expired_then_they_are_neither_shown_nor_counted(
    table: Table, clock: FixedClock
) -> None:
    for number in range(40):
        expires_at = clock.after(10) if number % 2 else None
        table.create(listed(f"{number:03d}", expires_at=expires_at))
    query = ListQuery(list=LIST)
    assert count(table, query) == 40
    clock.forward(10)
    assert count(table, query) == 20
    found = pages(table, query, [3])
    assert found == [f"{number:03d}" for number in range(38, -1, -2)]


def test_given_another_list_then_none_of_its_rows_are_read(table: Table) -> None:
    fill(table, ["a"])
    table.create(listed("b", name="things2"))
    table.create(listed("c", name="thing"))
    assert pages(table, ListQuery(list=LIST), [10]) == ["a"]
    assert count(table, ListQuery(list=LIST)) == 1


@pytest.mark.parametrize(("limit", "skip"), [(1, 0), (20, 0), (100, 0), (20, 40), (200, 0)])
def test_given_a_page_then_it_costs_one_query_a_shard(table: Table, limit: int, skip: int) -> None:
    fill(table, [f"{number:03d}" for number in range(120)])
    with counted_requests() as requests:
        page = read_page(table, ListQuery(list=LIST), limit, skip=skip)
    assert requests == {"Query": table.shards}
    assert len(page.records) == min(limit, 120 - skip)
    with counted_requests() as requests:
        read_page(table, ListQuery(list=LIST, after=page.after), limit)
    assert requests == {"Query": table.shards}


def test_given_rows_of_several_megabytes_then_each_shard_reads_on(table: Table) -> None:
    for number in range(12):
        row = Row(LIST, f"{number:03d}")
        record = listed(row.sort)
        item = to_item(record, shards=table.shards) | {"pad": {"S": "x" * 390_000}}
        table.client.put_item(TableName=table.name, Item=item)
    whole = [f"{number:03d}" for number in range(12)]
    assert pages(table, ListQuery(list=LIST, ascending=True), [12]) == whole
    assert count(table, ListQuery(list=LIST)) == 12


def test_given_several_lists_then_they_are_merged_in_order(table: Table) -> None:
    for number in range(30):
        table.create(listed(f"{number:03d}", name=f"l{number % 4}"))
    queries = [ListQuery(list=f"org#l{name}") for name in range(4)]
    found = [record.body["sort"] for record in merged(table, queries, 30)]
    assert found == [f"{number:03d}" for number in range(29, -1, -1)]


def test_given_a_list_that_is_spread_over_more_shards_later_then_no_row_is_lost(
    table: Table,
) -> None:
    fill(table, [f"{number:03d}" for number in range(0, 40, 2)])
    table.shards = 8
    for number in range(1, 40, 2):
        table.create(listed(f"{number:03d}"))
    assert len(pages(table, ListQuery(list=LIST), [7])) == 40
