"""Workflows as stored documents, and back."""

from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.workflows.domain import Workflow
from shared.storage.codec import Codec
from shared.storage.records import BY_LIST, IndexEntry, Key, Record


def workflow_key(organization_id: OrganizationId, workflow_id: WorkflowId) -> Key:
    """Return the primary key of a workflow."""
    return Key(f"{organization_id}#workflow#{workflow_id.hex}", "workflow")


def workflow_list(organization_id: OrganizationId) -> str:
    """Return the name of the list of an organization's workflows."""
    return f"{organization_id}#workflows"


class WorkflowCodec(Codec[Workflow, WorkflowId]):
    """The stored form of workflows."""

    type = "workflow"
    label = "Workflow"

    def key(self, organization_id: OrganizationId, identifier: WorkflowId) -> Key:
        return workflow_key(organization_id, identifier)

    def to_record(self, entity: Workflow) -> Record:
        sort = f"{timestamp(entity.created_at)}#{entity.id.hex}"
        return Record(
            key=workflow_key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_LIST: IndexEntry(workflow_list(entity.organization_id), sort)},
            body={
                "id": entity.id.hex,
                "organization_id": entity.organization_id.hex,
                "name": entity.name,
                "description": entity.description,
                "metadata": entity.metadata,
                "active_revision_id": entity.active_revision_id and entity.active_revision_id.hex,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
            },
        )

    def from_record(self, record: Record) -> Workflow:
        body = record.body
        active = body["active_revision_id"]
        return Workflow(
            id=WorkflowId(UUID(body["id"])),
            organization_id=OrganizationId.parse(f"org_{body['organization_id']}"),
            name=body["name"],
            description=body["description"],
            metadata=body["metadata"],
            active_revision_id=RevisionId(UUID(active)) if active else None,
            created_at=moment(body["created_at"]),
            updated_at=moment(body["updated_at"]),
            version=record.version,
        )
