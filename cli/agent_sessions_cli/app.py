"""Command tree of ``agent-sessions``."""

from typing import Annotated

import typer

from . import __version__, account, imports, keys, run_command, runs, scenarios, sessions

app = typer.Typer(
    name="agent-sessions",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 success, 1 refused or failed, 2 wrong usage, 3 server not reachable, "
    "4 not authorized, 5 not found, 130 interrupted.",
)
app.command("login")(account.login)
app.command("logout")(account.logout)
app.command("whoami")(account.whoami)
app.command("import")(imports.import_files)
app.add_typer(sessions.app, name="sessions")
app.add_typer(scenarios.app, name="scenarios")
app.command("run")(run_command.run_scenarios)
app.add_typer(runs.app, name="runs")
app.add_typer(keys.app, name="keys")


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True,
                     help="Print the version."),
    ] = False,
) -> None:  # fmt: skip
    """Import, read, export, fork and replay sessions of AI agents; test agents with them."""
