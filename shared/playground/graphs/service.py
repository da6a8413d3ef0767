"""Graph service: validate a graph, put it into a revision, get that of a session."""

from dataclasses import replace
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.ids import OrganizationId, RevisionId, SessionId
from shared.playground.graph import Graph
from shared.playground.graph_repository import GraphRepository
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.revisions.domain import Revision, require_inactive
from shared.playground.sessions.repository import PlaygroundSessionRepository
from shared.playground.validation.check import validate
from shared.playground.validation.findings import ValidationResult
from shared.storage.conditions import ExpectedVersion
from shared.storage.repository import Repository


class GraphService:
    """Graphs of revisions and sessions. Raises ``NotFound`` where there is none of the two."""

    def __init__(
        self,
        revisions: Repository[Revision, RevisionId],
        graphs: GraphRepository,
        sessions: PlaygroundSessionRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._revisions = revisions
        self._graphs = graphs
        self._sessions = sessions
        self._clock = clock

    def put(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        raw: dict[str, Any],
        expected_version: ExpectedVersion,
    ) -> tuple[ValidationResult, Revision | None]:
        """Validate a graph and, if it is valid, make it the revision's.

        Returns the validation result, and the revision if it was changed. The graph is
        written first, so that no revision ever refers to a graph that does not exist. Raises
        ``Conflict`` if the revision is active, and ``PreconditionFailed``.
        """
        require_inactive(self._revisions.get(organization_id, revision_id))
        result = validate(raw)
        if result.graph is None:
            return result, None
        pinned = PinnedGraph.of(self._graphs.add(organization_id, result.graph))
        now = self._clock()

        def change(revision: Revision) -> Revision:
            require_inactive(revision)
            return replace(revision, graph=pinned, updated_at=now)

        changed = self._revisions.change(
            organization_id, revision_id, change, expected_version=expected_version
        )
        return result, changed

    def validate(
        self, organization_id: OrganizationId, revision_id: RevisionId, raw: dict[str, Any]
    ) -> ValidationResult:
        """Validate a graph without storing it."""
        self._revisions.get(organization_id, revision_id)
        return validate(raw)

    def of_session(
        self, organization_id: OrganizationId, session_id: SessionId
    ) -> tuple[Graph, ValidationResult]:
        """Return the graph that a session is pinned to, and the result of its validation.

        Two reads; one for a graph of the catalog.
        """
        session = self._sessions.load(organization_id, session_id).entity
        graph = self._graphs.get_pinned(organization_id, session.graph.hash, session.catalog_slug)
        return graph, validate(graph.document())
