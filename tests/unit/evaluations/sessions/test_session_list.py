"""List of evaluation sessions: filters, encodings, order, pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from shared.core.clock import timestamp
from shared.evaluations.sessions import repository
from shared.evaluations.sessions.wiring import session_repository
from shared.http import responses
from tests.support.evaluations import World, ids, new_entity, new_session, new_world
from tests.support.gateway import Gateway
from tests.support.storage import counted_requests

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def minutes(api: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create each session a minute after the previous one, from START."""
    times: Iterator[datetime] = (START + timedelta(minutes=n) for n in range(10_000))
    monkeypatch.setattr(session_repository(), "clock", lambda: next(times))


def at(minute: int) -> str:
    return quote(timestamp(START + timedelta(minutes=minute)))


@pytest.fixture
def several(api: Gateway, world: World, minutes: None) -> dict[str, str]:
    """Five sessions of two products, by name, oldest first."""
    other = new_world(api, "Bank")
    case = {"testCaseId": world.test_case}
    created = {
        "plain": new_session(api, world.version, customId="a"),
        "tested": new_session(api, world.version, status="COMPLETED", **case),
        "other": new_session(api, other.version, customId="a", status="FAILED"),
        "other tested": new_session(api, other.version, testCaseId=other.test_case),
        "crossed": new_session(api, other.version, customId="b", **case),
    }
    return {name: session["id"] for name, session in created.items()} | {
        f"{prefix}{kind.replace('_', ' ')}": identifier
        for prefix, catalog in (("", world), ("other ", other))
        for kind, identifier in vars(catalog).items()
    }


ALL = ["crossed", "other tested", "other", "tested", "plain"]
PAIR = ["tested", "plain"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("unknown=1", ALL),
        # Each filter, alone and with others.
        ("versionIds={version}", PAIR),
        ("versionIds={version}&versionIds={other version}&limit=3", ALL[:3]),
        ("testCaseIds={test case}", ["crossed", "tested"]),
        ("testCaseIds={test case}&versionIds={version}", ["tested"]),
        ("productIds={product}", PAIR),
        ("productIds={product}&productIds={other product}&offset=3", PAIR),
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
        ("userIds={key}", ALL),
        # Encodings of an array.
        ("ids={plain}&ids={tested}", PAIR),
        ("ids[]={plain}&ids[]={tested}", PAIR),
        ("ids%5B%5D={plain}&ids%5B%5D={tested}", PAIR),
        ("ids[0]={plain}&ids[1]={tested}", PAIR),
        ("ids={plain}&ids[]={tested}&ids={plain}", PAIR),
        # Encodings of an order.
        ("versionIds={version}&sort[]=createdAt&sort[]=desc", PAIR),
        ("versionIds={version}&sort%5B%5D=createdAt&sort%5B%5D=asc", PAIR[::-1]),
        ("versionIds={version}&sort=createdAt&sort=asc", PAIR[::-1]),
        ("versionIds={version}&sort=createdAt,desc", PAIR),
        ("versionIds={version}&sort=createdAt,ASC", PAIR[::-1]),
        ("versionIds={version}&sort=createdAt", PAIR[::-1]),
        ("versionIds={version}&sort=-createdAt", PAIR),
        # Bounds of the creation time, which are inclusive.
        (f"fromCreatedAt={at(2)}", ALL[:3]),
        (f"toCreatedAt={at(1)}", PAIR),
        (f"fromCreatedAt={at(1)}&toCreatedAt={at(2)}&sort=createdAt", ["tested", "other"]),
        (f"fromCreatedAt={at(3)}&toCreatedAt={at(1)}", []),
        ("fromCreatedAt=2026-03-01", ALL),
        ("fromCreatedAt=2026-03-01T01:03:00%2B01:00", ALL[:2]),
        ("fromCreatedAt=2026-03-01T01:03:00+01:00", ALL[:2]),
        ("toCreatedAt=0001-01-01", []),
        (f"customIds=a&fromCreatedAt={at(1)}", ["other"]),
        (f"versionIds={{version}}&fromCreatedAt={at(1)}", ["tested"]),
    ],
)
def test_list_returns_matching_sessions_in_order(
    api: Gateway, several: dict[str, str], query: str, expected: list[str]
) -> None:
    found = ids(api, "/sessions?" + query.format(**several, key=api.key_id))
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
def test_cursor_continues_the_list(api: Gateway, several: dict[str, str], query: str) -> None:
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


def test_cursor_of_another_list_is_rejected(api: Gateway, several: dict[str, str]) -> None:
    cursor = api("GET", "/sessions?limit=1").headers["x-next-cursor"]
    assert api("GET", f"/sessions?limit=1&cursor={cursor}").status == 200
    for query in ("statuses=PENDING&", "sort=createdAt&"):
        assert api("GET", f"/sessions?{query}limit=1&cursor={cursor}").status == 400
    assert api("GET", f"/sessions?limit=1&offset=1&cursor={cursor}").status == 400


def test_list_by_product_with_many_versions_is_complete(
    api: Gateway, several: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new_entity(api, "/versions", productId=several["product"])
    new_entity(api, "/testCases", testId=several["test"])
    monkeypatch.setattr(repository, "MAX_LISTS", 1)
    by_product = ids(api, f"/sessions?productIds={several['product']}")
    by_test = ids(api, f"/sessions?testIds={several['test']}")
    assert by_product == [several["tested"], several["plain"]]
    assert by_test == [several["crossed"], several["tested"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Query": 3}),
        ("versionIds={version}", {"Query": 3}),
        ("testCaseIds={test case}", {"Query": 3}),
        ("customIds[]=a&versionIds[]={version}", {"Query": 1, "BatchGetItem": 1}),
    ],
)
def test_list_costs_one_query_a_shard_or_custom_id(
    api: Gateway, several: dict[str, str], query: str, expected: dict[str, int]
) -> None:
    with counted_requests() as requests:
        ids(api, "/sessions?" + query.format(**several))
    assert requests == expected


def test_list_larger_than_a_response_ends_with_a_cursor(
    api: Gateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = [new_session(api, world.version, metadata={"a": "b" * 700})["id"] for _ in range(3)]
    monkeypatch.setattr(responses, "MAX_RESPONSE_BYTES", 2300)
    first = api("GET", "/sessions")
    assert first.status == 200
    rest = api("GET", f"/sessions?cursor={first.headers['x-next-cursor']}")
    assert [len(first.json), len(rest.json)] == [2, 1]
    assert [one["id"] for one in first.json + rest.json] == created[::-1]
    assert "x-next-cursor" not in rest.headers
