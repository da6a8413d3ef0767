"""Personas: create, get, list, update, delete."""

from typing import Any

import pytest

from tests.support.gateway import Gateway

PERSONA = {"name": "Traveler", "body": "You travel for work."}


def create(api: Gateway, **fields: Any) -> dict[str, Any]:
    answer = api("POST", "/v1/personas", PERSONA | fields)
    assert answer.status == 201
    created: dict[str, Any] = answer.json
    return created


def test_persona_is_stored_with_the_defaults_of_the_contract(api: Gateway) -> None:
    created = create(api)

    assert api("GET", f"/v1/personas/{created['id']}").json == created
    assert created["traits"] == {}
    assert created["is_active"] is True
    assert created["created_by"] == str(api.key_id)
    assert created["behavior_config"]["first_speaker"] == "agent"
    assert created["behavior_config"]["cut_in"] == {
        "min_words": 3,
        "min_duration_ms": 300,
        "backoff_ms": 1000,
    }


def test_update_changes_only_what_it_names_and_replaces_the_whole_behavior(api: Gateway) -> None:
    created = create(
        api, description="A traveler", behavior_config={"language": "de", "wait_seconds": 2}
    )
    path = f"/v1/personas/{created['id']}"

    answer = api("PUT", path, {"description": None, "behavior_config": {"wait_seconds": 1}})

    assert answer.status == 200
    assert answer.json["name"] == "Traveler"
    assert answer.json["description"] is None
    assert answer.json["behavior_config"]["wait_seconds"] == 1
    assert answer.json["behavior_config"]["language"] is None
    assert api("GET", path).json == answer.json


@pytest.mark.parametrize("name", ["name", "body", "is_active", "traits", "behavior_config"])
def test_null_is_refused_where_it_would_look_like_a_change(api: Gateway, name: str) -> None:
    created = create(api)

    answer = api("PUT", f"/v1/personas/{created['id']}", {name: None})

    assert answer.status == 422
    assert f"{name}: must not be null" in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"body": ""},
        {"behavior_config": {"first_speaker": "nobody"}},
        {"behavior_config": {"unknown": 1}},
        {"behavior_config": {"yield_on_overlap": {"after_seconds": 0}}},
        {"traits": {"long": "x" * 100_001}},
        {"unknown": 1},
    ],
)
def test_invalid_persona_is_refused(api: Gateway, fields: dict[str, Any]) -> None:
    assert api("POST", "/v1/personas", PERSONA | fields).status == 422
    assert api("GET", "/v1/personas").json["items"] == []


def test_list_filters_by_text_and_activity_and_pages(api: Gateway) -> None:
    names = ["Hurried TRAVELER", "Traveler", "Retired", "Student traveler"]
    for name in names:
        create(api, name=name, is_active=name != "Traveler")

    first = api("GET", "/v1/personas?search=traveler&limit=2").json
    rest = api("GET", f"/v1/personas?search=traveler&limit=2&cursor={first['next_cursor']}").json
    active = api("GET", "/v1/personas?search=traveler&is_active=true").json

    assert [one["name"] for one in first["items"]] == ["Student traveler", "Traveler"]
    assert [one["name"] for one in rest["items"]] == ["Hurried TRAVELER"]
    assert (first["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    assert [one["name"] for one in active["items"]] == ["Student traveler", "Hurried TRAVELER"]


def test_persona_of_another_organization_is_not_found(api: Gateway) -> None:
    path, other = f"/v1/personas/{create(api)['id']}", Gateway()

    assert other("GET", path).status == 404
    assert other("PUT", path, {"name": "Mine"}).status == 404
    assert other("DELETE", path).status == 404
    assert api("GET", path).json["name"] == "Traveler"


def test_deleted_persona_is_gone(api: Gateway) -> None:
    path = f"/v1/personas/{create(api)['id']}"

    assert api("DELETE", path).status == 204
    assert api("GET", path).status == 404
    assert api("DELETE", path).status == 404
    assert api("GET", "/v1/personas").json["items"] == []


def test_update_at_another_version_is_refused(api: Gateway) -> None:
    path = f"/v1/personas/{create(api)['id']}"
    tag = api("GET", path).headers["etag"]
    api("PUT", path, {"name": "Renamed"})

    assert api("PUT", path, {"name": "Late"}, headers={"If-Match": tag}).status == 412
