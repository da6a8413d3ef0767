"""The list of evaluation sessions: filters, encodings, order, pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from shared.core.clock import timestamp
from shared.evaluations import service, session_repository
from shared.http import replies
from tests.support.evaluations import World, ids, made, new_session, new_world
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def minutes(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open each session a minute after the one before, from START."""
    times: Iterator[datetime] = (START + timedelta(minutes=n) for n in range(10_000))
    monkeypatch.setattr(service.sessions(), "_clock", lambda: next(times))


def at(minute: int) -> str:
    return quote(timestamp(START + timedelta(minutes=minute)))


@pytest.fixture
def several(api: Gateway, world: World, minutes: None) -> dict[str, str]:
    """Five sessions of two products, by name, oldest first."""
    other = new_world(api, "Bank")
    case = {"testCaseId": world.test_case}
    opened = {
        "plain": new_session(api, world.version, customId="a"),
        "tested": new_session(api, world.version, status="COMPLETED", **case),
        "other": new_session(api, other.version, customId="a", status="FAILED"),
        "other tested": new_session(api, other.version, testCaseId=other.test_case),
        "crossed": new_session(api, other.version, customId="b", **case),
    }
    return {name: session["id"] for name, session in opened.items()} | {
        "version": world.version,
        "product": world.product,
        "test": world.test,
        "test case": world.test_case,
        "other version": other.version,
        "other product": other.product,
        "other test": other.test,
        "other test case": other.test_case,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["crossed", "other tested", "other", "tested", "plain"]),
        ("versionIds={version}", ["tested", "plain"]),
        ("versionIds={version}&versionIds={other version}&limit=3",
         ["crossed", "other tested", "other"]),
        ("testCaseIds={test case}", ["crossed", "tested"]),
        ("testCaseIds={test case}&versionIds={version}", ["tested"]),
        ("productIds={product}", ["tested", "plain"]),
        ("productIds={product}&productIds={other product}&offset=3", ["tested", "plain"]),
        ("testIds={test}", ["crossed", "tested"]),
        ("testIds={test}&testIds={other test}", ["crossed", "other tested", "tested"]),
        ("testIds=", ["other", "plain"]),
        ("testIds=&testIds={test}", ["crossed", "other", "tested", "plain"]),
        ("excludeTestIds={test}", ["other tested", "other", "plain"]),
        ("excludeTestIds=", ["crossed", "other tested", "tested"]),
        ("excludeTestIds=&versionIds={version}", ["tested"]),
        ("customIds=a", ["other", "plain"]),
        ("customIds=a&customIds=b", ["crossed", "other", "plain"]),
        ("customIds=a&versionIds={version}", ["plain"]),
        ("customIds=a&productIds={other product}", ["other"]),
        ("customIds=unknown", []),
        ("statuses=COMPLETED&statuses=FAILED", ["other", "tested"]),
        ("statuses=PENDING&versionIds={version}", ["plain"]),
        ("ids={plain}&ids={crossed}", ["crossed", "plain"]),
        ("ids={plain}&ids={crossed}&versionIds={version}", ["plain"]),
        ("ids={plain}&ids={crossed}&sort=createdAt", ["plain", "crossed"]),
        ("ids={plain}&ids={crossed}&limit=1&offset=1", ["plain"]),
        ("versionIds=nonsense", []),
        ("versionIds=version_00000000000000000000000000000000", []),
        ("productIds=nonsense", []),
        ("testIds=nonsense", []),
        ("testCaseIds={version}", []),
        ("userIds=key_00000000000000000000000000000000", []),
        ("unknown=1", ["crossed", "other tested", "other", "tested", "plain"]),
    ],
)  # fmt: skip
def test_given_filters_when_listed_then_those_that_match_all_come_newest_first(
    api: Gateway, several: dict[str, str], query: str, expected: list[str]
) -> None:
    found = ids(api, "/sessions?" + query.format(**several))
    assert found == [several[name] for name in expected]


def test_given_the_callers_key_when_listed_by_user_then_its_sessions_come(
    api: Gateway, several: dict[str, str]
) -> None:
    assert len(ids(api, f"/sessions?userIds={api.key_id}")) == 5


@pytest.mark.parametrize(
    "query",
    [
        "ids={a}&ids={b}",
        "ids[]={a}&ids[]={b}",
        "ids%5B%5D={a}&ids%5B%5D={b}",
        "ids[0]={a}&ids[1]={b}",
        "ids={a}&ids[]={b}&ids={a}",
    ],
)
def test_given_an_array_in_any_encoding_when_listed_then_it_is_understood(
    api: Gateway, several: dict[str, str], query: str
) -> None:
    pair = several["plain"], several["tested"]
    assert ids(api, "/sessions?" + query.format(a=pair[0], b=pair[1])) == [*reversed(pair)]


@pytest.mark.parametrize(
    ("sort", "oldest_first"),
    [
        ("sort[]=createdAt&sort[]=desc", False),
        ("sort%5B%5D=createdAt&sort%5B%5D=asc", True),
        ("sort=createdAt&sort=asc", True),
        ("sort=createdAt,desc", False),
        ("sort=createdAt,ASC", True),
        ("sort=createdAt", True),
        ("sort=-createdAt", False),
    ],
)
def test_given_an_order_in_any_encoding_when_listed_then_it_is_kept(
    api: Gateway, several: dict[str, str], sort: str, oldest_first: bool
) -> None:
    pair = [several["plain"], several["tested"]]
    expected = pair if oldest_first else pair[::-1]
    assert ids(api, f"/sessions?versionIds={several['version']}&{sort}") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"fromCreatedAt={at(2)}", ["crossed", "other tested", "other"]),
        (f"toCreatedAt={at(1)}", ["tested", "plain"]),
        (f"fromCreatedAt={at(1)}&toCreatedAt={at(2)}&sort=createdAt", ["tested", "other"]),
        (f"fromCreatedAt={at(3)}&toCreatedAt={at(1)}", []),
        ("fromCreatedAt=2026-03-01", ["crossed", "other tested", "other", "tested", "plain"]),
        ("fromCreatedAt=2026-03-01T01:03:00%2B01:00", ["crossed", "other tested"]),
        ("fromCreatedAt=2026-03-01T01:03:00+01:00", ["crossed", "other tested"]),
        ("toCreatedAt=0001-01-01", []),
        (f"customIds=a&fromCreatedAt={at(1)}", ["other"]),
        (f"versionIds={{version}}&fromCreatedAt={at(1)}", ["tested"]),
    ],
)
def test_given_bounds_of_time_when_listed_then_both_are_included(
    api: Gateway, several: dict[str, str], query: str, expected: list[str]
) -> None:
    found = ids(api, "/sessions?" + query.format(**several))
    assert found == [several[name] for name in expected]


@pytest.mark.parametrize(
    "query",
    [
        "versionIds={version}",
        "productIds={product}",
        "testCaseIds={test case}&sort=createdAt",
        "statuses=PENDING&sort=createdAt",
        "testIds={test}",
    ],
)
def test_given_a_cursor_when_followed_then_the_whole_list_comes_once(
    api: Gateway, several: dict[str, str], query: str
) -> None:
    for _ in range(5):
        new_session(api, several["version"], testCaseId=several["test case"])
    url = "/sessions?" + query.format(**several)
    whole, seen, cursor = ids(api, url), [], ""
    for _ in whole:
        answer = api("GET", f"{url}&limit=2{cursor}")
        seen += [session["id"] for session in answer.json]
        if "x-next-cursor" not in answer.headers:
            break
        cursor = f"&cursor={answer.headers['x-next-cursor']}"
    assert len(whole) > 4
    assert seen == whole


def test_given_a_cursor_of_another_list_when_sent_then_it_is_refused(
    api: Gateway, several: dict[str, str]
) -> None:
    cursor = api("GET", "/sessions?limit=1").headers["x-next-cursor"]
    assert api("GET", f"/sessions?limit=1&cursor={cursor}").status == 200
    for query in ("statuses=PENDING&", "sort=createdAt&"):
        assert api("GET", f"/sessions?{query}limit=1&cursor={cursor}").status == 400
    assert api("GET", f"/sessions?limit=1&offset=1&cursor={cursor}").status == 400


def test_given_a_product_with_very_many_versions_when_listed_then_nothing_is_missed(
    api: Gateway, several: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(api, "/versions", productId=several["product"])
    made(api, "/testCases", testId=several["test"])
    monkeypatch.setattr(session_repository, "MAX_LISTS", 1)
    by_product = ids(api, f"/sessions?productIds={several['product']}")
    by_test = ids(api, f"/sessions?testIds={several['test']}")
    assert by_product == [several["tested"], several["plain"]]
    assert by_test == [several["crossed"], several["tested"]]


@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 3), ("versionIds={version}", 3), ("testCaseIds={test case}", 3)],
)
def test_given_one_list_when_read_then_it_costs_one_query_a_shard(
    api: Gateway, several: dict[str, str], query: str, queries: int
) -> None:
    with counted_requests() as requests:
        ids(api, "/sessions?" + query.format(**several))
    assert requests == {"Query": queries}


def test_given_a_custom_id_when_listed_then_it_costs_one_query_and_one_read(
    api: Gateway, several: dict[str, str]
) -> None:
    with counted_requests() as requests:
        ids(api, f"/sessions?customIds[]=a&versionIds[]={several['version']}")
    assert requests == {"Query": 1, "BatchGetItem": 1}


def test_given_more_than_a_function_can_answer_when_listed_then_it_says_so(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        new_session(api, world.version, metadata={"text": "a" * 700})
    monkeypatch.setattr(replies, "MAX_ANSWER_BYTES", 2000)
    monkeypatch.setattr(replies, "_SURELY_SENT", 300)
    assert api("GET", "/sessions").status == 413
    assert len(ids(api, "/sessions?limit=1")) == 1
