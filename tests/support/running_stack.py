"""A whole local stack for tests, apart from any other that runs on this machine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local import processes
from local.api_key import MadeKey, create
from local.aws import client
from local.rie import free_port
from local.run import bring_up
from local.settings import STACK_NAME, LocalStack
from shared.core.scopes import SCOPES, KeyScope
from tests.support.run_killer import sitecustomize
from tests.support.run_killer.sitecustomize import FOLDER


@dataclass(frozen=True, slots=True)
class RunningStack:
    """How tests reach the stack."""

    local: LocalStack
    api_url: str
    api_key: str
    organization_id: str
    aws_endpoint_url: str
    table_name: str

    def new_key(
        self,
        *,
        organization: str | None = None,
        scopes: Sequence[KeyScope] = SCOPES,
    ) -> MadeKey:
        """Make a key: of a new organisation, or of the one named (made when it is unknown)."""
        return create(
            self.local,
            STACK_NAME,
            name="test",
            organization=organization,
            scopes=scopes,
        )

    def items_of_session(self, session_id: str) -> list[str]:
        """Return the sort keys of what is stored of a session, its id in any form."""
        digits = session_id.removeprefix("session_").replace("-", "")
        found = client(self.local, "dynamodb").query(
            TableName=self.table_name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{self.organization_id}#session#{digits}"}},
        )["Items"]
        return [item["sk"]["S"] for item in found]

    def restart(self) -> None:
        """Stop the stack as `make stop` does, and start it again on what it has saved."""
        processes.stop(self.local)
        bring_up(self.local, _environment(self.local))

    @contextmanager
    def on_another_port(self) -> Iterator["RunningStack"]:
        """Stop the stack, and let it run on another port for a while."""
        processes.stop(self.local)
        with running_stack(self.local.home) as moved:
            yield moved
        bring_up(self.local, _environment(self.local))


@contextmanager
def running_stack(folder: Path) -> Iterator[RunningStack]:
    """Bring a stack up from the built artifact (built if need be), and stop it at the end."""
    local = LocalStack(port=free_port(), home=folder)
    endpoint = bring_up(local, _environment(local))
    try:
        yield RunningStack(
            local=local,
            api_url=endpoint.api_url,
            api_key=endpoint.api_key,
            organization_id=endpoint.organization_id,
            aws_endpoint_url=endpoint.aws_endpoint_url,
            table_name=endpoint.table_name,
        )
    finally:
        processes.stop(local)


def _environment(local: LocalStack) -> dict[str, str]:
    """Return what lets a storm count and kill runs of a function; without one it does nothing."""
    return {
        "PYTHONPATH": str(Path(sitecustomize.__file__).parent),
        FOLDER: str(storm_folder(local)),
    }


def storm_folder(local: LocalStack) -> Path:
    """Return where a storm over a stack keeps its seed and its counts."""
    return local.home / "storm"
