"""What its users do with the Everruns SDK, by whichever version this interpreter has.

    python everruns_sessions.py

Address and key come from EVERRUNS_API_URL and EVERRUNS_API_KEY. From an agent to a streamed
answer to a deleted session. Prints the transcript as one line of JSON; ends with an error where
something is not as it should be.
"""

import asyncio
import json
import time
import warnings
from collections.abc import Awaitable, Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any

warnings.simplefilter("ignore")

from everruns_sdk import Everruns, generate_agent_id  # noqa: E402  # warns of its own names
from everruns_sdk.errors import ApiError  # noqa: E402
from everruns_sdk.models import AgentCapabilityConfig  # noqa: E402

QUESTIONS = ["Hello!", "What is 12 * (3 + 4)?", "Thank you"]
TURNS_END = ("turn.completed", "turn.failed", "turn.cancelled")
#: Seconds until a turn must have ended, a cold function included.
PATIENCE = 60
#: Seconds that the model of the cancelled turn thinks.
THINKING = 8


async def stream_turn(client: Any, session_id: str, since: str | None) -> list[Any]:
    """Stream events behind one until a turn has ended and the session come to rest."""
    seen: list[Any] = []
    async with asyncio.timeout(PATIENCE):
        stream = client.events.stream(session_id, since_id=since)
        async for event in stream:
            seen.append(event)
            if event.type == "session.idled":
                stream.stop()
                break
        if hasattr(stream, "aclose"):
            await stream.aclose()
    return seen


async def converse(client: Any, session_id: str) -> tuple[list[Any], list[float]]:
    """Send the messages one after the other, each answer streamed to its end."""
    events: list[Any] = []
    seconds: list[float] = []
    for question in QUESTIONS:
        started = time.monotonic()
        message = await client.messages.create(session_id, question)
        assert (message.role, message.content[0].text) == ("user", question)
        events += await stream_turn(client, session_id, events[-1].id if events else None)
        seconds.append(round(time.monotonic() - started, 2))
    return events, seconds


async def cancel(client: Any, session_id: str, since: str) -> tuple[list[str], float]:
    """Cancel a slow turn, and return what the log says and how long it took to come to rest."""
    await client.messages.create(session_id, f"Take your time [wait {THINKING}]")
    async with asyncio.timeout(PATIENCE):
        while (await client.sessions.get(session_id)).status != "active":
            await asyncio.sleep(0.05)
    started = time.monotonic()
    await client.sessions.cancel(session_id)
    assert (await client.sessions.get(session_id)).status == "idle"
    seconds = time.monotonic() - started
    await client.sessions.cancel(session_id)  # again: nothing runs, and that is fine
    events = [event async for event in ended(client, session_id, since)]
    return [event.type for event in events], round(seconds, 2)


async def ended(client: Any, session_id: str, since: str) -> Any:
    for event in await stream_turn(client, session_id, since):
        yield event


async def look_back(client: Any, agent_id: str, session_id: str, log: list[str]) -> None:
    """Find the agent by a word, and read the log from its end."""
    assert agent_id in [one.id for one in await client.agents.list(search="CIERGE")]
    assert await client.agents.list(search="nobody-of-this-name") == []
    newest = await client.events.list(session_id, limit=2)
    assert [one.id for one in newest] == log[-2:]
    before = newest[0].sequence
    earlier = await client.events.list(session_id, limit=3, before_sequence=before)
    assert [one.id for one in earlier] == log[-5:-2]
    following = await client.events.list(session_id, limit=1, after_sequence=earlier[0].sequence)
    assert [one.id for one in following] == [log[-4]]


async def search_log(client: Any, session_id: str, events: list[Any]) -> None:
    """Find the same events by each of the questions that the SDK can ask."""

    async def found(**asked: Any) -> list[str]:
        return [one.id for one in await client.events.list(session_id, **asked)]

    def those(condition: Callable[[Any], bool]) -> list[str]:
        return [one.id for one in events if condition(one)]

    log = those(lambda _: True)
    called = next(one for one in events if one.type == "tool.completed")
    turn, moment, place = called.context.turn_id, called.ts, events.index(called)
    times = {one.id: datetime.fromisoformat(one.ts) for one in events}
    its_time = times[called.id]
    assert await found(order_desc=True, limit=4) == log[:-5:-1]
    assert await found(order_desc=False) == log
    assert await found(turn_id=turn) == those(lambda one: one.context.turn_id == turn)
    assert await found(turn_id=turn, types=["turn.started"], limit=1) == those(
        lambda one: one.context.turn_id == turn and one.type == "turn.started"
    )
    assert await found(tool_name="calculator") == log[place - 1 : place + 1]
    assert await found(tool_name="nobody-of-this-name") == []
    assert await found(q="THANK you", types=["input.message"]) == those(
        lambda one: one.type == "input.message" and "Thank you" in str(one.data)
    )
    assert await found(around=called.id, window=2) == log[place - 2 : place + 3]
    assert await found(around=called.id) == log[max(0, place - 50) : place + 51]
    assert await found(from_ts=moment) == those(lambda one: times[one.id] >= its_time)
    assert await found(to_ts=moment, exclude=["act.started"]) == those(
        lambda one: times[one.id] <= its_time and one.type != "act.started"
    )
    assert await found(from_ts=moment, to_ts=moment, order_desc=True) == those(
        lambda one: times[one.id] == its_time
    )[::-1]  # fmt: skip
    assert await found(exec_id="exec_1") == await found(trace_id=turn) == []
    assert await found(tags=["error", "slow"]) == []
    assert "window: goes with around" in await refusal(found(window=2))


async def refusal(request: Awaitable[Any]) -> str:
    """Make a request that is refused, and return in which words."""
    try:
        await request
    except ApiError as error:
        return str(error)
    raise AssertionError("a request is answered that was to be refused")


async def get_refused(client: Any, session_id: str) -> str:
    """Ask for a session that is gone, and return how the SDK says so."""
    try:
        await client.sessions.get(session_id)
    except ApiError as error:
        return str(error)
    except AttributeError:
        # 0.1.1 expects an object where the API's error is a text, and trips over it.
        assert version("everruns-sdk") == "0.1.1"
        return "not found, in words that this version cannot read"
    raise AssertionError("a deleted session is found")


async def run() -> dict[str, Any]:
    """Take every step, and return what was seen."""
    client = Everruns()
    capabilities = [AgentCapabilityConfig(ref="calculator")]
    agent = await client.agents.apply(
        generate_agent_id(), "concierge", "You are helpful.", capabilities=capabilities
    )
    again = await client.agents.apply(agent.id, "concierge", "You help.", capabilities=capabilities)
    assert (again.id, again.system_prompt) == (agent.id, "You help.")
    assert agent.id in [one.id for one in await client.agents.list()]
    assert "calculator" in [one.id for one in await client.capabilities.list()]

    session = await client.sessions.create(agent_id=agent.id, title="A few questions")
    assert session.status == "started"
    events, seconds = await converse(client, session.id)
    assert [one.id for one in await client.events.list(session.id)] == [one.id for one in events]
    settled = await client.sessions.get(session.id)
    assert (settled.status, settled.usage.input_tokens > 0) == ("idle", True)
    assert [one.id for one in await client.sessions.list(agent_id=agent.id)] == [session.id]
    if version("everruns-sdk") != "0.1.1":  # which cannot ask for this
        await look_back(client, agent.id, session.id, [one.id for one in events])
        await search_log(client, session.id, events)
    messages = await client.messages.list(session.id)

    cancelled, until_idle = await cancel(client, session.id, events[-1].id)
    await client.sessions.delete(session.id)
    refused = await get_refused(client, session.id)
    assert await client.sessions.list(agent_id=agent.id) == []
    await client.close()
    return {
        "sdk": version("everruns-sdk"),
        "events": [event.type for event in events],
        "turns": [event.type for event in events if event.type in TURNS_END],
        "said": [
            event.data["message"]["content"][0]["text"]
            for event in events
            if event.type == "output.message.completed"
        ],
        "roles": [message.role for message in messages],
        "cancelled": cancelled,
        "seconds": {"turns": seconds, "until_idle": until_idle},
        "refused": refused,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run())))  # noqa: T201  # how the test reads it
