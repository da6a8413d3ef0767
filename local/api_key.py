"""`make api-key`: make an API key from outside the API, and so the first one.

    python -m local.api_key --name NAME [--organization ORG] [--scopes read,write,admin]

ORG is an organisation's id, or any name of your choice: the same name means the same
organisation. One that does not exist yet is made; without ORG a new one is. An organisation has
one key in API Gateway too, put under the stack's usage plan; the authorizer names it for each of
the organisation's own keys. Prints one line of JSON.
"""

import argparse
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from uuid import NAMESPACE_URL, uuid5

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from local.aws import Target, client
from local.console import Failure, run_task
from local.outputs import Deployed, read_outputs
from local.processes import running_pid
from local.settings import STACK_NAME, add_stack_options, chosen_stack
from shared.core.errors import DomainError
from shared.core.ids import OrganizationId
from shared.core.scopes import SCOPES, KeyScope
from shared.identity.models import CreateApiKeyRequest, Organization
from shared.identity.repository import IdentityRepository
from shared.identity.service import IdentityService
from shared.storage.table import Table


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key and whose it is."""

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
) -> MadeKey:
    """Make a key in a deployed stack, local or (without a ``stack``) in the user's account."""
    deployed = read_outputs(client(stack, "cloudformation"), stack_name)
    table = Table(client(stack, "dynamodb"), deployed.table_name, shards=deployed.list_shards)
    service = IdentityService(IdentityRepository(table))
    organization_id = named_organization(organization) if organization else OrganizationId.new()
    owner = service.organization(organization_id) or service.create_organization(
        organization_id, name
    )
    _ensure_usage_key(stack, deployed, owner)
    made = service.create_api_key(owner.id, name, scopes)
    if made.secret is None:
        raise Failure("the new key came without its secret")
    return MadeKey(str(owner.id), str(made.key.id), made.secret)


def named_organization(text: str) -> OrganizationId:
    """Return the id of an organisation that is named by its id, or by a name of one's choice."""
    if text.startswith(f"{OrganizationId.prefix}_"):
        return OrganizationId.parse(text)
    return OrganizationId(uuid5(NAMESPACE_URL, f"agent-sessions:organization:{text}"))


def _ensure_usage_key(stack: Target, deployed: Deployed, owner: Organization) -> None:
    """Give the organisation its key in API Gateway; repeating it changes nothing.

    It is done for organisations that exist too: a run that broke off between the two writes
    is mended by the next one.
    """
    gateway = client(stack, "apigateway")
    name = str(owner.id)
    keys = gateway.get_api_keys(nameQuery=name, limit=500)["items"]
    key_id = next((key["id"] for key in keys if key["name"] == name), None)
    if key_id is None:
        key_id = gateway.create_api_key(name=name, value=owner.usage_key, enabled=True)["id"]
    with suppress(gateway.exceptions.ConflictException):  # it is in the plan already
        gateway.create_usage_plan_key(
            usagePlanId=deployed.usage_plan_id, keyId=key_id, keyType="API_KEY"
        )


def checked(name: str, scopes: str) -> CreateApiKeyRequest:
    """Return what is asked for, held to the API's own limits. Raises ``Failure``."""
    try:
        return CreateApiKeyRequest.model_validate(
            {"name": name, "scopes": scopes.replace(",", " ").split()}
        )
    except ValidationError as error:
        told = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise Failure(f"no key was made: {told}") from None


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--organization")
    parser.add_argument("--scopes", default=",".join(SCOPES))
    parser.add_argument(
        "--stack-name", help="a stack in your AWS account; without it, the local one"
    )
    add_stack_options(parser)
    arguments = parser.parse_args()
    wanted = checked(arguments.name, arguments.scopes)
    stack = None if arguments.stack_name else chosen_stack(arguments)
    if stack is not None and running_pid(stack) is None:
        raise Failure(
            "the local stack is not running: make run starts it (STACK=… means one of your account)"
        )
    try:
        made = create(
            stack,
            arguments.stack_name or STACK_NAME,
            name=wanted.name,
            organization=arguments.organization,
            scopes=wanted.scopes,
        )
    except (DomainError, ValueError, ClientError, BotoCoreError) as error:
        raise Failure(f"no key was made: {error}") from error
    print(json.dumps(asdict(made)))


if __name__ == "__main__":
    run_task(_main)
