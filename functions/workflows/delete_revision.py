"""DELETE /v1/workflows/revisions/{revision_id}: delete a revision that is not active."""

from shared.http.framework import APIRouter, Response

from shared.core.ids import RevisionId
from shared.http.api import error_responses
from shared.http.caller import Writer
from shared.http.conditions import ExpectedVersion
from shared.http.endpoint import lambda_handler
from shared.http.responses import no_content
from shared.http.surfaces import PLAYGROUND
from shared.playground.revisions.wiring import revisions

router: APIRouter = PLAYGROUND.router(tags=["workflows"])


@router.delete(
    "/v1/workflows/revisions/{revision_id}",
    operation_id="deleteWorkflowRevision",
    summary="Delete a workflow revision",
    status_code=204,
    responses=error_responses(400, 404, 409),
)
async def delete_revision(
    revision_id: RevisionId, caller: Writer, expected: ExpectedVersion
) -> Response:
    """Delete a revision. Sessions that were opened on it continue; the active one is 409."""
    revisions().delete(caller.organization_id, revision_id, expected)
    return no_content()


handler = lambda_handler(router)
