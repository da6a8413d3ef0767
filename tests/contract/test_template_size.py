"""How large the stack is once SAM has spelled it out, and how many read its stream."""

import subprocess

from local.environments import interpreter
from local.settings import ROOT
from tests.support.template import functions

#: Of CloudFormation's 500: what is left is room for a few areas more.
MOST_RESOURCES = 450

# The transform's own package pins an older Pydantic than the functions use, so it runs in the
# environment of the tools.
_COUNT = """
import json, sys
from unittest.mock import Mock
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse
template = yaml_parse(open("template.yaml").read())
template["Globals"]["Function"]["CodeUri"] = "s3://bucket/functions"
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::LayerVersion":
        resource["Properties"]["ContentUri"] = "s3://bucket/layer"
defaults = {name: one.get("Default") for name, one in template["Parameters"].items()}
print(len(transform(template, defaults, Mock())["Resources"]))
"""


def test_stack_stays_under_the_limit_of_resources() -> None:
    """Given the template, when SAM transforms it, then it is well under 500 resources."""
    done = subprocess.run(
        [interpreter("tools"), "-c", _COUNT],
        cwd=ROOT,
        env={"AWS_DEFAULT_REGION": "eu-west-1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert 300 < int(done.stdout) < MOST_RESOURCES


def test_table_has_no_more_stream_readers_than_it_serves_well() -> None:
    """Given the template, then at most two functions read the stream, as DynamoDB advises."""
    readers = [
        name
        for name, properties in functions().items()
        if any(event["Type"] == "DynamoDB" for event in properties.get("Events", {}).values())
    ]

    assert sorted(readers) == ["PublishChangesFunction", "RunTurnFunction"]
