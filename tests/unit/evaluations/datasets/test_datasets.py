"""Tests whose test cases come from an uploaded CSV file."""

from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest

from shared.core.errors import Unavailable
from shared.evaluations.datasets import service
from shared.storage.transactions import write_when_free
from tests.support.evaluations import World
from tests.support.gateway import Answer, Gateway
from tests.support.snapshot import stored_items
from tests.support.storage import IMPORTS, counted_requests, restore_objects

UPLOAD = "/storage/generate-put-presigned-url?key=cases.csv&fileType=testFile"


def upload(api: Gateway, content: str | bytes) -> str:
    """Store a file at a signed address; return the address that the official SDK sends on."""
    urls = api("GET", UPLOAD).json
    data = content.encode() if isinstance(content, str) else content
    restore_objects({urlsplit(urls["uploadPresignedUrl"]).path.lstrip("/"): data}, IMPORTS)
    return str(urls["downloadPresignedUrl"])


def create(api: Gateway, world: World, uri: str, **options: Any) -> Answer:
    body = {"productId": world.product, "name": "Uploaded", "uri": uri}
    return api("POST", "/tests", body, **options)


def cases_of(api: Gateway, test: str) -> list[dict[str, Any]]:
    found = api("GET", f"/testCases?testIds={test}&sort=createdAt,asc").json
    return [dict(one) for one in found]


def test_rows_become_test_cases_in_their_order(api: Gateway, world: World) -> None:
    uri = upload(
        api,
        "\ufeffinput,expected_output,stopping_criterias,max_iterations,tag,Expected Mood\r\n"
        'Where is 4711?,"On Tuesday, 9 o\'clock",sold|refused; left,3,late,calm\r\n'
        "\r\n"
        '"{""user_message"": ""Hi"", ""tier"": 1}",,"[""a|b""]",,,\r\n',
    )

    answer = create(api, world, uri)

    assert answer.status == 201, answer.text
    assert answer.json["uri"] == uri.partition("?")[0]
    assert answer.headers["x-ignored-fields"] == "Expected%20Mood"
    first, second = cases_of(api, answer.json["id"])
    assert first["input"] == {"user_message": "Where is 4711?"}
    assert first["expectedOutput"] == "On Tuesday, 9 o'clock"
    assert first["stoppingCriterias"] == ["sold", "refused", " left"]
    assert (first["maxIterations"], first["variant"]) == (3, "late")
    assert second["input"] == {"user_message": "Hi", "tier": 1}
    assert second["stoppingCriterias"] == ["a|b"]
    assert second["expectedOutput"] is None


def test_thousand_rows_are_ten_transactions(api: Gateway, world: World) -> None:
    uri = upload(api, "goal\n" + "".join(f"goal {number}\n" for number in range(1000)))

    with counted_requests() as requests:
        answer = create(api, world, uri)

    assert answer.status == 201, answer.text
    assert requests["TransactWriteItems"] + requests["PutItem"] == 11
    goals = [one["goal"] for one in cases_of(api, answer.json["id"])]
    assert goals == [f"goal {number}" for number in range(1000)]


@pytest.mark.parametrize(
    ("content", "status", "named"),
    [
        ("", 400, "row 1"),
        ("name\nx\n", 400, "row 1"),
        ("input,input\nx,y\n", 400, "row 1"),
        ("input\n", 400, "row 2"),
        ("input,source\nx,y\n,z\n", 400, "row 3"),
        ("input\nx\ny,z\n", 400, "row 3"),
        ("input,max_iterations\nx,1\ny,many\n", 400, "row 3: max_iterations"),
        ("input,max_iterations\nx,0\n", 400, "row 2: max_iterations"),
        ("input,variant\nx," + "y" * 501 + "\n", 400, "row 2: variant"),
        ('input\nx\n"y\n', 400, "row 3"),
        ("input\n" + "x" * 140_000, 400, "row 2"),
        (b"input\nx\n\xff\n", 400, "line 3"),
        ("input\n" + "x\n" * 1001, 413, "1000 test cases"),
        ("input\n" + "x" * 10_000_000, 413, "10 MB"),
    ],
    ids=lambda value: str(value)[:25],
)
def test_refused_file_names_its_row_and_leaves_nothing(
    api: Gateway, world: World, content: str | bytes, status: int, named: str
) -> None:
    uri = upload(api, content)
    before = stored_items()

    answer = create(api, world, uri)

    assert answer.status == status, answer.text
    assert named in answer.json["message"]
    assert stored_items() == before


def test_file_of_another_organization_and_a_missing_one_are_not_found(
    api: Gateway, other_api: Gateway, world: World
) -> None:
    before = stored_items()

    assert create(api, world, upload(other_api, "input\nx\n")).status == 404
    assert create(api, world, api("GET", UPLOAD).json["downloadPresignedUrl"]).status == 404
    assert stored_items() == before


def test_uri_of_another_place_is_stored_and_not_read(api: Gateway, world: World) -> None:
    for uri in ("https://shop.example/cases.csv?x=1", "s3://bucket/key", "http://[", "cases.csv"):
        answer = create(api, world, uri)
        assert (answer.status, answer.json["uri"]) == (201, uri)
        assert cases_of(api, answer.json["id"]) == []


def test_unknown_product_creates_no_test_case(api: Gateway, world: World) -> None:
    uri = upload(api, "input\nx\n")
    before = stored_items()

    body = {"productId": "product_" + "0" * 32, "name": "Uploaded", "uri": uri}

    assert api("POST", "/tests", body).status == 404
    assert stored_items() == before


def test_repeated_request_returns_the_first_test(api: Gateway, world: World) -> None:
    uri, headers = upload(api, "input\nx\ny\n"), {"idempotency-key": "once"}
    first = create(api, world, uri, headers=headers)
    before = stored_items()

    again = create(api, world, uri, headers=headers)

    assert (again.status, again.text) == (201, first.text)
    assert again.headers["idempotent-replayed"] == "true"
    assert stored_items() == before


def test_test_that_cannot_be_written_whole_leaves_nothing(api: Gateway, world: World) -> None:
    uri = upload(api, "input\n" + "x\n" * 150)
    create(api, world, "")  # the first test is written to the product too
    before, calls = stored_items(), 0

    def fail_second(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Unavailable("The table does not answer; retry.")
        write_when_free(*arguments)

    headers = {"idempotency-key": "once"}
    with patch.object(service, "write_when_free", fail_second):
        assert create(api, world, uri, headers=headers).status == 503

    assert stored_items() == before
    answer = create(api, world, uri, headers=headers)
    assert len(cases_of(api, answer.json["id"])) == 150


def test_test_with_uploaded_cases_is_deleted_after_them(api: Gateway, world: World) -> None:
    test = create(api, world, upload(api, "input\nx\n")).json["id"]
    [case] = cases_of(api, test)

    assert case["id"] in api("DELETE", f"/tests/{test}").json["message"]
    assert api("DELETE", f"/testCases/{case['id']}").status == 204
    assert api("DELETE", f"/tests/{test}").status == 204
