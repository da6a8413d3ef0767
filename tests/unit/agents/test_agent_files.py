"""Agents as files: import of every form, and the round trip over an export."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents.agents.domain import Agent, CapabilityConfig
from shared.agents.agents.files import agent_to_markdown, parse_agent
from shared.core.clock import system_clock
from shared.core.ids import AgentId, OrganizationId
from tests.support.gateway import Gateway

URL = "/v1/agents/import"
MARKDOWN = """---
name: "Order desk"
description: Orders
tags: [shop, "late: yes"]
capabilities:
  - current_time
  - ref: session_notes
    config: {}
unknown: 1
---

# Orders

Be brief.
"""
BOMB = "name: x\na: &a [x, x]\nb: &b [*a, *a]\nsystem_prompt: [*b, *b]"


def imported(api: Gateway, text: str) -> Any:
    answer = api("POST", URL, raw=text, headers={"content-type": "text/plain"})
    assert answer.status == 201, answer.text
    return answer.json


@pytest.mark.parametrize(
    "text",
    [
        MARKDOWN,
        MARKDOWN.replace("\n", "\r\n"),
        json.dumps(
            {
                "name": "Order desk", "description": "Orders", "tags": ["shop", "late: yes"],
                "capabilities": ["current_time", {"ref": "session_notes", "config": {}}],
                "system_prompt": "# Orders\n\nBe brief.",
            }
        ),
        MARKDOWN.partition("\n---\n")[0].removeprefix("---\n")
        + "\nsystem_prompt: |-\n  # Orders\n\n  Be brief.\n",
    ],
    ids=["markdown", "markdown-crlf", "json", "yaml"],
)  # fmt: skip
def test_each_form_gives_the_same_agent(text: str, api: Gateway) -> None:
    agent = imported(api, text)

    assert agent["name"] == "Order desk"
    assert agent["tags"] == ["shop", "late: yes"]
    assert [one["ref"] for one in agent["capabilities"]] == ["current_time", "session_notes"]
    assert agent["system_prompt"].replace("\r", "") == "# Orders\n\nBe brief."


@pytest.mark.parametrize("text", ["You help.", "--- no front matter", "* be *kind*\n* [brief"])
def test_plain_text_is_the_prompt_of_an_agent_with_a_generated_name(
    text: str, api: Gateway
) -> None:
    agent = imported(api, f"\n{text}\n")

    assert agent["system_prompt"] == text
    assert agent["name"].startswith("agent-2")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "system_prompt: is required"), ("---\nname: x\n---\n", "system_prompt: is required"),
        ('{"name": "x"', "valid JSON"), ("{{prompt}}", "valid JSON"),
        ("---\nname: [\n---\nBe kind.", "valid YAML"), ("---\n- x\n---\nBe kind.", "an object"),
        (BOMB, "aliases"), (f"name: {'[' * 5000}", "levels"),
        ("name: !!python/object/apply:os.system [x]\nsystem_prompt: y", "valid YAML"),
        ("name: .nan\nsystem_prompt: y", "valid YAML"), ("name: 7\nsystem_prompt: y", "name:"),
        ("name: x\nsystem_prompt: y\nid: agent_7", "id:"),
        ("name: x\nsystem_prompt: y\ntags: [1]", "tags.0:"),
        (f"name: x\nsystem_prompt: {'y' * 262_145}", "Input exceeds allowed limits"),
        (f"name: {'y' * 600_000}\nsystem_prompt: x", "at most 600000 bytes"),
    ],
)  # fmt: skip
def test_bad_file_is_an_error(text: str, reason: str, api: Gateway) -> None:
    answer = api("POST", URL, raw=text, headers={"content-type": "text/plain"})

    assert answer.status == 400, answer.text
    assert reason in answer.json["error"]


def test_file_above_the_limit_of_a_request_is_refused(api: Gateway) -> None:
    assert api("POST", URL, raw="x" * (1024 * 1024 + 1)).status == 413


def test_repeated_import_with_a_key_creates_one_agent(api: Gateway) -> None:
    first, again = (
        api("POST", URL, raw=MARKDOWN, headers={"idempotency-key": "k"}) for _ in range(2)
    )

    assert first.json == again.json
    assert again.headers["idempotent-replayed"] == "true"


def test_export_and_import_give_the_same_agent(api: Gateway, other_api: Gateway) -> None:
    body = {
        "name": 'Desk "A"', "system_prompt": " Be kind.\n---\n", "description": "a\u2028b",
        "tags": ["x"], "capabilities": [{"ref": "session_notes", "config": {"a": [1, None]}}],
        "initial_files": [{"path": "/a.md", "content": "# A\n", "is_readonly": True}],
        "tools": [{"type": "client_side", "name": "t", "description": "d", "parameters": {}}],
    }  # fmt: skip
    agent = api("POST", "/v1/agents", body).json

    exported = api("GET", f"/v1/agents/{agent['id']}/export")
    replaced, copied = imported(api, exported.text), imported(other_api, exported.text)

    assert exported.headers["content-type"].startswith("text/markdown")
    assert exported.headers["content-disposition"] == 'attachment; filename="desk-a.md"'
    for other in (replaced, copied):
        assert {**other, "created_at": "", "updated_at": ""} == {
            **agent, "created_at": "", "updated_at": ""
        }  # fmt: skip
    assert api("GET", f"/v1/agents/{agent['id']}").headers["etag"] == '"2"'


def test_export_of_another_organizations_agent_is_not_found(
    api: Gateway, other_api: Gateway
) -> None:
    agent = imported(api, MARKDOWN)

    assert other_api("GET", f"/v1/agents/{agent['id']}/export").status == 404


TEXTS = st.text(max_size=30) | st.sampled_from(["---", "\n---\n", "{", "name: x", "\r\n", "~", "'"])
PROMPTS = st.lists(TEXTS, min_size=1, max_size=4).map("\n".join).filter(lambda text: text != "")


@settings(max_examples=150, deadline=None)
@given(name=TEXTS.filter(bool), description=st.none() | TEXTS, prompt=PROMPTS, tag=TEXTS)
def test_any_text_survives_the_round_trip(
    name: str, description: str | None, prompt: str, tag: str
) -> None:
    now = system_clock()
    agent = Agent(
        id=AgentId.new(), organization_id=OrganizationId.new(), created_at=now, updated_at=now,
        name=name, description=description, system_prompt=prompt, tags=(tag,),
        capabilities=(CapabilityConfig("x", {name: [tag, 1.5, None]}),),
    )  # fmt: skip

    found = parse_agent(agent_to_markdown(agent), now)

    assert found["name"] == name
    assert found.get("description") == description
    assert found["system_prompt"] == prompt
    assert found["tags"] == [tag]
    assert found["capabilities"] == [{"ref": "x", "config": {name: [tag, 1.5, None]}}]
