"""Client that openapi-python-client generates from the description that the stack serves."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.environments import ENVIRONMENTS, program
from local.settings import ROOT
from tests.integration.conftest import run_client
from tests.support.commands import run
from tests.support.running_stack import RunningStack

ENVIRONMENT = "api-client"
pytestmark = pytest.mark.environments(ENVIRONMENT)
#: What the calls create, by area.
PATHS = {
    "agents": "/v1/agents",
    "playground": "/v1/workflow/playground/sessions",
    "scenarios": "/v1/scenarios",
    "evaluations": "/products",
}
_CONFIGURATION = ROOT / "docs" / "openapi-python-client.yml"
#: Seconds for the generator and the type checker.
PATIENCE = 180


@dataclass(frozen=True)
class Generated:
    """Generated package, what the generator printed, and what it was generated from."""

    package: Path
    output: str
    document: dict[str, Any]

    @property
    def modules(self) -> list[Path]:
        """Modules of operations."""
        found = self.package.glob("api/*/*.py")
        return sorted(path for path in found if path.name != "__init__.py")

    @property
    def operations(self) -> list[dict[str, Any]]:
        return [one for path in self.document["paths"].values() for one in path.values()]


@pytest.fixture(scope="module")
def generated(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Generated:
    folder = tmp_path_factory.mktemp("client")
    answer = httpx.get(f"{stack.api_url}/openapi.json", timeout=PATIENCE)
    document = folder / "openapi.json"
    document.write_bytes(answer.raise_for_status().content)
    words = (program(ENVIRONMENT, "openapi-python-client"), "generate", "--path", document)
    # It formats what it generates with the Ruff of its environment.
    path = f"{ENVIRONMENTS / ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = run(
        *(*words, "--output-path", folder / "out", "--config", _CONFIGURATION, "--fail-on-warning"),
        env=os.environ | {"PATH": path},
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Generated(
        folder / "out" / "agent_sessions_client", done.stdout + done.stderr, answer.json()
    )


def test_generator_warns_of_nothing(generated: Generated) -> None:
    assert "warning" not in generated.output.lower(), generated.output


def test_every_operation_has_a_module(generated: Generated) -> None:
    assert len(generated.modules) == len(generated.operations)


def test_every_answer_with_a_body_is_parsed(generated: Generated) -> None:
    without_body = [
        status
        for operation in generated.operations
        for status, response in operation["responses"].items()
        if "content" not in response
    ]

    unparsed = [path.read_text().count("= cast(Any, None)") for path in generated.modules]

    assert sum(unparsed) == len(without_body)


def test_package_type_checks(generated: Generated) -> None:
    words = (program(ENVIRONMENT, "mypy"), "--config-file=", generated.package)

    done = run(*words, cwd=generated.package.parent, check=False, timeout=PATIENCE)

    assert done.returncode == 0, done.stdout


def test_client_calls_each_area(
    generated: Generated, stack: RunningStack, http: httpx.Client
) -> None:
    result = run_client(
        ENVIRONMENT,
        "generated_calls.py",
        API_URL=stack.api_url,
        API_KEY=stack.api_key,
        PYTHONPATH=str(generated.package.parent),
    )

    assert result["identity"] == stack.organization_id
    assert result["refusal"] == "401 authentication_required"
    for area, path in PATHS.items():
        assert http.get(f"{path}/{result[area]}").status_code == 200, area
