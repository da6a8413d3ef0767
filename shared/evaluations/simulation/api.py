"""API models of the conversation simulator; names are the Galtea API's."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.evaluations.api import Answer, Request

#: Turns of one simulated conversation, at most.
MAX_TURNS = 1000


class NextUserMessageInput(Request):
    """Session whose user is simulated."""

    session_id: str = Field(description="A session of a test case.")
    max_turns: Annotated[int, Field(ge=1, le=MAX_TURNS)] | None = Field(
        default=None,
        description="Maximum number of turns of the session; by default the test case's "
        "maxIterations, or 10.",
    )


class NextUserMessage(Answer):
    """Message of the simulated user, recorded as a turn that awaits its answer."""

    next_message: str = Field(description="Empty if the conversation is over.")
    finished: bool = Field(description="True for the last message.")
    stopping_reason: str | None = Field(
        description="Of the last message: GOAL_ACHIEVED, STOPPING_CRITERIA_MET or "
        "MAX_TURNS_REACHED."
    )
    simulator_version: str
    inference_result_id: Annotated[str, BeforeValidator(lambda value: str(value or ""))] = Field(
        description="The PENDING turn to answer; without a message the last turn, if any."
    )
