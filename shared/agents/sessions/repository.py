"""Agent session repository: the session store, its lists and counters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.agents.sessions.documents import WAITING_SESSIONS, AgentSessionCodec, agent_session_list
from shared.agents.sessions.domain import AgentSession
from shared.agents.sessions.filters import SessionFilter
from shared.core.clock import Clock, system_clock, timestamp
from shared.core.ids import AgentId, OrganizationId, SessionId
from shared.sessions.documents import session_list
from shared.sessions.domain import SessionKind
from shared.sessions.store import SessionStore
from shared.storage.contention import ConditionFailed
from shared.storage.counters import COUNTED, counter_value
from shared.storage.filtered_lists import FilteredPage
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page, read_page, work_entries
from shared.storage.records import BY_LINK, BY_LIST, BY_PARENT, Key
from shared.storage.repository import Created, Loaded
from shared.storage.table import Table
from shared.storage.transactions import Action, Replace


@dataclass(frozen=True, slots=True)
class WaitingSession:
    """Ids of a session in which a message waits or a turn runs."""

    organization_id: OrganizationId
    session_id: SessionId


class AgentSessionRepository(SessionStore[AgentSession]):
    """Agent sessions of organizations."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, AgentSessionCodec(), clock)

    def create(
        self,
        key: Key,
        build: Callable[[], tuple[AgentSession, Sequence[Action]]],
        idempotency: Idempotency | None = None,
        *,
        on_condition_failed: Callable[[ConditionFailed], None] = lambda _: None,
        stream_attributes: Callable[[AgentSession], Mapping[str, str]] = lambda _: {},
    ) -> Created[AgentSession]:
        return super().create(
            key,
            build,
            idempotency,
            on_condition_failed=on_condition_failed,
            stream_attributes=lambda session: {**stream_attributes(session), **COUNTED},
        )

    def deletion(self, loaded: Loaded[AgentSession]) -> list[Action]:
        return [_counted(action) for action in super().deletion(loaded)]

    def list_newest(
        self,
        organization_id: OrganizationId,
        selected: SessionFilter,
        limit: int,
        *,
        skip: int = 0,
        after: str | None = None,
    ) -> Page[AgentSession]:
        """Return sessions of all agents or of one, newest first: one query a shard."""
        return self.page(_query(organization_id, selected, after), limit, skip=skip)

    def find_newest(
        self,
        organization_id: OrganizationId,
        selected: SessionFilter,
        limit: int,
        *,
        skip: int = 0,
        after: str | None = None,
    ) -> FilteredPage[AgentSession]:
        """Return sessions that pass a filter, newest first, and the number of known ones.

        Costs and raises as ``filtered_lists.read_filtered``.
        """
        query = _query(organization_id, selected, after)
        return self.filtered_page(query, limit, selected.passes, skip=skip)

    def total(self, organization_id: OrganizationId, agent_id: AgentId | None) -> int:
        """Return the number of sessions of all agents or of one: one request.

        It follows from the stream: see ``counter_value``.
        """
        return counter_value(self.table, _list(organization_id, agent_id))

    def list_waiting(self, since: datetime) -> Iterator[WaitingSession]:
        """Yield sessions of all organizations that wait since a time or longer, oldest first.

        Costs as ``lists.work_entries``, and one query a shard of the list's former index, for
        sessions that wait since before it was moved.
        """
        highest = timestamp(since)
        keys = [entry.key for entry in work_entries(self.table, WAITING_SESSIONS, highest)]
        former = ListQuery(list=WAITING_SESSIONS, index=BY_LINK, ascending=True, highest=highest)
        keys += [record.key for record in read_page(self.table, former, 100).items]
        for key in keys:
            organization, _, session = key.partition.split("#")
            yield WaitingSession(
                OrganizationId.parse(organization), SessionId.parse(f"session_{session}")
            )


def _counted(action: Action) -> Action:
    """Return an action of a delete so that the tombstone is counted."""
    if not isinstance(action, Replace):
        return action
    attributes = {**action.record.stream_attributes, **COUNTED}
    return replace(action, record=replace(action.record, stream_attributes=attributes))


def _list(organization_id: OrganizationId, agent_id: AgentId | None) -> str:
    if agent_id is None:
        return session_list(organization_id, SessionKind.AGENT)
    return agent_session_list(organization_id, agent_id)


def _query(
    organization_id: OrganizationId, selected: SessionFilter, after: str | None
) -> ListQuery:
    lowest, highest = selected.bounds
    return ListQuery(
        list=_list(organization_id, selected.agent_id),
        index=BY_LIST if selected.agent_id is None else BY_PARENT,
        after=after,
        lowest=lowest,
        highest=highest,
    )
