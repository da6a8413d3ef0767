"""Stream attributes of events; the stream filters in template.yaml match them."""

from collections.abc import Mapping

from shared.agents.sessions.domain import AgentSession
from shared.core.clock import timestamp

#: Name of the attribute with the time since when a session waits.
WAITS_SINCE = "waits_since"
#: Name of the attribute with the slot that a message took for its turn.
TAKEN_SLOT = "slot"
#: A turn has ended: ``publish_changes`` is invoked.
COMPLETED = {"turn": "completed"}
FAILED = {"turn": "failed"}


def ends_turn(end: Mapping[str, str], session: AgentSession) -> dict[str, str]:
    """Return the attributes of an item with the end of a turn: ``COMPLETED`` or ``FAILED``.

    The next turn starts if a message waits.
    """
    return {**end, **of_simulation(session), **starts_turn(session)}


def of_simulation(session: AgentSession) -> dict[str, str]:
    """Return the attribute that names the simulation of a session, if it is part of one."""
    part_of = session.simulation
    return {"simulation": f"{part_of.run_id}:{part_of.number}"} if part_of else {}


def starts_turn(session: AgentSession) -> dict[str, str]:
    """Return the attributes with which an item starts the next turn, if a message waits.

    ``dispatch_turns`` is invoked. Turns above an organization's limit wait in the order of
    ``waits_since``.
    """
    if session.waiting_since is None:
        return {}
    return {"starts_turn": "yes", WAITS_SINCE: timestamp(session.waiting_since)}
