"""What can be done with playground sessions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, DomainError
from shared.core.ids import OrganizationId, RevisionId, SessionId
from shared.playground.catalog import CatalogEntry, entry, slugs
from shared.playground.pinned import PinnedGraph
from shared.playground.recorded_worlds import WorldRepository, read_world
from shared.playground.sessions.domain import PlaygroundSession
from shared.playground.sessions.repository import list_sessions, session_store
from shared.playground.system_variables import system_values
from shared.playground.workflows.repository import WorkflowRepository
from shared.sessions.store import Opened, SessionStore
from shared.storage.idempotency import Idempotency
from shared.storage.table import table


@dataclass(frozen=True, slots=True)
class Replayed:
    """A scenario to replay. ``mock_world`` reads its world, and raises where it cannot."""

    scenario_id: UUID
    mock_world: Callable[[], Mapping[str, Any]]

    @property
    def tag(self) -> str:
        """What a session shows of it."""
        return f"scenario:{self.scenario_id}"


class PlaygroundSessions:
    """The playground's sessions of an organisation."""

    def __init__(
        self,
        store: SessionStore[PlaygroundSession],
        workflows: WorkflowRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._store = store
        self._workflows = workflows
        self._worlds = WorldRepository(store.table)
        self._clock = clock

    def open(
        self,
        organization_id: OrganizationId,
        catalog_slug: str | None,
        revision_id: RevisionId | None,
        idempotency: Idempotency | None = None,
        replayed: Replayed | None = None,
    ) -> Opened[PlaygroundSession]:
        """Open a session on a workflow of the catalog or on a revision: one of the two.

        One write; from a revision, one read before it. The session is pinned to the graph
        as it is now. Raises ``NotFound`` for an unknown source, and ``Conflict`` with the
        code ``graph_not_runnable`` for a revision without a graph.

        Of a scenario that is ``replayed``, tools answer from the mock world, in place of the
        graph's: one write more. Raises what reading that world does, and ``Conflict``
        (``mock_world_not_replayable``).
        """
        session_id = SessionId(idempotency.uuid()) if idempotency else SessionId.new()
        try:
            graph = self._graph(organization_id, catalog_slug, revision_id)
            world = read_world(replayed.mock_world()) if replayed else None
        except DomainError:
            # The source may have gone since a first request like this one was answered.
            earlier = idempotency and self._store.opened_before(
                organization_id, session_id, idempotency
            )
            if earlier:
                return earlier
            raise
        session = replace(
            self._at_the_entry(organization_id, session_id, graph),
            catalog_slug=catalog_slug,
            revision_id=revision_id,
            tags=(replayed.tag,) if replayed else (),
            mock_world=None if world is None else self._worlds.add(organization_id, world),
        )
        return self._store.open(session, idempotency)

    def get(self, organization_id: OrganizationId, session_id: SessionId) -> PlaygroundSession:
        """Read a session: one request. Raises ``NotFound``.

        A session whose approval's deadline has passed is taken on first.
        """
        held = self._store.hold(organization_id, session_id)
        if held.session.overdue(self._clock()):
            # Loaded only where it is needed: the engine is most of what a reader could load.
            from shared.playground.sessions.turn_service import playground_turns  # noqa: PLC0415

            held = playground_turns().past_deadline(held)
        return held.session

    def list_sessions(
        self,
        organization_id: OrganizationId,
        limit: int,
        after: str | None,
        awaiting_approval: bool | None = None,
    ) -> tuple[list[PlaygroundSession], str | None]:
        """Return a page of sessions, newest first, and where to go on.

        As they are stored: whether an approval's deadline has passed since, :meth:`get` tells.
        """
        return list_sessions(self._store.table, organization_id, limit, after, awaiting_approval)

    def delete(
        self, organization_id: OrganizationId, session_id: SessionId, expected_version: int | None
    ) -> None:
        """Delete a session at once for every reader: one read, one write.

        A turn that is being run then fails with ``NotFound``, and the log goes in the
        background. Raises ``NotFound`` and ``PreconditionFailed``.
        """
        self._store.delete(organization_id, session_id, expected_version=expected_version)

    def catalog(self) -> list[CatalogEntry]:
        """Return the catalog, by slug."""
        return [entry(slug) for slug in slugs()]

    def _at_the_entry(
        self, organization_id: OrganizationId, session_id: SessionId, graph: PinnedGraph
    ) -> PlaygroundSession:
        """Return a session of which nothing has been run yet."""
        now = self._clock()
        return PlaygroundSession(
            id=session_id,
            organization_id=organization_id,
            created_at=now,
            updated_at=now,
            graph=graph,
            current_step_id=graph.entry_node_id,
            context_vars=system_values(graph.system_variables, session_id, now),
        )

    def _graph(
        self,
        organization_id: OrganizationId,
        catalog_slug: str | None,
        revision_id: RevisionId | None,
    ) -> PinnedGraph:
        if revision_id is None:
            return entry(catalog_slug or "").pinned
        revision = self._workflows.revision(organization_id, revision_id)
        if revision.graph is None:
            raise Conflict("The revision has no valid graph yet.", code="graph_not_runnable")
        return revision.graph


@cache
def playground_sessions() -> PlaygroundSessions:
    """Return the service of this process."""
    return PlaygroundSessions(session_store(table()), WorkflowRepository(table()))
