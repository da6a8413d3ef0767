"""Registry of models: the configured ones, and the scripted one."""

import json

import pytest

from shared.core.errors import NotFound
from shared.core.ids import ModelId
from shared.llm.model_entries import check_entries, parse_entries
from shared.llm.port import NO_USAGE, TokenUsage
from shared.llm.registry import SCRIPTED_MODEL_ID, ModelRegistry

CLAUDE = "model_" + "c" * 32
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.claude-v1:0"

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-a1b2c3"


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
    ("model", "name", "base_url", "secret"),
    [
        ("qwen3@http://127.0.0.1:11434/v1", "qwen3", "http://127.0.0.1:11434/v1", ""),
        ("qwen3:8b@http://host", "qwen3:8b", "http://host", ""),
        ("org/name@https://host/v1/", "org/name", "https://host/v1/", ""),
        ("@cf/org/name@https://[::1]:80/v1", "@cf/org/name", "https://[::1]:80/v1", ""),
        ("gpt=1@https://host/v1#/stack/key", "gpt=1", "https://host/v1", "/stack/key"),
        (f"gpt@https://host/v1#{SECRET}", "gpt", "https://host/v1", SECRET),
    ],
)
def test_openai_model_has_server_and_secret(
    model: str, name: str, base_url: str, secret: str
) -> None:
    fields = {"provider": "openai", "name": name, "base_url": base_url, "secret": secret}
    for text in (f" {CLAUDE}=openai/{model} ", json.dumps({CLAUDE: fields})):
        found = ModelRegistry.parse(text).get(ModelId.parse(CLAUDE))
        assert (found.provider, found.name) == ("openai", name)
        assert (found.base_url, found.secret) == (base_url, secret)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("openai/qwen3", "expected openai/<model name>@<base url>"),
        ("openai/@http://host", "expected openai/<model name>@<base url>"),
        ("openai/qwen3@127.0.0.1:11434", "expected openai/<model name>@<base url>"),
        ("openai/qwen3@ftp://host", "expected openai/<model name>@<base url>"),
        ("openai/qwen3@http://", "must begin with http:// or https:// and a host"),
        ("openai/qwen3@http://host:99999", "the port or the host is invalid"),
        ("openai/qwen3@http://me:word@host/v1", "must have no credentials"),
        ("openai/qwen3@http://host/v1?a=b", "must have no query"),
        ("openai/qwen3@http://hö.st", "ASCII characters only"),
        ("openai/qwen3@http://host/a b", "no spaces"),
        ("openai/qwen3@http://host#", "a secret's name must follow the #"),
        ("openai/qwen3@http://host#my key", "must be the name of an SSM parameter"),
        ("openai/", "expected model_<32 hex>=<provider>/<name>"),
        ("/qwen3", "expected model_<32 hex>=<provider>/<name>"),
    ],
)
def test_invalid_model_raises_a_sentence(model: str, words: str) -> None:
    with pytest.raises(ValueError, match="MODELS: must be a registry of models") as failed:
        ModelRegistry.parse(f"{CLAUDE}={model}")
    assert words in str(failed.value)
    assert ":word@" not in str(failed.value)


def test_invalid_entry_never_shows_credentials() -> None:
    with pytest.raises(ValueError, match="MODELS") as failed:
        ModelRegistry.parse(f"{CLAUDE}=openai/x@ftp://me:word@host")
    assert "word" not in str(failed.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{CLAUDE}=oracle/delphi", "no provider 'oracle', only bedrock, openai, scripted"),
        (f"{CLAUDE}=bedrock/a,{CLAUDE}=bedrock/b", "is given twice"),
    ],
)
def test_check_refuses_what_no_stack_can_use(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_entries(parse_entries(text))


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"gpt": {"provider": "a", "name": "b"}}',
        f'{{"{CLAUDE}": {{"name": "b"}}}}',
        "7",
        f"{CLAUDE}=bedrock",
        f'{{"{CLAUDE}": 5}}',
        f'{{"{CLAUDE}": {{"provider": "openai", "name": "b"}}}}',
        f'{{"{CLAUDE}": {{"provider": "bedrock", "name": "b", "secret": "c"}}}}',
        "[" * 9999,
        "{" * 9999,
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
