"""template.yaml as data: what is tested is what is deployed."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short tags (``!Ref X``) as plain values."""


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


def table_definition(name: str) -> dict[str, Any]:
    """Return the arguments of CreateTable that the template's table stands for."""
    properties = template()["Resources"]["Table"]["Properties"]
    return {
        "TableName": name,
        "BillingMode": properties["BillingMode"],
        "KeySchema": properties["KeySchema"],
        "AttributeDefinitions": properties["AttributeDefinitions"],
        "GlobalSecondaryIndexes": properties["GlobalSecondaryIndexes"],
        "StreamSpecification": {"StreamEnabled": True} | properties["StreamSpecification"],
    }


def functions() -> dict[str, dict[str, Any]]:
    """Return the properties of every function, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in template()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
