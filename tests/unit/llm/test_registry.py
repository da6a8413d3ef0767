"""Registry of models: the configured ones, and the scripted one."""

import pytest

from shared.core.errors import NotFound
from shared.core.ids import ModelId
from shared.llm.port import NO_USAGE, TokenUsage
from shared.llm.registry import SCRIPTED_MODEL_ID, ModelRegistry

CLAUDE = "model_" + "c" * 32
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.claude-v1:0"


def test_empty_parameter_leaves_the_scripted_model() -> None:
    for nothing in ("", "{}"):
        [model] = ModelRegistry.parse(nothing).all()
        assert (model.id, model.provider) == (SCRIPTED_MODEL_ID, "scripted")


@pytest.mark.parametrize(
    ("parameter", "names"),
    [
        (f'{{"{CLAUDE}": {{"provider": "bedrock", "name": "claude"}}}}', ["claude"]),
        (f"{CLAUDE}=bedrock/{PROFILE}, model_{'d' * 32}=bedrock/nova", [PROFILE, "nova"]),
    ],
)
def test_configured_models_follow_the_scripted_one(parameter: str, names: list[str]) -> None:
    registry = ModelRegistry.parse(parameter)
    assert [model.name for model in registry.all()] == ["scripted", *names]
    assert registry.get(ModelId.parse(CLAUDE)).provider == "bedrock"


def test_unknown_model_is_not_found() -> None:
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
def test_invalid_parameter_raises_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="MODELS: must be a registry of models"):
        ModelRegistry.parse(text)


def test_usage_adds_up_and_is_false_when_empty() -> None:
    once = TokenUsage(input_tokens=3, output_tokens=2, cache_read_tokens=1)
    assert once + once == TokenUsage(input_tokens=6, output_tokens=4, cache_read_tokens=2)
    assert once
    assert not NO_USAGE
