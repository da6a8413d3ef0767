"""Assembly of sessions from stored spans.

A session is a function of the set of its conversation's spans: it is derived from all of them,
whenever some arrive. The state of a conversation is written with its session, so that of two
concurrent assemblies the later one reads again.
"""

from collections.abc import Callable, Sequence

from shared.core.clock import Clock, system_clock, timestamp
from shared.core.ids import OrganizationId
from shared.sessions.captured_conversations import CapturedConversation
from shared.sessions.captured_log import LogState, LogWriter, Outcome
from shared.storage.contention import retry_on_contention
from shared.storage.idempotency import RECEIPT_RETENTION
from shared.storage.transactions import Action, Create, Replace
from shared.traces.conversation import conversation_of
from shared.traces.documents import (
    Ownership,
    StoredSpans,
    pointer,
    state_in,
    state_key,
    state_record,
)
from shared.traces.domain import Owner
from shared.traces.repository import StoredConversation, TraceRepository

#: Tries of an assembly that meets others of the same conversation: each reads all spans.
_TRIES = 8


class TraceAssembly:
    """Derives the sessions of traces."""

    def __init__(
        self, traces: TraceRepository, writer: LogWriter, clock: Clock = system_clock
    ) -> None:
        self._traces = traces
        self._writer = writer
        self._clock = clock
        self._table = traces.table

    def assign(self, organization_id: OrganizationId, trace: str) -> tuple[Owner, ...]:
        """Record the owner of a trace, and return the owners whose sessions are to be assembled.

        These are its owner and, until :meth:`settle`, former ones; none where the trace has
        no spans. Costs one read, and two writes for a trace with a new owner.
        """

        def attempt() -> tuple[Owner, ...]:
            stored = self._traces.trace(organization_id, trace)
            if not stored.spans:
                return ()
            owner, known = stored.owner(trace), stored.ownership
            if known is not None and known.owner == owner and not known.purged:
                return (owner, *known.former)
            former = known.former if known else ()
            if known is not None and known.owner != owner:
                former = (*(one for one in former if one != owner), known.owner)
            if owner.kind == "conversation":
                self._traces.add_trace(organization_id, owner, trace)
            self._traces.put_owner(organization_id, trace, stored, Ownership(owner, former))
            return (owner, *former)

        return retry_on_contention(self._table.sleep, attempt, tries=_TRIES)

    def settle(self, organization_id: OrganizationId, trace: str) -> None:
        """Forget the former owners of a trace, whose sessions were assembled without it."""
        stored = self._traces.trace(organization_id, trace)
        known = stored.ownership
        if known is not None and known.former and known.owner == stored.owner(trace):
            self._traces.put_owner(organization_id, trace, stored, Ownership(known.owner))

    def assemble(
        self, organization_id: OrganizationId, owner: Owner, *, is_former: bool = False
    ) -> None:
        """Bring an owner's session to its spans: one read for each trace, one transaction.

        ``is_former`` if it was the owner of a trace that is another's now. Raises ``TooLarge``
        for a conversation whose spans do not fit into memory, and ``Conflict``.
        """

        def attempt() -> bool:
            return self._assemble(organization_id, owner, is_former=is_former)

        while not retry_on_contention(self._table.sleep, attempt, tries=_TRIES):
            continue

    def _assemble(self, organization_id: OrganizationId, owner: Owner, *, is_former: bool) -> bool:
        """Write as much as one transaction holds, and return whether that is all."""
        stored = self._traces.conversation(organization_id, owner)
        state = state_in(stored.record)
        if not state.started_at:
            state = LogState(state.generation, started_at=timestamp(self._clock()))
        conversation = self._conversation(organization_id, owner, stored)
        if conversation is None:
            if is_former or state.through:
                commit = self._commit(organization_id, owner, stored, expires=True)
                session_id = owner.session_id(organization_id, state.generation)
                self._writer.remove(organization_id, session_id, state, commit)
            return True
        outcome = self._write(organization_id, owner, stored, conversation, state)
        if outcome is Outcome.DELETED:
            self._traces.purge(organization_id, owner, stored.traces)
        return outcome is not Outcome.PARTIAL

    def _write(
        self,
        organization_id: OrganizationId,
        owner: Owner,
        stored: StoredConversation,
        conversation: CapturedConversation,
        state: LogState,
    ) -> Outcome:
        """Write the current session; where that must stay as it is, a successor."""
        commit = self._commit(organization_id, owner, stored)
        while True:
            session_id = owner.session_id(organization_id, state.generation)
            outcome = self._writer.write(organization_id, session_id, conversation, state, commit)
            if outcome is not Outcome.KEPT:
                return outcome
            state = LogState(state.generation + 1, started_at=state.started_at)

    def _conversation(
        self, organization_id: OrganizationId, owner: Owner, stored: StoredConversation
    ) -> CapturedConversation | None:
        reader = StoredSpans()
        spans = []
        for trace in stored.traces:
            found = self._traces.trace(organization_id, trace, reader)
            if found.spans and found.owner(trace) == owner:
                spans += found.spans
        return conversation_of(owner, spans, self._clock())

    def _commit(
        self,
        organization_id: OrganizationId,
        owner: Owner,
        stored: StoredConversation,
        *,
        expires: bool = False,
    ) -> Callable[[LogState], Sequence[Action]]:
        first = owner.session_id(organization_id)
        key = state_key(organization_id, first)
        expires_at = self._table.now() + RECEIPT_RETENTION if expires else None
        known = state_in(stored.record).generation

        def commit(state: LogState) -> Sequence[Action]:
            record = state_record(key, state, owner, expires_at=expires_at)
            actions: list[Action] = [
                Create(record) if stored.record is None else Replace(record, stored.record.version)
            ]
            if state.generation > known and state.through:
                successor = owner.session_id(organization_id, state.generation)
                actions.append(Create(pointer(organization_id, successor, first)))
            return actions

        return commit
