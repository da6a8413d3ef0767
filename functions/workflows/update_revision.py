"""PUT /v1/workflows/revisions/{revision_id}: change what a revision says, its graph aside."""

from fastapi import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.error_bodies import refusals
from shared.http.replies import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.workflows.requests import WorkflowRevisionUpdate
from shared.playground.workflows.responses import WorkflowRevisionResponse
from shared.playground.workflows.service import workflows

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/revisions/{revision_id}",
    operation_id="updateWorkflowRevision",
    summary="Update a workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=refusals(400, 404, 409),
)
async def update_revision(
    revision_id: RevisionId, body: WorkflowRevisionUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    revision = workflows().update_revision(
        caller.organization_id, revision_id, body.changes(), expected
    )
    content = WorkflowRevisionResponse.of(revision, workflows().graph(revision))
    return reply(content, version=revision.version)


handler = lambda_handler(router)
