"""API models of the conversation simulator; names are the Galtea API's."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.core.api_types import WHOLE, Line
from shared.evaluations.api import Answer, Request

#: Turns of one simulated conversation, at most.
MAX_TURNS = 1000


class NextUserMessageInput(Request):
    """Session whose user is simulated."""

    session_id: Line
    """A session of a test case."""
    max_turns: Annotated[int, Field(ge=1, le=MAX_TURNS), WHOLE] | None = None
    """Maximum number of turns of the session; by default the test case's maxIterations, or 10."""


class NextUserMessage(Answer):
    """Message of the simulated user, recorded as a turn that awaits its answer."""

    next_message: str
    """Message to the product; empty if the conversation is over."""
    finished: bool
    """True for the last message."""
    stopping_reason: str | None
    """Of the last message: MAX_TURNS_REACHED; by a model user also GOAL_ACHIEVED or
    STOPPING_CRITERIA_MET, which the scripted user never claims.
    """
    simulator_version: str
    """Name and version of the simulator."""
    inference_result_id: Annotated[str, BeforeValidator(lambda value: str(value or ""))]
    """The PENDING turn to answer; without a message the last turn, if any."""
