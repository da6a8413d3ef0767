"""Caller: scopes and the operations they allow."""

from uuid import UUID

import pytest

from shared.core.ids import AgentId
from tests.support.gateway import Gateway
from tests.unit.http.conftest import SURFACES, THING, Client, thing_handler

BODY = f'{{"agent_id":"{AgentId.new()}"}}'


@pytest.mark.parametrize(
    ("scopes", "may_read", "may_write", "may_administer"),
    [
        ("read", True, False, False),
        ("write", True, True, False),
        ("admin", True, True, True),
        ("read write", True, True, False),
        ("read admin", True, True, True),
        ("", False, False, False),
        ("owner", False, False, False),
        ("admins", False, False, False),
    ],
)
def test_scope_allows_its_operations_only(
    client: Client, scopes: str, may_read: bool, may_write: bool, may_administer: bool
) -> None:
    client.gateway.scopes = scopes
    assert client.send("GET").status == (200 if may_read else 403)
    assert client.send("POST", body=BODY).status == (201 if may_write else 403)
    assert client.send("DELETE").status == (204 if may_write else 403)
    assert client.send("PUT").status == (200 if may_administer else 403)


def test_forbidden_response_names_the_missing_scope(surface_name: str, client: Client) -> None:
    client.gateway.scopes = "read"
    answer = client.send("PUT")
    message = "API key: must have the scope 'admin'."
    assert answer.json == (
        {"error": message}
        if surface_name == "agents"
        else {"error": "forbidden", "message": message}
    )


def test_same_idempotency_key_of_two_organizations_derives_two_ids() -> None:
    handler = thing_handler(SURFACES["playground"])
    clients = (Client(handler, Gateway()) for _ in range(2))
    answers = (client.send(body=BODY, headers={"Idempotency-Key": "k"}) for client in clients)
    keys = {UUID(answer.json["key"]) for answer in answers}
    assert len(keys) == 2


def test_request_without_authorizer_context_fails() -> None:
    client = Client(thing_handler(SURFACES["playground"]), Gateway())
    event = client.gateway.event("GET", THING, "/v1/things/{agent_id}", {}, "", None, None)
    for authorizer in ({}, None, {"organization_id": "org_1", "key_id": "k", "scopes": "admin"}):
        event["requestContext"]["authorizer"] = authorizer
        assert client.handler(event, None)["statusCode"] == 500
