"""Local stack for tests, separate from any other on this machine."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import processes
from local.api_key import CreatedKey, create
from local.aws import client
from local.endpoint import Endpoint
from local.models import KEY_PARAMETER
from local.rie import free_port
from local.run import bring_up
from local.settings import HOST, STACK_NAME, LocalStack
from shared.core.scopes import SCOPES, KeyScope
from tests.support.run_killer import sitecustomize
from tests.support.run_killer.sitecustomize import FOLDER

#: Models of the stack: of a server on ``Ports.model``, and of the emulator's Bedrock.
TINY, NOVA = f"model_{'7' * 32}", f"model_{'8' * 32}"
#: Key that the stack has for its models' servers.
MODEL_KEY = "key-of-the-test-stack"
#: Seconds until a wait fails. A cold function on a busy machine takes a few.
PATIENCE = 120


def until(holds: Callable[[], Any]) -> None:
    """Wait until a condition holds; fail after ``PATIENCE``."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the condition does not hold in time"
        time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class Ports:
    """Free ports on this machine that the stack is configured with.

    Attributes
    ----------
    origin
        Of the origin whose pages may call the API.
    model
        Of the server of the model ``TINY``, which wants ``MODEL_KEY``.
    bedrock
        Of the server that answers the emulator's Bedrock; without one, the emulator does.
    """

    origin: int = field(default_factory=free_port)
    model: int = field(default_factory=free_port)
    bedrock: int = field(default_factory=free_port)


@dataclass(frozen=True, slots=True)
class RunningStack(Endpoint):
    """Endpoints and credentials of the stack, and its processes and files."""

    local: LocalStack
    ports: Ports

    @property
    def allowed_origin(self) -> str:
        """The origin whose pages may call the API."""
        return f"http://{HOST}:{self.ports.origin}"

    @property
    def parameters(self) -> dict[str, str]:
        """The template's parameters that the stack was started with."""
        return _parameters(self.ports)

    @property
    def files_bucket(self) -> str:
        """Name of the bucket of session files."""
        return self.physical_id("FilesBucket")

    def physical_id(self, resource: str) -> str:
        """Return the physical id of a resource of the template."""
        found = client(self.local, "cloudformation").describe_stack_resource(
            StackName=STACK_NAME, LogicalResourceId=resource
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def new_key(
        self, *, organization: str | None = None, scopes: Sequence[KeyScope] = SCOPES
    ) -> CreatedKey:
        """Create an API key, and its organization unless it exists."""
        return create(self.local, STACK_NAME, name="test", organization=organization, scopes=scopes)

    def session_items(self, session_id: str) -> dict[str, Any]:
        """Return the items of a session by sort key; its id may have any form."""
        digits = session_id.removeprefix("session_").replace("-", "")
        items = client(self.local, "dynamodb").query(
            TableName=self.table_name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{self.organization_id}#session#{digits}"}},
            ConsistentRead=True,
        )["Items"]
        return {item["sk"]["S"]: item for item in items}

    def restart(self) -> None:
        """Stop the stack as `make stop` does, and start it again on its data."""
        processes.stop(self.local)
        _bring_up(self.local, self.ports)

    @contextmanager
    def on_another_port(self) -> Iterator["RunningStack"]:
        """Restart the stack on another port for the duration of the block."""
        processes.stop(self.local)
        with running_stack(self.local.home, self.ports) as moved:
            yield moved
        _bring_up(self.local, self.ports)


@contextmanager
def running_stack(
    folder: Path, ports: Ports | None = None, **parameters: str
) -> Iterator[RunningStack]:
    """Start a stack from the build, which is made if necessary; stop it at the end."""
    local = LocalStack(port=free_port(), home=folder)
    ports = ports or Ports()
    endpoint = _bring_up(local, ports, **parameters)
    try:
        yield RunningStack(**asdict(endpoint), local=local, ports=ports)
    finally:
        processes.stop(local)


def attached_stack(folder: Path) -> RunningStack:
    """Return the stack of `make run` in a folder, without the servers that tests may add to it."""
    endpoint = Endpoint.read(folder / "endpoint.json")
    assert endpoint, f"{folder} has no running stack"
    port = urlsplit(endpoint.api_url).port
    assert port
    return RunningStack(**asdict(endpoint), local=LocalStack(port, folder), ports=Ports())


def _bring_up(local: LocalStack, ports: Ports, **parameters: str) -> Endpoint:
    environment = _environment(local) | {
        "MINISTACK_BEDROCK_PROXY_URL": f"http://{HOST}:{ports.bedrock}"
    }
    return bring_up(local, environment, _parameters(ports) | parameters, key=MODEL_KEY)


def _parameters(ports: Ports) -> dict[str, str]:
    tiny = f"{TINY}=openai/tiny@http://{HOST}:{ports.model}/v1#{KEY_PARAMETER}"
    return {
        "AllowedOrigins": f"http://{HOST}:{ports.origin}",
        "Models": f"{tiny},{NOVA}=bedrock/amazon.nova-lite-v1:0",
    }


def _environment(local: LocalStack) -> dict[str, str]:
    """Return the environment in which a storm counts and kills runs of a function."""
    return {
        "PYTHONPATH": str(Path(sitecustomize.__file__).parent),
        FOLDER: str(storm_folder(local)),
    }


def storm_folder(local: LocalStack) -> Path:
    """Return the folder of a storm's seed and counts."""
    return local.home / "storm"
