"""List of the sessions of all kinds, composed of the areas that have them."""

from functools import cache

from shared.agents.summarized_sessions import AGENT_SUMMARY, agent_session_list
from shared.evaluations.summarized_sessions import EVALUATION_SUMMARY
from shared.playground.summarized_sessions import PLAYGROUND_SUMMARY
from shared.sessions.summaries.service import SessionSummaries
from shared.storage.table import table


@cache
def captured_sessions() -> SessionSummaries:
    """Return the service of this process."""
    kinds = (AGENT_SUMMARY, PLAYGROUND_SUMMARY, EVALUATION_SUMMARY)
    return SessionSummaries(table(), {one[0]: one for one in kinds}, agent_session_list)
