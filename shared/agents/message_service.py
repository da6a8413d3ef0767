"""What can be done with the messages of an agent session."""

from dataclasses import dataclass, replace

from shared.agents.domain import AgentSession, Message, NewMessage
from shared.agents.limits import MAX_MESSAGE_BYTES, check_tags, size
from shared.agents.message_log import MESSAGE_EVENTS, input_event, read_message
from shared.core.clock import Clock, system_clock
from shared.core.errors import TooLarge
from shared.core.ids import MessageId, ModelId, OrganizationId, SessionId
from shared.core.json import dumps
from shared.llm.registry import ModelRegistry
from shared.sessions.models import NewEvent
from shared.sessions.store import SessionStore
from shared.storage.idempotency import Idempotency

#: What the stream's filter looks at: events with this mark start a turn.
STARTS_TURN = {"starts_turn": "yes"}
#: Bytes of messages in one answer: a function answers 6 MB at most.
_MAX_PAGE_BYTES = 4_000_000


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
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
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
        check_tags(message.tags)
        message_id = MessageId(idempotency.uuid()) if idempotency else MessageId.new()
        event = input_event(message_id, message)
        if size(dumps(event.data)) > MAX_MESSAGE_BYTES:
            raise TooLarge(f"A message may have {MAX_MESSAGE_BYTES // 1024} KiB in all.")
        if message.controls and (model := message.controls.get("model_id")):
            self._models.get(ModelId.parse(model))

        def change(session: AgentSession) -> tuple[AgentSession, list[NewEvent]]:
            first = session.message_count == 0
            changed = replace(
                session,
                preview=message.preview if first else session.preview,
                message_count=session.message_count + 1,
                updated_at=self._clock(),
            )
            return changed, [event]

        appended = self._store.append(
            organization_id, session_id, change, idempotency=idempotency, marks=STARTS_TURN
        )
        return StoredMessage(read_message(session_id, appended.events[0]), appended.replayed)

    def list_messages(
        self, organization_id: OrganizationId, session_id: SessionId, *, after: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Return messages behind a sequence, oldest first: one query for each megabyte.

        The second value is the sequence to go on behind, where one answer cannot hold
        all. Raises ``NotFound``.
        """
        _, events = self._store.read(organization_id, session_id, after=int(after or 0))
        messages: list[Message] = []
        left = _MAX_PAGE_BYTES
        for event in events:
            if event.type not in MESSAGE_EVENTS:
                continue
            message = read_message(session_id, event)
            left -= size(dumps(event.data))
            if messages and left < 0:
                return messages, str(messages[-1].sequence)
            messages.append(message)
        return messages, None
