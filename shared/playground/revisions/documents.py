"""Workflow revisions as stored documents, and back."""

from dataclasses import asdict
from uuid import UUID

from shared.core.clock import moment, timestamp
from shared.core.ids import OrganizationId, RevisionId, WorkflowId
from shared.playground.pinned_graph import PinnedGraph
from shared.playground.revisions.domain import Revision, RevisionContent
from shared.storage.codec import Codec
from shared.storage.records import BY_PARENT, IndexEntry, Key, Record


def revision_key(organization_id: OrganizationId, revision_id: RevisionId) -> Key:
    """Return the primary key of a revision: its id alone finds it."""
    return Key(f"{organization_id}#workflow-revision#{revision_id.hex}", "workflow-revision")


def revision_list(organization_id: OrganizationId, workflow_id: WorkflowId) -> str:
    """Return the name of the list of a workflow's revisions."""
    return f"{organization_id}#workflow#{workflow_id.hex}#revisions"


class RevisionCodec(Codec[Revision, RevisionId]):
    """The stored form of revisions."""

    type = "workflow_revision"
    label = "Workflow revision"

    def key(self, organization_id: OrganizationId, identifier: RevisionId) -> Key:
        return revision_key(organization_id, identifier)

    def to_record(self, entity: Revision) -> Record:
        sort = f"{timestamp(entity.created_at)}#{entity.id.hex}"
        siblings = revision_list(entity.organization_id, entity.workflow_id)
        content = asdict(entity.content)
        return Record(
            key=revision_key(entity.organization_id, entity.id),
            type=self.type,
            version=entity.version,
            index_entries={BY_PARENT: IndexEntry(siblings, sort)},
            body={
                "id": entity.id.hex,
                "workflow_id": entity.workflow_id.hex,
                "organization_id": entity.organization_id.hex,
                "content": content | {"policy_ids": list(entity.content.policy_ids)},
                "graph": entity.graph and entity.graph.to_document(),
                "active": entity.active,
                "created_by": entity.created_by,
                "created_at": timestamp(entity.created_at),
                "updated_at": timestamp(entity.updated_at),
            },
        )

    def from_record(self, record: Record) -> Revision:
        body = record.body
        content = body["content"]
        return Revision(
            id=RevisionId(UUID(body["id"])),
            workflow_id=WorkflowId(UUID(body["workflow_id"])),
            organization_id=OrganizationId.parse(f"org_{body['organization_id']}"),
            content=RevisionContent(**content | {"policy_ids": tuple(content["policy_ids"])}),
            graph=PinnedGraph.from_document(body["graph"]) if body["graph"] else None,
            active=body["active"],
            created_by=body["created_by"],
            created_at=moment(body["created_at"]),
            updated_at=moment(body["updated_at"]),
            version=record.version,
        )
