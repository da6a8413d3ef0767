"""Built artifact under Lambda's own runtime: complete, byte-compiled, with its own SDK."""

import json
from pathlib import Path

import pytest

from local.build import LOCAL
from local.environments import interpreter
from local.examples.lambda_events import API_KEY
from local.rie import BuiltFunction
from local.trim_sdk import SERVICES
from tests.support.commands import run
from tests.support.running_stack import RunningStack
from tests.support.template import ROOT, functions

EVENTS = sorted((ROOT / "events").glob("*.json"))


def _one_per_folder() -> list[Path]:
    """Return the first event of each folder of functions: ``<folder>-<module>.json``."""
    chosen: dict[str, Path] = {}
    for event in EVENTS:
        chosen.setdefault(event.name.partition("-")[0], event)
    return list(chosen.values())


def _built(handler: str) -> tuple[Path, list[Path]]:
    """Return the built folders of a function and of its layers."""
    for name, properties in functions().items():
        if properties["Handler"] == handler:
            own = [layer["Ref"] for layer in properties.get("Layers", [])]
            layers = [LOCAL.folder / layer for layer in ("DependenciesLayer", *own)]
            return LOCAL.folder / name, layers
    raise LookupError(f"no function has the handler {handler}")


@pytest.mark.parametrize("event", _one_per_folder(), ids=lambda path: path.stem)
def test_built_function_answers_its_event(event: Path, stack: RunningStack, tmp_path: Path) -> None:
    handler = f"{event.stem.replace('-', '.')}.handler"
    code, layers = _built(handler)
    variables = {
        "TABLE_NAME": stack.table_name,
        "AWS_ENDPOINT_URL": stack.aws_endpoint_url,
        "EVENT_BUS_NAME": "agent-sessions",
        "POWERTOOLS_SERVICE_NAME": "agent-sessions",
        "POWERTOOLS_METRICS_NAMESPACE": "AgentSessions",
    }
    text = event.read_text().replace(API_KEY, stack.api_key)
    with BuiltFunction(code, handler, layers, variables, tmp_path / "function.log") as function:
        answer = function.invoke(json.loads(text))

    assert "errorType" not in (answer or {}), answer
    assert (answer or {}).get("statusCode", 200) < 500, answer


def test_every_folder_of_functions_has_an_event() -> None:
    folders = {properties["Handler"].partition(".")[0] for properties in functions().values()}

    assert {event.name.partition("-")[0] for event in EVENTS} >= folders


@pytest.mark.parametrize(
    "part",
    [
        "HealthFunction/service",
        "DependenciesLayer/python/botocore",
        "DependenciesLayer/python/shared/core",
    ],
)
def test_built_code_has_byte_code_without_time_checks(part: str) -> None:
    """PEP 552: the second word of a .pyc is 1 for a hash that is not checked."""
    modules = sorted((LOCAL.folder / part).glob("*.py"))
    compiled = sorted((LOCAL.folder / part / "__pycache__").glob("*.pyc"))

    assert len(compiled) == len(modules) > 0
    assert {int.from_bytes(file.read_bytes()[4:8], "little") for file in compiled} == {1}


#: Prints the SDK's folder, its version, and the endpoint of each service in each partition.
_DESCRIBE_SDK = """
import json, sys, botocore
from botocore.session import get_session
session = get_session()
partitions = {session.get_partition_for_region(region): region for region in sys.argv[2].split()}
print(json.dumps([botocore.__file__, botocore.__version__, {
    f"{service} {partition}": session.create_client(service, region).meta.endpoint_url
    for service in sys.argv[1].split() for partition, region in partitions.items()
}]))
"""
#: One region of each partition.
_REGIONS = (
    "eu-west-1 cn-north-1 us-gov-west-1 us-iso-east-1 us-isob-east-1 eu-isoe-west-1"
    " us-isof-south-1 eusc-de-east-1"
)


def _describe_sdk(environment: str, layer: Path) -> tuple[Path, str, dict[str, str]]:
    variables = {"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"}
    words = (interpreter(environment), "-c", _DESCRIBE_SDK, " ".join(SERVICES), _REGIONS)
    done = run(*words, env=variables)
    file, version, endpoints = json.loads(done.stdout)
    return Path(file), version, endpoints


def test_functions_use_the_sdk_of_the_layer_with_the_endpoints_of_the_full_one() -> None:
    layer = LOCAL.folder / "DependenciesLayer" / "python"
    file, version, endpoints = _describe_sdk("lambda", layer)
    assert file.is_relative_to(layer)
    assert len(endpoints) == len(SERVICES) * len(_REGIONS.split())
    assert (version, endpoints) == _describe_sdk("dev", ROOT)[1:]
