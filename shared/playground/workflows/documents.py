"""Workflows and revisions as stored documents, and back."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.pinned import PinnedGraph
from shared.playground.workflows.domain import Revision, RevisionContent, Workflow
from shared.storage.records import BY_LIST, BY_PARENT, Key, Record, Row


def workflow_key(organization_id: OrganizationId, workflow_id: WorkflowId) -> Key:
    """Return where a workflow is stored."""
    return Key(f"{organization_id}#workflow#{workflow_id.hex}", "workflow")


def revision_key(organization_id: OrganizationId, revision_id: RevisionId) -> Key:
    """Return where a revision is stored: its id alone finds it."""
    return Key(f"{organization_id}#workflow-revision#{revision_id.hex}", "workflow-revision")


def workflow_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organisation's workflows."""
    return f"{organization_id}#workflows"


def revision_list(organization_id: OrganizationId, workflow_id: WorkflowId) -> str:
    """Return the name of the list of a workflow's revisions."""
    return f"{organization_id}#workflow#{workflow_id.hex}#revisions"


def workflow_to_record(workflow: Workflow) -> Record:
    """Write a workflow as its item."""
    place = f"{timestamp(workflow.created_at)}#{workflow.id.hex}"
    return Record(
        key=workflow_key(workflow.organization_id, workflow.id),
        type="workflow",
        version=workflow.version,
        rows={BY_LIST: Row(workflow_list(workflow.organization_id), place)},
        body={
            "id": workflow.id.hex,
            "organization_id": workflow.organization_id.hex,
            "name": workflow.name,
            "description": workflow.description,
            "metadata": workflow.metadata,
            "active_revision_id": workflow.active_revision_id and workflow.active_revision_id.hex,
            "created_at": timestamp(workflow.created_at),
            "updated_at": timestamp(workflow.updated_at),
        },
    )


def workflow_from_record(record: Record) -> Workflow:
    """Read a workflow from its item."""
    body = record.body
    active = body["active_revision_id"]
    return Workflow(
        id=WorkflowId(UUID(body["id"])),
        organization_id=_organization(body),
        name=body["name"],
        description=body["description"],
        metadata=body["metadata"],
        active_revision_id=RevisionId(UUID(active)) if active else None,
        created_at=moment(body["created_at"]),
        updated_at=moment(body["updated_at"]),
        version=record.version,
    )


def revision_to_record(revision: Revision) -> Record:
    """Write a revision as its item."""
    place = f"{timestamp(revision.created_at)}#{revision.id.hex}"
    siblings = revision_list(revision.organization_id, revision.workflow_id)
    content = asdict(revision.content)
    return Record(
        key=revision_key(revision.organization_id, revision.id),
        type="workflow_revision",
        version=revision.version,
        rows={BY_PARENT: Row(siblings, place)},
        body={
            "id": revision.id.hex,
            "workflow_id": revision.workflow_id.hex,
            "organization_id": revision.organization_id.hex,
            "content": content | {"policy_ids": list(revision.content.policy_ids)},
            "graph": revision.graph and revision.graph.to_document(),
            "active": revision.active,
            "created_by": revision.created_by,
            "created_at": timestamp(revision.created_at),
            "updated_at": timestamp(revision.updated_at),
        },
    )


def revision_from_record(record: Record) -> Revision:
    """Read a revision from its item."""
    body = record.body
    content = body["content"]
    return Revision(
        id=RevisionId(UUID(body["id"])),
        workflow_id=WorkflowId(UUID(body["workflow_id"])),
        organization_id=_organization(body),
        content=RevisionContent(**content | {"policy_ids": tuple(content["policy_ids"])}),
        graph=PinnedGraph.from_document(body["graph"]) if body["graph"] else None,
        active=body["active"],
        created_by=body["created_by"],
        created_at=moment(body["created_at"]),
        updated_at=moment(body["updated_at"]),
        version=record.version,
    )


def _organization(body: dict[str, Any]) -> OrganizationId:
    return OrganizationId.parse(f"org_{body['organization_id']}")
