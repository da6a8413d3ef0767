"""What `make run` tells the person at the terminal."""

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


@pytest.mark.parametrize(
    ("port", "home", "words"),
    [
        (4566, ROOT / ".local", []),
        (4566, Path(".local"), []),
        (4567, Path(".local"), ["PORT=4567"]),
        (4567, Path("/srv/my stack"), ["PORT=4567", "STATE=/srv/my stack"]),
    ],
)
def test_command_that_stops_can_be_pasted(port: int, home: Path, words: list[str]) -> None:
    """Given a port and a folder, then `make stop` is told them as a shell reads them."""
    told = options(argparse.Namespace(port=port, home=home))

    assert shlex.split(told) == words


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "65536"], "from 1 to 65535"),
        (["--port", "0"], "from 1 to 65535"),
        (["--port", "4599", "--home", "/dev/null/stack"], "the stack's folder cannot be made"),
    ],
)
def test_what_cannot_be_is_told_without_a_traceback(arguments: list[str], told: str) -> None:
    """Given a port or a folder that cannot be, then one line says so."""
    start = (
        "from local import processes, settings, console; import argparse;"
        "parser = argparse.ArgumentParser(); settings.add_stack_options(parser);"
        "stack = settings.chosen_stack(parser.parse_args());"
        "console.run_task(lambda: processes.start(stack))"
    )
    done = subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode in (1, 2)
    assert told in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_other_programs_port_is_no_port_of_a_running_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a stack that runs, when it is sought where another program answers, then it says so."""
    monkeypatch.setattr("local.run.build", lambda _: None)
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        stack = LocalStack(port=other.server_port, home=tmp_path)
        waits = "print(flush=True); input()"
        words = [sys.executable, "-c", waits, "-m", "local.emulator", str(stack.home)]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe) as emulator:
            assert emulator.stdout
            emulator.stdout.readline()  # it has a command line from now on
            stack.pid_file.write_text(str(emulator.pid))
            with pytest.raises(Failure, match="it has another port"):
                bring_up(stack)
            emulator.communicate(b"\n")
        other.shutdown()
