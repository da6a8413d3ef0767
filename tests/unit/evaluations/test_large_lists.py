"""Lists of large entities: each page ends at its bytes, and a cursor continues it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from shared.evaluations import list_windows
from shared.evaluations.catalog.wiring import products
from shared.evaluations.results import lists
from shared.http.responses import MAX_RESPONSE_BYTES
from shared.storage.records import to_item
from shared.storage.table import table
from tests.support.evaluations import World, ids, new_entity, new_session, new_turn, turns_of
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

LARGE = "a" * 380_000
#: Entities that exceed a response together.
MANY = 18


def pages(api: Gateway, url: str) -> Iterator[list[str]]:
    """Return the ids of each page of a list; each page must fit into a response."""
    cursor, joint = "", "&" if "?" in url else "?"
    while True:
        answer = api("GET", url + cursor)
        assert answer.status == 200, answer.text[:300]
        assert len(json.dumps(answer.text)) <= MAX_RESPONSE_BYTES
        yield [one["id"] for one in answer.json]
        if "x-next-cursor" not in answer.headers:
            return
        cursor = f"{joint}cursor={answer.headers['x-next-cursor']}"


def joined(found: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(found))


def test_too_long_name_is_rejected_and_the_list_stays_readable(api: Gateway) -> None:
    for _ in range(MANY):
        answer = api("POST", "/products", {"name": LARGE})
        assert answer.status == 400
        assert answer.json["message"] == "name: string should have at most 500 characters"
    assert ids(api, "/products") == []


@pytest.fixture
def old_products(api: Gateway) -> list[str]:
    """Ids of products that were stored before names had a limit, oldest first."""
    found = [new_entity(api, "/products", name="a", description="b")["id"] for _ in range(MANY)]
    for identifier in found:
        # No service writes such a name.
        product = replace(products().get(api.organization_id, identifier), name=LARGE)
        record = products()._kind.to_record(product)
        item = to_item(record, shards=table().shards)
        table().client.put_item(TableName=table().name, Item=item)
    return found


def test_products_from_before_the_limit_are_listed_read_and_changed(
    api: Gateway, other_api: Gateway, old_products: list[str]
) -> None:
    found = list(pages(api, "/products"))
    assert len(found) == 2
    assert joined(found) == old_products[::-1]
    by_ids = "&".join(f"ids={one}" for one in old_products)
    assert joined(pages(api, f"/products?{by_ids}&sort=createdAt")) == old_products
    url = f"/products/{old_products[0]}"
    assert api("GET", url).json["name"] == LARGE
    assert api("PATCH", url, {"description": "c"}).status == 200
    assert api("PATCH", url, {"name": "short"}).json["name"] == "short"
    assert ids(other_api, "/products") == []


def _versions(api: Gateway, world: World) -> list[str]:
    fields = {"systemPrompt": LARGE[:190_000], "guardrails": LARGE[:190_000]}
    return [
        new_entity(api, "/versions", productId=world.product, name="large", **fields)["id"]
        for _ in range(MANY)
    ]


def _tests(api: Gateway, world: World) -> list[str]:
    fields = {"name": "large", "productId": world.product, "metadata": {"a": LARGE}}
    return [new_entity(api, "/tests", **fields)["id"] for _ in range(MANY)]


def _test_cases(api: Gateway, world: World) -> list[str]:
    fields = {"testId": world.test, "input": LARGE, "variant": "large"}
    return [new_entity(api, "/testCases", **fields)["id"] for _ in range(MANY)]


def _sessions(api: Gateway, world: World) -> list[str]:
    fields = {"metadata": {"a": LARGE}, "testCaseId": world.test_case}
    return [
        new_session(api, world.version, customId=f"s{number}", **fields)["id"]
        for number in range(MANY)
    ]


LARGE_LISTS: list[tuple[str, Callable[[Gateway, World], list[str]], str]] = [
    ("/versions", _versions, "names=large&productIds={product}"),
    ("/tests", _tests, "productIds={product}&names=large"),
    ("/testCases", _test_cases, "testIds={test}&variants=large&limit=10000"),
    ("/sessions", _sessions, ""),
    ("/sessions", _sessions, "testCaseIds={test_case}&statuses=PENDING"),
    ("/sessions", _sessions, "&".join(f"customIds=s{number}" for number in range(MANY))),
]


@pytest.mark.parametrize(("path", "create", "query"), LARGE_LISTS)
def test_list_of_large_entities_is_complete_in_pages(
    api: Gateway, world: World, path: str, create: Any, query: str
) -> None:
    created = create(api, world)
    found = list(pages(api, f"{path}?{query.format(**vars(world))}"))
    assert joined(found) == created[::-1]
    assert len(found) == 2
    by_ids = "&".join(f"ids[]={one}" for one in created)
    assert joined(pages(api, f"{path}?{by_ids}")) == created[::-1]


@pytest.fixture
def large_turns(api: Gateway, world: World) -> tuple[list[str], list[str]]:
    """Two sessions, and the ids of 40 large turns: 30 of the first, 10 of the second."""
    sessions = [str(new_session(api, world.version)["id"]) for _ in range(2)]
    numbers = [sessions[number // 30] for number in range(40)]
    return sessions, [new_turn(api, one, actualOutput=LARGE)["id"] for one in numbers]


def test_list_of_large_turns_is_complete_in_pages(
    api: Gateway, large_turns: tuple[list[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, turns = large_turns
    of_first = f"/inferenceResults?sessionIds={sessions[0]}"
    assert joined(pages(api, "/inferenceResults")) == turns
    skipping = api("GET", "/inferenceResults?offset=1&limit=39")
    assert [one["id"] for one in skipping.json] == turns[1 : 1 + len(skipping.json)]
    assert "x-next-cursor" in skipping.headers
    for query, expected in {
        "": turns[:30],
        "&sort=-index": turns[:30][::-1],
        "&sort=createdAt,asc": turns[:30],
        "&limit=7": turns[:30],
        "&fromCreatedAt=2020-01-01&limit=7&sort=createdAt,desc": turns[:30][::-1],
    }.items():
        assert joined(pages(api, of_first + query)) == expected
    by_ids = "&".join(f"ids={one}" for one in reversed(turns))
    assert joined(pages(api, f"/inferenceResults?{by_ids}")) == turns

    monkeypatch.setattr(lists, "MAX_READ_BYTES", 5_000_000)
    answer = api("GET", "/inferenceResults?sort=createdAt")
    assert (answer.status, answer.json["message"][:6]) == (400, "sort: ")


def test_page_of_a_large_session_reads_no_more_than_a_page(
    api: Gateway, large_turns: tuple[list[str], list[str]]
) -> None:
    [session, _], _ = large_turns
    url = f"/inferenceResults?sessionIds={session}&limit=2"
    cursor = api("GET", url).headers["x-next-cursor"]
    for query in ("", "&sort=-createdAt", f"&cursor={cursor}"):
        with counted_requests() as requests:
            assert api("GET", url + query).status == 200
        # Two turns are a megabyte; the whole session takes eleven queries.
        assert requests["Query"] <= 6, (query, requests)


def test_cursor_of_turns_survives_the_delete_of_earlier_ones(api: Gateway, session: str) -> None:
    turns = [new_turn(api, session, input=name)["id"] for name in "abcde"]
    url = f"/inferenceResults?sessionIds={session}&limit=2"
    cursor = api("GET", url).headers["x-next-cursor"]
    for turn in turns[:2]:
        api("DELETE", f"/inferenceResults/{turn}")
    assert ids(api, f"{url}&cursor={cursor}") == turns[2:4]
    assert [turn["index"] for turn in turns_of(api, session)] == [0, 1, 2]


@pytest.mark.parametrize(("name", "most"), [("MAX_READ_BYTES", 3_000), ("MAX_ENTRIES", 4)])
def test_page_ends_where_too_much_was_read(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(list_windows, name, most)
    statuses = ["FAILED", *["PENDING"] * 8, "FAILED"]
    created = [new_session(api, world.version, status=one)["id"] for one in statuses]
    found = list(pages(api, "/sessions?statuses=FAILED"))
    assert joined(found) == [created[-1], created[0]]
    assert len(found) > 1
    answer = api("GET", "/sessions?statuses=PENDING&offset=7")
    assert (answer.status, answer.json["message"][:8]) == (400, "offset: ")
