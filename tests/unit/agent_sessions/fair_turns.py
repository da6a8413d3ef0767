"""Sessions of an organization above its limit of turns, and what admission stores of them."""

from shared.agents.admission.documents import FIRST_SLOT, FIRST_WAITING, turns_key
from shared.core.ids import OrganizationId
from shared.storage.table import table
from tests.support.agents import new_agent, new_session, say
from tests.support.gateway import Gateway
from tests.unit.agent_sessions.recovery import assert_whole

LIMIT = 2


def opened(api: Gateway, number: int) -> list[str]:
    """Return the ids of new sessions, to each of which one message was sent, in order."""
    agent = new_agent(api)["id"]
    sessions = [str(new_session(api, agent_id=agent)["id"]) for _ in range(number)]
    for place, one in enumerate(sessions):
        say(api, one, f"message {place}")
    return sessions


def stored(organization_id: OrganizationId, prefix: str) -> int:
    return len(list(table().query(turns_key(organization_id, prefix), upto=f"{prefix}~")))


def nothing_is_left(api: Gateway, sessions: list[str]) -> bool:
    for one in sessions:
        assert_whole(api, one)
    return not stored(api.organization_id, FIRST_SLOT) + stored(api.organization_id, FIRST_WAITING)
