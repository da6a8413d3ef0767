"""What can be done with workflows, revisions and their graphs."""

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, NotFound, PreconditionFailed
from shared.core.ids import OrganizationId, RevisionId, WorkflowId, new_uuid
from shared.playground.findings import Verdict
from shared.playground.graph import Graph
from shared.playground.graphs import GraphRepository
from shared.playground.pinned import PinnedGraph
from shared.playground.validation import validate
from shared.playground.workflows.domain import Revision, RevisionContent, Workflow
from shared.playground.workflows.repository import Made, WorkflowRepository
from shared.storage.idempotency import Idempotency
from shared.storage.table import table


class WorkflowService:
    """Workflows and revisions of an organisation.

    Whatever names a workflow or revision raises ``NotFound`` for one that does not exist
    or belongs to another organisation. Whatever changes one takes the version that the
    client last saw, or None for any, and raises ``PreconditionFailed`` at another.
    """

    def __init__(
        self,
        repository: WorkflowRepository,
        graphs: GraphRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._repository = repository
        self._graphs = graphs
        self._clock = clock

    def create_workflow(
        self,
        organization_id: OrganizationId,
        name: str,
        *,
        description: str | None = None,
        metadata: dict[str, Any] | None = None,
        idempotency: Idempotency | None = None,
    ) -> Made[Workflow]:
        """Make a workflow without revisions: one write."""
        now = self._clock()
        workflow = Workflow(
            id=WorkflowId(_identifier(idempotency)),
            organization_id=organization_id,
            name=name,
            description=description,
            metadata=metadata or {},
            created_at=now,
            updated_at=now,
        )
        return self._repository.add_workflow(workflow, idempotency)

    def workflow(
        self, organization_id: OrganizationId, workflow_id: WorkflowId
    ) -> tuple[Workflow, Revision | None]:
        """Return a workflow and its active revision: one read, two with a revision."""
        workflow = self._repository.workflow(organization_id, workflow_id)
        return workflow, self._active(workflow)

    def list_workflows(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> tuple[list[Workflow], str | None]:
        """Return workflows, newest first."""
        return self._repository.workflows(organization_id, limit, after)

    def update_workflow(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        changes: dict[str, Any],
        expected_version: int | None,
    ) -> tuple[Workflow, Revision | None]:
        """Change name, description or metadata."""
        now = self._clock()
        changed = self._repository.change_workflow(
            organization_id,
            workflow_id,
            lambda workflow: replace(workflow, **changes, updated_at=now),
            expected_version,
        )
        return changed, self._active(changed)

    def delete_workflow(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        expected_version: int | None,
    ) -> None:
        """Remove a workflow and its revisions. Sessions opened on one of them go on."""
        workflow = self._repository.workflow(organization_id, workflow_id)
        _require_version(workflow, expected_version)
        self._repository.remove_workflow(workflow)

    def create_revision(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        created_by: str,
        given: dict[str, Any],
        based_on: RevisionId | None = None,
        idempotency: Idempotency | None = None,
    ) -> tuple[Made[Revision], Graph | None]:
        """Make a revision: one read, one write; a read more where it is based on another.

        ``given`` are fields of ``RevisionContent``; what it lacks comes from the revision
        that the new one is based on, with that one's graph, or else from the defaults.
        """
        self._repository.workflow(organization_id, workflow_id)
        base = based_on and self._revision_of(organization_id, workflow_id, based_on)
        now = self._clock()
        revision = Revision(
            id=RevisionId(_identifier(idempotency)),
            workflow_id=workflow_id,
            organization_id=organization_id,
            content=replace(base.content, **given) if base else RevisionContent(**given),
            graph=base.graph if base else None,
            created_by=created_by,
            created_at=now,
            updated_at=now,
        )
        made = self._repository.add_revision(revision, idempotency)
        return made, self.graph(made.value)

    def revision(
        self, organization_id: OrganizationId, revision_id: RevisionId
    ) -> tuple[Revision, Graph | None]:
        """Return a revision and its graph: one read, two with a graph not read before."""
        revision = self._repository.revision(organization_id, revision_id)
        return revision, self.graph(revision)

    def list_revisions(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        limit: int,
        after: str | None,
    ) -> tuple[list[Revision], str | None]:
        """Return the revisions of a workflow, newest first."""
        self._repository.workflow(organization_id, workflow_id)
        return self._repository.revisions(organization_id, workflow_id, limit, after)

    def update_revision(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        changes: dict[str, Any],
        expected_version: int | None,
    ) -> Revision:
        """Change what a revision says, its graph aside. Raises ``Conflict`` if active."""
        now = self._clock()

        def change(revision: Revision) -> Revision:
            _require_editable(revision)
            content = replace(revision.content, **changes)
            return replace(revision, content=content, updated_at=now)

        return self._repository.change_revision(
            organization_id, revision_id, change, expected_version
        )

    def delete_revision(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        expected_version: int | None,
    ) -> None:
        """Remove a revision. Raises ``Conflict`` if it is active."""
        revision = self._repository.revision(organization_id, revision_id)
        _require_version(revision, expected_version)
        _require_editable(revision)
        self._repository.remove_revision(revision)

    def put_graph(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        raw: dict[str, Any],
        expected_version: int | None,
    ) -> tuple[Verdict, Revision | None]:
        """Check a graph and, if it is valid, make it the revision's.

        Returns the verdict, and the revision if it was changed. The graph is written
        first, so that no revision ever points at a graph that is not there. Raises
        ``Conflict`` if the revision is active.
        """
        _require_editable(self._repository.revision(organization_id, revision_id))
        verdict = validate(raw)
        if verdict.graph is None:
            return verdict, None
        pinned = PinnedGraph.of(self._graphs.add(organization_id, verdict.graph))
        now = self._clock()

        def change(revision: Revision) -> Revision:
            _require_editable(revision)
            return replace(revision, graph=pinned, updated_at=now)

        changed = self._repository.change_revision(
            organization_id, revision_id, change, expected_version
        )
        return verdict, changed

    def validate_graph(
        self, organization_id: OrganizationId, revision_id: RevisionId, raw: dict[str, Any]
    ) -> Verdict:
        """Check a graph without storing it."""
        self._repository.revision(organization_id, revision_id)
        return validate(raw)

    def set_active_revision(
        self, organization_id: OrganizationId, workflow_id: WorkflowId, revision_id: RevisionId
    ) -> tuple[Revision, Graph]:
        """Make a revision its workflow's active one; the former may be edited again.

        Raises ``Conflict`` for a revision without a graph: once active, it could not get
        one any more.
        """
        revision = self._revision_of(organization_id, workflow_id, revision_id)
        if revision.graph is None:
            raise Conflict("The revision has no graph.", code="graph_not_runnable")
        active = self._repository.activate(organization_id, workflow_id, revision, self._clock())
        return active, self._graphs.get(organization_id, revision.graph.hash)

    def graph(self, revision: Revision) -> Graph | None:
        """Return a revision's graph, if it has one."""
        if revision.graph is None:
            return None
        return self._graphs.get(revision.organization_id, revision.graph.hash)

    def _active(self, workflow: Workflow) -> Revision | None:
        if workflow.active_revision_id is None:
            return None
        return self._repository.revision(workflow.organization_id, workflow.active_revision_id)

    def _revision_of(
        self, organization_id: OrganizationId, workflow_id: WorkflowId, revision_id: RevisionId
    ) -> Revision:
        revision = self._repository.revision(organization_id, revision_id)
        if revision.workflow_id != workflow_id:
            raise NotFound("Workflow revision not found")
        return revision


def _identifier(idempotency: Idempotency | None) -> UUID:
    return idempotency.uuid() if idempotency else new_uuid()


def _require_version(found: Workflow | Revision, expected_version: int | None) -> None:
    if expected_version is not None and found.version != expected_version:
        raise PreconditionFailed


def _require_editable(revision: Revision) -> None:
    if revision.active:
        raise Conflict(
            "The revision is active and cannot be changed; make a new one based on it.",
            code="revision_active",
        )


@cache
def workflows() -> WorkflowService:
    """Return the service of this process."""
    return WorkflowService(WorkflowRepository(table()), GraphRepository(table()))
