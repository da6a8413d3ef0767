"""Conversations, graphs and scenarios with half of a surrogate pair, as a cut text leaves it."""

import json
from typing import Any

from tests.support.gateway import Answer, Gateway
from tests.support.scenarios import SCENARIOS
from tests.support.unicode import is_valid
from tests.unit.playground.conversations import (
    REVISIONS,
    URL,
    WORKFLOWS,
    decide,
    new_revision,
    open_awaiting_approval,
    put_graph,
    say,
)
from tests.unit.playground.graphs import small

#: As JavaScript's ``slice`` cuts an emoji, and as it is from then on.
CUT, REPAIRED = "cut \ud83d", "cut \ufffd"


def sound(answer: Answer, status: int = 200) -> Answer:
    assert answer.status == status, answer.text
    assert is_valid(answer)
    return answer


def test_cut_message_is_in_stream_trace_list_and_draft(api: Gateway) -> None:
    revision = new_revision(api)
    graph = small(persona=CUT)
    graph["mock_world"]["find_parcel"]["output"]["scan"] = {"place": CUT, CUT: 1}
    sound(put_graph(api, revision, graph))
    session = sound(api("POST", URL, {"revision_id": revision}), 201).json["session_id"]

    assert REPAIRED in sound(say(api, session, CUT)).text

    read = sound(api("GET", f"{URL}/{session}")).json
    assert read["graph"]["persona"] == REPAIRED
    assert REPAIRED in sound(api("GET", f"{URL}/{session}/trace")).json["items"][0]["message"]
    assert sound(api("GET", URL)).json["items"][0]["graph"]["persona"] == REPAIRED
    sound(api("POST", f"{SCENARIOS}/draft-from-session", {"session_id": session}))
    stored = sound(api("GET", f"{REVISIONS}/{revision}/graph")).json["compiled_graph"]
    assert stored["mock_world"]["find_parcel"]["output"]["scan"] == {"place": REPAIRED, REPAIRED: 1}


def test_cut_note_of_a_decision_is_in_the_trace(api: Gateway) -> None:
    session = open_awaiting_approval(api)

    sound(decide(api, session, "deny", note=CUT))

    turns = sound(api("GET", f"{URL}/{session}/trace")).json["items"]
    assert turns[-1]["note"] == REPAIRED


def test_cut_texts_of_workflow_and_scenario_are_stored_and_listed(api: Gateway) -> None:
    workflow = {"name": CUT, "description": CUT, "metadata": {CUT: [CUT, {CUT: CUT}]}}
    scenario: dict[str, Any] = {
        "name": CUT,
        "intent": CUT,
        "journey": CUT,
        "tags": [CUT],
        "mock_world": {CUT: {"output": {CUT: CUT}}},
        "success_criteria": [{"description": CUT, "output_type": "boolean"}],
    }
    for url, body in ((WORKFLOWS, workflow), (SCENARIOS, scenario)):
        created = sound(api("POST", url, body), 201).json
        repaired = json.loads(json.dumps(body).replace("\\ud83d", "\\ufffd"))
        assert {name: created[name] for name in body} == repaired

        changed = sound(api("PUT", f"{url}/{created['id']}", body)).json

        assert {name: changed[name] for name in body} == repaired
        assert sound(api("GET", url)).json["items"][0]["name"] == REPAIRED
        read = sound(api("GET", f"{url}/{created['id']}")).json
        assert {name: read[name] for name in changed} == changed
    brief = {"brief": CUT, "agent_id": "agent_" + "0" * 32}
    sound(api("POST", f"{SCENARIOS}/draft", brief), 400)
