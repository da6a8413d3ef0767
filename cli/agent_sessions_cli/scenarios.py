"""Commands about scenarios: draft, list, show, check, replay."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from . import output
from .errors import Failure, Status
from .options import All, Json, Limit, api

app = typer.Typer(no_args_is_help=True, help="Draft, list, show, check and replay test scenarios.")
_PATH = "/v1/scenarios"
Scenario = Annotated[str, typer.Argument(help="Id of the scenario.")]


class Unmatched(StrEnum):
    """Answer to a tool call that was not recorded."""

    ERROR = "error"
    NEAREST = "nearest"
    LAST = "last"


@app.command()
def draft(
    session: Annotated[str, typer.Argument(help="Id of a session of any kind.")],
    save: Annotated[bool, typer.Option("--save", help="Store the draft as a scenario.")] = False,
    name: Annotated[
        str | None, typer.Option(help="Name of the scenario, in place of the drafted.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Draft a scenario from a captured session, with personal data replaced.

    Without --save, nothing is stored.

    \b
    Examples:
      agent-sessions scenarios draft session_019ca8bb…
      agent-sessions scenarios draft session_019ca8bb… --save --json | jq -r .id
    """
    from .kinds import session_uuid  # noqa: PLC0415 - help starts without it

    server = api()
    body = {"session_id": str(session_uuid(session))}
    drafted = server.json("POST", f"{_PATH}/draft-from-session", body=body)
    if name is not None:
        drafted["name"] = name
    if save:
        drafted = server.json("POST", _PATH, body=drafted)
    _print(drafted, as_json=as_json)


@app.command("list")
def list_scenarios(
    tag: Annotated[list[str] | None, typer.Option(help="Only with this tag; repeatable.")] = None,
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List scenarios, newest first.

    \b
    Examples:
      agent-sessions scenarios list --tag refunds
      agent-sessions scenarios list --all --json > scenarios.jsonl
    """
    from .kinds import pages  # noqa: PLC0415 - help starts without it

    found = pages(api(), _PATH, {"tags": tag}, None if every else limit)
    if as_json:
        for one in found:
            output.document(one)
        return
    output.table(("ID", "NAME", "SOURCE", "CREATED", "TAGS"), (
        (one["id"], one["name"], one["source"], output.when(one["created_at"]), one["tags"])
        for one in found
    ))  # fmt: skip


@app.command()
def show(scenario: Scenario, as_json: Json = False) -> None:
    """Show a scenario.

    \b
    Example:
      agent-sessions scenarios show 884003fc-…
    """
    _print(api().json("GET", _path(scenario)), as_json=as_json)


@app.command()
def checks(
    scenario: Scenario,
    suggest: Annotated[
        str | None, typer.Option(help="Session, for checks of what happened in it.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="JSON file with the checks to store; - is stdin.")
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="Store the suggested checks.")] = False,
    as_json: Json = False,
) -> None:
    """Show, suggest or store the checks of a scenario, which decide a simulation without a model.

    What is printed can be edited, and stored with --file.

    \b
    Examples:
      agent-sessions scenarios checks 884003fc-…
      agent-sessions scenarios checks 884003fc-… --suggest session_019ca8bb… --save
      agent-sessions scenarios checks 884003fc-… --file checks.json
    """
    from .checking import show_checks, stored_from, suggested  # noqa: PLC0415 - as above

    if suggest is not None and file is not None:
        raise Failure("--suggest, --file: only one can be given", Status.USAGE)
    if save and suggest is None:
        raise Failure("--save: can only be used with --suggest", Status.USAGE)
    server, path = api(), f"{_path(scenario)}/checks"
    if file is not None:
        found = stored_from(server, path, file)
    elif suggest is not None:
        found = suggested(server, path, suggest, save=save)
    else:
        found = server.json("GET", path)
    show_checks(found, as_json=as_json)


@app.command()
def replay(
    scenario: Scenario,
    workflow: Annotated[str | None, typer.Option(help="Workflow of the catalog.")] = None,
    revision: Annotated[
        str | None, typer.Option(help="Revision of a workflow of your own.")
    ] = None,
    on_unmatched: Annotated[
        Unmatched, typer.Option(help="Answer to a tool call that was not recorded.")
    ] = Unmatched.ERROR,
    as_json: Json = False,
) -> None:
    """Open a playground session in the world of a scenario: tools answer as they were recorded.

    \b
    Examples:
      agent-sessions scenarios replay 884003fc-… --workflow order-status
      agent-sessions scenarios replay 884003fc-… --revision 2f1c… --on-unmatched nearest
    """
    if (workflow is None) == (revision is None):
        raise Failure("--workflow, --revision: exactly one is required", Status.USAGE)
    body = {"catalog_slug": workflow, "revision_id": revision, "on_unmatched": on_unmatched.value}
    opened = api().json("POST", f"{_path(scenario)}/replay", body=body)
    if as_json:
        return output.document(opened)
    output.note(f"Opened a playground session on {opened['graph']['name']}.")
    return output.line(opened["session_id"])


def _path(scenario: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 - as above

    return f"{_PATH}/{quote(scenario, safe='')}"


def _print(scenario: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        return output.document(scenario)
    if "id" in scenario:
        output.line(f"id: {scenario['id']}")
    output.line(f"name: {scenario['name']}")
    if scenario.get("tags"):
        output.line(f"tags: {', '.join(scenario['tags'])}")
    if scenario.get("mock_world"):
        output.line(f"tools: {', '.join(scenario['mock_world'])}")
    output.line(f"intent: {scenario['intent']}")
    return output.line(f"\n{scenario['journey']}")
