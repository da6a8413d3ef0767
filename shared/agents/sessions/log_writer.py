"""Agent sessions whose logs are derived from a conversation that is still being captured."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.agents.limits import MAX_TITLE_LENGTH
from shared.agents.sessions.domain import AgentSession, SessionStatus
from shared.agents.sessions.imported_events import imported_events
from shared.agents.sessions.importing import AgentSessionImporter, apply_log
from shared.agents.sessions.repository import AgentSessionRepository
from shared.core.clock import Clock, moment, system_clock
from shared.core.errors import Conflict
from shared.core.ids import OrganizationId, SessionId
from shared.llm.port import TokenUsage
from shared.sessions.agent_ref import AgentRef
from shared.sessions.appending import following_record, number_events
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.captured_log import Commit, LogState, Outcome, log_digest
from shared.sessions.documents import session_key
from shared.sessions.domain import Event, NewEvent
from shared.sessions.event_documents import event_items
from shared.sessions.log_rewriting import portion_of, rewriting
from shared.storage.contention import ConditionFailed
from shared.storage.counters import COUNTED
from shared.storage.repository import Loaded, replacement
from shared.storage.tombstones import is_tombstone
from shared.storage.transactions import Action, Create, write


class AgentLogWriter:
    """Writes the logs of captured agent sessions."""

    def __init__(
        self,
        sessions: AgentSessionRepository,
        importer: AgentSessionImporter,
        clock: Clock = system_clock,
    ) -> None:
        self._sessions = sessions
        self._importer = importer
        self._clock = clock

    def write(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        conversation: CapturedConversation,
        state: LogState,
        commit: Commit,
    ) -> Outcome:
        """See ``LogWriter.write``: one read, and one more for each megabyte to be compared."""
        record = self._sessions.table.get(session_key(organization_id, session_id))
        if record is not None and is_tombstone(record):
            return Outcome.DELETED
        started = moment(state.started_at)
        agent = self._importer.agent(organization_id, conversation, started)
        events = imported_events(session_id, conversation, started, str(agent.id))
        usage = TokenUsage(
            input_tokens=conversation.tokens[0], output_tokens=conversation.tokens[1]
        )
        content = f"{log_digest(events)} {agent.id} {usage.input_tokens} {usage.output_tokens}"
        target = replace(state, content=content)
        loaded = self._sessions.loaded(record)
        if loaded is None:
            session = _new_session(organization_id, session_id, conversation, agent, started)
            return self._create(replace(session, usage=usage), events, target, commit)
        if loaded.entity.last_sequence != state.through or not state.through:
            return Outcome.KEPT
        if state.content == content:
            return Outcome.COMPLETE
        session = replace(loaded.entity, agent=agent, usage=usage)
        if log_digest(events[: state.through]) == state.log and len(events) >= state.through:
            return self._append(loaded, session, events, target, commit)
        return self._rewrite(loaded, session, events, target, commit)

    def remove(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        state: LogState,
        commit: Commit,
    ) -> None:
        """See ``LogWriter.remove``: one read, one write."""
        table = self._sessions.table
        loaded = self._sessions.loaded(table.get(session_key(organization_id, session_id)))
        actions: list[Action] = []
        if loaded is not None and loaded.entity.last_sequence == state.through:
            actions = self._sessions.deletion(loaded)
        write(table, [*actions, *commit(LogState(generation=state.generation + 1))])

    def _create(
        self, session: AgentSession, events: list[NewEvent], target: LogState, commit: Commit
    ) -> Outcome:
        part = portion_of(events)
        record = self._sessions.codec.to_record(session)
        numbered = number_events(record, session, part, self._clock())
        items = event_items(record.key.partition, numbered)
        whole = self._with_log(session, events, len(part))
        also = [*map(Create, items), *commit(_at(target, events, part))]

        def came_first(failed: ConditionFailed) -> None:
            raise Conflict(str(failed))

        try:
            self._sessions.create(record.key, lambda: (whole, also), on_condition_failed=came_first)
        except Conflict as error:
            raise ConditionFailed({}) from error
        return _outcome(events, part)

    def _append(
        self,
        loaded: Loaded[AgentSession],
        session: AgentSession,
        events: list[NewEvent],
        target: LogState,
        commit: Commit,
    ) -> Outcome:
        part = events[: target.through + len(portion_of(events[target.through :]))]
        new = number_events(loaded.record, loaded.entity, part[target.through :], self._clock())
        items = event_items(loaded.record.key.partition, new)
        written = self._with_log(session, events, len(part))
        actions = [*map(Create, items), *commit(_at(target, events, part))]
        self._replace(loaded, written, new, actions)
        return _outcome(events, part)

    def _rewrite(
        self,
        loaded: Loaded[AgentSession],
        session: AgentSession,
        events: list[NewEvent],
        target: LogState,
        commit: Commit,
    ) -> Outcome:
        """Write the log anew from the first event that differs."""
        start = replace(loaded.entity, last_sequence=0)
        bare = self._sessions.codec.to_record(start)
        numbered = number_events(bare, start, events, self._clock())
        table, partition = self._sessions.table, loaded.record.key.partition
        plan = rewriting(table, partition, target.through, numbered)
        if plan is None:
            return Outcome.KEPT
        part = events[: plan.through]
        written = self._with_log(session, events, len(part))
        self._replace(
            loaded,
            written,
            numbered[: plan.through],
            [*plan.actions, *commit(_at(target, events, part))],
        )
        return _outcome(events, part)

    def _replace(
        self,
        loaded: Loaded[AgentSession],
        session: AgentSession,
        events: Sequence[Event],
        actions: Sequence[Action],
    ) -> None:
        """Write a session with its log's actions; the counters follow its agent."""
        before = loaded.entity
        session = replace(session, version=before.version + 1)
        record = following_record(self._sessions.codec, loaded.record, session, events)  # type: ignore[arg-type]  # of this kind
        table = self._sessions.table
        if session.agent_id != before.agent_id:
            record = replace(record, stream_attributes=COUNTED)
        write(table, [*replacement(loaded.record, record, table.now()), *actions])

    def _with_log(
        self, session: AgentSession, events: Sequence[NewEvent], count: int
    ) -> AgentSession:
        """Return a session with the first events of its log."""
        first = events[0].at or session.created_at
        changed = replace(
            session,
            created_at=first,
            started_at=first,
            updated_at=self._clock(),
            last_sequence=count,
        )
        return apply_log(changed, events[:count])


def _new_session(
    organization_id: OrganizationId,
    session_id: SessionId,
    conversation: CapturedConversation,
    agent: AgentRef,
    at: datetime,
) -> AgentSession:
    return AgentSession(
        id=session_id,
        organization_id=organization_id,
        created_at=at,
        updated_at=at,
        agent=agent,
        title=conversation.id[:MAX_TITLE_LENGTH],
        status=SessionStatus.IDLE,
    )


def _at(target: LogState, events: Sequence[NewEvent], part: Sequence[NewEvent]) -> LogState:
    """Return the state after the first events of a log."""
    content = target.content if len(part) == len(events) else ""
    return replace(target, through=len(part), log=log_digest(part), content=content)


def _outcome(events: Sequence[NewEvent], part: Sequence[NewEvent]) -> Outcome:
    return Outcome.COMPLETE if len(part) == len(events) else Outcome.PARTIAL
