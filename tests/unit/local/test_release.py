"""`make deploy`: what is refused at once, and what it hands on to `sam deploy`."""

import json
import os
import shlex
import subprocess

import pytest

from local.build import AWS
from local.console import Failure
from local.environments import interpreter
from local.release import overrides, parse
from local.settings import ROOT

MODELS = (
    "model_c1a0de00000000000000000000000000=bedrock/eu.amazon.nova-lite-v1:0,"
    "model_c1a0de00000000000000000000000001=bedrock/arn:aws:bedrock:eu-west-1:123456789012:"
    "inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
)
#: The SAM CLI's own reader of ``--parameter-overrides``.
READER = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
print(json.dumps(CfnParameterOverridesType().convert(tuple(sys.argv[1:]), None, None)))
"""


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make with what is told here alone: nothing of the make or the shell around it."""
    passed = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT, env=passed, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _handed_on(parameters: str) -> dict[str, str]:
    """Return the parameters that the SAM CLI reads off what `make deploy` would call it with."""
    told = _make("--dry-run", "deploy", "STACK=mine", f"PARAMETERS={parameters}").stdout
    [line] = [line for line in told.splitlines() if " -m local.release " in line]
    words = shlex.split(line)
    _, chosen = parse(words[words.index("local.release") + 1 :])
    done = subprocess.run(
        [interpreter("tools"), "-c", READER, *overrides(AWS.parameters("sha", chosen))],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
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
def test_given_parameters_when_deployed_then_sam_reads_them_as_they_were_told(
    parameters: str, expected: dict[str, str]
) -> None:
    read = _handed_on(parameters)
    assert {name: read[name] for name in expected} == expected
    assert read.keys() - expected.keys() == {"PythonRuntime", "Architecture", "BuildSha"}


@pytest.mark.parametrize("stack", [[], ["STACK="]])
def test_given_no_stack_when_deployed_then_it_is_refused_before_anything_is_done(
    stack: list[str],
) -> None:
    done = _make("deploy", *stack)
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == "error: STACK: must name the stack: make deploy STACK=…"
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        ("RateLimit", "PARAMETERS: expected NAME=VALUE, not RateLimit"),
        ("=50", "PARAMETERS: expected NAME=VALUE, not =50"),
        ("Ratelimit=50", "PARAMETERS: template.yaml has no Ratelimit; it has PythonRuntime, "),
    ],
)
def test_given_a_parameter_that_is_none_when_deployed_then_it_is_named(
    pair: str, told: str
) -> None:
    with pytest.raises(Failure) as failure:
        parse(["--stack-name", "mine", "--parameters", pair])
    assert str(failure.value).startswith(told)
