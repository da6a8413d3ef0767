"""Stream attributes of events; the stream filters in template.yaml match them."""

from shared.agents.sessions.domain import AgentSession
from shared.core.clock import timestamp

#: Name of the attribute with the time since when a session waits.
WAITS_SINCE = "waits_since"
#: A turn has ended: ``publish_changes`` is invoked.
COMPLETED = {"turn": "completed"}
FAILED = {"turn": "failed"}


def starts_turn(session: AgentSession) -> dict[str, str]:
    """Return the attributes with which an item starts the next turn, if a message waits.

    ``dispatch_turns`` is invoked. Turns above an organization's limit wait in the order of
    ``waits_since``.
    """
    if session.waiting_since is None:
        return {}
    return {"starts_turn": "yes", WAITS_SINCE: timestamp(session.waiting_since)}
