"""Everruns SDK: the text of an answer while it is written.

    python everruns_live.py

URL and key come from EVERRUNS_API_URL and EVERRUNS_API_KEY. Prints what the stream had, as one
line of JSON.
"""

import asyncio
import json
import time
import warnings
from typing import Any

warnings.simplefilter("ignore")

from everruns_sdk import Everruns  # noqa: E402  # it warns of its own names

MESSAGE = "Tell me a story of a parcel that was late [stream 8]"
PATIENCE = 60


async def run() -> dict[str, Any]:
    client = Everruns()
    agent = await client.agents.create(name="ada", system_prompt="You help.")
    session = await client.sessions.create(agent_id=agent.id)
    await client.messages.create(session.id, MESSAGE)
    started = time.monotonic()
    events: list[Any] = []
    async with asyncio.timeout(PATIENCE):
        stream = client.events.stream(session.id)
        async for event in stream:
            events.append((round(time.monotonic() - started, 1), event))
            if event.type == "session.idled":
                stream.stop()
        await stream.aclose()
    await client.close()
    deltas = [(at, one) for at, one in events if one.type == "output.message.delta"]
    return {
        "types": [one.type for _, one in events if one.type != "output.message.delta"],
        "seconds": [at for at, _ in deltas],
        "delta": "".join(one.data["delta"] for _, one in deltas),
        "accumulated": [one.data["accumulated"] for _, one in deltas],
        "ids": len({one.id for _, one in events}) == len(events),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run())))  # noqa: T201  # the test reads it
