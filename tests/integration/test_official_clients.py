"""The published SDKs, unmodified, creating and reading sessions on the deployed stack."""

import asyncio
from contextlib import closing

import httpx
import pytest
from everruns_sdk import Everruns
from galtea import Galtea

from tests.support.running_stack import RunningStack

# Newer SDKs prefer other names for the same calls; both are called here as most users do.
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated")


@pytest.fixture
def galtea(stack: RunningStack) -> Galtea:
    return Galtea(api_key=stack.api_key, base_url=stack.api_url)


@pytest.fixture
def version_id(http: httpx.Client) -> str:
    product = http.post("/products", json={"name": "Shop"}).json()
    version = http.post("/versions", json={"name": "1", "productId": product["id"]}).json()
    return str(version["id"])


def test_galtea_creates_and_reads_a_session(galtea: Galtea, version_id: str) -> None:
    """Given the Galtea SDK, when it opens a session, then it reads it back in every way."""
    session = galtea.sessions.create(version_id=version_id, custom_id="one", context="A regular")

    assert session.version_id == version_id
    assert galtea.sessions.get(session.id) == session
    assert galtea.sessions.get_by_custom_id("one", version_id=version_id) == session
    assert galtea.sessions.list(version_id=version_id) == [session]


def test_galtea_records_and_reads_a_turn(galtea: Galtea, version_id: str) -> None:
    """Given a session, when the Galtea SDK records a turn, then it is read back in its place."""
    session = galtea.sessions.create(version_id=version_id)

    turn = galtea.inference_results.create(
        session_id=session.id, input="Where is it?", output="On its way."
    )

    assert turn.index == 0
    assert [found.id for found in galtea.inference_results.list(session_id=session.id)] == [turn.id]


def test_everruns_creates_and_reads_a_session(stack: RunningStack) -> None:
    """Given the Everruns SDK, when it opens a session and says something, then it reads both."""

    async def run() -> None:
        client = Everruns(api_key=stack.api_key, base_url=stack.api_url)
        try:
            agent = await client.agents.create(name="ada", system_prompt="You help.")
            session = await client.sessions.create(agent_id=agent.id, title="Late parcel")
            said = await client.messages.create(session.id, "Where is it?")

            assert (await client.agents.get(agent.id)).id == agent.id
            assert (await client.sessions.get(session.id)).preview == "Where is it?"
            assert session.id in [found.id for found in await client.sessions.list()]
            assert said.id in [found.id for found in await client.messages.list(session.id)]
        finally:
            await client.close()

    # Not asyncio.run, which would take from this process the loop that its functions run on.
    with closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(run())
