"""GET /v1/identity/whoami."""

from common import Event, lambda_handler, organization
from pydantic import BaseModel


class WhoAmI(BaseModel):
    organization_id: str
    key_id: str
    key_name: str
    scopes: list[str]


def whoami(event: Event) -> WhoAmI:
    context = event["requestContext"]["authorizer"]
    return WhoAmI(
        organization_id=organization(event),
        key_id=context["key_id"],
        key_name=context["key_name"],
        scopes=context["scopes"].split(),
    )


handler = lambda_handler(whoami, 200)
