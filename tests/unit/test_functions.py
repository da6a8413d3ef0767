"""Functions: their routes in the template, their request models, and their start."""

import importlib
import json
import sys
import typing
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError, create_model

from local.whole_api import resource_of
from tests.support.commands import run
from tests.support.lambda_environment import lambda_environment
from tests.support.source import defines_handler, imports, modules
from tests.support.template import functions, routes_of
from tests.unit.test_architecture import AREA_OF, AREAS, closure


# ------------------------------------------------------------- functions and the template
def test_template_has_exactly_the_functions_that_define_a_handler() -> None:
    written = [
        ".".join(path.with_suffix("").parts[1:]) + ".handler"
        for path in modules("functions")
        if defines_handler(path)
    ]
    deployed = [properties["Handler"] for properties in functions().values()]
    assert sorted(deployed) == sorted(written)


def routes() -> Iterator[tuple[ModuleType, str, list[APIRoute]]]:
    for name, properties in functions().items():
        module = importlib.import_module("functions." + properties["Handler"].rpartition(".")[0])
        if hasattr(module, "router"):
            yield module, name, [r for r in module.router.routes if isinstance(r, APIRoute)]


def test_functions_answer_exactly_the_routes_of_the_template() -> None:
    for module, name, own in routes():
        answered = {(method, resource_of(route)) for route in own for method in route.methods or ()}
        sent = {(route.method.upper(), route.path) for route in routes_of(name)}
        assert answered == sent, module


def test_first_line_of_an_endpoint_names_its_route() -> None:
    for module, _, own in routes():
        first = (module.__doc__ or "").splitlines()[0]
        route = own[0]
        assert first.startswith(f"{min(route.methods or ())} {route.path_format}"), module


def test_operation_ids_are_present_and_unique() -> None:
    ids = [route.operation_id for _, _, own in routes() for route in own]
    assert None not in ids
    assert len(set(ids)) == len(ids)


# --------------------------------------------------------------------------- request models
def models_in(annotation: Any, seen: set[type[BaseModel]]) -> None:
    """Collect the models that an annotation refers to."""
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


def test_numbers_in_requests_cannot_be_nan_or_infinite() -> None:
    """Pydantic parses "nan" and "inf" as numbers, which JSON cannot express."""
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
#: Never in a function: development tools, and libraries that slow down the start.
HEAVY = {
    "aws_xray_sdk",
    "boto3",
    "moto",
    "fastapi_offline",
    "yaml",
    "pytest",
    "hypothesis",
    "httpx",
    "local",
}

#: One function of each folder, started for real.
STARTED = sorted(
    {
        path.parts[1]: ".".join(path.with_suffix("").parts[1:])
        for path in modules("functions")
        if defines_handler(path)
    }.values()
)


@pytest.mark.parametrize("module", STARTED)
def test_started_function_loads_its_own_area_and_nothing_heavy(module: str) -> None:
    code = f"import sys, json, {module}; print(json.dumps(sorted(sys.modules)))"
    done = run(sys.executable, "-c", code, env=lambda_environment(), check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    assert "pydantic.v1.main" not in loaded
    folder = module.partition(".")[0]
    areas = {name.split(".")[1] for name in loaded if name.startswith("shared.")} & AREAS
    assert areas <= (AREAS if "composition" in AREA_OF[folder] else AREA_OF[folder])
    if folder != "triggers":
        assert "shared.llm.bedrock" not in loaded
    # The database client is created during INIT, not by the first request.
    assert "botocore.auth" in loaded


#: Packages of the layer PersonalDataLayer, which the drafting functions alone have.
PERSONAL_DATA = {"numpy", "onnxruntime", "tokenizers", "phonenumbers", "stdnum"}
DRAFTING = {
    "scenarios.draft.handler",
    "scenarios.draft_from_session.handler",
    "scenarios.suggest_checks.handler",
}


def test_only_drafting_functions_load_the_packages_of_the_personal_data_layer() -> None:
    loading = {
        ".".join(path.with_suffix("").parts[1:]) + ".handler"
        for path in modules("functions")
        if defines_handler(path)
        if any("redaction" in module.parts for module in closure(path))
    }
    importing = {
        path
        for path in modules("shared") + modules("functions")
        if {name.partition(".")[0] for name in imports(path)} & PERSONAL_DATA
    }

    assert loading == DRAFTING
    assert all("redaction" in path.parts for path in importing)


def test_exactly_the_drafting_functions_have_the_personal_data_layer() -> None:
    having = {
        properties["Handler"]
        for properties in functions().values()
        if {"Ref": "PersonalDataLayer"} in properties.get("Layers", [])
    }

    assert having == DRAFTING


def test_whole_api_does_not_load_the_classifier() -> None:
    code = "import sys, local.whole_api; local.whole_api.routes(); print(*sys.modules)"
    loaded = run(sys.executable, "-c", code).stdout.split()

    assert "functions.scenarios.draft" in loaded
    assert not {"numpy", "onnxruntime", "tokenizers"} & set(loaded)
