"""What can be done with the messages of an agent session."""

from dataclasses import dataclass, replace

from shared.agents.domain import AgentSession, Message, NewMessage
from shared.agents.limits import MAX_MESSAGE_BYTES, check_tags, size
from shared.agents.message_log import MESSAGE_EVENTS, input_event, read_message
from shared.agents.turn_keeper import TurnKeeper
from shared.agents.turn_marks import STARTS_TURN
from shared.core.clock import Clock, system_clock
from shared.core.errors import TooLarge
from shared.core.ids import MessageId, ModelId, OrganizationId, SessionId
from shared.core.json import dumps
from shared.llm.registry import ModelRegistry
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency

#: Bytes of events read for one answer: a function answers 6 MB at most.
MAX_PAGE_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message, and whether an earlier request with the same key stored it."""

    message: Message
    replayed: bool


class MessageService:
    """The messages of agent sessions."""

    def __init__(
        self,
        store: SessionStore[AgentSession],
        models: ModelRegistry,
        turns: TurnKeeper,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._turns = turns
        self._models = models
        self._clock = clock

    def add(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        message: NewMessage,
        idempotency: Idempotency | None = None,
    ) -> StoredMessage:
        """Store a message of the user: one read, one transaction. It starts a turn.

        Raises ``NotFound`` for an unknown session or model, ``TooLarge`` and
        ``InvalidInput`` past a limit.
        """
        event = self._checked(message)

        def change(session: AgentSession) -> tuple[AgentSession, list[NewEvent]]:
            now = self._clock()
            first = session.message_count == 0
            changed = replace(
                session,
                preview=message.preview if first else session.preview,
                message_count=session.message_count + 1,
                last_input_sequence=session.last_sequence + 1,
                waiting_since=session.waiting_since or now,
                updated_at=now,
            )
            return changed, [event]

        held = self._turns.settled(self._store.hold(organization_id, session_id))
        appended = self._store.append(
            organization_id,
            session_id,
            change,
            idempotency=idempotency,
            marks=STARTS_TURN,
            held=held,
        )
        return StoredMessage(read_message(session_id, appended.events[-1]), appended.replayed)

    def _checked(self, message: NewMessage) -> NewEvent:
        """Return a new message as an event, if it keeps to its limits."""
        check_tags(message.tags)
        event = input_event(MessageId.new(), message)
        if size(dumps(event.data)) > MAX_MESSAGE_BYTES:
            raise TooLarge(f"A message may have {MAX_MESSAGE_BYTES // 1024} KiB in all.")
        if message.controls and (model := message.controls.get("model_id")):
            self._models.get(ModelId.parse(model))
        return event

    def list_messages(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> tuple[list[Message], str | None]:
        """Return messages behind a sequence, oldest first: one read, one query a megabyte.

        The second value is the sequence to go on behind, where one answer cannot hold
        all or ``limit`` are fewer. Raises ``NotFound``.
        """
        behind = int(after or 0)
        held, events = self._store.read_part(
            organization_id, session_id, after=behind, max_bytes=MAX_PAGE_BYTES
        )
        self._turns.settled(held)
        messages = [read_message(session_id, e) for e in events if e.type in MESSAGE_EVENTS]
        if limit is not None and len(messages) > limit:
            return messages[:limit], str(messages[limit - 1].sequence)
        read_upto = events[-1].sequence if events else behind
        return messages, str(read_upto) if read_upto < held.session.last_sequence else None
