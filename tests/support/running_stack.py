"""Local stack for tests, separate from any other on this machine."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from local import processes
from local.api_key import CreatedKey, create
from local.aws import client
from local.endpoint import Endpoint
from local.rie import free_port
from local.run import bring_up
from local.settings import STACK_NAME, LocalStack
from shared.core.scopes import SCOPES, KeyScope
from tests.support.run_killer import sitecustomize
from tests.support.run_killer.sitecustomize import FOLDER

#: Seconds until a wait fails. A cold function on a busy machine takes a few.
PATIENCE = 120


def until(holds: Callable[[], Any]) -> None:
    """Wait until a condition holds; fail after ``PATIENCE``."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the condition does not hold in time"
        time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class RunningStack(Endpoint):
    """Endpoints and credentials of the stack, and its processes and files.

    ``allowed_origin`` is the one whose pages may call the API.
    """

    local: LocalStack
    allowed_origin: str

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
        _bring_up(self.local, self.allowed_origin)

    @contextmanager
    def on_another_port(self) -> Iterator["RunningStack"]:
        """Restart the stack on another port for the duration of the block."""
        processes.stop(self.local)
        with running_stack(self.local.home, self.allowed_origin) as moved:
            yield moved
        _bring_up(self.local, self.allowed_origin)


@contextmanager
def running_stack(folder: Path, allowed_origin: str | None = None) -> Iterator[RunningStack]:
    """Start a stack from the build, which is made if necessary; stop it at the end."""
    local = LocalStack(port=free_port(), home=folder)
    allowed_origin = allowed_origin or f"http://127.0.0.1:{free_port()}"
    endpoint = _bring_up(local, allowed_origin)
    try:
        yield RunningStack(**asdict(endpoint), local=local, allowed_origin=allowed_origin)
    finally:
        processes.stop(local)


def _bring_up(local: LocalStack, allowed_origin: str) -> Endpoint:
    return bring_up(local, _environment(local), {"AllowedOrigins": allowed_origin})


def _environment(local: LocalStack) -> dict[str, str]:
    """Return the environment in which a storm counts and kills runs of a function."""
    return {
        "PYTHONPATH": str(Path(sitecustomize.__file__).parent),
        FOLDER: str(storm_folder(local)),
    }


def storm_folder(local: LocalStack) -> Path:
    """Return the folder of a storm's seed and counts."""
    return local.home / "storm"
