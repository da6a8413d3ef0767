"""Parameters of the template: read without YAML, chosen by name, refused by name."""

from typing import Any

import pytest
import yaml

from local.console import BadValue
from local.settings import ROOT
from local.template_parameters import declared, parse


def test_names_and_defaults_are_those_of_the_template() -> None:
    document: Any = yaml.compose((ROOT / "template.yaml").read_text())
    sections = {key.value: section for key, section in document.value}
    expected = {
        name.value: {key.value: value.value for key, value in entry.value}.get("Default", "")
        for name, entry in sections["Parameters"].value
    }

    assert declared() == expected


def test_value_may_be_empty_and_have_equals_signs() -> None:
    pairs = ["PlaygroundModel=", "Models=model_1=bedrock/a"]

    assert parse(pairs) == {"PlaygroundModel": "", "Models": "model_1=bedrock/a"}


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["RateLimit"], "PARAMETERS: expected NAME=VALUE, not RateLimit"),
        (["=50"], "PARAMETERS: expected NAME=VALUE, not =50"),
        (["Ratelimit=5"], "PARAMETERS: template.yaml has no Ratelimit; it has PythonRuntime, "),
        (["BuildSha=x"], "PARAMETERS: BuildSha is set by the build; leave it out"),
        (["RateLimit=1", "RateLimit=2"], "PARAMETERS: RateLimit is given twice; give it once"),
        (["OutgoingHosts=a.example.com,*"], "PARAMETERS: OutgoingHosts: expected hosts as "),
    ],
)
def test_invalid_pair_is_refused(pairs: list[str], message: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse(pairs)

    assert str(refused.value).startswith(message)
    assert refused.value.status == 2
