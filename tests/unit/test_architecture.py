"""The house rules that code can hold itself to: arrows, sizes, names, and a lean start."""

import ast
import importlib
import json
import os
import subprocess
import sys
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError, create_model

from tests.support.template import ROOT, functions

AREAS = {"agents", "changes", "evaluations", "identity", "imports", "playground", "scenarios"}
#: What each package of shared/ may import of the others: arrows go one way.
MAY_IMPORT = {
    "core": set(),
    "storage": {"core"},
    "llm": {"core"},
    "sessions": {"core", "storage"},
    "http": {"core", "storage"},
    **{area: {"core", "storage", "llm", "sessions"} for area in AREAS},
}
#: The packages of shared/ that a folder of functions may import beside core and http.
AREA_OF = {
    "agent_sessions": {"agents"},
    "agents": {"agents"},
    "evaluation_sessions": {"evaluations"},
    "identity": {"identity"},
    "playground": {"playground"},
    # A scenario is replayed in the playground; neither area knows the other.
    "scenarios": {"scenarios", "playground"},
    "service": set(),
    # Their way in is the stream or a queue, and not HTTP.
    "triggers": AREAS | {"storage", "sessions", "llm"},
    "workflows": {"playground"},
}
#: Adapters of an AWS service: the only modules that know its SDK.
ADAPTERS = ("shared/storage/", "shared/changes/event_bridge.py",
            "shared/imports/bucket.py", "shared/llm/bedrock.py")  # fmt: skip


@cache
def modules(folder: str) -> list[Path]:
    return sorted(path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def own_imports(path: Path) -> set[tuple[str, str]]:
    """Return the imports of the project's own packages: folder and package."""
    found = set()
    for name in imports(path):
        folder, _, rest = name.partition(".")
        if folder in ("shared", "functions", "local", "tests", "benchmarks"):
            found.add((folder, rest.partition(".")[0]))
    return found


# ------------------------------------------------------------------------------- arrows
def test_given_shared_modules_then_they_import_only_what_their_arrows_allow() -> None:
    offending = {}
    for path in modules("shared"):
        if len(path.parts) > 2:
            package = path.parts[1]
            assert package in MAY_IMPORT, f"{package} is a new package: say what it may import"
            allowed = {("shared", name) for name in MAY_IMPORT[package] | {package}}
            offending[path] = own_imports(path) - allowed
    assert not _kept(offending)


def test_given_functions_then_they_import_the_edge_and_their_own_area_only() -> None:
    offending = {}
    for path in modules("functions"):
        folder = path.parts[1]
        assert folder in AREA_OF, f"{folder} is a new folder: say what it may import"
        allowed = {("shared", name) for name in AREA_OF[folder] | {"core", "http"}}
        offending[path] = own_imports(path) - allowed
    assert not _kept(offending)


def test_given_modules_then_only_adapters_know_an_aws_sdk() -> None:
    offending = {
        path: {name for name in _packages(path) if name.startswith(("boto", "mypy_boto3", "aws_x"))}
        for path in modules("shared") + modules("functions")
        if not str(path).startswith(ADAPTERS)
    }
    assert not _kept(offending)


def test_given_modules_outside_storage_then_they_do_not_name_the_database() -> None:
    assert not [
        str(path)
        for path in modules("shared") + modules("functions")
        if not str(path).startswith("shared/storage/")
        and "dynamodb" in (ROOT / path).read_text().lower()
    ]


def test_given_modules_outside_the_edge_then_they_do_not_know_the_web_framework() -> None:
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
def test_given_modules_then_none_is_longer_than_the_house_rule(folder: str, limit: int) -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in modules(folder)}
    assert not {path: length for path, length in lengths.items() if length > limit}


def test_given_modules_then_their_first_line_tells_their_subject() -> None:
    assert not [
        str(path)
        for path in modules("shared") + modules("functions")
        if not (ast.get_docstring(tree(path)) or "").strip()
    ]


# ------------------------------------------------------------- functions and the template
def defines_handler(path: Path) -> bool:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.name == "handler":
            return True
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "handler" for target in node.targets
        ):
            return True
    return False


def test_given_all_functions_then_the_template_has_each_and_no_other() -> None:
    written = [
        ".".join(path.with_suffix("").parts[1:]) + ".handler"
        for path in modules("functions")
        if defines_handler(path)
    ]
    deployed = [properties["Handler"] for properties in functions().values()]
    assert sorted(deployed) == sorted(written)


def router_of(properties: dict[str, Any]) -> APIRouter | None:
    module = importlib.import_module("functions." + properties["Handler"].rpartition(".")[0])
    return getattr(module, "router", None)


def routes() -> Iterator[tuple[str, dict[str, Any], list[APIRoute]]]:
    for name, properties in functions().items():
        router = router_of(properties)
        if router is not None:
            yield name, properties, [r for r in router.routes if isinstance(r, APIRoute)]


def test_given_the_templates_routes_then_each_function_answers_exactly_its_own() -> None:
    for name, properties, own in routes():
        answered = {(method, route.path) for route in own for method in route.methods or ()}
        sent = {
            (event["Properties"]["Method"].upper(), event["Properties"]["Path"])
            for event in properties.get("Events", {}).values()
            if event["Type"] == "Api"
        }
        assert answered == sent, name


def test_given_an_endpoint_then_its_first_line_names_its_route() -> None:
    for name, properties, own in routes():
        module = importlib.import_module("functions." + properties["Handler"].rpartition(".")[0])
        first = (module.__doc__ or "").splitlines()[0]
        route = own[0]
        assert first.startswith(f"{min(route.methods or ())} {route.path}"), name


def test_given_all_endpoints_then_operation_ids_are_told_and_unique() -> None:
    ids = [route.operation_id for _, _, own in routes() for route in own]
    assert None not in ids
    assert len(set(ids)) == len(ids)


# --------------------------------------------------------------------------- request models
def models_in(annotation: Any, seen: set[type[BaseModel]]) -> None:
    """Collect the models that an annotation leads to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            for field in annotation.model_fields.values():
                models_in(field.annotation, seen)
        return
    if isinstance(annotation, typing.TypeAliasType):
        models_in(annotation.__value__, seen)
    for inner in typing.get_args(annotation):
        models_in(inner, seen)


def test_given_a_number_in_a_request_then_it_cannot_be_one_that_json_cannot_say() -> None:
    """Pydantic reads the texts "nan" and "inf" as numbers; no answer could be written then."""
    requests: set[type[BaseModel]] = set()
    for _, _, own in routes():
        for route in own:
            if route.body_field is not None:
                models_in(route.body_field.field_info.annotation, requests)
    assert requests
    for model in requests:
        for name, field in model.model_fields.items():
            given: Any = (field.annotation, field)
            alone = create_model("Alone", __config__=model.model_config, x=given)
            for sent in ("nan", "inf", "-inf"):
                for key in (field.alias or "x", "x"):
                    try:
                        read = getattr(alone.model_validate({key: sent}), "x", None)
                    except ValidationError:
                        continue
                    assert not isinstance(read, float), f"{model.__name__}.{name}"


# -------------------------------------------------------------------------------- start-up
#: Never in a function: tools of development, and what the design leaves out of a start.
HEAVY = {
    "aws_xray_sdk",
    "moto",
    "fastapi_offline",
    "yaml",
    "pytest",
    "hypothesis",
    "httpx",
    "local",
}

#: One function of each folder; all functions of a folder begin with the same imports.
STARTED = sorted(
    {
        path.parts[1]: ".".join(path.with_suffix("").parts[1:])
        for path in modules("functions")
        if defines_handler(path)
    }.values()
)


@pytest.mark.parametrize("module", STARTED)
def test_given_a_function_when_it_starts_then_it_loads_its_own_area_and_nothing_heavy(
    module: str,
) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    environment = {
        "PATH": os.environ["PATH"],
        # As in Lambda: the functions' own folder, and the layer with shared/.
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "TABLE_NAME": "t",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    folder = module.partition(".")[0]
    areas = {name.split(".")[1] for name in loaded if name.startswith("shared.")} & AREAS
    assert areas <= AREA_OF[folder]
    if folder != "triggers":
        assert "shared.llm.bedrock" not in loaded
    # What the first request would build has been built: the client is there.
    assert "botocore.auth" in loaded
