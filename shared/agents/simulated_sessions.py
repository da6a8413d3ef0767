"""Agent target: simulations with an agent of this stack, in its sessions."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from shared.agents import event_types as types
from shared.agents.agents.domain import AgentStatus
from shared.agents.agents.repository import AgentRepository
from shared.agents.limits import MAX_TITLE_LENGTH
from shared.agents.messages.domain import MessageRole, NewMessage
from shared.agents.messages.service import MessageService
from shared.agents.sessions.domain import AgentSession, Simulation
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.simulated_log import Exchange, conversation_of, exchanges
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, InvalidInput, NotFound
from shared.core.ids import AgentId, MessageId, OrganizationId, SessionId, derived_uuid
from shared.core.json import fingerprint
from shared.sessions.documents import session_key
from shared.sessions.domain import Event
from shared.sessions.log_reading import newest_events
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.simulation.conversation import Conversation
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed
from shared.storage.idempotency import Idempotency
from shared.storage.transactions import Action

#: Turns that answer one message, at most: one that fails for a passing reason is repeated.
MAX_ATTEMPTS = 3
#: Items and bytes of a log that are read for a turn; those of a larger turn are read with all.
_MAX_ITEMS, _MAX_BYTES = 150, 1_000_000
DELETED = "The session was deleted while the simulation ran."


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTarget:
    """Target ``{"agent_id"}``; its turns answer later, through the queue of turns."""

    sessions: AgentSessionRepository
    agents: AgentRepository
    messages: MessageService
    supervisor: TurnSupervisor
    worlds: WorldRepository
    clock: Clock = system_clock

    def check(self, organization_id: OrganizationId, target: dict[str, Any]) -> None:
        """Raise ``InvalidInput`` unless the agent exists and is active: one read."""
        try:
            agent = self.agents.get(organization_id, _agent_id(target))
        except (NotFound, ValueError) as error:
            message = "target.agent_id: no agent has this id."
            raise InvalidInput(message, code="agent_not_found") from error
        if agent.status == AgentStatus.ARCHIVED:
            raise InvalidInput("target.agent_id: the agent is archived; restore it first.")

    def open(self, session: SimulatedSession) -> None:
        """Create the session with its world: three writes at most."""
        world = self.worlds.add(session.organization_id, session.world)

        def build() -> tuple[AgentSession, list[Action]]:
            agent = self.agents.get(session.organization_id, _agent_id(session.target))
            if agent.status == AgentStatus.ARCHIVED:
                raise TargetFailed("The agent was archived.")
            now = self.clock()
            opened = AgentSession(
                id=SessionId(session.session_id),
                organization_id=session.organization_id,
                created_at=now,
                updated_at=now,
                tags=session.tags,
                agent=agent.ref,
                title=session.title[:MAX_TITLE_LENGTH],
                model_id=agent.default_model_id,
                simulation=Simulation(
                    run_id=session.run_id,
                    number=session.number,
                    world=world,
                    on_unmatched=session.on_unmatched,
                ),
            )
            return opened, []

        key = session_key(session.organization_id, SessionId(session.session_id))
        with suppress(Conflict):  # opened before
            try:
                self.sessions.create(key, build)
            except NotFound as error:
                raise TargetFailed("The agent was deleted.") from error

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer | None:
        """Store the message, which starts the turn: one read, one transaction."""
        if self._send(session, turn, 0, message):
            return self.answer(session, turn)
        return None

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the answer of a turn: one read, and one query for its part of the log.

        A turn that failed for a passing reason is repeated.
        """
        found = self._exchanges(session, turn)
        for attempt in range(MAX_ATTEMPTS):
            exchange = found.get(str(_message_id(session, turn, attempt)))
            if exchange is None or exchange.end is None:
                return None
            end = exchange.end
            if end.type == types.TURN_COMPLETED:
                return exchange.answer()
            if end.type == types.TURN_CANCELLED:
                raise TargetFailed("The turn was cancelled.")
            following = attempt + 1
            if not end.data.get("retryable") or following == MAX_ATTEMPTS:
                raise TargetFailed(str(end.data["error"]))
            if str(_message_id(session, turn, following)) not in found:
                self._send(session, turn, following, exchange.text)
                return None
        return None

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the session: one request for each megabyte."""
        return conversation_of(self._log(session))

    def stop(self, session: SimulatedSession) -> None:
        """Cancel a running turn: one read, one transaction."""
        with suppress(NotFound):
            self.supervisor.cancel(session.organization_id, SessionId(session.session_id))

    def _send(self, session: SimulatedSession, turn: int, attempt: int, text: str) -> bool:
        """Send a message once, and return whether it was sent before."""
        request = Idempotency(
            organization_id=session.organization_id,
            operation="simulate turn",
            key=f"{session.session_id.hex} {turn} {attempt}",
            fingerprint=fingerprint(text),
        )
        message = NewMessage(role=MessageRole.USER, content=({"type": "text", "text": text},))
        try:
            created = self.messages.create(
                session.organization_id,
                SessionId(session.session_id),
                message,
                request,
                _message_id(session, turn, attempt),
            )
        except NotFound as error:
            raise TargetFailed(DELETED) from error
        return created.replayed

    def _log(self, session: SimulatedSession) -> list[Event]:
        try:
            return self.sessions.read(session.organization_id, SessionId(session.session_id))[1]
        except NotFound as error:
            raise TargetFailed(DELETED) from error

    def _exchanges(self, session: SimulatedSession, turn: int) -> dict[str, Exchange]:
        """Return the newest exchanges by the ids of their messages; all if a turn is larger."""
        try:
            loaded = self.sessions.load(session.organization_id, SessionId(session.session_id))
        except NotFound as error:
            raise TargetFailed(DELETED) from error
        newest = self.supervisor.expire_if_stale(loaded).entity
        events = newest_events(
            self.sessions.table,
            newest,
            last=newest.last_sequence,
            max_items=_MAX_ITEMS,
            max_bytes=_MAX_BYTES,
        )
        found = {one.message_id: one for one in exchanges(events)}
        if str(_message_id(session, turn, 0)) not in found:
            found = {one.message_id: one for one in exchanges(self._log(session))}
        return found


def _agent_id(target: dict[str, Any]) -> AgentId:
    return AgentId.parse(str(target["agent_id"]))


def _message_id(session: SimulatedSession, turn: int, attempt: int) -> MessageId:
    return MessageId(derived_uuid(session.session_id.hex, "turn", str(turn), str(attempt)))
