"""Entry point: runs a command, and turns every failure into a sentence and an exit status."""

import os
import sys
from collections.abc import Sequence

from typer.main import get_command

from .app import app
from .errors import Failure, Status
from .output import note


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    try:
        get_command(app).main(arguments, prog_name="agent-sessions")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Status.FAILED
    except Failure as failure:
        if failure.status is Status.PIPE_CLOSED:
            _forget_output()
            return failure.status
        note(f"error: {failure.message}")
        return failure.status
    except KeyboardInterrupt:
        return Status.INTERRUPTED
    except OSError as error:
        note(f"error: {error.strerror or error}")
        return Status.FAILED
    return Status.OK


def _forget_output() -> None:
    """Let the interpreter flush what nobody reads to nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run the command of this process."""
    sys.exit(run())


if __name__ == "__main__":
    main()
