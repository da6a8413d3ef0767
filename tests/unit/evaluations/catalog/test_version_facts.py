"""Versions by their facts: one version for one state of an agent."""

from typing import Any

import pytest

from tests.support.evaluations import World, ids
from tests.support.gateway import Answer, Gateway
from tests.support.racing import race
from tests.support.snapshot import stored_items

URL = "/versions/get-or-create"
FACTS = {"model": "gpt-4o", "temperature": "0.7"}


def ask(api: Gateway, product: str, facts: Any, **fields: Any) -> Answer:
    return api("POST", URL, {"productId": product, "facts": facts, **fields})


def test_version_of_new_facts_is_created_with_its_number_and_model(
    api: Gateway, world: World
) -> None:
    answer = ask(api, world.product, FACTS)

    assert answer.status == 201, answer.text
    assert answer.json["facts"] == FACTS
    assert (answer.json["name"], answer.json["modelId"]) == ("v2", "gpt-4o")
    assert api("GET", f"/versions/{answer.json['id']}").json == answer.json


def test_same_facts_return_the_version_in_any_order_and_with_space_around(
    api: Gateway, world: World
) -> None:
    created = ask(api, world.product, FACTS, name="first").json
    before = stored_items()

    again = ask(api, world.product, {" temperature": "0.7 ", "model": "gpt-4o", "x": " "}, name="b")

    assert (again.status, again.json) == (200, created)
    assert stored_items() == before


@pytest.mark.parametrize(
    "facts", [{"temperature": "0.70"}, {"model": "gpt-4o"}, FACTS | {"a": "b"}]
)
def test_other_facts_are_another_version(api: Gateway, world: World, facts: dict[str, str]) -> None:
    first = ask(api, world.product, FACTS).json
    assert ask(api, world.product, facts).json["id"] != first["id"]


def test_products_and_organizations_have_their_own_versions(
    api: Gateway, other_api: Gateway, world: World
) -> None:
    first = ask(api, world.product, FACTS).json
    product = api("POST", "/products", {"name": "Bank"}).json["id"]

    assert ask(api, product, FACTS).json["id"] != first["id"]
    assert ask(other_api, world.product, FACTS).status == 404
    assert ask(api, "product_" + "0" * 32, FACTS).status == 404


def test_facts_of_a_deleted_version_get_a_new_one(api: Gateway, world: World) -> None:
    first = ask(api, world.product, FACTS).json
    assert api("DELETE", f"/versions/{first['id']}").status == 204

    second = ask(api, world.product, FACTS)

    assert second.status == 201
    assert second.json["id"] != first["id"]
    assert ask(api, world.product, FACTS).json == second.json


def test_taken_name_is_refused_in_the_words_that_the_sdk_knows(api: Gateway, world: World) -> None:
    answer = ask(api, world.product, FACTS, name="one")  # the name of the world's version

    assert answer.status == 409
    assert answer.json["message"] == "A Version with the same Name already exists."
    assert ids(api, f"/versions?productIds={world.product}") == [world.version]
    other = api("POST", "/products", {"name": "Bank"}).json["id"]
    assert ask(api, other, FACTS, name="one").status == 201


@pytest.mark.parametrize(
    "facts",
    [{}, {" ": "x"}, {"x": "  "}, {"a": "1", " a ": "2"}, {"a": 1}, None, [],
     {"a": "x" * 501}, {str(number): "x" for number in range(101)}],
    ids=lambda facts: str(facts)[:20],
)  # fmt: skip
def test_facts_without_a_meaning_are_refused(api: Gateway, world: World, facts: Any) -> None:
    answer = ask(api, world.product, facts)

    assert answer.status == 400
    assert "facts" in answer.json["message"]


def test_facts_cannot_be_changed(api: Gateway, world: World) -> None:
    version = ask(api, world.product, FACTS).json
    path = f"/versions/{version['id']}"

    assert api("PATCH", path, {"facts": {"model": "other"}}).status == 400
    assert api("PATCH", path, version | {"description": "x"}).json["description"] == "x"


def test_concurrent_requests_with_the_same_facts_get_one_version(
    api: Gateway, world: World
) -> None:
    body = {"productId": world.product, "facts": FACTS}

    answers = race(api, "POST", URL, body, clients=8)

    assert {one.json["id"] for one in answers} == {answers[0].json["id"]}
    assert sorted(one.status for one in answers) == [200] * 7 + [201]
