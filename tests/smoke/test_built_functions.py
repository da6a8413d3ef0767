"""The built artifact under Lambda's own runtime: nothing that it needs is missing from it."""

import json
from pathlib import Path

import pytest

from local.build import LOCAL
from local.examples.lambda_events import API_KEY
from local.rie import BuiltFunction
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
            layers = [layer["Ref"] for layer in properties.get("Layers", [])]
            return LOCAL.folder / name, [
                LOCAL.folder / layer for layer in ["DependenciesLayer", *layers]
            ]
    raise LookupError(f"no function has the handler {handler}")


@pytest.mark.parametrize("event", _one_per_folder(), ids=lambda path: path.stem)
def test_built_function_answers_its_event(event: Path, stack: RunningStack, tmp_path: Path) -> None:
    """Given the artifact alone, when the function gets its event, then it answers it."""
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


def test_every_folder_has_an_event() -> None:
    """Given the folders of functions, then each is represented by an event."""
    folders = {properties["Handler"].partition(".")[0] for properties in functions().values()}

    assert {event.name.partition("-")[0] for event in EVENTS} >= folders


@pytest.mark.parametrize("part", ["HealthFunction/service", "DependenciesLayer/python/shared/core"])
def test_built_code_has_byte_code_that_stays_valid(part: str) -> None:
    """Given a built folder, then each module has byte-code that is not checked by time.

    PEP 552: the second word of a .pyc is 1 for a hash that is not checked.
    """
    modules = sorted((LOCAL.folder / part).glob("*.py"))
    compiled = sorted((LOCAL.folder / part / "__pycache__").glob("*.pyc"))

    assert len(compiled) == len(modules) > 0
    assert {int.from_bytes(file.read_bytes()[4:8], "little") for file in compiled} == {1}
