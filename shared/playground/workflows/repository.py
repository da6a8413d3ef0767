"""Where workflows and their revisions are kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.core.backoff import CROWDED
from shared.core.errors import Busy, Conflict, NotFound, PreconditionFailed
from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.workflows.documents import (
    revision_from_record,
    revision_key,
    revision_list,
    revision_to_record,
    workflow_from_record,
    workflow_key,
    workflow_list,
    workflow_to_record,
)
from shared.playground.workflows.domain import Revision, Workflow
from shared.storage.idempotency import Idempotency
from shared.storage.lists import ListQuery, read_page
from shared.storage.records import BY_PARENT, Key, Record
from shared.storage.table import Table
from shared.storage.transactions import (
    MAX_ACTIONS,
    Action,
    Delete,
    Refused,
    Replace,
    delete,
    transact_patiently,
)


@dataclass(frozen=True, slots=True)
class Made[T]:
    """What a create left behind; ``replayed`` when an earlier request made it."""

    value: T
    replayed: bool


class WorkflowRepository:
    """Workflows and revisions, each an item."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add_workflow(self, workflow: Workflow, idempotency: Idempotency | None) -> Made[Workflow]:
        created = self._table.create(workflow_to_record(workflow), idempotency)
        return Made(workflow_from_record(created.record), created.replayed)

    def add_revision(self, revision: Revision, idempotency: Idempotency | None) -> Made[Revision]:
        created = self._table.create(revision_to_record(revision), idempotency)
        return Made(revision_from_record(created.record), created.replayed)

    def workflow(self, organization_id: OrganizationId, workflow_id: WorkflowId) -> Workflow:
        """Read a workflow: one request. Raises ``NotFound``."""
        return workflow_from_record(self._workflow(organization_id, workflow_id))

    def revision(self, organization_id: OrganizationId, revision_id: RevisionId) -> Revision:
        """Read a revision: one request. Raises ``NotFound``."""
        return revision_from_record(self._revision(organization_id, revision_id))

    def workflows(
        self, organization_id: OrganizationId, limit: int, after: str | None
    ) -> tuple[list[Workflow], str | None]:
        """Return a page of workflows, newest first, and where to go on."""
        query = ListQuery(list=workflow_list(organization_id), after=after)
        page = read_page(self._table, query, limit)
        return [workflow_from_record(record) for record in page.records], page.after

    def revisions(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        limit: int,
        after: str | None,
    ) -> tuple[list[Revision], str | None]:
        """Return a page of a workflow's revisions, newest first, and where to go on."""
        siblings = revision_list(organization_id, workflow_id)
        query = ListQuery(list=siblings, index=BY_PARENT, after=after)
        page = read_page(self._table, query, limit)
        return [revision_from_record(record) for record in page.records], page.after

    def change_workflow(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        change: Callable[[Workflow], Workflow],
        expected_version: int | None,
    ) -> Workflow:
        """Change a workflow: one read, one write. Raises as :meth:`change_revision`."""
        record = self._changed(
            lambda: self._workflow(organization_id, workflow_id),
            lambda current: workflow_to_record(change(workflow_from_record(current))),
            expected_version,
        )
        return workflow_from_record(record)

    def change_revision(
        self,
        organization_id: OrganizationId,
        revision_id: RevisionId,
        change: Callable[[Revision], Revision],
        expected_version: int | None,
    ) -> Revision:
        """Change a revision: one read, one write.

        With ``expected_version`` a revision at any other version raises
        ``PreconditionFailed``; without, a writer that comes between is waited for.
        Raises ``NotFound``, and what ``change`` raises.
        """
        record = self._changed(
            lambda: self._revision(organization_id, revision_id),
            lambda current: revision_to_record(change(revision_from_record(current))),
            expected_version,
        )
        return revision_from_record(record)

    def activate(
        self,
        organization_id: OrganizationId,
        workflow_id: WorkflowId,
        chosen: Revision,
        now: datetime,
    ) -> Revision:
        """Make a revision the active one: the workflow and both revisions at once.

        Raises ``NotFound``, and ``Conflict`` when one of them is changed meanwhile.
        """
        current = self._workflow(organization_id, workflow_id)
        workflow = workflow_from_record(current)
        if workflow.active_revision_id == chosen.id:
            return chosen
        actions: list[Action] = [
            _replacing(
                current,
                workflow_to_record(replace(workflow, active_revision_id=chosen.id, updated_at=now)),
            )
        ]
        flags = {chosen.id: True}
        if workflow.active_revision_id is not None:
            flags[workflow.active_revision_id] = False
        for revision_id, active in flags.items():
            record = self._revision(organization_id, revision_id)
            revision = replace(revision_from_record(record), active=active, updated_at=now)
            actions.append(_replacing(record, revision_to_record(revision)))
        self._transact(actions)
        return self.revision(organization_id, chosen.id)

    def remove_revision(self, revision: Revision) -> None:
        """Remove a revision, if it is still the version that was read: one write.

        Raises ``NotFound`` and ``PreconditionFailed``.
        """
        key = revision_key(revision.organization_id, revision.id)
        delete(self._table, key, expected_version=revision.version)

    def remove_workflow(self, workflow: Workflow) -> None:
        """Remove a workflow and its revisions, the workflow last.

        A removal that is cut short leaves a workflow with fewer revisions, and can be
        repeated. Graphs stay: sessions may be pinned to them.
        """
        after: str | None = None
        while True:
            revisions, after = self.revisions(
                workflow.organization_id, workflow.id, MAX_ACTIONS - 1, after
            )
            actions: list[Action] = [
                Delete(revision_key(revision.organization_id, revision.id))
                for revision in revisions
            ]
            if after is None:
                key = workflow_key(workflow.organization_id, workflow.id)
                actions.append(Delete(key, workflow.version))
            self._transact(actions)
            if after is None:
                return

    def _transact(self, actions: list[Action]) -> None:
        try:
            transact_patiently(self._table, actions)
        except (Refused, Busy) as overtaken:
            raise Conflict("It was changed meanwhile; try again.") from overtaken

    def _changed(
        self,
        read: Callable[[], Record],
        change: Callable[[Record], Record],
        expected_version: int | None,
    ) -> Record:
        for _ in CROWDED.attempts(self._table.sleep):
            current = read()
            if expected_version is not None and current.version != expected_version:
                raise PreconditionFailed
            following = current.followed_by(change(current))
            try:
                return self._table.replace(following, expected_version=current.version)
            except Busy:
                continue
            except PreconditionFailed:
                if expected_version is not None:
                    raise
        raise Conflict("Too many writers at once; try again.")

    def _workflow(self, organization_id: OrganizationId, workflow_id: WorkflowId) -> Record:
        return self._existing(workflow_key(organization_id, workflow_id), "Workflow not found")

    def _revision(self, organization_id: OrganizationId, revision_id: RevisionId) -> Record:
        key = revision_key(organization_id, revision_id)
        return self._existing(key, "Workflow revision not found")

    def _existing(self, key: Key, missing: str) -> Record:
        record = self._table.get(key)
        if record is None:
            raise NotFound(missing)
        return record


def _replacing(current: Record, following: Record) -> Replace:
    return Replace(current.followed_by(following), current.version)
