"""`make run` and `make help`: output and failures."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from local.console import Parser
from local.rie import free_port
from local.run import options
from local.run_options import RunOptions, read_options
from local.settings import ROOT, LocalStack, add_stack_options
from tests.support.commands import make, run


@pytest.mark.parametrize(
    ("port", "home", "words"),
    [
        (4566, ROOT / ".local", []),
        (4567, ROOT / ".local", ["PORT=4567"]),
        (4567, Path("/srv/my stack"), ["PORT=4567", "STATE=/srv/my stack"]),
    ],
)
def test_stop_command_has_the_options_of_the_stack(port: int, home: Path, words: list[str]) -> None:
    text = options(LocalStack(port=port, home=home))

    assert shlex.split(text) == words


@pytest.mark.parametrize("port", ["abc", "0", "80", "1023", "65536", "-1", "4_566", "٤٥٦٦", " "])
def test_invalid_port_is_refused_in_one_line(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _refusal(capsys, f"--port={port}") == (
        f"error: PORT: must be a number from 1024 to 65535, not {port}\n"
    )


@pytest.mark.parametrize(
    ("home", "message"),
    [
        ("", "STATE: must name a folder; it is empty"),
        (__file__, f"STATE: must be a folder; {__file__} is a file"),
        ("x" * 300, "STATE: must name a folder: "),
        ("a\0b", "STATE: must name a folder: "),
    ],
)
def test_invalid_folder_is_refused_in_one_line(
    home: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = _refusal(capsys, f"--home={home}")

    assert refusal.startswith(f"error: {message}")
    assert refusal.count("\n") == 1


def _refusal(capsys: pytest.CaptureFixture[str], option: str) -> str:
    parser = Parser()
    add_stack_options(parser)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args([option])
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("target", ["run", "stop", "env"])
def test_invalid_port_is_refused_by_each_command(target: str) -> None:
    done = make(target, "PORT=70000")

    assert done.returncode == 2
    first, of_make = done.stderr.splitlines()
    assert first == "error: PORT: must be a number from 1024 to 65535, not 70000"
    assert of_make.endswith("Error 2")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("DETACH=maybe", "DETACH: must be 1 or 0, not maybe"),
        ("PARAMETERS=Ratelimit=5", "PARAMETERS: template.yaml has no Ratelimit; it has Python"),
        ("PARAMETERS=RateLimit", "PARAMETERS: expected NAME=VALUE, not RateLimit"),
        ("MODEL=qwen3", "MODEL: expected openai/<model name>@<base url>, not 'qwen3'"),
        (
            "MODEL=openai/qwen3@127.0.0.1",
            "MODEL: expected openai/<model name>@<base url> or openai",
        ),
        (
            "MODELS=openai/qwen3@http://host",
            "MODELS: expected model_<32 hex>=<provider>/<name>, not",
        ),
        (
            "PARAMETERS=Models=model_1=bedrock/a",
            "PARAMETERS: Models: model_1: the id must be model_",
        ),
        ("STATE=/dev/null/stack", "STATE: must be a folder to write in; the stack's folder cannot"),
    ],
)
def test_invalid_value_is_refused_before_the_installation(variable: str, message: str) -> None:
    done = make("run", f"PORT={free_port()}", variable)

    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 2
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("yes", True), ("True", True), ("0", False), ("no", False)]
)
def test_detach_is_a_switch(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, expected: bool
) -> None:
    home = tmp_path / 'with a space, ä "and quotes"'
    words = ["--home", str(home), "--detach", text, "--parameters", "RateLimit=5"]
    monkeypatch.setattr(sys, "argv", ["run", *words])

    options = read_options()

    assert options == RunOptions(LocalStack(home=home), expected, {"RateLimit": "5"}, None)


def test_folder_reaches_the_commands_with_every_character(tmp_path: Path) -> None:
    home = tmp_path / """it's "quoted" `and` ünïcode"""

    done = make("env", f"STATE={home}")

    assert done.stderr.startswith("error: nothing runs on 4566; start the stack in") or (
        "port 4566: " in done.stderr  # someone's stack
    )
    assert make("stop", f"STATE={home}", f"PORT={(port := free_port())}").stdout == (
        f"Nothing runs on {port}.\n"
    )


def test_commands_before_the_installation_need_only_the_standard_library() -> None:
    modules = "local.start, local.stop, local.env, local.environments"
    code = f"import sys; import {modules}; print(*sys.modules, sep='\\n')"

    done = run(sys.executable, "-S", "-c", code)

    top = {name.partition(".")[0] for name in done.stdout.split()}
    assert top <= sys.stdlib_module_names | {"local", "shared", "__main__"}


@pytest.mark.parametrize(
    ("target", "environments"),
    [
        ("stop", []),
        ("env", []),
        ("run", []),  # local/start.py installs after its checks
        ("api-key", ["dev"]),
        ("import", ["dev"]),
        ("test", ["dev", "emulator", "lambda", "node", "tools"]),
        ("check", ["dev", "node", "tools"]),
        ("build", ["node", "tools"]),
        ("bench", ["dev", "emulator", "lambda", "node", "tools", "langgraph", "plots"]),
        ("deploy", ["dev", "node", "tools"]),
        ("openapi", ["dev"]),
        ("lock", ["tools"]),
    ],
)
def test_target_installs_only_its_own_environments(target: str, environments: list[str]) -> None:
    lines = make("--dry-run", target).stdout.splitlines()

    marker = "-m local.environments "
    installed = " ".join(line.partition(marker)[2] for line in lines if marker in line)
    assert installed.split() == environments
    used = set(re.findall(r"\.venv/(\w+)/", "\n".join(lines)))
    assert used <= set(environments)


def test_help_has_complete_commands() -> None:
    text = make("help").stdout

    assert 'eval "$(make -s env)"' in text
    assert "FILE=… KIND=agent|evaluation [NAME=…]" in text
