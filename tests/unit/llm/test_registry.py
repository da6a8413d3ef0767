"""The registry of models: what the stack names, and the scripted one."""

import pytest

from shared.core.errors import NotFound
from shared.core.ids import ModelId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.llm.registry import SCRIPTED_MODEL_ID, ModelRegistry

CLAUDE = "model_" + "c" * 32


def test_given_no_parameter_then_the_scripted_model_is_there() -> None:
    for nothing in ("", "{}"):
        [model] = ModelRegistry.parse(nothing).all()
        assert (model.id, model.provider) == (SCRIPTED_MODEL_ID, "scripted")


def test_given_models_of_the_stack_then_they_follow_the_scripted_one() -> None:
    registry = ModelRegistry.parse(f'{{"{CLAUDE}": {{"provider": "bedrock", "name": "claude"}}}}')
    assert [model.name for model in registry.all()] == ["scripted", "claude"]
    assert registry.get(ModelId.parse(CLAUDE)).provider == "bedrock"


def test_given_the_short_form_then_it_is_the_same_registry() -> None:
    profile = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.claude-v1:0"
    registry = ModelRegistry.parse(f"{CLAUDE}=bedrock/{profile}, model_{'d' * 32}=bedrock/nova")
    assert [model.name for model in registry.all()] == ["scripted", profile, "nova"]
    assert registry.get(ModelId.parse(CLAUDE)).provider == "bedrock"


def test_given_an_unknown_model_then_it_is_not_found() -> None:
    with pytest.raises(NotFound, match="Model not found"):
        ModelRegistry.parse("{}").get(ModelId.new())


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"gpt": {"provider": "a", "name": "b"}}',
        f'{{"{CLAUDE}": {{"name": "b"}}}}',
        "7",
        f"{CLAUDE}=bedrock",
    ],
)
def test_given_a_parameter_that_is_no_registry_then_it_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="MODELS is not a registry of models"):
        ModelRegistry.parse(text)


def test_usage_adds_up_and_is_false_while_there_is_none() -> None:
    once = TokenUsage(input_tokens=3, output_tokens=2, cache_read_tokens=1)
    assert once + once == TokenUsage(input_tokens=6, output_tokens=4, cache_read_tokens=2)
    assert once
    assert not NO_USAGE
