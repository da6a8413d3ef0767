"""Everruns SDK: a session with starter files, as in the SDK's own example of initial files.

    python everruns_initial_files.py

URL and key come from EVERRUNS_API_URL and EVERRUNS_API_KEY. Prints the results as one line of
JSON.
"""

import asyncio
import json
import warnings
from typing import Any

warnings.simplefilter("ignore")

from everruns_sdk import Everruns, InitialFile  # noqa: E402  # it warns of its own names

README = "# Order desk\n\nHow the order desk answers.\n"
SCRIPT = 'def greet(name: str) -> str:\n    return f"Hello, {name}."\n'


async def run() -> dict[str, Any]:
    client = Everruns()
    try:
        agent = await client.agents.create(
            name="starter-files",
            system_prompt="You are helpful. Read the starter files before you answer.",
            initial_files=[InitialFile(path="/workspace/AGENT.md", content="Be brief.\n")],
        )
        session = await client.sessions.create(
            agent_id=agent.id,
            title="Session with starter files",
            initial_files=[
                InitialFile(
                    path="/workspace/README.md", content=README, encoding="text", is_readonly=True
                ),
                InitialFile(path="/workspace/src/app.py", content=SCRIPT, encoding="text"),
            ],
        )
        message = await client.messages.create(
            session_id=session.id, text="Summarize the project and suggest one improvement."
        )
        files = await client._get(f"/sessions/{session.id}/fs?recursive=true")
        readme = await client._get(  # it has no public method for sessions
            f"/sessions/{session.id}/fs/workspace/README.md"
        )
        again = await client.agents.get(agent.id)
        await client.sessions.delete(session.id)
        await client.agents.delete(agent.id)
    finally:
        await client.close()
    return {
        "role": message.role,
        "paths": [one["path"] for one in files["data"]],
        "readme": [readme["content"], readme["is_readonly"]],
        "of_agent": [[one.path, one.content] for one in again.initial_files],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run())))  # noqa: T201  # the test reads it
