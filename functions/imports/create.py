"""POST /v1/sessions/import: import a captured conversation as a session."""

from typing import Annotated

from shared.http.framework import APIRouter, Query, Response

from shared.agents.api import error_responses
from shared.agents.sessions.wiring import session_importer
from shared.evaluations.sessions.wiring import session_importer as evaluation_importer
from shared.http.caller import Writer
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import AGENTS
from shared.imports import api
from shared.imports.wiring import import_bucket, request_imports

router: APIRouter = AGENTS.router(max_body_bytes=api.MAX_IMPORT_BODY, tags=["imports"])


@router.post(
    "/v1/sessions/import",
    operation_id="import_session",
    summary="Import a conversation",
    status_code=201,
    response_model=api.ImportedSession,
    responses=error_responses(api.ERRORS),
)
async def import_session(
    body: api.ImportRequest, caller: Writer, options: Annotated[api.ImportParameters, Query()]
) -> Response:
    """Import a conversation captured by another system as a session. Its `id` makes the import
    repeatable. A conversation of more than 5 MB is uploaded first.
    """
    imports = request_imports(session_importer(), evaluation_importer())
    found = imports.add(caller.organization_id, body.to_domain(), options.to_domain())
    content = api.ImportedSession.of(found.entity)
    return reply(content, status=201, replayed=found.replayed, ignored=found.entity.ignored)


handler = lambda_handler(router, session_importer, evaluation_importer, import_bucket)
