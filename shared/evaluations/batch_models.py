"""A conversation recorded at once, in the API. Names are the Galtea API's."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from shared.core.errors import TooLarge
from shared.core.json import dumps
from shared.evaluations.api import Request
from shared.evaluations.models import ResultStatus, Turn

#: Bytes of the request's body, at most: a function's event holds no more (Lambda's own
#: limit). Many clients write letters beyond ASCII as escapes, of three times the size.
MAX_BATCH_BODY = 6_000_000
#: Bytes of the conversation, at most: what can be written all or none (4 MiB, the storage's
#: own limit), less the session and the names of fields.
_MAX_KEPT = 4_000_000
#: Bytes of the conversation as it is answered, at most. A function's answer (6 MB, too)
#: holds the body as a text, with each quote and line break escaped once more.
_MAX_TOLD = 5_800_000
#: Turns of one request, at most.
MAX_TURNS = 100


class ConversationTurn(Request):
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str
    retrieval_context: Annotated[str | None, WithJsonSchema({"type": "string"})] = Field(
        default=None,
        alias="retrieval_context",
        description="What was looked up to answer; of the assistant's turns.",
    )


class InferenceResultBatchInput(Request):
    """A conversation: a user's turn and the assistant's behind it make one result."""

    session_id: str
    conversation_turns: list[ConversationTurn] = Field(min_length=1, max_length=MAX_TURNS)
    conversation_simulator_version: str | None = None

    def turns(self) -> list[Turn]:
        """Return the results to record; one half of a lonely turn is null.

        Raises ``TooLarge`` for what could not be stored together, or not be answered.
        """
        said = dumps([(turn.content, turn.retrieval_context) for turn in self.conversation_turns])
        if len(said.encode()) > _MAX_KEPT or len(dumps(said).encode()) > _MAX_TOLD:
            raise TooLarge("conversationTurns: more than 4 MB at once; send it in parts.")
        found: list[Turn] = []
        waiting: ConversationTurn | None = None
        for turn in self.conversation_turns:
            if turn.role == "assistant":
                found.append(self._result(waiting, turn))
                waiting = None
                continue
            if waiting:
                found.append(self._result(waiting, None))
            waiting = turn
        return [*found, self._result(waiting, None)] if waiting else found

    def _result(self, user: ConversationTurn | None, assistant: ConversationTurn | None) -> Turn:
        contexts = [turn.retrieval_context for turn in (assistant, user) if turn]
        return Turn(
            input={"user_message": user.content} if user else None,
            actual_output=assistant.content if assistant else None,
            retrieval_context=next((one for one in contexts if one is not None), None),
            conversation_simulator_version=self.conversation_simulator_version,
            status=ResultStatus.GENERATED if assistant else ResultStatus.PENDING,
        )
