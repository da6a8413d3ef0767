"""The conversation simulator in the API. Names are the Galtea API's."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.evaluations.api import Answer, Request

#: Turns of one simulated conversation, at most.
MAX_TURNS = 1000


class NextUserMessageInput(Request):
    """Which session's user is to speak."""

    session_id: str = Field(description="A session of a test case.")
    max_turns: Annotated[int, Field(ge=1, le=MAX_TURNS)] | None = Field(
        default=None,
        description="Turns that the session may have in all. Left out: the test case's "
        "maxIterations, or 10.",
    )


class NextUserMessage(Answer):
    """What the user says, recorded as a turn that awaits its answer."""

    next_message: str = Field(description="Empty when nothing is said any more.")
    finished: bool = Field(description="Whether the conversation ends with this.")
    stopping_reason: str | None = Field(
        description="Why it ends: GOAL_ACHIEVED, STOPPING_CRITERIA_MET or MAX_TURNS_REACHED."
    )
    simulator_version: str
    inference_result_id: Annotated[str, BeforeValidator(lambda value: str(value or ""))] = Field(
        description="The PENDING turn to answer; where nothing is said, the last one, if any."
    )
