"""PUT /v1/workflows/revisions/{revision_id}: change the content of a revision."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.api import WorkflowRevisionResponse, WorkflowRevisionUpdate
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.put(
    "/v1/workflows/revisions/{revision_id}",
    operation_id="updateWorkflowRevision",
    summary="Update a workflow revision",
    response_model=WorkflowRevisionResponse,
    responses=error_responses(400, 404, 409),
)
async def update_revision(
    revision_id: RevisionId, body: WorkflowRevisionUpdate, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Change fields of a revision, except its graph; omitted ones stay unchanged. An active
    revision is 409: create a new one based on it.
    """
    revision = revisions().update(caller.organization_id, revision_id, body.changes(), expected)
    content = WorkflowRevisionResponse.of(revision, revisions().graph(revision))
    return reply(content, version=revision.version)


handler = lambda_handler(router)
