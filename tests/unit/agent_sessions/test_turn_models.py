"""What a turn asks of which model: the nearest one chosen, its effort, the tools it is shown."""

from dataclasses import replace

import pytest

from shared.core.ids import ModelId
from shared.llm.registry import SCRIPTED_MODEL_ID, ModelRegistry
from shared.llm.registry import Model as Registered
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.support.turns import (
    Model,
    Turns,
    answers,
    events,
    session,
    text,
)


def registered(*names: str) -> dict[str, ModelId]:
    return {name: ModelId.new() for name in names}


def test_given_models_everywhere_then_the_nearest_to_the_message_is_used(api: Gateway) -> None:
    ids = registered("controls", "session", "agent", "stack")
    registry = ModelRegistry(
        {identifier: Registered(identifier, "test", name) for name, identifier in ids.items()}
    )
    model = Model(text("ok"))
    turns = Turns(model)
    turns.setup = replace(turns.setup, models=registry, default_model=ids["stack"])

    def used(*, controls: bool, of_session: bool, of_agent: bool) -> str:
        from shared.agents import service

        service.models.cache_clear()
        agents = service.agents()
        agents._models = registry
        service.sessions()._models = registry
        service.messages()._models = registry
        agent = new_agent(api, default_model_id=str(ids["agent"]) if of_agent else None)
        model_id = str(ids["session"]) if of_session else None
        opened = new_session(api, agent_id=agent["id"], model_id=model_id)["id"]
        extra = {"controls": {"model_id": str(ids["controls"])}} if controls else {}
        say(api, opened, "hi", **extra)
        turns.run()
        return model.requests[-1].model

    assert used(controls=True, of_session=True, of_agent=True) == "controls"
    assert used(controls=False, of_session=True, of_agent=True) == "session"
    assert used(controls=False, of_session=False, of_agent=True) == "agent"
    assert used(controls=False, of_session=False, of_agent=False) == "stack"


def test_given_an_agent_that_gets_a_model_later_then_it_goes_before_the_stacks(
    api: Gateway,
) -> None:
    agent = new_agent(api)
    opened = new_session(api, agent_id=agent["id"])["id"]
    body = {"default_model_id": str(SCRIPTED_MODEL_ID)}
    assert api("PATCH", f"/v1/agents/{agent['id']}", body).status == 200
    model = Model(text("ok"))
    turns = Turns(model)
    turns.setup = replace(turns.setup, default_model=ModelId.new())
    say(api, opened, "hi")
    turns.run()
    assert model.requests[0].model == "scripted"


def test_given_a_model_that_is_gone_then_the_turn_fails(api: Gateway, session_id: str) -> None:
    turns = Turns(Model(text("ok")))
    turns.setup = replace(turns.setup, default_model=ModelId.new())
    say(api, session_id, "hi")
    turns.run()
    failed = events(api, session_id)[-2]["data"]
    assert (failed["error"], failed["error_code"]) == ("Model not found", "not_found")


def test_given_effort_then_the_model_is_told(api: Gateway, session_id: str) -> None:
    model = Model(text("ok"))
    turns = Turns(model)
    say(api, session_id, "hi", controls={"reasoning": {"effort": "high"}})
    turns.run()
    assert model.requests[0].effort == "high"


@pytest.mark.parametrize(
    ("of_agent", "of_session", "tools"),
    [
        ([], [], []),
        (["calculator"], ["current_time", "calculator"], ["calculator", "current_time"]),
        (["unknown"], ["session_notes"], ["session_notes"]),
    ],
)
def test_given_capabilities_then_the_agents_tools_come_first(
    api: Gateway, of_agent: list[str], of_session: list[str], tools: list[str]
) -> None:
    agent = new_agent(api, capabilities=[{"ref": one} for one in of_agent])
    refs = [{"ref": one} for one in of_session]
    opened = new_session(api, agent_id=agent["id"], capabilities=refs)["id"]
    model = Model(text("ok"))
    turns = Turns(model)
    say(api, opened, "hi")
    turns.run()
    assert [tool.name for tool in model.requests[0].tools] == tools


def test_given_an_archived_agent_then_its_sessions_go_on(api: Gateway, session_id: str) -> None:
    agent_id = session(api, session_id)["agent_id"]
    assert api("DELETE", f"/v1/agents/{agent_id}").status == 204
    say(api, session_id, "hi")
    Turns(Model(text("still here"))).run()
    assert answers(api, session_id)[0][1] == "still here"
