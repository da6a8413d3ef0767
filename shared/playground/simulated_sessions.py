"""Workflow target: simulations with a workflow of the playground, in its sessions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import OrganizationId, RevisionId, SessionId
from shared.core.json import fingerprint
from shared.playground.catalog import get_entry
from shared.playground.engine.engine import Message
from shared.playground.engine.turn import TurnFailed
from shared.playground.revisions.domain import Revision
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.service import PlaygroundSessionService
from shared.playground.simulated_log import answer_of, answers_of, conversation_of
from shared.playground.turns.service import PlaygroundTurnService
from shared.sessions.domain import Event
from shared.sessions.recorded_worlds.answers import OnUnmatched
from shared.sessions.recorded_worlds.world import World
from shared.sessions.store import SessionStore
from shared.simulation.conversation import Conversation
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.storage.idempotency import Idempotency
from shared.storage.repository import Repository

DELETED = "The session was deleted while the simulation ran."
_NO_GRAPH = "graph_not_runnable"


@dataclass(frozen=True, slots=True)
class _Replay:
    """World of a simulation, which replaces the graph's own."""

    session: SimulatedSession

    @property
    def on_unmatched(self) -> OnUnmatched:
        return self.session.on_unmatched

    @property
    def tags(self) -> tuple[str, ...]:
        return self.session.tags

    def world(self, _: OrganizationId) -> World:
        return self.session.world


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowTarget:
    """Target ``{"revision_id"}`` or ``{"catalog_slug"}``; its turns answer at once.

    A conversation ends with the workflow, by a handoff, and at an approval.
    """

    sessions: PlaygroundSessionService
    turns: PlaygroundTurnService
    store: SessionStore[PlaygroundSession]
    revisions: Repository[Revision, RevisionId]

    def check(self, organization_id: OrganizationId, target: dict[str, Any]) -> None:
        """Raise ``InvalidInput`` unless the workflow can run: one read of a revision."""
        slug, revision_id = _source(target)
        try:
            if revision_id is None:
                get_entry(slug or "")
            elif self.revisions.get(organization_id, revision_id).graph is None:
                message = "target.revision_id: the revision has no graph; put one first."
                raise InvalidInput(message, code=_NO_GRAPH)
        except NotFound as error:
            if revision_id is None:
                message, code = "target.catalog_slug: no catalog workflow has this name.", "catalog"
            else:
                message, code = "target.revision_id: no revision has this id.", "revision"
            raise InvalidInput(message, code=f"{code}_not_found") from error

    def open(self, session: SimulatedSession) -> None:
        """Open the playground session with its world: one read, two writes."""
        slug, revision_id = _source(session.target)
        try:
            self.sessions.open(
                session.organization_id,
                slug,
                revision_id,
                replay=_Replay(session),
                session_id=SessionId(session.session_id),
            )
        except NotFound as error:
            raise TargetFailed("The workflow was deleted.") from error
        except Conflict as error:
            if error.code == _NO_GRAPH:
                raise TargetFailed(error.message) from error
            # The session was opened before.

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer:
        """Run the turn: one read, one transaction. A repeated one returns the stored turn."""
        request = Idempotency(
            organization_id=session.organization_id,
            operation="simulate turn",
            key=f"{session.session_id.hex} {turn}",
            fingerprint=fingerprint(message),
        )
        identifier = SessionId(session.session_id)
        try:
            completed = self.turns.run(
                session.organization_id, identifier, Message(message), request
            )
        except NotFound as error:
            raise TargetFailed(DELETED) from error
        except Conflict as error:
            if error.code == "deleted":
                raise TargetFailed(DELETED) from error
            raise TargetFailed(error.message, retry=error.code == "turn_conflict") from error
        except TurnFailed as error:
            raise TargetFailed(error.message, retry=error.retryable) from error
        return answer_of(completed.events)

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn, None if it was not sent: one request for each megabyte."""
        answers = answers_of(self._log(session))
        return answers[turn - 1] if turn <= len(answers) else None

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the session: one request for each megabyte."""
        return conversation_of(self._log(session))

    def stop(self, session: SimulatedSession) -> None:
        """Do nothing: a turn is over when ``send`` returns."""

    def _log(self, session: SimulatedSession) -> list[Event]:
        try:
            return self.store.read(session.organization_id, SessionId(session.session_id))[1]
        except NotFound as error:
            raise TargetFailed(DELETED) from error


def _source(target: dict[str, Any]) -> tuple[str | None, RevisionId | None]:
    """Return the catalog's slug or the revision's id. Raises ``InvalidInput``."""
    if (slug := target.get("catalog_slug")) is not None:
        return str(slug), None
    try:
        return None, RevisionId(UUID(str(target["revision_id"])))
    except ValueError as error:
        message = "target.revision_id: no revision has this id."
        raise InvalidInput(message, code="revision_not_found") from error
