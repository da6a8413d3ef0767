"""Command ``import``: conversations of files become sessions."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Annotated

import typer

from . import output
from .errors import Failure, Status
from .kinds import ImportKind
from .options import Json, api


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE", help="Files with one conversation per line; - is stdin."
        ),
    ],
    kind: Annotated[ImportKind, typer.Option(help="Kind of the sessions.")] = ImportKind.AGENT,
    name: Annotated[
        str | None,
        typer.Option(help="Version of evaluation sessions; default: the file's name."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Requests at a time.")] = 8,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Import conversations that were captured elsewhere, one JSON object per line.

    A line may have any form of docs/importing.md; its id must be unique. A line that was imported
    before becomes no second session, so an import can be repeated. Refused lines go to stderr by
    their number and stop no other; the exit status is then 1. Prints the id of each session and of
    its conversation, separated by a tab.

    \b
    Examples:
      agent-sessions import conversations.jsonl
      agent-sessions import march.jsonl april.jsonl --kind evaluation
      zcat old.jsonl.gz | agent-sessions import - --kind evaluation --name old --json
    """
    from .importing import Importer, Sent, numbered  # noqa: PLC0415 - help starts without it
    from .lines import read_lines, split_lines  # noqa: PLC0415
    from .progress import Progress  # noqa: PLC0415

    _check(files)
    server = api()
    with ExitStack() as opened:
        sources = [(path, opened.enter_context(_open(path))) for path in files]
        progress = Progress(_size(files), names_files=len(files) > 1, as_json=as_json)
        opened.enter_context(progress)

        def lines() -> Iterator[Sent]:
            for path, file in sources:
                source = "stdin" if str(path) == "-" else str(path)
                given = (name or Path(source).stem)[:255]
                yield from numbered(source, given, read_lines(progress.count(split_lines(file))))

        importer = Importer(server, kind.value, jobs, progress)
        server.waits_with(importer.stopped.wait)
        try:
            importer.run(lines())
        except KeyboardInterrupt:
            progress.close()
            output.note(f"interrupted; {progress.summary()}; repeat the command to import the rest")
            raise
        except Failure:
            progress.close()
            output.note(progress.summary())
            raise
    output.note(progress.summary())
    if progress.failed:
        raise typer.Exit(Status.FAILED)


def _check(files: list[Path]) -> None:
    for path in files:
        if str(path) != "-" and not path.is_file():
            missing = "not a file" if path.exists() else "no such file"
            raise Failure(f"{missing}: {path}", Status.USAGE)


def _open(path: Path) -> IO[bytes]:
    return sys.stdin.buffer if str(path) == "-" else path.open("rb")


def _size(files: list[Path]) -> int | None:
    """Return the bytes of all files; None if stdin is among them."""
    return None if Path("-") in files else sum(path.stat().st_size for path in files)
