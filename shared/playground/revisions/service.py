"""Revision service: create, get, list, update, delete revisions of a workflow."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.errors import NotFound
from shared.core.ids import OrganizationId, RevisionId, WorkflowId, new_uuid
from shared.playground.graph import Graph
from shared.playground.graph_repository import GraphRepository
from shared.playground.revisions.documents import revision_key, revision_list
from shared.playground.revisions.domain import Revision, RevisionContent, require_inactive
from shared.playground.workflows.domain import Workflow
from shared.storage.conditions import ExpectedVersion
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page
from shared.storage.records import BY_PARENT
from shared.storage.repository import Created, Repository
from shared.storage.transactions import Action


class RevisionService:
    """Revisions of workflows.

    Methods raise ``NotFound`` for a workflow or revision that does not exist or belongs to
    another organization. Those that change a revision take the version that the client last
    saw, or None for any, and raise ``PreconditionFailed`` at another.
    """

    def __init__(
        self,
        revisions: Repository[Revision, RevisionId],
        workflows: Repository[Workflow, WorkflowId],
        graphs: GraphRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._revisions = revisions
        self._workflows = workflows
        self._graphs = graphs
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        created_by: str,
        fields: dict[str, Any],
        based_on: RevisionId | None = None,
        idempotency: Idempotency | None = None,
    ) -> Created[Revision]:
        """Create a revision: one read, one write; one read more where it is based on another.

        ``fields`` are those of ``RevisionContent``; omitted ones and the graph come from the
        revision that the new one is based on, or else from the defaults.
        """
        identifier = RevisionId(idempotency.uuid() if idempotency else new_uuid())

        def build() -> tuple[Revision, Sequence[Action]]:
            self._workflows.get(organization_id, workflow_id)
            base = based_on and self._revisions.get(organization_id, based_on)
            if base and base.workflow_id != workflow_id:
                raise NotFound("Workflow revision not found")
            now = self._clock()
            revision = Revision(
                id=identifier,
                workflow_id=workflow_id,
                organization_id=organization_id,
                content=replace(base.content, **fields) if base else RevisionContent(**fields),
                graph=base.graph if base else None,
                created_by=created_by,
                created_at=now,
                updated_at=now,
            )
            return revision, ()

        return self._revisions.create(revision_key(organization_id, identifier), build, idempotency)

    def get(self, organization_id: OrganizationId, revision_id: RevisionId) -> Revision:
        """Return a revision: one read."""
        return self._revisions.get(organization_id, revision_id)

    def graph(self, revision: Revision) -> Graph | None:
        """Return the graph of a revision, if it has one: one read, if not read before."""
        return self._graphs.find(revision.organization_id, revision.graph)

    def list_revisions(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        limit: int,
        after: str | None,
    ) -> Page[Revision]:
        """Return a page of a workflow's revisions, newest first."""
        self._workflows.get(organization_id, workflow_id)
        siblings = revision_list(organization_id, workflow_id)
        query = ListQuery(list=siblings, index=BY_PARENT, after=after)
        return self._revisions.page(query, limit)

    def update(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        changes: dict[str, Any],
        expected_version: ExpectedVersion,
    ) -> Revision:
        """Change the content of a revision, except its graph. Raises ``Conflict`` if active."""
        now = self._clock()

        def change(revision: Revision) -> Revision:
            require_inactive(revision)
            content = replace(revision.content, **changes)
            return replace(revision, content=content, updated_at=now)

        return self._revisions.change(
            organization_id, revision_id, change, expected_version=expected_version
        )

    def delete(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        expected_version: ExpectedVersion,
    ) -> None:
        """Delete a revision. Raises ``Conflict`` if it is active."""

        def refuse_active(revision: Revision) -> Sequence[Action]:
            require_inactive(revision)
            return ()

        self._revisions.delete(
            organization_id, revision_id, expected_version=expected_version, also=refuse_active
        )
