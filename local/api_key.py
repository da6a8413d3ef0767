"""`make api-key`: creation of an API key without the API, as the first one must be.

    python -m local.api_key --name NAME [--organization ORG] [--scopes read,write,admin]

ORG is the id of an organization or any name; the same name means the same organization. It is
created if it does not exist; without ORG, a new one is created. Prints one line of JSON.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from uuid import NAMESPACE_URL, uuid5

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from local.aws import Target, client
from local.console import Failure, Parser, run_task
from local.outputs import Deployed, read_outputs
from local.ownership import running_stack
from local.settings import STACK_NAME, add_stack_options
from local.stack_table import stack_table
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId
from shared.core.scopes import SCOPES, KeyScope
from shared.identity.api import CreateApiKeyRequest
from shared.identity.service import IdentityService
from shared.storage.secret import create_signing_secret


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new API key with its ids."""

    organization_id: str
    key_id: str
    api_key: str


def create(
    stack: Target,
    stack_name: str,
    *,
    name: str,
    organization: str | None = None,
    scopes: Sequence[KeyScope] = SCOPES,
) -> CreatedKey:
    """Create a key in a deployed stack: local, or in the user's account without ``stack``."""
    deployed = read_outputs(client(stack, "cloudformation"), stack_name)
    table = stack_table(stack, deployed)
    create_signing_secret(table)
    service = IdentityService(table)
    organization_id = organization_id_of(organization) if organization else OrganizationId.new()
    owner = service.organization(organization_id) or service.create_organization(
        organization_id, name
    )
    if owner.usage_key:
        _ensure_usage_key(stack, deployed, owner.id, owner.usage_key)
    result = service.create_api_key(owner.id, name, scopes)
    if result.secret is None:
        raise Failure("the new key came without its secret")
    return CreatedKey(str(owner.id), str(result.key.id), result.secret)


def organization_id_of(text: str) -> OrganizationId:
    """Return the organization id of an id or of any name."""
    if text.startswith(f"{OrganizationId.prefix}_"):
        return OrganizationId.parse(text)
    return OrganizationId(uuid5(NAMESPACE_URL, f"agent-sessions:organization:{text}"))


def _ensure_usage_key(
    stack: Target, deployed: Deployed, organization_id: OrganizationId, usage_key: str
) -> None:
    """Create the key in API Gateway of an organization that has one of its own, unless it exists.

    Only organizations of earlier versions have one; see docs/decisions/
    0051-organizations-without-a-gateway-key.md.
    """
    gateway = client(stack, "apigateway")
    name = str(organization_id)
    keys = gateway.get_api_keys(nameQuery=name, limit=500)["items"]
    key_id = next((key["id"] for key in keys if key["name"] == name), None)
    if key_id is None:
        key_id = gateway.create_api_key(name=name, value=usage_key, enabled=True)["id"]
    with suppress(gateway.exceptions.ConflictException):  # already in the plan
        gateway.create_usage_plan_key(
            usagePlanId=deployed.usage_plan_id, keyId=key_id, keyType="API_KEY"
        )


def parse(name: str, scopes: str) -> CreateApiKeyRequest:
    """Return the request, validated by the API's model. Raises ``Failure``."""
    try:
        return CreateApiKeyRequest.model_validate(
            {"name": name, "scopes": scopes.replace(",", " ").split()}
        )
    except ValidationError as error:
        errors = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise Failure(f"no key was created: {errors}") from None


def _main() -> None:
    parser = Parser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--organization")
    parser.add_argument("--scopes", default=",".join(SCOPES))
    parser.add_argument(
        "--stack-name", help="a stack in your AWS account; without it, the local one"
    )
    add_stack_options(parser)
    arguments = parser.parse_args()
    request = parse(arguments.name, arguments.scopes)
    stack = None if arguments.stack_name else running_stack(arguments)
    try:
        created = create(
            stack,
            arguments.stack_name or STACK_NAME,
            name=request.name,
            organization=arguments.organization,
            scopes=request.scopes,
        )
    except (DomainError, ValueError, ClientError, BotoCoreError) as error:
        raise Failure(f"no key was created: {error}") from error
    print(json.dumps(asdict(created)))


if __name__ == "__main__":
    run_task(_main)
