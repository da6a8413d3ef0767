"""A turn as the answer to a request: the frames of a finite stream."""

from dataclasses import dataclass

from shared.core.ids import OrganizationId, SessionId
from shared.core.observability import logger
from shared.playground.engine import Input
from shared.playground.engine_turn import TurnFailed
from shared.playground.sessions.frames import Frame, completed_frames, failed_frames
from shared.playground.sessions.turn_service import playground_turns
from shared.storage.idempotency import Idempotency

#: How routes document the stream.
DESCRIPTION = (
    "Server-sent events: `node`, `delta`, `tool_call`, `tool_result`, `context` and `signal` as "
    "they happened, then one `complete` (the session and the turn's `reply`) or one `error`"
)


@dataclass(frozen=True, slots=True)
class Streamed:
    """The frames of a turn, and whether an earlier request had run it."""

    frames: list[Frame]
    replayed: bool = False


def streamed(
    organization_id: OrganizationId,
    session_id: SessionId,
    given: Input,
    idempotency: Idempotency | None,
) -> Streamed:
    """Run a turn and return its frames; of a turn that fails, those until then and the error.

    The turn is whole before the first frame leaves: a refusal still has a status of its
    own, and who stops listening stops nothing. Raises as ``PlaygroundTurns.run``.
    """
    try:
        turned = playground_turns().run(organization_id, session_id, given, idempotency)
    except TurnFailed as failure:
        # Nothing of it is stored: this line is all that stays.
        logger.warning(
            "the turn failed", extra={"session_id": str(session_id), "error": failure.code}
        )
        return Streamed(list(failed_frames(failure)))
    return Streamed(list(completed_frames(turned.session, turned.events)), turned.replayed)
