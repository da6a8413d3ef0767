"""GET /auth/user: get the API key of the request as a user."""

from shared.http.framework import APIRouter, Response

from shared.evaluations.api import User
from shared.http.caller import Reader
from shared.http.endpoint import lambda_handler
from shared.http.responses import reply
from shared.http.surfaces import EVALUATIONS

router: APIRouter = EVALUATIONS.router(tags=["auth"])


@router.get(
    "/auth/user",
    operation_id="getAuthUser",
    summary="Get the authenticated user",
    response_model=User,
)
async def get_auth_user(caller: Reader) -> Response:
    """Return the API key of the request in the form of a user, as Galtea's clients expect."""
    organization_id, name = str(caller.organization_id), caller.key_name
    return reply(User(id=str(caller.key_id), organization_id=organization_id, name=name))


handler = lambda_handler(router)
