"""Generated parts of docs/cli.md: the help of `agent-sessions`, and a picture of a real run.

    python -m local.cli_docs [--port PORT] [--home HOME]

Runs the commands of the picture in a terminal, against the local stack, with an empty
configuration. The test of docs/cli.md compares the help.
"""

import io
import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from local.console import Failure, Parser, run_task
from local.endpoint import Endpoint
from local.ownership import running_stack
from local.settings import ROOT, add_stack_options

PAGE, PICTURE = ROOT / "docs" / "cli.md", ROOT / "docs" / "cli.svg"
CONVERSATIONS = "tests/fixtures/conversations/assistant.jsonl"
_PROGRAM = (sys.executable, "-m", "cli.agent_sessions_cli")
#: Columns of the terminal.
_WIDTH = 100
#: Fonts that Rich's pictures load from another host.
_FONTS = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)
_HELP = re.compile(r"(?<=```text help\n).*?(?=```\n)", re.DOTALL)


def help_text() -> str:
    """Return what `agent-sessions --help` prints to a pipe, without blanks at line ends."""
    environment = os.environ | {"COLUMNS": "88", "NO_COLOR": "1"}
    environment.pop("TERMINAL_WIDTH", None)
    done = subprocess.run(
        [*_PROGRAM, "--help"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines()) + "\n"


def documented_help() -> str:
    """Return the help in docs/cli.md."""
    found = _HELP.search(PAGE.read_text())
    if found is None:
        raise Failure(f"{PAGE} has no block ```text help")
    return found[0]


class Terminal:
    """Terminal whose content becomes a picture."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = os.environ | environment | {"TERM": "xterm-256color"}
        self._environment.pop("NO_COLOR", None)
        self._console = Console(record=True, width=_WIDTH, file=io.StringIO())

    def run(self, *words: str, shown: str | None = None) -> str:
        """Run a command, and show it with its output; return the output without colors."""
        output = self._output(words)
        self._console.print(Text(f"$ {shown or shlex.join(('agent-sessions', *words))}", "bold"))
        text = Text.from_ansi(output)
        self._console.print(text)
        return text.plain

    def _output(self, words: tuple[str, ...]) -> str:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, _WIDTH))
        with subprocess.Popen(
            [*_PROGRAM, *words],
            cwd=ROOT, env=self._environment, stdout=theirs, stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # no bar, which a picture cannot show
        ) as process:  # fmt: skip
            os.close(theirs)
            parts = []
            while part := _read(ours):
                parts.append(part)
            assert process.stderr is not None
            parts.append(process.stderr.read())
        os.close(ours)
        if process.returncode:
            raise Failure(f"agent-sessions {' '.join(words)}: {parts[-1].decode()}")
        return b"".join(parts).decode().replace("\r\n", "\n").rstrip("\n")

    def save(self, path: Path) -> None:
        """Write the picture."""
        form = _FONTS.sub("", CONSOLE_SVG_FORMAT)
        self._console.save_svg(str(path), title="agent-sessions", unique_id="cli", code_format=form)


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except OSError:  # the program has ended
        return b""


def record(endpoint: Endpoint) -> None:
    """Write the picture of an import, and of what can be done with a session."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal({
            "XDG_CONFIG_HOME": home,
            "AGENT_SESSIONS_URL": endpoint.api_url, "AGENT_SESSIONS_KEY": endpoint.api_key,
        })  # fmt: skip
        terminal.run("import", CONVERSATIONS)
        listed = terminal.run("sessions", "list", "--limit", "3")
        session = re.findall(r"session_[0-9a-f]{32}", listed)[0]
        terminal.run("sessions", "show", session)
        saved = terminal.run("scenarios", "draft", session, "--save", "--name", "From a session")
        scenario = re.findall(r"id: (\S+)", saved)[0]
        terminal.run("scenarios", "replay", scenario, "--workflow", "order-status")
        terminal.save(PICTURE)


def _main() -> None:
    parser = Parser(description=__doc__)
    add_stack_options(parser)
    arguments = parser.parse_args()
    PAGE.write_text(_HELP.sub(lambda _: help_text(), PAGE.read_text()))
    endpoint = Endpoint.read(running_stack(arguments).endpoint_file)
    if endpoint is None:
        raise Failure("the local stack does not run; start it: make run DETACH=1")
    record(endpoint)


if __name__ == "__main__":
    run_task(_main)
