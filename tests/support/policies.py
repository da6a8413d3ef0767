"""Permissions that template.yaml gives each function, and those that each request needs."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from local.model_arns import Account, model_arns, secret_arns
from tests.support.template import functions, of_type, stream_sources, template

_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_ACCOUNT = Account("123456789012", "eu-west-1")
_PSEUDO_PARAMETERS = {
    "AWS::Partition": _ACCOUNT.partition,
    "AWS::Region": _ACCOUNT.region,
    "AWS::AccountId": _ACCOUNT.id,
    "AWS::StackName": "agent-sessions",
}
_LEADING_KEYS = ("ForAllValues:StringLike", "dynamodb:LeadingKeys")
#: Parts of partition keys that differ from item to item, and what stands for them here.
_VARIABLE_PARTS = (
    (re.compile(r"org_[0-9a-f]{32}"), "<org>"),
    (re.compile(r"[0-9a-f]{32,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"(?<=#)\d+$"), "<shard>"),
)

#: The Bedrock models of the stack that the policies are read for.
MODEL = "some.model-v1"
PROFILE = f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.{MODEL}"
#: Secrets with the keys of its other models: a parameter, and a secret of Secrets Manager.
PARAMETER = "/agent-sessions/models/openai"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:openai-a1b2c3"


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """An IAM action on a resource, as one request to AWS needs it.

    ``key`` is the kind of partition key that a write names: ``<org>#session#<id>``.
    """

    action: str
    resource: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}" + (f" at {self.key}" if self.key else "")


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """An IAM action on a pattern of resources, as a policy allows it.

    ``keys`` are the patterns of partition keys that it is limited to; none is no limit. In a
    pattern ``*`` is any text.
    """

    action: str
    resource: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        limit = f" at {', '.join(self.keys)}" if self.keys else ""
        return f"{self.action} on {self.resource}{limit}"

    def covers(self, need: Need) -> bool:
        return (
            fnmatchcase(need.action, self.action)
            and fnmatchcase(need.resource, self.resource)
            and (not self.keys or any(fnmatchcase(need.key, key) for key in self.keys))
        )


@cache
def handlers() -> dict[str, str]:
    """Return the logical id of each handler's function, by the handler's module."""
    return {
        f"functions.{properties['Handler'].removesuffix('.handler')}": name
        for name, properties in functions().items()
    }


def role_of(function: str) -> str:
    name, attribute = functions()[function]["Role"]["GetAtt"].split(".")
    assert attribute == "Arn"
    return str(name)


@cache
def roles() -> dict[str, dict[str, Any]]:
    """Return the properties of every role of functions, by logical id."""
    found = of_type("AWS::IAM::Role", template()["Resources"])
    return {name: role for name, role in found.items() if name != "InvokeFunctionsRole"}


@cache
def grants(function: str) -> frozenset[Grant]:
    """Return what the policies of a function's role allow, one action on one resource each.

    AWS's managed policies (logs, traces, event sources) are left out; tests/contract/
    test_template_roles.py checks those.
    """
    return role_grants(role_of(function))


@cache
def role_grants(role: str) -> frozenset[Grant]:
    policies = of_type("AWS::IAM::Policy", template()["Resources"]).values()
    attached = [policy for policy in policies if {"Ref": role} in policy["Roles"]]
    return frozenset(
        grant
        for policy in [*roles()[role].get("Policies", []), *attached]
        for grant in _grants(policy["PolicyDocument"]["Statement"])
    )


@cache
def delivery_needs(function: str) -> frozenset[Need]:
    """Return what Lambda needs of a function's role to send failed events to a queue."""
    properties = functions()[function]
    events = properties.get("Events", {}).values()
    configured = [
        properties.get("EventInvokeConfig", {}),
        *(one["Properties"] for one in events if one["Type"] != "DynamoDB"),
        *stream_sources(function),
    ]
    queues = [
        source["DestinationConfig"]["OnFailure"]["Destination"]
        for source in configured
        if "DestinationConfig" in source
    ]
    return frozenset(Need("sqs:SendMessage", _resolved(queue)) for queue in queues)


def _grants(statements: list[dict[str, Any]]) -> Iterator[Grant]:
    for statement in statements:
        assert set(statement) - {"Condition"} == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        keys = _leading_keys(statement.get("Condition"))
        for action in _as_list(statement["Action"]):
            for resource in _resources(statement["Resource"]):
                # An action applies to the resources of its own service.
                if resource.split(":")[2] == action.partition(":")[0]:
                    yield Grant(action, resource, keys)


def _leading_keys(condition: Any) -> tuple[str, ...]:
    """Return the patterns of a condition; the only kind that this module understands."""
    if condition is None:
        return ()
    operator, context_key = _LEADING_KEYS
    keys = condition[operator][context_key]
    assert condition == {operator: {context_key: keys}}
    return tuple(_as_list(keys))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resources(value: Any) -> list[str]:
    if value == {"Ref": "ModelArns"}:
        names = (f"model_{n:032x}=bedrock/{name}" for n, name in enumerate((MODEL, PROFILE)))
        return model_arns({"Models": ",".join(names)}, _ACCOUNT)
    if value == {"Ref": "SecretArns"}:
        names = (
            f"model_{n:032x}=openai/x@https://host#{name}"
            for n, name in enumerate((PARAMETER, SECRET))
        )
        return secret_arns({"Models": ",".join(names)}, _ACCOUNT)
    return [_resolved(resource) for resource in _as_list(value)]


def _resolved(value: Any) -> str:
    """Return the text that a ``!GetAtt`` or ``!Sub`` of the template evaluates to."""
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
    """Return the ARN of a resource of the stack; here its logical id is its name."""
    place = "eu-west-1:123456789012"
    return {
        "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{place}:table/{name}",
        "AWS::Events::EventBus": f"arn:aws:events:{place}:event-bus/{name}",
        "AWS::S3::Bucket": f"arn:aws:s3:::{name}",
        "AWS::SQS::Queue": f"arn:aws:sqs:{place}:{name}",
    }[kind]


def needs(service: str, operation: str, arguments: dict[str, Any]) -> set[Need]:
    """Return what a request needs, according to AWS's service authorization reference."""
    match (service, operation):
        case ("dynamodb", _):
            found = set(_table_needs(operation, arguments))
        case ("events", "PutEvents"):
            buses = {entry["EventBusName"] for entry in arguments["Entries"]}
            found = {Need("events:PutEvents", _known("EVENT_BUS_NAME", bus)) for bus in buses}
        case ("sqs", _):
            url = arguments["QueueUrl"]
            variables_of = ("SIMULATION_QUEUE_URL", "TRACE_QUEUE_URL", "TURN_QUEUE_URL")
            variable = next((one for one in variables_of if os.environ.get(one) == url), "")
            queue = _known(variable or "TURN_QUEUE_URL", url)
            found = {Need(f"sqs:{operation.removesuffix('Batch')}", queue)}
        case ("s3", _):
            found = set(_bucket_needs(operation, arguments))
        case ("bedrock-runtime", "Converse"):
            found = {Need("bedrock:InvokeModel", arn) for arn in _model(arguments["modelId"])}
        case ("bedrock-runtime", "ConverseStream"):
            action = "bedrock:InvokeModelWithResponseStream"
            found = {Need(action, arn) for arn in _model(arguments["modelId"])}
        case ("secretsmanager", "GetSecretValue"):
            found = {Need("secretsmanager:GetSecretValue", arguments["SecretId"])}
        case ("ssm", "GetParameter"):
            place = f"{_ACCOUNT.region}:{_ACCOUNT.id}"
            name = arguments["Name"].removeprefix("/")
            found = {Need("ssm:GetParameter", f"arn:aws:ssm:{place}:parameter/{name}")}
        case _:
            unknown = "a resource that tests/support/policies.py cannot name"
            found = {Need(f"{service}:{operation}", unknown)}
    return found


def _bucket_needs(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    variable = {"imports": "IMPORT_BUCKET"}.get(arguments["Bucket"], "FILES_BUCKET")
    bucket = _known(variable, arguments["Bucket"])
    if operation == "ListObjectsV2":
        yield Need("s3:ListBucket", bucket)
    elif operation == "DeleteObjects":
        for one in arguments["Delete"]["Objects"]:
            yield Need("s3:DeleteObject", f"{bucket}/{one['Key']}")
    else:
        parts = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")
        action = "PutObject" if operation in parts else operation
        yield Need(f"s3:{action}", f"{bucket}/{arguments['Key']}")


def _table_needs(operation: str, arguments: dict[str, Any]) -> Iterator[Need]:
    action = f"dynamodb:{operation}"
    if operation in ("TransactWriteItems", "TransactGetItems"):
        # IAM has no action for the transaction itself.
        for part in arguments["TransactItems"]:
            [(verb, request)] = part.items()
            key = _key(request) if verb in ("Put", "Update", "Delete") else ""
            yield Need(f"dynamodb:{verb}Item", _known("TABLE_NAME", request["TableName"]), key)
    elif operation == "BatchGetItem":
        for table in arguments["RequestItems"]:
            yield Need(action, _known("TABLE_NAME", table))
    elif operation == "BatchWriteItem":
        for table, writes in arguments["RequestItems"].items():
            for write in writes:
                [request] = write.values()
                yield Need(action, _known("TABLE_NAME", table), _key(request))
    else:
        index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
        key = _key(arguments) if operation in _WRITES else ""
        yield Need(action, _known("TABLE_NAME", arguments["TableName"]) + index, key)


def _key(request: dict[str, Any]) -> str:
    """Return the kind of the partition key that a write names."""
    key = str((request.get("Item") or request["Key"])["pk"]["S"])
    for pattern, name in _VARIABLE_PARTS:
        key = pattern.sub(name, key)
    return key


def _model(name: str) -> set[str]:
    """Return the resources behind a model id: a profile is authorized with its model."""
    profile, _, model = name.rpartition("/eu.") if name.startswith("arn:") else ("", "", name)
    foundation = f"arn:aws:bedrock:eu-west-1::foundation-model/{model}"
    return {foundation, name} if profile else {foundation}


def _known(variable: str, name: str) -> str:
    """Return the ARN of the resource that a variable names, if ``name`` is that resource.

    A test that sets no such variable has its own client, for the stack's resource.
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
