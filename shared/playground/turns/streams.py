"""A turn as the frames of a finite stream."""

from dataclasses import dataclass

from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.playground.engine.engine import Input
from shared.playground.engine.turn import TurnFailed
from shared.playground.turns.frames import Frame, completed_frames, failed_frames
from shared.playground.turns.wiring import playground_turns
from shared.storage.idempotency import Idempotency

#: Description of the stream in the OpenAPI document.
DESCRIPTION = (
    "Server-sent events: `node`, `delta`, `tool_call`, `tool_result`, `context` and `signal` in "
    "order, then one `complete` (the session and the turn's `reply`) or one `error`. "
    "Disconnecting does not cancel the turn; repeat the request with the same key to read its "
    "stream."
)

STREAM_DESCRIPTION = (
    "Server-sent events: `connected`; then the frames of the stored turns as above, each with its "
    "`id`, and `complete` behind the newest turn. While a turn runs, `delta` with `live` has the "
    "text that a model is writing, from `offset` on; the frames of the stored turn replace it. "
    "`disconnecting` only if there was nothing in time."
)
#: Milliseconds until a reader without news asks again.
RETRY_MS = 1000


@dataclass(frozen=True, slots=True)
class TurnStream:
    """The frames of a turn; ``replayed`` if an earlier request had run it."""

    frames: list[Frame]
    replayed: bool = False


def run_as_stream(
    organization_id: OrganizationId,
    session_id: SessionId,
    turn_input: Input,
    idempotency: Idempotency | None,
) -> TurnStream:
    """Run a turn and return its frames; of a failed turn, those until then and the error.

    The turn is complete before the first frame is sent, so a refusal has its own status.
    Raises as ``PlaygroundTurnService.run``.
    """
    try:
        turn = playground_turns().run(organization_id, session_id, turn_input, idempotency)
    except TurnFailed as failure:
        # Nothing of it is stored but this line.
        logger.warning(
            "the turn failed", extra={"session_id": str(session_id), "error": failure.code}
        )
        return TurnStream(list(failed_frames(failure)))
    return TurnStream(list(completed_frames(turn.session, turn.events)), turn.replayed)
