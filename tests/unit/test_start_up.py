"""INIT of functions: the modules that it imports, and the state in which it ends."""

import json
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.support.commands import run
from tests.support.lambda_environment import lambda_environment
from tests.support.source import defines_handler, imports, modules

#: Modules of packages and of this project that the largest function of a folder imports during
#: INIT; not those of the standard library, which differ between versions of Python. Each costs a
#: third of a millisecond. docs/start-up.md has the profile.
BUDGETS = {
    "agent_sessions": 455,
    "agents": 433,
    "captured_sessions": 445,
    "evaluation_sessions": 458,
    "identity": 431,
    "imports": 519,
    "personas": 404,
    "playground": 461,
    "runs": 484,
    "scenarios": 444,
    "service": 381,
    "simulation_runs": 484,
    "traces": 435,
    "triggers": 360,
    "workflows": 458,
}
#: Functions without the web framework.
PLAIN = {"identity.authorizer", "service.fallback"}
#: Their classifier and its runtime, 300 modules, are their work.
DRAFTING = {"scenarios.draft", "scenarios.draft_from_session", "scenarios.suggest_checks"}
FUNCTIONS = [
    ".".join(path.with_suffix("").parts[1:])
    for path in modules("functions")
    if defines_handler(path)
]

#: Imports each function in a process of its own: a copy of one that has what all of them import.
_START = """
import gc, importlib, json, os, sys
common, functions = (part.split() for part in sys.argv[1:])
for name in common:
    importlib.import_module(name)
started = {}
for function in functions:
    reader, writer = os.pipe()
    if not os.fork():
        before = gc.get_stats()
        importlib.import_module(function)
        collections = sum(a["collections"] - b["collections"]
                          for a, b in zip(gc.get_stats(), before))
        names = [n for n in sys.modules if n.partition(".")[0] not in sys.stdlib_module_names]
        found = [len(names), gc.isenabled(), collections]
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.close(writer)
    with open(reader) as answer:
        started[function] = json.loads(answer.read() or "null")
    os.wait()
print(json.dumps(started))
"""


@dataclass(frozen=True, slots=True)
class Started:
    """A process after INIT."""

    modules: int
    collects: bool
    collections: int


def in_lambda(code: str, *words: str) -> Any:
    """Return the JSON that a program prints, run with the path and the variables of Lambda."""
    return json.loads(run(sys.executable, "-c", code, *words, env=lambda_environment()).stdout)


@cache
def started() -> dict[str, Started]:
    """Return every function but the drafting ones after its INIT."""
    plain = [one for one in FUNCTIONS if one in PLAIN or one.startswith("triggers.")]
    endpoints = [one for one in FUNCTIONS if one not in plain and one not in DRAFTING]
    common = "shared.http.framework shared.http.endpoint"
    found = in_lambda(_START, common, " ".join(endpoints)) | in_lambda(_START, "", " ".join(plain))
    failed = [name for name, values in found.items() if values is None]
    assert not failed
    return {name: Started(*values) for name, values in found.items()}


@pytest.mark.parametrize("folder", sorted({name.partition(".")[0] for name in FUNCTIONS}))
def test_functions_import_at_most_the_modules_of_their_folders_budget(folder: str) -> None:
    sizes = {name: one.modules for name, one in started().items() if name.startswith(f"{folder}.")}
    largest = max(sizes, key=lambda name: sizes[name])

    assert sizes[largest] <= BUDGETS[folder], f"{largest} imports more modules"
    # A budget that is left behind hides the next growth.
    assert sizes[largest] >= BUDGETS[folder] - 5, f"{folder}: lower its budget"


def test_functions_run_with_the_garbage_collector_on() -> None:
    assert not {name for name, one in started().items() if not one.collects}


def test_endpoints_import_without_the_garbage_collector() -> None:
    endpoints = {name: one for name, one in started().items() if not name.startswith("triggers.")}

    assert {name for name, one in endpoints.items() if one.collections} <= PLAIN


def test_functions_import_fastapi_through_the_module_that_prepares_init() -> None:
    for path in modules("functions"):
        names = set(imports(path))
        assert not any(name.startswith("fastapi") for name in names), path
        if "shared.http.endpoint.lambda_handler" in names:
            assert "shared.http.framework.APIRouter" in names, path


def test_init_builds_schemas_of_own_models_and_none_of_openapi_documents() -> None:
    code = """
import json
import agent_sessions.create, gc, pydantic, fastapi.openapi.models as documents
from shared.agents.sessions.api import Session
print(json.dumps({
    "own": Session.__pydantic_complete__,
    "documents": documents.Response.__pydantic_complete__,
    "left": dict(pydantic.BaseModel.model_config),
    "inherited": pydantic.RootModel.model_config.get("defer_build"),
    "frozen": gc.get_freeze_count(),
}))
"""
    found = in_lambda(code)

    assert found.pop("frozen") > 50_000
    assert found == {"own": True, "documents": False, "left": {}, "inherited": None}
