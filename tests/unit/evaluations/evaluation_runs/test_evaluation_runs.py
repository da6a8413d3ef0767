"""Evaluation runs: opened, joined by sessions, closed, listed and deleted."""

from typing import Any

import pytest

from tests.support.evaluations import World, ids, new_entity, new_session, new_world
from tests.support.gateway import Gateway
from tests.support.racing import race, race_of
from tests.support.storage import counted_requests


def open_run(api: Gateway, product: str, **fields: Any) -> dict[str, Any]:
    return new_entity(api, "/runs", productId=product, **fields)


@pytest.fixture
def run(api: Gateway, world: World) -> str:
    return str(open_run(api, world.product)["id"])


def test_opened_run_has_every_field(api: Gateway, world: World) -> None:
    run = open_run(api, world.product, versionId=world.version, customId="nightly")

    assert run == {
        "id": run["id"],
        "userId": str(api.key_id),
        "productId": world.product,
        "versionId": world.version,
        "customId": "nightly",
        "ordinal": 1,
        "openedBy": "CALLER",
        "status": "RUNNING",
        "sessionCount": 0,
        "evaluationCount": 0,
        "createdAt": run["createdAt"],
        "finishedAt": None,
        "deletedAt": None,
        **dict.fromkeys(
            ["relaunchedFromRunId", "kind", "jobId", "error", "request", "resolvedInputs"]
        ),
    }
    assert api("GET", f"/runs/{run['id']}").json == run


def test_runs_are_numbered_in_their_product_and_no_number_comes_again(
    api: Gateway, world: World
) -> None:
    first = open_run(api, world.product)
    api("DELETE", f"/runs/{first['id']}")
    other = new_world(api)

    assert open_run(api, world.product)["ordinal"] == 2
    assert open_run(api, other.product)["ordinal"] == 1


def test_list_of_runs_is_continued_by_its_cursor(api: Gateway, world: World) -> None:
    opened = {open_run(api, world.product)["id"] for _ in range(2)}

    first = api("GET", f"/runs?productIds[]={world.product}&limit=1")
    cursor = first.headers["x-next-cursor"]
    second = api("GET", f"/runs?productIds[]={world.product}&limit=1&cursor={cursor}")

    assert {one["id"] for one in first.json + second.json} == opened


def test_concurrently_opened_runs_have_numbers_of_their_own(api: Gateway, world: World) -> None:
    answers = race(api, "POST", "/runs", {"productId": world.product}, clients=8)

    assert sorted(one.json["ordinal"] for one in answers) == list(range(1, 9))


def test_custom_id_is_unique_in_its_product_until_its_run_is_deleted(
    api: Gateway, world: World
) -> None:
    first = open_run(api, world.product, customId="nightly")
    body = {"productId": world.product, "customId": "nightly"}

    assert "customId" in api("POST", "/runs", body).json["message"]
    assert open_run(api, new_world(api).product, customId="nightly")
    assert api("DELETE", f"/runs/{first['id']}").status == 204
    assert api("POST", "/runs", body).status == 201


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"productId": "product_" + "0" * 32}, 404),
        ({"versionId": "version_" + "0" * 32}, 404),
        ({"versionId": "x"}, 404),
        ({"customId": ""}, 400),
        ({"customId": "x" * 1025}, 400),
        ({"productId": None}, 400),
    ],
    ids=str,
)
def test_invalid_run_is_refused(
    api: Gateway, world: World, fields: dict[str, Any], status: int
) -> None:
    answer = api("POST", "/runs", {"productId": world.product} | fields)

    assert answer.status == status
    assert next(iter(fields)) in answer.json["message"]


def test_version_of_another_product_is_refused(api: Gateway, world: World) -> None:
    body = {"productId": world.product, "versionId": new_world(api).version}
    assert api("POST", "/runs", body).status == 400


def test_closed_run_has_its_end_and_is_not_closed_again(
    api: Gateway, other_api: Gateway, run: str
) -> None:
    assert other_api("POST", f"/runs/{run}/close").status == 404

    closed = api("POST", f"/runs/{run}/close")

    assert (closed.status, closed.json["status"]) == (200, "COMPLETED")
    assert closed.json["finishedAt"] >= closed.json["createdAt"]
    assert api("POST", f"/runs/{run}/close").status == 409
    assert api("GET", f"/runs/{run}").json == closed.json


def test_session_of_a_run_is_counted_in_it(api: Gateway, world: World, run: str) -> None:
    new_session(api, world.version)
    with counted_requests() as requests:
        session = new_session(api, world.version, runId=run, isProduction=False)
    new_session(api, world.version, runId=run, testCaseId=world.test_case)

    assert session["runId"] == run
    assert api("GET", f"/sessions/{session['id']}").json == session
    assert api("GET", f"/runs/{run}").json["sessionCount"] == 2
    assert requests == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_concurrent_sessions_of_a_run_are_all_counted(api: Gateway, world: World, run: str) -> None:
    body = {"versionId": world.version, "runId": run, "isProduction": False}

    answers = race(api, "POST", "/sessions", body, clients=8)

    assert {one.status for one in answers} == {201}
    assert api("GET", f"/runs/{run}").json["sessionCount"] == 8


def test_run_refuses_sessions_that_it_does_not_accept(api: Gateway, world: World) -> None:
    other = new_world(api)
    second = new_entity(api, "/versions", productId=world.product, name="two")["id"]
    run = open_run(api, world.product, versionId=world.version)["id"]
    closed = open_run(api, world.product)["id"]
    api("POST", f"/runs/{closed}/close")

    def refused(version: str, run_id: str, **fields: Any) -> int:
        body = {"versionId": version, "runId": run_id, "isProduction": False, **fields}
        answer = api("POST", "/sessions", body)
        assert "runId" in answer.json["message"]
        return answer.status

    assert refused(other.version, run) == 400
    assert refused(second, run) == 400
    assert refused(world.version, closed) == 400
    assert refused(world.version, run, isProduction=True) == 400
    assert refused(world.version, run, isProduction=None) == 400
    assert refused(world.version, "evaluationRun_" + "0" * 32) == 404
    assert api("GET", f"/runs/{run}").json["sessionCount"] == 0
    assert ids(api, "/sessions") == []


def test_session_of_a_run_stays_in_it(api: Gateway, world: World, run: str) -> None:
    session = new_session(api, world.version, runId=run, isProduction=False)
    path = f"/sessions/{session['id']}"

    assert api("PATCH", path, {"runId": None}).status == 400
    assert api("PATCH", path, {"isProduction": True}).status == 400
    assert api("PATCH", path, session | {"metadata": {"a": 1}}).status == 200


def test_session_does_not_join_a_run_that_is_closed_meanwhile(
    api: Gateway, world: World, run: str
) -> None:
    body = {"versionId": world.version, "runId": run, "isProduction": False}
    sessions = [("POST", "/sessions", body)] * 6

    race_of(api, [*sessions, ("POST", f"/runs/{run}/close", None)])

    assert api("GET", f"/runs/{run}").json["sessionCount"] == len(ids(api, "/sessions"))


def test_runs_are_listed_by_each_filter(api: Gateway, other_api: Gateway, world: World) -> None:
    first = open_run(api, world.product, versionId=world.version, customId="Nightly run")["id"]
    second = open_run(api, world.product)["id"]
    other = open_run(api, new_world(api).product)["id"]
    api("POST", f"/runs/{second}/close")

    of_product = f"/runs?productIds[]={world.product}"
    assert ids(api, of_product) == [second, first]
    assert ids(api, f"{of_product}&sort[]=createdAt&sort[]=asc") == [first, second]
    assert ids(api, "/runs") == [other, second, first]
    assert ids(api, f"/runs?versionIds={world.version}") == [first]
    assert ids(api, f"{of_product}&versionIds={world.version}") == [first]
    assert ids(api, f"{of_product}&statuses=COMPLETED") == [second]
    assert ids(api, f"{of_product}&customIds=Nightly%20run") == [first]
    assert ids(api, f"{of_product}&customIds=x") == []
    assert ids(api, f"{of_product}&search=nightly") == [first]
    assert ids(api, f"{of_product}&search=%232") == [second]
    assert ids(api, f"{of_product}&limit=1&offset=1") == [first]
    assert ids(api, f"/runs?ids={first}") == [first]
    assert ids(api, "/runs?productIds=x") == []
    assert ids(api, "/runs?versionIds=x") == []
    assert api("GET", f"/runs?ids={first}&ids=x").status == 404
    assert ids(other_api, of_product) == []


def test_product_with_a_run_cannot_be_deleted(api: Gateway) -> None:
    product = new_entity(api, "/products", name="Shop")["id"]
    run = open_run(api, product)["id"]

    assert run in api("DELETE", f"/products/{product}").json["message"]
    assert api("DELETE", f"/runs/{run}").status == 204
    assert api("DELETE", f"/products/{product}").status == 204


def test_sessions_of_a_deleted_run_stay(api: Gateway, world: World, run: str) -> None:
    session = new_session(api, world.version, runId=run, isProduction=False)["id"]

    assert api("DELETE", f"/runs/{run}").status == 204

    assert api("GET", f"/runs/{run}").status == 404
    assert api("GET", f"/sessions/{session}").json["runId"] == run
