"""`make deploy`: invalid arguments, and the parameters of `sam deploy`."""

import json
import shlex

import pytest

from local.build import AWS
from local.console import Failure
from local.environments import interpreter
from local.release import parse
from local.template_parameters import overrides
from tests.support.commands import make, run

MODELS = (
    "model_c1a0de00000000000000000000000000=bedrock/eu.amazon.nova-lite-v1:0,"
    "model_c1a0de00000000000000000000000001=bedrock/arn:aws:bedrock:eu-west-1:123456789012:"
    "inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
)
#: The SAM CLI's own parser of ``--parameter-overrides``.
READER = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
print(json.dumps(CfnParameterOverridesType().convert(tuple(sys.argv[1:]), None, None)))
"""


def _parameters_of(parameters: str) -> dict[str, str]:
    """Return the parameters that the SAM CLI would get from `make deploy`."""
    output = make("--dry-run", "deploy", "STACK=mine", f"PARAMETERS={parameters}").stdout
    [line] = [line for line in output.splitlines() if " -m local.release " in line]
    words = shlex.split(line)
    _, chosen = parse(words[words.index("local.release") + 1 :])
    done = run(interpreter("tools"), "-c", READER, *overrides(AWS.parameters("sha", chosen)))
    read: dict[str, str] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", {}),
        ("RateLimit=50", {"RateLimit": "50"}),
        (f"Models={MODELS}", {"Models": MODELS}),
        (
            f"RateLimit=50 Models={MODELS} PlaygroundModel=model_c1a0de00000000000000000000000000",
            {
                "RateLimit": "50",
                "Models": MODELS,
                "PlaygroundModel": "model_c1a0de00000000000000000000000000",
            },
        ),
        ("PlaygroundModel= RateLimit=50", {"PlaygroundModel": "", "RateLimit": "50"}),
        ("""'Models={"model_1": "bedrock/a b"}'""", {"Models": '{"model_1": "bedrock/a b"}'}),
    ],
    ids=["none", "a number", "models", "several", "an empty one", "quotes and spaces"],
)
def test_parameters_reach_sam_unchanged(parameters: str, expected: dict[str, str]) -> None:
    read = _parameters_of(parameters)
    assert {name: read[name] for name in expected} == expected
    assert read.keys() - expected.keys() == {"PythonRuntime", "Architecture", "BuildSha"}


@pytest.mark.parametrize("stack", [[], ["STACK="]])
def test_deploy_without_a_stack_is_refused_at_once(
    stack: list[str],
) -> None:
    done = make("deploy", *stack)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == "error: STACK: must name the stack: make deploy STACK=…"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("RateLimit", "PARAMETERS: expected NAME=VALUE, not RateLimit"),
        ("=50", "PARAMETERS: expected NAME=VALUE, not =50"),
        ("Ratelimit=50", "PARAMETERS: template.yaml has no Ratelimit; it has PythonRuntime, "),
    ],
)
def test_invalid_parameter_is_refused_by_name(pair: str, message: str) -> None:
    with pytest.raises(Failure) as failure:
        parse(["--stack-name", "mine", "--parameters", pair])
    assert str(failure.value).startswith(message)


def test_stack_name_that_would_be_cut_in_function_names_is_refused() -> None:
    with pytest.raises(Failure, match="STACK: must have at most 24 characters"):
        parse(["--stack-name", "a" * 25])
