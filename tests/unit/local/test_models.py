"""Models of `make run`: MODEL, MODELS, and the key of their servers."""

from pathlib import Path

import pytest

from local.console import BadValue
from local.models import ENV_FILE, KEY_PARAMETER, add_models, check_uses, read_key
from local.settings import ROOT

A, B = f"model_{'a' * 32}", f"model_{'b' * 32}"
QWEN = "openai/qwen3:8b@http://127.0.0.1:11434/v1"


def test_model_is_the_default_of_every_use() -> None:
    chosen = add_models({"RateLimit": "5"}, model=QWEN)

    identifier = chosen["DefaultModelId"]
    assert chosen == {
        "RateLimit": "5",
        "Models": f"{identifier}={QWEN}",
        **dict.fromkeys(
            ("DefaultModelId", "PlaygroundModel", "SimulatorModel", "DrafterModel", "JudgeModel"),
            identifier,
        ),
    }
    assert add_models({}, model=f"{QWEN}#/stack/key")["DefaultModelId"] == identifier
    assert add_models({}, model=f"{QWEN}/")["DefaultModelId"] != identifier


def test_model_is_added_to_others_and_yields_to_chosen_uses() -> None:
    parameters = {"DrafterModel": A, "PlaygroundModel": ""}
    chosen = add_models(parameters, model=QWEN, models=f"{A}=bedrock/nova")
    assert chosen["Models"] == f"{A}=bedrock/nova,{chosen['DefaultModelId']}={QWEN}"
    assert (chosen["DrafterModel"], chosen["PlaygroundModel"]) == (A, "")


def test_models_of_the_parameters_stay() -> None:
    for text in (f"{A}={QWEN}", f'{{"{A}": {{"provider": "bedrock", "name": "nova"}}}}'):
        assert add_models({"Models": text}) == {"Models": text}
    assert add_models({}) == {}


def test_key_is_named_by_servers_that_name_none() -> None:
    models = f"{A}={QWEN},{B}={QWEN}#/own,{A[:-1]}b=bedrock/nova"
    chosen = add_models({"Models": models}, has_key=True)
    assert chosen == {
        "Models": f"{A}={QWEN}#{KEY_PARAMETER},{B}={QWEN}#/own,{A[:-1]}b=bedrock/nova"
    }
    assert add_models({}, has_key=True) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"models": f"{A}={QWEN}", "parameters": {"Models": ""}},
            "MODELS: PARAMETERS has Models too",
        ),
        ({"models": "qwen3"}, "MODELS: expected model_<32 hex>=<provider>/<name>, not 'qwen3'"),
        ({"models": f"{A}=oracle/x"}, f"MODELS: {A}: there is no provider 'oracle'"),
        ({"models": f"{A}={QWEN},{A}={QWEN}"}, f"MODELS: {A}: is given twice"),
        ({"model": "qwen3"}, "MODEL: expected openai/<model name>@<base url>, not 'qwen3'"),
        ({"model": "openai/qwen3"}, "MODEL: expected openai/<model name>@<base url> or openai"),
        ({"model": "oracle/x"}, "MODEL: there is no provider 'oracle'"),
        ({"model": f"{QWEN},{A}={QWEN}"}, "MODEL: must be one model"),
        ({"model": "openai/x@http://me:word@h"}, "MODEL: base URL: must have no credentials"),
        (
            {"parameters": {"DrafterModel": A}},
            f"PARAMETERS: DrafterModel: must be an id in Models; {A}",
        ),
        (
            {"model": QWEN, "parameters": {"DefaultModelId": A}},
            "PARAMETERS: DefaultModelId: must be",
        ),
    ],
)
def test_wrong_models_are_refused_with_a_sentence(options: dict, message: str) -> None:  # type: ignore[type-arg]  # of any of the options
    with pytest.raises(BadValue) as refused:
        add_models(**{"parameters": {}, **options})
    assert str(refused.value).startswith(message)
    assert "word@" not in str(refused.value)


def test_uses_of_a_deployment_are_checked() -> None:
    scripted = f"model_{'0' * 31}1"
    check_uses({"Models": f"{A}={QWEN}", "DefaultModelId": A, "DrafterModel": ""})
    check_uses({"Models": "{}", "DefaultModelId": scripted})
    with pytest.raises(BadValue, match="PlaygroundModel: must be an id in Models"):
        check_uses({"Models": "{}", "PlaygroundModel": A})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("OPENAI_API_KEY=of-the-file\n", "of-the-file"),
        ("# a comment\nOTHER=1\nexport OPENAI_API_KEY = 'of-the-file'\r\n", "of-the-file"),
        ('OPENAI_API_KEY="of-the-file"', "of-the-file"),
        ("OPENAI_API_KEY=", ""),
        ("MY_OPENAI_API_KEY=other", ""),
    ],
)
def test_key_is_read_from_the_file_unless_the_shell_has_one(
    tmp_path: Path, text: str, key: str
) -> None:
    file = tmp_path / ".env"
    file.write_text(text)
    assert read_key({}, file) == key
    assert read_key({"OPENAI_API_KEY": "of-the-shell"}, file) == "of-the-shell"
    assert read_key({"OPENAI_API_KEY": ""}, file) == ""
    assert read_key({}, tmp_path / "none") == ""


@pytest.mark.parametrize("key", ["two words", "schlüssel", "two\nlines"])
def test_key_that_no_header_can_have_is_refused_unseen(key: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_key({"OPENAI_API_KEY": key})
    assert str(refused.value).startswith("OPENAI_API_KEY: must have ASCII")
    assert key not in str(refused.value)


def test_file_with_the_key_is_never_committed() -> None:
    assert ENV_FILE.parent == ROOT
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
