"""Options and arguments that several commands have."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import Failure, Status
from .kinds import Kind

if TYPE_CHECKING:
    from .client import Api

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Limit = Annotated[int, typer.Option(min=1, help="Number of entries, at most.")]
All = Annotated[bool, typer.Option("--all", help="All entries, whatever --limit says.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
OfKind = Annotated[
    Kind | None, typer.Option("--kind", help="Kind of the session; found out if omitted.")
]


def api() -> "Api":
    """Return the API of the user's login."""
    from .client import Api  # noqa: PLC0415 - help starts without it
    from .config import current  # noqa: PLC0415

    return Api(current())


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is lost; without a terminal, ``--yes`` is required."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failure("--yes: is required where nobody can be asked", Status.USAGE)
    if not typer.confirm(question, err=True):
        raise Failure("nothing was changed")
