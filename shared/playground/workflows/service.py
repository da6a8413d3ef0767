"""Workflow service: create, get, list, update, delete workflows, and activate a revision."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import batched
from typing import Any

from shared.core.clock import Clock, system_clock
from shared.core.errors import Conflict, NotFound
from shared.core.ids import OrganizationId, RevisionId, WorkflowId, new_uuid
from shared.playground.graph import Graph
from shared.playground.graph_repository import GraphRepository
from shared.playground.revisions.documents import revision_list
from shared.playground.revisions.domain import Revision
from shared.playground.workflows.documents import workflow_key, workflow_list
from shared.playground.workflows.domain import Workflow
from shared.storage.conditions import ExpectedVersion
from shared.storage.contention import retry_on_contention
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, Page, merged
from shared.storage.records import BY_PARENT
from shared.storage.repository import Created, Loaded, Repository
from shared.storage.transactions import MAX_ACTIONS, Action, write

#: Revisions deleted in one transaction: each takes two actions at most, the workflow two.
_PER_WRITE = MAX_ACTIONS // 2 - 1


class WorkflowService:
    """Workflows of an organization.

    Methods that name a workflow or revision raise ``NotFound`` for one that does not exist or
    belongs to another organization. Updates and deletes take the version that the client
    last saw, or None for any, and raise ``PreconditionFailed`` at another.
    """

    def __init__(
        self,
        workflows: Repository[Workflow, WorkflowId],
        revisions: Repository[Revision, RevisionId],
        graphs: GraphRepository,
        clock: Clock = system_clock,
    ) -> None:
        self._workflows = workflows
        self._revisions = revisions
        self._graphs = graphs
        self._clock = clock

    def create(
        self,
        organization_id: OrganizationId,
        name: str,
        *,
        description: str | None = None,
        metadata: dict[str, Any] | None = None,
        idempotency: Idempotency | None = None,
    ) -> Created[Workflow]:
        """Create a workflow without revisions: one write."""
        now = self._clock()
        workflow = Workflow(
            id=WorkflowId(idempotency.uuid() if idempotency else new_uuid()),
            organization_id=organization_id,
            name=name,
            description=description,
            metadata=metadata or {},
            created_at=now,
            updated_at=now,
        )
        key = workflow_key(organization_id, workflow.id)
        return self._workflows.create(key, lambda: (workflow, ()), idempotency)

    def get(
        self, organization_id: OrganizationId, workflow_id: WorkflowId
    ) -> tuple[Workflow, Revision | None]:
        """Return a workflow and its active revision: one read, two with a revision."""
        workflow = self._workflows.get(organization_id, workflow_id)
        return workflow, self._active(workflow)

    def list_workflows(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> Page[Workflow]:
        """Return a page of workflows, newest first."""
        query = ListQuery(list=workflow_list(organization_id), after=after)
        return self._workflows.page(query, limit)

    def update(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        changes: dict[str, Any],
        expected_version: ExpectedVersion,
    ) -> tuple[Workflow, Revision | None]:
        """Change name, description or metadata."""
        now = self._clock()
        changed = self._workflows.change(
            organization_id,
            workflow_id,
            lambda workflow: replace(workflow, **changes, updated_at=now),
            expected_version=expected_version,
        )
        return changed, self._active(changed)

    def delete(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        expected_version: ExpectedVersion,
    ) -> None:
        """Delete a workflow and its revisions. Sessions opened on one of them continue.

        The workflow goes last: a delete that is cut short leaves one with fewer revisions,
        and can be repeated. Graphs stay, because sessions may be pinned to them.
        """

        def attempt() -> None:
            loaded = self._workflows.load(organization_id, workflow_id, expected_version)
            revisions = self._revision_ids(organization_id, workflow_id)
            last: list[Action] = []
            for part in batched(revisions, _PER_WRITE):
                if last:
                    write(self._revisions.table, last)
                found = self._revisions.load_many(organization_id, part).values()
                last = [action for one in found for action in self._revisions.deletion(one)]
            write(self._workflows.table, [*last, *self._workflows.deletion(loaded)])

        retry_on_contention(self._workflows.table.sleep, attempt)

    def activate(
        self, organization_id: OrganizationId, workflow_id: WorkflowId, revision_id: RevisionId
    ) -> tuple[Revision, Graph]:
        """Make a revision the active one of its workflow; the former can be edited again.

        One transaction over the workflow and both revisions. Raises ``Conflict`` for a
        revision without a graph: once active, it could not get one any more.
        """

        def attempt() -> Revision:
            workflow = self._workflows.load(organization_id, workflow_id)
            chosen = self._revisions.load(organization_id, revision_id)
            if chosen.entity.workflow_id != workflow_id:
                raise NotFound("Workflow revision not found")
            if chosen.entity.graph is None:
                raise Conflict(
                    "revision_id: the revision has no graph; put one first.",
                    code="graph_not_runnable",
                )
            former = workflow.entity.active_revision_id
            if former == revision_id:
                return chosen.entity
            now = self._clock()
            activated = replace(workflow.entity, active_revision_id=revision_id, updated_at=now)
            actions: list[Action] = self._workflows.replacement(workflow, activated)
            for one, active in ((chosen, True), *self._former(organization_id, former)):
                changed = replace(one.entity, active=active, updated_at=now)
                actions += self._revisions.replacement(one, changed)
            write(self._revisions.table, actions)
            return self._revisions.get(organization_id, revision_id)

        active = retry_on_contention(self._workflows.table.sleep, attempt)
        assert active.graph is not None  # noqa: S101  # checked by the attempt
        return active, self._graphs.get(organization_id, active.graph.hash)

    def graph(self, revision: Revision) -> Graph | None:
        """Return the graph of a revision, if it has one."""
        return self._graphs.find(revision.organization_id, revision.graph)

    def _active(self, workflow: Workflow) -> Revision | None:
        if workflow.active_revision_id is None:
            return None
        return self._revisions.get(workflow.organization_id, workflow.active_revision_id)

    def _former(
        self, organization_id: OrganizationId, revision_id: RevisionId | None
    ) -> list[tuple[Loaded[Revision], bool]]:
        if revision_id is None:
            return []
        return [(self._revisions.load(organization_id, revision_id), False)]

    def _revision_ids(
        self, organization_id: OrganizationId, workflow_id: WorkflowId
    ) -> Iterator[RevisionId]:
        siblings = revision_list(organization_id, workflow_id)
        query = ListQuery(list=siblings, index=BY_PARENT)
        records = merged(self._revisions.table, [query], _PER_WRITE)
        return (self._revisions.codec.from_record(record).id for record in records)
