"""`make run` and `make help`: output and failures."""

import argparse
import shlex
import subprocess
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest

from local.console import Failure
from local.run import bring_up, options
from local.settings import ROOT, LocalStack
from tests.support.commands import run


@pytest.mark.parametrize(
    ("port", "home", "words"),
    [
        (4566, ROOT / ".local", []),
        (4566, Path(".local"), []),
        (4567, Path(".local"), ["PORT=4567"]),
        (4567, Path("/srv/my stack"), ["PORT=4567", "STATE=/srv/my stack"]),
    ],
)
def test_stop_command_has_the_options_of_the_stack(port: int, home: Path, words: list[str]) -> None:
    text = options(argparse.Namespace(port=port, home=home))

    assert shlex.split(text) == words


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "65536"], "from 1 to 65535"),
        (["--port", "0"], "from 1 to 65535"),
        (["--port", "4599", "--home", "/dev/null/stack"], "the stack's folder cannot be created"),
    ],
)
def test_invalid_port_or_folder_fails_with_one_line(arguments: list[str], message: str) -> None:
    start = (
        "from local import processes, settings, console; import argparse;"
        "parser = argparse.ArgumentParser(); settings.add_stack_options(parser);"
        "stack = settings.chosen_stack(parser.parse_args());"
        "console.run_task(lambda: processes.start(stack))"
    )
    done = run(sys.executable, "-c", start, *arguments, check=False)

    assert done.returncode in (1, 2)
    assert message in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_running_stack_with_another_port_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.run.build", lambda _: None)
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        stack = LocalStack(port=other.server_port, home=tmp_path)
        code = "print(flush=True); input()"
        words = [sys.executable, "-c", code, "-m", "local.emulator", str(stack.home)]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe) as emulator:
            assert emulator.stdout
            emulator.stdout.readline()  # it has a command line by then
            stack.pid_file.write_text(str(emulator.pid))
            with pytest.raises(Failure, match="it has another port"):
                bring_up(stack)
            emulator.communicate(b"\n")
        other.shutdown()


def test_help_has_complete_commands() -> None:
    text = run("make", "--no-print-directory", "help").stdout

    assert 'eval "$(make -s env)"' in text
    assert "FILE=… KIND=agent|evaluation [NAME=…]" in text
