"""Everruns' Python SDK 0.3.1, unmodified: every method that this API serves."""

import inspect
from typing import Any

import pytest
from everruns_sdk import Everruns, client, generate_agent_id
from everruns_sdk.errors import ApiError
from everruns_sdk.models import AgentCapabilityConfig, ContentPart, Controls, ToolDefinition

from shared.llm.registry import SCRIPTED_MODEL_ID
from tests.support.everruns import with_sdk
from tests.support.gateway import Gateway
from tests.support.turns import Model, Turns, call, text

#: Methods of the SDK's clients that this API serves; the tests of this module call each.
SERVED = {
    client.AgentsClient: {"list", "get", "create", "apply", "apply_by_name", "delete"},
    client.SessionsClient: {"list", "get", "create", "delete", "cancel"},
    client.MessagesClient: {"list", "create", "create_tool_results"},
    client.EventsClient: {"list", "stream"},  # see also agent_sessions/test_event_stream.py
    client.CapabilitiesClient: {"list", "list_page", "get"},
    client.ModelsClient: {"list"},
}
CALCULATOR = AgentCapabilityConfig(ref="calculator")


def test_served_methods_are_called_here() -> None:
    source = inspect.getsource(inspect.getmodule(test_served_methods_are_called_here))  # type: ignore[arg-type]  # this module
    for kind, names in SERVED.items():
        group = kind.__name__.removesuffix("Client").lower()
        for name in names - {"stream"}:
            assert callable(getattr(kind, name))
            assert f".{group}.{name}(" in source, f"{group}.{name}"


def test_agents(api: Gateway) -> None:
    async def use(sdk: Everruns) -> None:
        first = await sdk.agents.apply_by_name("order-desk", "You help.", tags=["shop"])
        second = await sdk.agents.apply_by_name(
            "order-desk", "You help more.", capabilities=[CALCULATOR], description="Orders"
        )
        assert (second.id, second.system_prompt, second.tags) == (first.id, "You help more.", [])
        assert [one.id for one in await sdk.agents.list()] == [first.id]
        own = generate_agent_id()
        applied = await sdk.agents.apply(own, "clerk", "You count.")
        assert (await sdk.agents.apply(own, "clerk", "You sum.")).id == applied.id == own
        created = await sdk.agents.create(
            "ada", "You help.", default_model_id=str(SCRIPTED_MODEL_ID)
        )
        assert (await sdk.agents.get(created.id)).default_model_id == str(SCRIPTED_MODEL_ID)
        assert [one.id for one in await sdk.agents.list(search="ORDERS")] == [first.id]
        await sdk.agents.delete(created.id)
        assert (await sdk.agents.get(created.id)).status == "archived"
        tool = ToolDefinition(name="t", description="d", parameters={}, display_name="T")
        with_tools = await sdk.agents.create("with-tools", "You help.", tools=[tool])
        assert with_tools.tools == [tool]
        assert (await sdk.agents.get(with_tools.id)).tools == [tool]
        built_in = ToolDefinition(type="builtin", name="t", description="d", parameters={})
        with pytest.raises(ApiError, match=r"tools\.0\.type: ") as refused:
            await sdk.agents.create("with-tools", "You help.", tools=[built_in])
        assert refused.value.status_code == 422

    with_sdk(api, use)


def test_sessions(api: Gateway) -> None:
    async def use(sdk: Everruns) -> None:
        agent = await sdk.agents.create("ada", "You help.")
        late = await sdk.sessions.create(agent_id=agent.id, title="Late parcel", tags=["web"])
        other = await sdk.sessions.create(
            agent_id=agent.id, locale="uk-UA", capabilities=[CALCULATOR]
        )
        assert (await sdk.sessions.get(late.id)).title == "Late parcel"
        assert [one.id for one in await sdk.sessions.list(agent.id)] == [other.id, late.id]
        assert [one.id for one in await sdk.sessions.list(search="PARCEL")] == [late.id]
        await sdk.sessions.cancel(late.id)
        await sdk.sessions.delete(late.id)
        assert [one.id for one in await sdk.sessions.list()] == [other.id]

    with_sdk(api, use)


def test_messages_and_events_of_a_tool_turn(api: Gateway) -> None:
    async def ask(sdk: Everruns) -> str:
        agent = await sdk.agents.create("ada", "You help.", capabilities=[CALCULATOR])
        session = await sdk.sessions.create(agent_id=agent.id)
        controls = Controls(model_id=str(SCRIPTED_MODEL_ID), reasoning={"effort": "low"})
        message = await sdk.messages.create(session.id, "What is 6*7?", controls)
        assert message.content == [ContentPart.make_text("What is 6*7?")]
        return str(session.id)

    async def read(sdk: Everruns) -> None:
        messages = await sdk.messages.list(session_id)
        assert [one.role for one in messages] == ["user", "agent", "tool_result", "agent"]
        [part] = messages[1].content
        assert part.is_tool_call()
        requested = part.as_tool_call()
        assert requested is not None
        assert (requested.name, requested.arguments) == ("calculator", {"expression": "6*7"})
        assert messages[2].content[0].tool_call_id == requested.id
        events = await sdk.events.list(session_id)
        outputs = [one for one in events if one.type == "output.message.completed"]
        assert [one.data["metadata"]["model"] for one in outputs] == ["scripted", "scripted"]
        assert [[call.name for call in one.tool_calls()] for one in outputs] == [["calculator"], []]
        generations = [one for one in events if one.type == "llm.generation"]
        assert [one.data["metadata"]["success"] for one in generations] == [True, True]
        newest = await sdk.events.list(session_id, limit=2, exclude=["session.idled"])
        assert [one.type for one in newest] == ["reason.completed", "turn.completed"]

    session_id = with_sdk(api, ask)
    Turns(Model(call("calculator", expression="6*7"), text("42"))).run()
    with_sdk(api, read)


def test_tool_of_the_client(api: Gateway) -> None:
    tool = ToolDefinition(name="get_weather", description="Weather.", parameters={})

    async def ask(sdk: Everruns) -> str:
        agent = await sdk.agents.create("ada", "You help.", tools=[tool])
        session = await sdk.sessions.create(agent_id=agent.id, tools=[tool])
        assert session.tools == [tool]
        await sdk.messages.create(session.id, "What's the weather like in Paris?")
        return str(session.id)

    async def answer(sdk: Everruns) -> None:
        assert (await sdk.sessions.get(session_id)).status == "waitingfortoolresults"
        [event] = await sdk.events.list(session_id, types=["tool.call_requested"])
        [requested] = event.tool_calls()
        assert requested.arguments == {"city": "Paris"}
        result = ContentPart.make_tool_result(requested.id, {"degrees": 18})
        submitted = await sdk.messages.create_tool_results(session_id, [result])
        assert (submitted.accepted, submitted.status) == (1, "active")
        late = ContentPart.make_tool_error(requested.id, "late")
        with pytest.raises(ApiError, match="another result") as refused:
            await sdk.messages.create_tool_results(session_id, [late])
        assert refused.value.status_code == 409

    async def read(sdk: Everruns) -> None:
        messages = await sdk.messages.list(session_id)
        assert [one.role for one in messages] == ["user", "agent", "tool_result", "agent"]
        assert messages[-1].content == [ContentPart.make_text("degrees: 18")]

    session_id = with_sdk(api, ask)
    Turns().run()
    with_sdk(api, answer)
    Turns().run()
    with_sdk(api, read)


def test_models_and_capabilities(api: Gateway) -> None:
    async def use(sdk: Everruns) -> list[Any]:
        [model] = await sdk.models.list()
        assert (model.id, model.model_id, model.enabled) == (
            str(SCRIPTED_MODEL_ID),
            "scripted",
            True,
        )
        page = await sdk.capabilities.list_page(limit=2, offset=1)
        found = await sdk.capabilities.list(search="arithmetic")
        assert [one.id for one in found] == ["calculator"]
        assert (await sdk.capabilities.get("calculator")).name == "Calculator"
        return list(page.data)

    assert len(with_sdk(api, use)) == 2
