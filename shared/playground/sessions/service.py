"""Playground session service: open, get, list, delete."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict
from shared.core.ids import OrganizationId, RevisionId, SessionId
from shared.playground.catalog import get_entry
from shared.playground.engine.system_variables import system_values
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.revisions.domain import Revision
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.sessions.documents import session_key
from shared.sessions.recorded_worlds.answers import OnUnmatched
from shared.sessions.recorded_worlds.repository import WorldRepository
from shared.sessions.recorded_worlds.world import World, parse_world
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import Page
from shared.storage.repository import Created, Loaded, Repository
from shared.storage.transactions import Action


class Replay(Protocol):
    """A recorded world that answers in place of the graph's own, and the tags of its sessions."""

    @property
    def on_unmatched(self) -> OnUnmatched:
        """The rule for tool calls with arguments that the world lacks."""

    @property
    def tags(self) -> tuple[str, ...]: ...

    def world(self, organization_id: OrganizationId) -> World:
        """Return the world. Raises ``Conflict`` (``mock_world_not_replayable``)."""


@dataclass(frozen=True, slots=True)
class ScenarioReplay:
    """A scenario to replay. ``mock_world`` reads an organization's scenario's world, or raises.

    ``on_unmatched`` is the rule for tool calls with arguments that the world lacks.
    """

    scenario_id: UUID
    mock_world: Callable[[OrganizationId, UUID], Mapping[str, Any]]
    on_unmatched: OnUnmatched

    @property
    def tags(self) -> tuple[str, ...]:
        """The tag of sessions that replay the scenario."""
        return (f"scenario:{self.scenario_id}",)

    def world(self, organization_id: OrganizationId) -> World:
        """Read and parse the world. Raises ``Conflict`` (``mock_world_not_replayable``)."""
        return parse_world(self.mock_world(organization_id, self.scenario_id))


class PlaygroundSessionService:
    """Playground sessions of an organization.

    ``expire_approval`` runs the turn that follows an overdue approval.
    """

    def __init__(
        self,
        sessions: PlaygroundSessionRepository,
        revisions: Repository[Revision, RevisionId],
        expire_approval: Callable[[Loaded[PlaygroundSession]], Loaded[PlaygroundSession]],
        clock: Clock = system_clock,
    ) -> None:
        self._sessions = sessions
        self._revisions = revisions
        self._worlds = WorldRepository(sessions.table)
        self._expire_approval = expire_approval
        self._clock = clock

    def open(
        self,
        organization_id: OrganizationId,
        catalog_slug: str | None,
        revision_id: RevisionId | None,
        idempotency: Idempotency | None = None,
        replay: Replay | None = None,
        session_id: SessionId | None = None,
    ) -> Created[PlaygroundSession]:
        """Open a session on a catalog workflow or on a revision: exactly one of the two.

        One write; from a revision, one read before it. The session is pinned to the graph as
        it is now. Raises ``NotFound`` for an unknown source, and ``Conflict`` with the code
        ``graph_not_runnable`` for a revision without a graph.

        In a ``replay`` tools answer from the scenario's mock world instead of the graph's:
        one write more. Raises what reading that world does, and ``Conflict``
        (``mock_world_not_replayable``). ``session_id`` is the id of the new session; ``Conflict``
        if it is in use.
        """
        if session_id is None:
            session_id = SessionId(idempotency.uuid()) if idempotency else SessionId.new()
        key = session_key(organization_id, session_id)
        # Before the world of a replay is stored: it may have changed since the first request.
        if replay and (earlier := self._sessions.find_replay(key, idempotency)):
            return earlier

        def build() -> tuple[PlaygroundSession, Sequence[Action]]:
            graph = self._graph(organization_id, catalog_slug, revision_id)
            world = replay.world(organization_id) if replay else None
            now = self._clock()
            session = PlaygroundSession(
                id=session_id,
                organization_id=organization_id,
                created_at=now,
                updated_at=now,
                graph=graph,
                catalog_slug=catalog_slug,
                revision_id=revision_id,
                current_step_id=graph.entry_node_id,
                context_vars=system_values(graph.system_variables, session_id, now),
                tags=replay.tags if replay else (),
                mock_world=None if world is None else self._worlds.add(organization_id, world),
                on_unmatched=replay.on_unmatched if replay else None,
            )
            return session, ()

        return self._sessions.create(key, build, idempotency)

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> PlaygroundSession:
        """Return a session: one request. Raises ``NotFound``.

        An overdue approval is expired first.
        """
        loaded = self._sessions.load(organization_id, session_id)
        if loaded.entity.overdue(self._clock()):
            loaded = self._expire_approval(loaded)
        return loaded.entity

    def list_sessions(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        awaiting_approval: bool | None = None,
    ) -> Page[PlaygroundSession]:
        """Return a page of sessions as stored, newest first; overdue approvals stay as they are."""
        return self._sessions.list_sessions(organization_id, limit, after, awaiting_approval)

    def delete(
        self,
        organization_id: OrganizationId,
        session_id: SessionId,
        expected_version: ExpectedVersion,
    ) -> None:
        """Delete a session for every reader at once: one read, one write.

        A running turn then fails with ``NotFound``; the log is removed in the background.
        Raises ``NotFound`` and ``PreconditionFailed``.
        """
        self._sessions.delete(organization_id, session_id, expected_version=expected_version)

    def _graph(
        self,
        organization_id: OrganizationId,
        catalog_slug: str | None,
        revision_id: RevisionId | None,
    ) -> PinnedGraph:
        if revision_id is None:
            return get_entry(catalog_slug or "").pinned
        revision = self._revisions.get(organization_id, revision_id)
        if revision.graph is None:
            raise Conflict(
                "revision_id: the revision has no graph; put one first.",
                code="graph_not_runnable",
            )
        return revision.graph
