"""Concurrent creates: 20 clients, one Idempotency-Key, one resource.

Every create is raced by the handlers in this process against the emulated DynamoDB; the core
ones also through the deployed API, with a copy of the function for each client.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.creates import CASES, CreateCase, request_of
from tests.support.gateway import Answer, Gateway
from tests.support.imports import known
from tests.support.racing import at_once, race
from tests.support.running_stack import RunningStack
from tests.support.storage import emulated_table

CLIENTS = 20
CORE = {"POST /v1/workflow/playground/sessions", "POST /v1/sessions", "POST /sessions"}
CORE_CASES = [case for case in CASES if case.route in CORE and not case.variant]


def assert_one_resource(answers: list[Answer], case: CreateCase) -> None:
    assert {answer.status for answer in answers} == {case.status}, answers[0].text
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * (CLIENTS - 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_concurrent_creates_with_same_key_create_one_resource(
    stack: RunningStack, monkeypatch: pytest.MonkeyPatch, case: CreateCase
) -> None:
    names = {"TABLE_NAME": stack.table_name, "FILES_BUCKET": stack.files_bucket}
    with emulated_table(monkeypatch, endpoint_url=stack.aws_endpoint_url, **names):
        api = known(Gateway())
        request = request_of(case.route, case.body, case.prepare(api))
        key = {"Idempotency-Key": "k"}
        answers = race(api, *request, headers=key, clients=CLIENTS, storage_is_atomic=True)

    assert_one_resource(answers, case)


class DeployedApi(Gateway):
    """The deployed API, called like the one in this process."""

    def __init__(self, http: httpx.Client) -> None:
        super().__init__()
        self._http = http

    def __call__(
        self,
        method: str,
        url: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        raw: str | bytes | None = None,
    ) -> Answer:
        answer = self._http.request(method, url, json=body, headers=headers)
        return Answer(answer.status_code, dict(answer.headers), answer.text)


@pytest.mark.parametrize("case", CORE_CASES, ids=lambda case: case.id)
def test_concurrent_creates_through_the_api_create_one_resource(
    http: httpx.Client, case: CreateCase
) -> None:
    api, headers = DeployedApi(http), {"Idempotency-Key": str(uuid4())}
    request = request_of(case.route, case.body, case.prepare(api))

    answers = at_once(CLIENTS, lambda _: api(*request, headers=headers), storage_is_atomic=True)

    assert len(CORE_CASES) == len(CORE)
    assert_one_resource(answers, case)
