"""Roles of the template: who assumes them, what they allow, and that none is unused."""

from collections import defaultdict
from typing import Any

from tests.support.policies import grants, role_grants, role_of, roles
from tests.support.template import (
    deployed,
    functions,
    routes_of,
    stream_sources,
    template,
    transformed,
)

MANAGED = "arn:${AWS::Partition}:iam::aws:policy"


def test_no_function_may_invoke_models_or_read_secrets_by_default() -> None:
    policies = deployed("AWS::IAM::Policy")
    resources = {
        name: [statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]]
        for name, policy in policies.items()
    }
    allowing = [name for name, role in roles().items() if "bedrock" in str(role)]

    assert not allowing
    assert resources == {
        "InvokeModelsPolicy": [{"Ref": "ModelArns"}],
        "StreamModelsPolicy": [{"Ref": "ModelArns"}],
        "ReadSecretsPolicy": [{"Ref": "SecretArns"}],
    }
    assert {name: transformed()[name]["Condition"] for name in resources} == {
        "InvokeModelsPolicy": "ModelsAllowed",
        "StreamModelsPolicy": "ModelsAllowed",
        "ReadSecretsPolicy": "SecretsAllowed",
    }
    assert template()["Parameters"]["ModelArns"]["Default"] == ""
    assert template()["Parameters"]["SecretArns"]["Default"] == ""


def test_roles_have_the_managed_policies_of_their_functions_events() -> None:
    """SAM adds them to roles that it makes itself; each role here names them."""
    of_events = {
        "DynamoDB": "service-role/AWSLambdaDynamoDBExecutionRole",
        "SQS": "service-role/AWSLambdaSQSQueueExecutionRole",
    }
    assert template()["Globals"]["Function"]["Tracing"] == "Active"
    for function, properties in functions().items():
        kinds = {event["Type"] for event in properties.get("Events", {}).values()}
        kinds |= {"DynamoDB" for _ in stream_sources(function)}
        names = ["service-role/AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess"]
        names += [of_events[kind] for kind in sorted(kinds & of_events.keys())]
        policies = roles()[role_of(function)]["ManagedPolicyArns"]
        assert policies == [{"Sub": f"{MANAGED}/{name}"} for name in names], function


def test_only_lambda_assumes_the_roles_of_functions() -> None:
    for role in roles().values():
        assert _assumed_by(role) == "lambda.amazonaws.com"


def test_gateway_invokes_the_functions_of_this_stack_by_one_role() -> None:
    role = template()["Resources"]["InvokeFunctionsRole"]["Properties"]
    [policy] = role["Policies"]
    [statement] = policy["PolicyDocument"]["Statement"]
    [api] = deployed("AWS::ApiGateway::RestApi").values()
    methods = [one for path in api["Body"]["paths"].values() for one in path.values()]

    assert _assumed_by(role) == "apigateway.amazonaws.com"
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"]["Sub"].endswith(":function:${AWS::StackName}-*")
    assert {
        one["x-amazon-apigateway-integration"]["credentials"]["Fn::GetAtt"][0] for one in methods
    } == {"InvokeFunctionsRole"}


def _assumed_by(role: dict[str, Any]) -> str:
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRole")
    return str(statement["Principal"]["Service"])


def test_each_role_is_used_and_differs_from_all_others() -> None:
    """Functions with the same statements share a role, so that the stack stays small."""
    assert {role_of(function) for function in functions()} == roles().keys()

    by_content = defaultdict(list)
    for name, role in roles().items():
        by_content[role_grants(name), str(role["ManagedPolicyArns"])].append(name)
    assert not [names for names in by_content.values() if len(names) > 1]


def test_writes_of_functions_are_limited_to_kinds_of_keys() -> None:
    unlimited = {
        (name, grant.action)
        for name in roles()
        for grant in role_grants(name)
        if grant.action.endswith(("WriteItem", "PutItem", "UpdateItem", "DeleteItem"))
        and not grant.keys
    }

    assert not unlimited


def test_functions_of_read_routes_write_sessions_only() -> None:
    """A read may end a stale turn or an overdue approval; nothing else is written."""
    for name in functions():
        if {route.method for route in routes_of(name)} == {"get"}:
            assert {key for grant in grants(name) for key in grant.keys} <= {"*#session#*"}, name
