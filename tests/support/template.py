"""template.yaml as data, so that tests read what is deployed."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from local.build import LOCAL
from local.environments import interpreter
from tests.support.commands import run

# The package of the transform pins an older Pydantic than the functions use, so the transform
# runs in the environment of the tools.
_TRANSFORM = """
import json, sys
from unittest.mock import Mock
from samtranslator.translator.transform import transform
from samcli.yamlhelper import yaml_parse
template = yaml_parse(open("template.yaml").read())
template["Globals"]["Function"]["CodeUri"] = "s3://bucket/functions"
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::LayerVersion":
        resource["Properties"]["ContentUri"] = "s3://bucket/layer"
defaults = {name: one.get("Default") for name, one in template["Parameters"].items()}
json.dump(transform(template, defaults, Mock())["Resources"], sys.stdout)
"""

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """YAML loader that reads CloudFormation's short tags (``!Ref X``) as plain values."""


def _tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _tag)


@cache
def template() -> dict[str, Any]:
    """Return the template, parsed once."""
    parsed: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), _Loader)
    return parsed


@cache
def transformed() -> dict[str, dict[str, Any]]:
    """Return the resources of the template after the SAM transform, by logical id."""
    variables = {"AWS_DEFAULT_REGION": "eu-west-1", "PATH": ""}
    done = run(interpreter("tools"), "-c", _TRANSFORM, env=variables)
    resources: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return resources


def table_definition(name: str) -> dict[str, Any]:
    """Return the arguments of CreateTable for the template's table."""
    properties = template()["Resources"]["Table"]["Properties"]
    stream = {"StreamEnabled": True} | properties["StreamSpecification"]
    copied = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
    arguments = {argument: properties[argument] for argument in copied}
    return arguments | {"TableName": name, "StreamSpecification": stream}


def functions() -> dict[str, dict[str, Any]]:
    """Return the properties of every function, by logical id."""
    return of_type("AWS::Serverless::Function", template()["Resources"])


def timeout_of(function: str) -> int:
    """Return the seconds after which Lambda ends a function, by its logical id."""
    shared: int = template()["Globals"]["Function"]["Timeout"]
    own: int = functions()[function].get("Timeout", shared)
    return own


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path, and the logical id of the function that answers it."""

    path: str
    method: str
    function: str
    needs_key: bool


@cache
def routes() -> tuple[Route, ...]:
    """Return the routes of the API, without those of the fallback."""
    paths = template()["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]
    return tuple(
        Route(path, method, _invoked(definition), "security" not in definition)
        for path, methods in paths.items()
        for method, definition in methods.items()
        if _invoked(definition) != "FallbackFunction"
    )


def routes_of(function: str) -> list[Route]:
    """Return the routes of a function, by its logical id."""
    return [route for route in routes() if route.function == function]


def _invoked(definition: dict[str, Any]) -> str:
    """Return the function of a method: ``X`` of ``X.Arn``, or of its alias, ``X.Alias``."""
    _, variables = definition["x-amazon-apigateway-integration"]["uri"]["Sub"]
    [reference] = variables["Function"].values()
    return str(reference).partition(".")[0]


def stream_sources(function: str) -> list[dict[str, Any]]:
    """Return the event sources of a function that read the table's stream."""
    events = functions()[function].get("Events", {}).values()
    own = [event["Properties"] for event in events if event["Type"] == "DynamoDB"]
    mappings = of_type("AWS::Lambda::EventSourceMapping", template()["Resources"]).values()
    return own + [one for one in mappings if one["FunctionName"] == {"Ref": function}]


def of_type(kind: str, resources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the properties of the resources of a type, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == kind
    }


def deployed(kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of the resources of a type after the SAM transform, by logical id."""
    return of_type(kind, transformed())


def built(handler: str) -> tuple[Path, list[Path]]:
    """Return the built folders of a function and of its layers."""
    for name, properties in functions().items():
        if properties["Handler"] == handler:
            own = [layer["Ref"] for layer in properties.get("Layers", [])]
            return LOCAL.folder / name, [LOCAL.folder / one for one in ("DependenciesLayer", *own)]
    raise LookupError(f"no function has the handler {handler}")
