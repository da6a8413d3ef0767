"""Agent repository: the generic one, a list, and the upsert under an id of the client's own.

A request under an ``Idempotency-Key`` writes a receipt in the agent's transaction, so that
the key cannot be used with another payload, whether that names an id or not. The receipt of
an upsert holds the agent as first returned: one agent may be written by many requests, and
may be too large to carry its earlier states.
"""

from collections.abc import Callable
from typing import Any

from shared.agents.agents.documents import (
    AgentCodec,
    agent_from_document,
    agent_list,
    agent_name_list,
)
from shared.agents.agents.domain import Agent
from shared.core.clock import Clock, system_clock
from shared.core.errors import Deleted, DomainError
from shared.core.ids import AgentId, OrganizationId, derived_uuid
from shared.storage.contention import ConditionFailed, retry_on_contention
from shared.storage.idempotency import Idempotency, receipt, receipt_among, receipt_key
from shared.storage.lists import ListQuery, Page
from shared.storage.records import BY_PARENT, Record
from shared.storage.repository import Created, Loaded, Repository
from shared.storage.table import Table
from shared.storage.transactions import Action, Create, write

type Build = Callable[[AgentId, Agent | None], Agent]


class AgentRepository(Repository[Agent, AgentId]):
    """Agents of organizations."""

    def __init__(self, table: Table, clock: Clock = system_clock) -> None:
        super().__init__(table, AgentCodec(), clock)

    def list_active(
        self,
        organization_id: OrganizationId,
        limit: int,
        *,
        after: str | None = None,
        skip: int = 0,
        search: str = "",
    ) -> Page[Agent]:
        """Return active agents, newest first: one query a shard.

        With ``search``, only those that mention the text, which costs and raises as
        ``filtered_lists.read_filtered``.
        """
        query = ListQuery(list=agent_list(organization_id), after=after)
        if not search:
            return self.page(query, limit, skip=skip)
        return self.filtered_page(query, limit, lambda agent: agent.mentions(search), skip=skip)

    def create_new(
        self,
        organization_id: OrganizationId,
        build: Build,
        idempotency: Idempotency | None = None,
    ) -> Created[Agent]:
        """Store an agent under a generated id: one write. Raises as :meth:`create`."""
        agent_id = AgentId(idempotency.uuid()) if idempotency else AgentId.new()

        def build_with_receipt() -> tuple[Agent, list[Action]]:
            return build(agent_id, None), self._receipt(idempotency, {})

        def check_receipt(failed: ConditionFailed) -> None:
            # Only an upsert under the same key has a receipt without the agent.
            if idempotency and (earlier := receipt_among(failed.existing)):
                idempotency.check(earlier.fingerprint)

        key = self.codec.key(organization_id, agent_id)
        return self.create(key, build_with_receipt, idempotency, on_condition_failed=check_receipt)

    def upsert(
        self,
        organization_id: OrganizationId,
        agent_id: AgentId,
        build: Build,
        idempotency: Idempotency | None = None,
    ) -> Created[Agent]:
        """Create an agent, or replace the one with this id: one read, one write.

        ``build`` gets the agent to be replaced, or None; it is called again after concurrent
        writes. Raises ``Deleted`` for a replay if the agent is archived now, ``Unprocessable``
        for a key that was used with another payload, and what ``build`` raises.
        """
        key = self.codec.key(organization_id, agent_id)
        return self._upsert(
            lambda: (agent_id, self.loaded(self.table.get(key))), build, idempotency
        )

    def upsert_by_name(
        self,
        organization_id: OrganizationId,
        name: str,
        build: Build,
        idempotency: Idempotency | None = None,
    ) -> Created[Agent]:
        """Create an agent, or replace the one with this addressable name: one read, one write.

        If the agent was not created by that name, also one query a shard and one read of what
        that finds. What is replaced has the name at that moment. Raises as :meth:`upsert`.
        """
        return self._upsert(lambda: self._find_named(organization_id, name), build, idempotency)

    def _find_named(
        self, organization_id: OrganizationId, name: str
    ) -> tuple[AgentId, Loaded[Agent] | None]:
        """Return the agent of a name, or the id of one to be created.

        That is derived from the name: concurrent requests create one agent.
        """
        agent_id = AgentId(derived_uuid(str(organization_id), "agent name", name))
        while current := self.loaded(self.table.get(self.codec.key(organization_id, agent_id))):
            if current.entity.name == name:
                return agent_id, current
            agent_id = AgentId(derived_uuid("renamed agent", agent_id.hex))
        named = ListQuery(list=agent_name_list(organization_id, name), index=BY_PARENT)
        # The index is eventually consistent: it may still have an agent that was renamed.
        for found in self.page(named, 1).items:
            current = self.loaded(self.table.get(self.codec.key(organization_id, found.id)))
            if current and current.entity.name == name:
                return found.id, current
        return agent_id, None

    def _upsert(
        self,
        find: Callable[[], tuple[AgentId, Loaded[Agent] | None]],
        build: Build,
        idempotency: Idempotency | None,
    ) -> Created[Agent]:
        def attempt() -> Created[Agent]:
            agent_id, current = find()
            try:
                agent = build(agent_id, current.entity if current else None)
            except DomainError:
                if idempotency and (earlier := self.table.get(receipt_key(idempotency))):
                    return self._first_answer(earlier, idempotency, current)
                raise
            record = self.codec.to_record(agent)
            actions: list[Action] = [Create(record)]
            version = 1
            if current is not None:
                actions = self.replacement(current, agent)
                version = current.record.version + 1
            body = {"agent": record.body, "version": version}
            try:
                write(self.table, [*actions, *self._receipt(idempotency, body)])
            except ConditionFailed as failed:
                earlier = receipt_among(failed.existing)
                if idempotency and earlier:
                    return self._first_answer(earlier, idempotency, current)
                raise
            return Created(agent_from_document(record.body, version))

        return retry_on_contention(self.table.sleep, attempt)

    def _receipt(self, idempotency: Idempotency | None, body: dict[str, Any]) -> list[Action]:
        return [Create(receipt(idempotency, body, self.table.now()))] if idempotency else []

    def _first_answer(
        self, earlier: Record, idempotency: Idempotency, current: Loaded[Agent] | None
    ) -> Created[Agent]:
        idempotency.check(earlier.fingerprint)
        if current is not None and self.codec.counts_as_deleted(current.entity):
            raise Deleted
        body = earlier.body
        if not body:  # the receipt of a create under a generated id
            agent_id = AgentId(idempotency.uuid())
            created = self.table.get(self.codec.key(idempotency.organization_id, agent_id))
            assert created is not None  # noqa: S101  # an agent is archived, never removed
            return super()._replay(created, idempotency)
        return Created(agent_from_document(body["agent"], body["version"]), replayed=True)

    def _replay(self, existing: Record, idempotency: Idempotency | None) -> Created[Agent]:
        # Agents of earlier versions of this code have a receipt instead of a fingerprint.
        if idempotency and existing.fingerprint is None:
            earlier = self.table.get(receipt_key(idempotency))
            if earlier is not None:
                return self._first_answer(earlier, idempotency, self.loaded(existing))
        return super()._replay(existing, idempotency)
