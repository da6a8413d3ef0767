"""Metrics through the API: create, get, list and delete."""

from typing import Any

import pytest

from tests.support.evaluations import ids, new_entity
from tests.support.gateway import Gateway

#: Body of the official SDK 5.12: every field that it knows, most of them null.
SENT: dict[str, Any] = {
    "name": "Accuracy", "evaluatorModelName": None, "evaluationParams": ["expected_output"],
    "judgePrompt": "The answer is {{expected_output}}.", "tags": ["orders"],
    "source": "PARTIAL_PROMPT", "description": None, "documentationUrl": None,
    "userGroupIds": None, "judgeGenerationSettings": None,
}  # fmt: skip


def test_created_metric_has_the_fields_of_the_sdk(api: Gateway) -> None:
    metric = new_entity(api, "/metrics", **SENT)
    assert metric == {
        **SENT,
        "id": metric["id"],
        "metricGroupId": metric["id"],
        "organizationId": str(api.organization_id),
        "userId": str(api.key_id),
        "passThreshold": 0.5,
        "classifierQuestion": None,
        "applicabilityScope": None,
        "applicabilityThreshold": None,
        "legacyAt": None,
        "disabledAt": None,
        "excludedFromAnalyticsAt": None,
        "excludedByUserId": None,
        "createdAt": metric["createdAt"],
        "deletedAt": None,
    }
    assert api("GET", f"/metrics/{metric['id']}").json == metric


@pytest.mark.parametrize(
    ("sent", "source"),
    [
        ({}, "SELF_HOSTED"),
        ({"judgePrompt": "It is polite."}, "PARTIAL_PROMPT"),
        ({"classifierQuestion": {"type": "yes_no", "instructions": "Polite?"}}, "CLASSIFIER"),
        ({"source": "self_hosted"}, "SELF_HOSTED"),
        ({"source": "FULL_PROMPT", "judgePrompt": "It is polite."}, "FULL_PROMPT"),
        ({"source": "human_evaluation"}, "HUMAN_EVALUATION"),
    ],
)
def test_source_follows_from_what_is_sent(api: Gateway, sent: dict[str, Any], source: str) -> None:
    assert new_entity(api, "/metrics", name="One", **sent)["source"] == source


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"source": "GEVAL"}, "source"),
        ({"source": "PARTIAL_PROMPT"}, "judgePrompt"),
        ({"source": "CLASSIFIER"}, "classifierQuestion"),
        ({"source": "SELF_HOSTED", "classifierQuestion": {"a": 1}}, "classifierQuestion"),
        ({"passThreshold": 1.1}, "passThreshold"),
        ({"judgeGenerationSettings": {"temperature": -1}}, "judgeGenerationSettings.temperature"),
    ],
)
def test_invalid_metric_is_rejected(api: Gateway, sent: dict[str, Any], field: str) -> None:
    answer = api("POST", "/metrics", {"name": "One", **sent})
    assert answer.status == 400
    assert field in answer.json["message"]


def test_generation_settings_are_stored(api: Gateway) -> None:
    settings = {"temperature": 0.5, "maxOutputTokens": 512}
    metric = new_entity(api, "/metrics", **SENT | {"judgeGenerationSettings": settings})
    assert metric["judgeGenerationSettings"] == {**settings, "topP": None, "reasoningEffort": None}


def test_list_filters_by_ids_names_and_tags(api: Gateway) -> None:
    first = new_entity(api, "/metrics", name="A", tags=["x", "y"])["id"]
    second = new_entity(api, "/metrics", name="B", tags=["z"])["id"]
    third = new_entity(api, "/metrics", name="A")["id"]

    flags = "includeLegacy=false&includeExcludedFromAnalytics=false"
    assert ids(api, f"/metrics?{flags}") == [third, second, first]
    assert ids(api, "/metrics?names[]=A") == [third, first]
    assert ids(api, f"/metrics?ids[]={second}") == [second]
    assert ids(api, "/metrics?tags[]=y&tags[]=z") == [second, first]
    assert ids(api, "/metrics?names[]=C") == []
    assert api("GET", "/metrics?ids[]=metric_unknown").status == 404


def test_deleted_metric_is_not_found(api: Gateway) -> None:
    metric = new_entity(api, "/metrics", name="One")["id"]
    assert api("DELETE", f"/metrics/{metric}").status == 204
    assert api("GET", f"/metrics/{metric}").status == 404
    assert api("DELETE", f"/metrics/{metric}").status == 404
    assert ids(api, "/metrics") == []


def test_cursor_continues_the_list(api: Gateway) -> None:
    first, second = (new_entity(api, "/metrics", name=name)["id"] for name in "AB")
    page = api("GET", "/metrics?limit=1")
    assert [one["id"] for one in page.json] == [second]
    assert ids(api, f"/metrics?limit=1&cursor={page.headers['x-next-cursor']}") == [first]
