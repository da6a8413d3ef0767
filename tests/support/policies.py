"""What template.yaml lets each function do, and what each request to AWS asks for."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests.support.template import functions, template

#: The verbs of a transaction's parts: no action of IAM is named for the transaction itself.
_PARTS = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}
_PSEUDO_PARAMETERS = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "agent-sessions",
}


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """An action of IAM on a resource: what one request to AWS asks for."""

    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """An action on a pattern of resources (``*`` is any text): what a policy allows."""

    action: str
    resource: str

    def covers(self, need: Need) -> bool:
        return fnmatchcase(need.action, self.action) and fnmatchcase(need.resource, self.resource)


@cache
def handlers() -> dict[str, str]:
    """Return the logical id of each handler's function, by the handler's module."""
    return {
        f"functions.{properties['Handler'].removesuffix('.handler')}": name
        for name, properties in functions().items()
    }


@cache
def grants(function: str) -> frozenset[Grant]:
    """Return what a function's own policies allow, one action on one resource each.

    The policies that SAM adds for logs, traces and event sources are AWS's own, and left out.
    """
    policies = functions()[function].get("Policies", [])
    return frozenset(grant for policy in policies for grant in _grants(policy["Statement"]))


def _grants(statements: list[dict[str, Any]]) -> Iterator[Grant]:
    for statement in statements:
        assert set(statement) == {"Effect", "Action", "Resource"}, "read no more than it knows"
        assert statement["Effect"] == "Allow"
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield Grant(action, _resolved(resource))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resolved(value: Any) -> str:
    """Return a ``!GetAtt`` or ``!Sub`` of the template as the text that it comes to."""
    if isinstance(value, str):
        return value
    [(function, argument)] = value.items()
    if function == "GetAtt":
        return _attribute(argument)
    assert function == "Sub", value
    return re.sub(r"\$\{([^}]+)\}", lambda match: _attribute(match[1]), argument)


def _attribute(name: str) -> str:
    if name in _PSEUDO_PARAMETERS:
        return _PSEUDO_PARAMETERS[name]
    logical_id, _, attribute = name.partition(".")
    assert attribute == "Arn", name
    return arn(template()["Resources"][logical_id]["Type"], logical_id)


def arn(kind: str, name: str) -> str:
    """Return the name of a resource of the stack; here its logical id stands for its own name."""
    place = "eu-west-1:123456789012"
    return {
        "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{place}:table/{name}",
        "AWS::Events::EventBus": f"arn:aws:events:{place}:event-bus/{name}",
        "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
    }[kind]


def needs(service: str, operation: str, arguments: dict[str, Any]) -> set[Need]:
    """Return what a request asks for, as AWS's service authorization reference tells it."""
    if service == "dynamodb":
        return set(_table_needs(operation, arguments))
    if (service, operation) == ("events", "PutEvents"):
        buses = {entry["EventBusName"] for entry in arguments["Entries"]}
        return {Need("events:PutEvents", _known("EVENT_BUS_NAME", bus)) for bus in buses}
    if (service, operation) == ("s3", "GetObject"):
        bucket = _known("IMPORT_BUCKET", arguments["Bucket"])
        return {Need("s3:GetObject", f"{bucket}/{arguments['Key']}")}
    if (service, operation) == ("bedrock-runtime", "Converse"):
        return {Need("bedrock:InvokeModel", _model(arguments["modelId"]))}
    return {Need(f"{service}:{operation}", "a resource that tests/support/policies.py cannot name")}


def _table_needs(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    action = f"dynamodb:{operation}"
    if operation in ("TransactWriteItems", "TransactGetItems"):
        for part in arguments["TransactItems"]:
            [(verb, request)] = part.items()
            yield Need(_PARTS[verb], _known("TABLE_NAME", request["TableName"]))
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        for table in arguments["RequestItems"]:
            yield Need(action, _known("TABLE_NAME", table))
    else:
        index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
        yield Need(action, _known("TABLE_NAME", arguments["TableName"]) + index)


def _model(name: str) -> str:
    """Return the resource behind what a request calls the model: it may be its whole ARN."""
    if name.startswith("arn:"):
        return name
    if name.startswith(("apac.", "eu.", "global.", "us.")):
        return f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/{name}"
    return f"arn:aws:bedrock:eu-west-1::foundation-model/{name}"


def _known(variable: str, name: str) -> str:
    """Return the resource whose name a variable tells the functions, if that is the name.

    A test that sets no such variable has made a client of its own, for the stack's resource.
    """
    if os.environ.get(variable, name) != name:
        return name
    logical_id = variables_of_all()[variable]["Ref"]
    return arn(template()["Resources"][logical_id]["Type"], logical_id)


@cache
def variables_of_all() -> dict[str, Any]:
    """Return every variable that the template sets for some function, with its value."""
    every: dict[str, Any] = dict(_global_variables())
    for properties in functions().values():
        every |= properties.get("Environment", {}).get("Variables", {})
    return every


@cache
def variables(function: str) -> frozenset[str]:
    """Return the names of the variables that the template sets for a function."""
    own = functions()[function].get("Environment", {}).get("Variables", {})
    return frozenset(own) | frozenset(_global_variables())


def _global_variables() -> dict[str, Any]:
    found: dict[str, Any] = template()["Globals"]["Function"]["Environment"]["Variables"]
    return found
