"""Everruns SDK: an agent whose tool the client runs, in the calls of the SDK's weather cookbook.

    python everruns_tools.py

URL and key come from EVERRUNS_API_URL and EVERRUNS_API_KEY. Prints the results as one line of
JSON; fails if an assertion does.
"""

import asyncio
import json
import warnings
from importlib.metadata import version
from typing import Any

warnings.simplefilter("ignore")

from everruns_sdk import (  # noqa: E402  # it warns of its own names
    ContentPart,
    Everruns,
    ToolDefinition,
    extract_tool_calls,
)
from everruns_sdk.errors import ApiError  # noqa: E402
from everruns_sdk.sse import EventStream, StreamOptions  # noqa: E402

#: Seconds until a turn must have ended, a cold function included.
PATIENCE = 60
TOOL = ToolDefinition(
    name="get_weather",
    description="Returns the current weather of a city.",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
)


async def run_tools(client: Any, session_id: str, requested: Any) -> None:
    """Answer the tool calls of an event, as the session's status allows."""
    session = await client.sessions.get(session_id)
    assert session.status == "waitingfortoolresults"
    calls = extract_tool_calls(requested.data)
    assert [(one.name, one.arguments) for one in calls] == [("get_weather", {"city": "Paris"})]
    results = [
        ContentPart.make_tool_result(one.id, {"city": one.arguments["city"], "degrees": 18})
        for one in calls
    ]
    for _ in range(2):  # a repetition changes nothing
        submitted = await client.messages.create_tool_results(session_id, results)
        assert submitted.accepted == len(results)


async def converse(client: Any, session_id: str) -> list[Any]:
    """Ask for the weather, and stream until the turn has ended."""
    stream = EventStream(client, session_id, StreamOptions(max_retries=3))
    events: list[Any] = []

    async def follow() -> None:
        async for event in stream:
            events.append(event)
            if event.type == "tool.call_requested":
                await run_tools(client, session_id, event)
            elif event.type in ("turn.completed", "turn.failed"):
                stream.stop()
                break

    following = asyncio.create_task(follow())
    await client.messages.create(session_id=session_id, text="What's the weather like in Paris?")
    await asyncio.wait_for(following, PATIENCE)
    await stream.aclose()
    return events


async def use(client: Any) -> dict[str, Any]:
    agent = await client.agents.create(
        name="weather-desk", system_prompt="You tell the weather.", tools=[TOOL]
    )
    session = await client.sessions.create(agent_id=agent.id, tools=[TOOL])
    assert session.tools == [TOOL]
    events = await converse(client, session.id)
    [completed] = [one for one in events if one.type == "tool.completed"]
    late = ContentPart.make_tool_error(completed.data["tool_call_id"], "late")
    try:
        await client.messages.create_tool_results(session.id, [late])
    except ApiError as error:
        refused = [error.status_code, error.message]
    messages = await client.messages.list(session.id)
    return {
        "sdk": version("everruns-sdk"),
        "events": [one.type for one in events],
        "roles": [one.role for one in messages],
        "answer": messages[-1].content[0].text,
        "late": refused,
    }


async def main() -> None:
    client = Everruns()
    try:
        print(json.dumps(await use(client)))  # noqa: T201  # the test reads it
    finally:
        await client.close()


if __name__ == "__main__":
    asyncio.run(main())
