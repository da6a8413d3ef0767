"""Message service: create and list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from shared.agents.admission.slots import Slots
from shared.agents.agents.documents import tools_to_document
from shared.agents.event_types import INPUT_MESSAGE
from shared.agents.limits import MAX_MESSAGE_BYTES, check_tags, check_tools, size
from shared.agents.messages.documents import MESSAGE_EVENTS, input_event, message_from_event
from shared.agents.messages.domain import Message, NewMessage, text_preview
from shared.agents.messages.turn_start import TurnStart
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.repository import AgentSessionRepository
from shared.agents.turns.open_calls import abandon
from shared.agents.turns.supervisor import TurnSupervisor
from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound, TooLarge
from shared.core.ids import MessageId, ModelId, OrganizationId, SessionId
from shared.core.json import dumps
from shared.llm.registry import ModelRegistry
from shared.sessions.domain import NewEvent
from shared.sessions.log_reading import events_after, number_that_fits
from shared.storage.idempotency import Idempotency
from shared.storage.lists import Page
from shared.storage.repository import Created, Loaded

#: Bytes of events read for one page: a function's response is limited to 6 MB.
MAX_PAGE_BYTES = 4_000_000
#: Items read for each message of a page: a turn without tools has two messages in three items.
_ITEMS_OF_A_MESSAGE = 2
#: Bytes of a message in a response beside its own fields, at most: ids, times, names.
_FRAME_BYTES = 800


class MessageService:
    """Use cases of messages."""

    def __init__(
        self,
        repository: AgentSessionRepository,
        models: ModelRegistry,
        supervisor: TurnSupervisor,
        slots: Callable[[], Slots],
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._models = models
        self._supervisor = supervisor
        self._slots = slots
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        message: NewMessage,
        idempotency: Idempotency | None = None,
        message_id: MessageId | None = None,
    ) -> Created[Message]:
        """Store a user message: one read, one transaction; one more if its slot is in use.

        It begins a turn in a session that is idle, and in one whose turn waits for results of
        client-side tools: that turn ends with it. Behind another turn it waits; the end of that
        turn starts its own.

        Raises ``NotFound`` for an unknown session or model, ``TooLarge`` and
        ``InvalidInput`` above a limit, and as ``SessionStore.append``.
        """
        check_tags(message.tags)
        check_tools(message.tools)
        message_id = message_id or MessageId.new()
        event = input_event(message_id, message)
        if size(dumps(event.data)) > MAX_MESSAGE_BYTES:
            raise TooLarge(f"message: must not exceed {MAX_MESSAGE_BYTES // 1024} KiB in all.")
        turn = TurnStart(self._slots(), message_id)

        def change(session: AgentSession) -> tuple[AgentSession, list[NewEvent]]:
            if message.controls and (model := message.controls.get("model_id")):
                self._models.get(ModelId.parse(model))
            now = self._clock()
            session, ended = abandon(session, now)
            sequence = session.last_sequence + len(ended) + 1
            changed = _with_message(session, message, sequence, now)
            changed, started = turn.begin(changed, is_idle=not session.is_waiting, now=now)
            return changed, [*ended, event, *started]

        appended = self._repository.append(
            organization_id,
            session_id,
            change,
            idempotency=idempotency,
            stream_attributes=turn.stream_attributes,
            loaded=self._load(organization_id, session_id),
            also=turn.actions,
            on_condition_failed=turn.write_failed,
        )
        [created] = [one for one in appended.events if one.type == INPUT_MESSAGE]
        return Created(message_from_event(session_id, created), appended.replayed)

    def _load(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> Loaded[AgentSession] | None:
        try:
            loaded = self._repository.load(organization_id, session_id)
        except NotFound:
            return None  # the append tells a repeated request from a first one
        return self._supervisor.expire_if_stale(loaded)

    def list_messages(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[Message]:
        """Return messages after a sequence, oldest first: one read, one query a megabyte.

        As many as a response holds, and at most ``limit``; a page of fewer has a cursor, unless
        it is the last. With a limit, a query reads the items of two turns for each three messages,
        and turns with tools need further queries. Raises ``NotFound``.
        """
        read_through = int(after or 0)
        max_items = None if limit is None else _ITEMS_OF_A_MESSAGE * (limit + 1)
        loaded, events = self._repository.read_part(
            organization_id,
            session_id,
            after=read_through,
            max_bytes=MAX_PAGE_BYTES,
            max_items=max_items,
        )
        self._supervisor.expire_if_stale(loaded)
        last, room = loaded.entity.last_sequence, MAX_PAGE_BYTES
        messages: list[Message] = []
        while True:
            found = (one for one in events if one.type in MESSAGE_EVENTS)
            messages += [message_from_event(session_id, one) for one in found]
            fitting = number_that_fits(messages, limit, _response_bytes)
            if len(messages) > fitting:
                return Page(messages[:fitting], str(messages[fitting - 1].sequence))
            read_through = events[-1].sequence if events else read_through
            room -= sum(size(dumps(one.data)) for one in events)
            if read_through >= last:
                return Page(messages, None)
            if max_items is None or room <= 0 or not events:
                return Page(messages, str(read_through))
            events = events_after(
                self._repository.table,
                loaded.entity,
                after=read_through,
                last=last,
                max_bytes=room,
                max_items=max_items,
            )


def _with_message(
    session: AgentSession, message: NewMessage, sequence: int, now: datetime
) -> AgentSession:
    """Return a session after a user message at a sequence of its log."""
    is_first = session.message_count == 0
    return replace(
        session,
        preview=text_preview(message.content) if is_first else session.preview,
        message_count=session.message_count + 1,
        last_input_sequence=sequence,
        waiting_since=session.waiting_since or now,
        updated_at=now,
    )


def _response_bytes(message: Message) -> int:
    """Return the bytes of a message in a response: JSON within the function's JSON."""
    fields = [
        message.content,
        message.controls,
        message.metadata,
        message.tags,
        tools_to_document(message.tools),
        message.thinking,
    ]
    return _FRAME_BYTES + len(dumps(dumps(fields)).encode())
