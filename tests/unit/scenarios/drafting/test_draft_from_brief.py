"""POST /v1/scenarios/draft: drafts from briefs."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.core.ids import AgentId
from shared.scenarios.drafting.brief import draft_from_brief
from shared.sessions.agent_ref import AgentRef
from tests.support.drafting import classify
from tests.support.gateway import Answer, Gateway
from tests.support.scenarios import SCENARIOS, agent_uuid, new_scenario

DESK = AgentRef(AgentId(UUID(int=1)), "Desk")
START = "1. The user starts a conversation with the agent “Desk”."


def draft(api: Gateway, brief: str, **fields: Any) -> Answer:
    agent = fields.pop("agent_id", None) or agent_uuid(api, "Desk")
    return api("POST", f"{SCENARIOS}/draft", {"brief": brief, "agent_id": agent, **fields})


def test_draft_consists_of_brief_and_agent(api: Gateway) -> None:
    agent, persona = agent_uuid(api, "Desk"), str(uuid4())
    brief = "A frequent traveller asks for a refund of order 4711; the agent must refuse."

    answer = draft(api, brief, agent_id=agent, persona_id=persona)

    assert answer.status == 200
    assert answer.json == {
        "name": "Refund of order 4711",
        "intent": "The user asks for a refund of order 4711.",
        "journey": f"{START}\n2. The user asks for a refund of order 4711.\n"
        "3. The agent must refuse.",
        "mock_world": {},
        "source": "drafted",
        "source_brief": brief,
        "source_agent_id": agent,
        "source_persona_id": persona,
        "source_agent_name": "Desk",
        "source_persona_name": None,
        "user_turns": [],
        "replacements": [],
        "tags": [],
        "agent_ids": [agent],
    }


def test_repeated_draft_of_brief_is_equal(api: Gateway) -> None:
    agent = agent_uuid(api)
    texts = {draft(api, "Refund over the limit", agent_id=agent).text for _ in range(3)}
    assert len(texts) == 1
    assert api("GET", SCENARIOS).json["items"] == []


@pytest.mark.parametrize(
    ("brief", "name", "intent"),
    [
        ("I want to fly later. I have insurance.", "Fly later", "I want to fly later. I have ins"),
        ("Please cancel my booking", "Cancel my booking", "Please cancel my booking."),
        ("Refund over the limit", "Refund over the limit", "The user needs help with this: Refund"),
        ("Test that a caller wants to pay twice", "Pay twice", "The user wants to pay twice."),
        ("测试退款", "测试退款", "The user needs help with this: 测试退款."),
        ("יש לי שאלה", "יש לי שאלה", "The user needs help with this: יש לי שאלה."),
    ],
)
def test_brief_in_any_voice_is_rephrased_about_user(brief: str, name: str, intent: str) -> None:
    drafted = draft_from_brief(brief, DESK, classify())

    assert drafted.name == name
    assert drafted.intent.startswith(intent)
    assert drafted.journey.startswith(START)


def test_personal_data_in_brief_is_redacted() -> None:
    brief = (
        "An angry customer named Bob Miller, bob@example.com, phone +1 202 555 0143, "
        "wants to cancel. Bob Miller then hangs up."
    )

    drafted = draft_from_brief(brief, DESK, classify())

    words = f"{drafted.name} {drafted.intent} {drafted.journey}"
    assert not [one for one in ("Miller", "bob@", "0143") if one in words]
    assert words.count("<NAME_1>") >= 2
    assert drafted.brief == brief


@pytest.mark.parametrize("brief", ["x", "a " * 1_000, "Word. " * 333, "y" * 2_000, "1. a\n2. b"])
def test_draft_of_any_brief_can_be_created_unchanged(api: Gateway, brief: str) -> None:
    drafted = draft(api, brief)

    assert drafted.status == 200
    created = new_scenario(api, **drafted.json)
    assert (created["source_brief"], created["source_agent_name"]) == (brief, "Desk")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"brief": ""}, 422, None),
        ({"brief": "b" * 2_001}, 422, None),
        ({"brief": None}, 422, None),
        ({"brief": "b", "agent_id": "x"}, 422, None),
        ({"brief": "b", "persona_id": "x"}, 422, None),
        ({"brief": "b", "agent_id": str(uuid4())}, 400, "agent_not_found"),
        ({"brief": " \n "}, 400, "brief_empty"),
        ({"brief": "?!"}, 400, "brief_empty"),
    ],
)
def test_invalid_brief_request_is_rejected(
    api: Gateway, body: dict[str, Any], status: int, code: str | None
) -> None:
    answer = api("POST", f"{SCENARIOS}/draft", {"agent_id": agent_uuid(api), **body})

    assert answer.status == status
    assert answer.json.get("error") == code


def test_agent_of_other_organization_is_not_found(api: Gateway, other_api: Gateway) -> None:
    foreign = agent_uuid(other_api)

    answer = draft(api, "b", agent_id=foreign)

    assert (answer.status, answer.json["error"]) == (400, "agent_not_found")
    assert api("POST", f"{SCENARIOS}/draft", {"brief": "b"}).status == 422
