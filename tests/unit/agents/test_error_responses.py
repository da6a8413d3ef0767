"""Documented errors of endpoints: an endpoint's own description of a status is used."""

from shared.agents.api import error_responses


def test_description_of_an_endpoint_replaces_the_common_one() -> None:
    described = error_responses({404: "No such upload", 422: "Another conversation has this id"})

    assert described[422]["description"] == "Another conversation has this id"
    assert described[500]["description"] == "Internal server error"
    assert list(described) == [404, 422, 500]
