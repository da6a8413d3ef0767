"""House rules that code can check: import directions, file roles, sizes, names, start-up."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.source import QUESTION, defines_handler, imports, modules, tree
from tests.support.template import ROOT

AREAS = {
    "agents",
    "changes",
    "evaluations",
    "identity",
    "imports",
    "playground",
    "runs",
    "scenarios",
    "traces",
}
#: Packages of shared/ that each package may import: imports go one way.
MAY_IMPORT = {
    "core": set(),
    "storage": {"core"},
    "llm": {"core", "secrets"},
    "secrets": {"core"},
    "egress": {"core"},
    "sessions": {"core", "storage"},
    "http": {"core", "storage"},
    "simulation": {"core", "storage", "llm", "sessions"},
    **{
        area: {"core", "storage", "llm", "secrets", "sessions", "egress", "simulation"}
        for area in AREAS
    },
    # Ports of one area that others serve: functions import it in place of them.
    "composition": AREAS | {"core", "storage", "llm", "sessions", "simulation"},
}
#: The packages of shared/ that a folder of functions may import beside core and http.
AREA_OF = {
    "agent_sessions": {"agents", "sessions"},
    "agents": {"agents"},
    # One list of the sessions of all areas.
    "captured_sessions": {"composition", "sessions"},
    "evaluation_sessions": {"evaluations"},
    # An organization's usage is that of all areas.
    "identity": {"identity", "composition"},
    # One import stores sessions of either area; neither knows the other.
    "imports": {"imports", "agents", "evaluations"},
    "personas": {"runs"},
    "playground": {"playground"},
    # A run composes what its target, its scenarios and its users need.
    "runs": {"runs", "composition", "sessions"},
    # A scenario is replayed in the playground, and has checks for runs; no area knows another.
    "scenarios": {"scenarios", "playground", "runs"},
    "service": set(),
    "simulation_runs": {"runs", "composition"},
    "traces": {"traces"},
    # Invoked by the stream, a queue or a schedule, not by HTTP.
    "triggers": AREAS | {"composition", "storage", "sessions", "llm"},
    "workflows": {"playground"},
}
#: Modules of other areas that a function hands in: what a transcript or an export reads.
HANDED_IN = {
    "functions/scenarios/draft_from_session.py": {
        f"shared.{area}.transcript" for area in ("agents", "evaluations", "playground")
    },
    "functions/scenarios/suggest_checks.py": {
        f"shared.{area}.transcript" for area in ("agents", "evaluations", "playground")
    },
    "functions/agent_sessions/export.py": {
        f"shared.{area}.exported_sessions" for area in ("evaluations", "playground")
    },
}
#: Adapters of an AWS service: the only modules that import its SDK.
ADAPTERS = ("shared/storage/",
            "shared/changes/event_bridge.py",
            "shared/llm/bedrock.py", "shared/secrets/store.py")  # fmt: skip


#: Aggregates of the same area that each aggregate loads beside itself.
STANDS_ON = {
    "none": "",
    "agents.agents": "models",
    "agents.models": "agents",
    "agents.tools": "agents files sessions",
    "agents.sessions": "agents files messages models turns",
    "agents.files": "agents file_objects sessions tools",
    "agents.file_objects": "",
    "agents.messages": "admission agents files models sessions turns",
    "agents.tool_results": "agents files messages models sessions turns",
    "agents.forks": "agents files messages models sessions turns",
    "agents.events": "agents files messages models sessions turns",
    "agents.turns": "admission agents file_objects files messages models sessions tools",
    "agents.admission": "agents file_objects files messages models sessions tools turns",
    "evaluations.catalog": "",
    "evaluations.metrics": "catalog",
    "evaluations.evaluation_runs": "catalog",
    "evaluations.evaluations": "catalog evaluation_runs metrics results sessions traces",
    "evaluations.files": "",
    "evaluations.datasets": "catalog files",
    "evaluations.sessions": "catalog evaluation_runs results",
    "evaluations.results": "sessions",
    "evaluations.traces": "results sessions",
    "evaluations.simulation": "catalog results sessions",
    "identity.authorization": "",
    "identity.usage": "",
    "playground.engine": "expressions",
    "playground.sessions": "engine revisions",
    "playground.forks": "engine revisions sessions",
    "playground.turns": "engine expressions sessions speakers",
    "playground.workflows": "revisions",
    "playground.revisions": "workflows",
    "playground.graphs": "engine expressions revisions sessions validation workflows",
    "runs.personas": "",
    "runs.dispatched": "checks reports requests runs simulations worlds",
    "runs.requests": "checks reports runs simulations worlds",
    "runs.runs": "checks reports simulations worlds",
    "runs.simulations": "checks reports runs worlds",
    "runs.checks": "",
    "runs.targets": "worlds",
    "runs.worlds": "checks reports runs simulations",
    "runs.reports": "checks runs simulations",
    "scenarios.library": "",
    "scenarios.drafting": "library redaction worlds",
}
#: Functions that compose aggregates which do not know one another.
SEVERAL_AGGREGATES = {
    "functions/identity/get_usage.py",
    "functions/imports/create.py",
    "functions/agent_sessions/export.py",
    "functions/runs/create.py",
    "functions/runs/take_turn.py",
    "functions/simulation_runs/dispatch.py",
    "functions/triggers/run_simulation.py",
    "functions/scenarios/draft_from_session.py",
    "functions/scenarios/replay.py",
    "functions/scenarios/suggest_checks.py",
    "functions/triggers/assemble_traces.py",
    "functions/triggers/import_sessions.py",
}
#: Pydantic models that are not part of the API: stored graphs, tool arguments, model answers.
OTHER_MODELS = (
    "shared/playground/graph.py",
    "shared/agents/tools/",
    "shared/agents/files/tools.py",
    "shared/scenarios/drafting/model_drafter.py",
)


def own_imports(path: Path) -> set[tuple[str, str]]:
    """Return the imports of the project's own packages: folder and package."""
    found = set()
    handed_in = HANDED_IN.get(str(path), set())
    for name in imports(path):
        if name.rpartition(".")[0] in handed_in:
            continue
        folder, _, rest = name.partition(".")
        if folder in ("shared", "functions", "local", "tests", "benchmarks"):
            found.add((folder, rest.partition(".")[0]))
    return found


# ---------------------------------------------------------------------- import directions
def test_shared_packages_import_only_allowed_packages() -> None:
    offending = {}
    for path in modules("shared"):
        if len(path.parts) > 2:
            package = path.parts[1]
            assert package in MAY_IMPORT, f"{package} is a new package: add it to MAY_IMPORT"
            allowed = {("shared", name) for name in MAY_IMPORT[package] | {package}}
            offending[path] = own_imports(path) - allowed
    assert not _kept(offending)


def test_functions_import_only_the_edge_and_their_own_area() -> None:
    offending = {}
    for path in modules("functions"):
        folder = path.parts[1]
        assert folder in AREA_OF, f"{folder} is a new folder: add it to AREA_OF"
        allowed = {("shared", name) for name in AREA_OF[folder] | {"core", "http"}}
        offending[path] = own_imports(path) - allowed
    assert not _kept(offending)


def test_only_adapters_import_an_aws_sdk() -> None:
    offending = {
        path: {name for name in _packages(path) if name.startswith(("boto", "mypy_boto3", "aws_x"))}
        for path in modules("shared") + modules("functions")
        if not str(path).startswith(ADAPTERS)
    }
    assert not _kept(offending)


def test_modules_outside_storage_do_not_name_the_database() -> None:
    assert not [
        str(path)
        for path in modules("shared") + modules("functions")
        if not str(path).startswith("shared/storage/")
        and "dynamodb" in (ROOT / path).read_text().lower()
    ]


def test_modules_outside_the_edge_do_not_import_the_web_framework() -> None:
    offending = {
        path: _packages(path) & {"fastapi", "starlette", "mangum"}
        for path in modules("shared")
        if path.parts[1] != "http"
    }
    assert not _kept(offending)


def _packages(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def _kept[T](offending: dict[Path, set[T]]) -> dict[str, set[T]]:
    return {str(path): found for path, found in offending.items() if found}


# ------------------------------------------------------------------------ sizes and names
@pytest.mark.parametrize(("folder", "limit"), [("functions", 40), ("shared", 300)])
def test_modules_are_not_longer_than_the_limit(folder: str, limit: int) -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in modules(folder)}
    assert not {path: length for path, length in lengths.items() if length > limit}


def definitions(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of a module, its classes and its functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "name", path.stem), ast.get_docstring(node) or ""


def test_modules_have_a_docstring() -> None:
    assert not [
        str(path)
        for folder in ("shared", "functions", "local")
        for path in modules(folder)
        if not ast.get_docstring(tree(path))
    ]


def test_docstrings_begin_with_their_subject() -> None:
    """A docstring names its subject first; a question word leaves the reader to guess it."""
    assert not [
        f"{path}: {name}: {text.splitlines()[0]}"
        for folder in ("shared", "functions", "local", "benchmarks", "tests")
        for path in modules(folder)
        for name, text in definitions(path)
        if QUESTION.match(text)
    ]


# ---------------------------------------------------------------------------- file roles
def test_only_api_modules_define_request_and_answer_models() -> None:
    offending = {
        str(path)
        for path in modules("shared")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and path.name != "api.py"
        if any("Model" in ast.unparse(base) for base in node.bases)
    }
    assert {path for path in offending if not path.startswith(OTHER_MODELS)} == set()


def test_only_wiring_modules_read_settings() -> None:
    readers = {
        str(path)
        for path in modules("shared") + modules("functions")
        if "shared.core.settings.settings" in set(imports(path)) and path.name != "wiring.py"
    }
    assert readers == {"shared/storage/table.py"}


def test_domain_modules_do_no_input_or_output() -> None:
    offending = {
        path: {name for name in imports(path) if ".table." in name or ".transactions." in name}
        for path in modules("shared")
        if path.name == "domain.py"
    }
    assert not _kept(offending)


def aggregate(path: Path) -> str | None:
    """Return the aggregate of a module of an area, as in ``agents.sessions``."""
    _, area, *rest = path.with_suffix("").parts
    return f"{area}.{rest[0]}" if area in AREAS and len(rest) > 1 else None


@cache
def loaded_by(path: Path) -> list[Path]:
    """Return the modules of shared/ that a module imports when it is loaded."""
    names = [
        name
        for node in tree(path).body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("shared")
        for name in (str(node.module), *(f"{node.module}.{one.name}" for one in node.names))
    ]
    files = [
        file
        for base in (Path(*name.split(".")) for name in names)
        for file in (base.with_suffix(".py"), base / "__init__.py")
    ]
    return [file for file in files if (ROOT / file).is_file()]


def closure(path: Path) -> set[Path]:
    """Return all modules that are loaded with a module."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        if (current := waiting.pop()) not in seen:
            seen.add(current)
            waiting += loaded_by(current)
    return seen


def test_functions_load_one_aggregate_and_what_it_stands_on() -> None:
    for path in modules("functions"):
        if defines_handler(path) and path.as_posix() not in SEVERAL_AGGREGATES:
            reached = {one for one in map(aggregate, closure(path)) if one}
            own = {one for one in map(aggregate, loaded_by(path)) if one} or {"none"}
            assert any(reached <= allowed_with(one) for one in own), f"{path}: {reached}"


def allowed_with(name: str) -> set[str]:
    area = name.partition(".")[0]
    return {name, *(f"{area}.{other}" for other in STANDS_ON[name].split())}
