"""Commands about sessions of all kinds: list, show, follow, export, fork, delete."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import output
from .errors import Failure, Status
from .kinds import Kind, ListedKind
from .options import All, Json, Limit, OfKind, Yes, api, confirm

if TYPE_CHECKING:
    from .client import Query

app = typer.Typer(
    no_args_is_help=True, help="List, read, follow, export, fork and delete sessions."
)
Session = Annotated[str, typer.Argument(help="Id of the session, with its prefix or as a UUID.")]


class Format(StrEnum):
    """Form of an exported session."""

    OPENAI = "openai"
    OTEL = "otel"
    JSONL = "jsonl"


@app.command("list")
def list_sessions(
    kind: Annotated[ListedKind, typer.Option(help="Kind of the sessions.")] = ListedKind.AGENT,
    tag: Annotated[
        list[str] | None, typer.Option(help="Agent sessions with this tag; repeatable.")
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(help="Agent sessions with this text in the title; with --kind all, any."),
    ] = None,
    limit: Limit = 20,
    every: All = False,
    as_json: Json = False,
) -> None:
    """List sessions of one kind or of all, newest first.

    \b
    Examples:
      agent-sessions sessions list --tag web
      agent-sessions sessions list --kind evaluation --limit 5
      agent-sessions sessions list --kind all --search parcel
      agent-sessions sessions list --all --json | jq -r .id
    """
    from . import kinds  # noqa: PLC0415 - help starts without it

    if tag and kind is not ListedKind.AGENT:
        raise Failure("--tag: can only be used with agent sessions", Status.USAGE)
    if search is not None and kind not in (ListedKind.AGENT, ListedKind.ALL):
        raise Failure("--search: can only be used with agent sessions, or all", Status.USAGE)
    query: Query = {"tags": tag, "search": search}
    of_kind = kind.kind
    found = kinds.list_sessions(api(), of_kind, query, None if every else limit)
    if as_json:
        for one in found:
            output.document(one)
        return
    rows = (kinds.row(of_kind, one, output.when) for one in found)
    output.table(kinds.COLUMNS[of_kind], rows)


@app.command()
def show(session: Session, kind: OfKind = None, as_json: Json = False) -> None:
    """Show a session with its messages, tool calls and results.

    \b
    Examples:
      agent-sessions sessions show session_019ca8bb…
      agent-sessions sessions show 019ca8bb-b5c0-… --json | jq .messages
    """
    from . import kinds  # noqa: PLC0415 - as above

    server, uuid = api(), kinds.session_uuid(session)
    kind, found = kinds.find(server, uuid, kind)
    messages = kinds.messages(server, kind, uuid)
    if as_json:
        said = [{"role": one.role, "text": one.text} for one in messages]
        return output.document({"kind": kind.value, "session": found, "messages": said})
    for column, cell in zip(kinds.COLUMNS[kind], kinds.row(kind, found, output.when), strict=True):
        if cell not in (None, "", []):
            output.line(f"{column.lower()}: {', '.join(cell) if isinstance(cell, list) else cell}")
    if origin := found.get("forked_from"):
        output.line(f"forked from: {' at '.join(str(part) for part in origin.values())}")
    output.line("")
    for one in messages:
        output.message(one.role, one.text)
    return None


@app.command()
def follow(
    session: Session,
    kind: OfKind = None,
    since: Annotated[str | None, typer.Option(help="Id of the last event that was seen.")] = None,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End as soon as no turn is running.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the events of a session, and those to come, until Ctrl-C.

    Text of an answer appears while it is written. With --json, one event per line, as the API
    sends it. Evaluation sessions have no events to follow.

    \b
    Examples:
      agent-sessions sessions follow session_019ca8bb…
      agent-sessions sessions follow session_019ca8bb… --until-idle --json
    """
    from . import following, kinds  # noqa: PLC0415 - as above

    server, uuid = api(), kinds.session_uuid(session)
    kind, _ = kinds.find(server, uuid, kind)
    if kind is Kind.EVALUATION:
        raise Failure("an evaluation session has no events to follow; see sessions show")
    stream = following.Stream(server, kind, uuid, since)
    following.follow(stream, until_idle=until_idle, as_json=as_json)


@app.command("export")
def export_session(
    session: Session,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="Form of the export.")
    ] = Format.JSONL,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, in place of stdout.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Export a session of any kind with everything in it; import reads each form again.

    The output is JSON in every form. With --output, --json prints the name and size of the file.

    \b
    Examples:
      agent-sessions sessions export session_019ca8bb… > session.jsonl
      agent-sessions sessions export session_019ca8bb… -f openai -o chat.json
    """
    from . import exporting, kinds  # noqa: PLC0415 - as above

    uuid = kinds.session_uuid(session)
    path = f"/v1/sessions/{kinds.id_of(Kind.AGENT, uuid)}/export"
    content = api().download(path, {"format": form.value})
    if file is None:
        return exporting.to_stdout(content)
    size = exporting.to_file(content, file)
    if as_json:
        return output.document({"session_id": session, "file": str(file), "bytes": size})
    return output.note(f"{file}: {size:,} bytes")


@app.command()
def fork(
    session: Session,
    at: Annotated[
        int, typer.Option(min=0, help="Last sequence (agent) or turn (playground) of the fork.")
    ],
    title: Annotated[str | None, typer.Option(help="Title, of an agent session.")] = None,
    kind: OfKind = None,
    as_json: Json = False,
) -> None:
    """Open a session with the log of another up to a sequence or a turn, and go on there.

    Prints the id of the new session.

    \b
    Examples:
      agent-sessions sessions fork session_019ca8bb… --at 12
      agent-sessions sessions fork 019ca8bb-b5c0-… --kind playground --at 2
    """
    from . import kinds  # noqa: PLC0415 - as above

    server, uuid = api(), kinds.session_uuid(session)
    kind, _ = kinds.find(server, uuid, kind)
    if kind is Kind.EVALUATION:
        raise Failure("an evaluation session cannot be forked")
    if kind is Kind.PLAYGROUND and title is not None:
        raise Failure("--title: can only be used with agent sessions", Status.USAGE)
    body: dict[str, Any] = {"at_turn" if kind is Kind.PLAYGROUND else "at_sequence": at}
    if title is not None:
        body["title"] = title
    opened = server.json("POST", f"{kinds.path_of(kind, uuid)}/fork", body=body)
    if as_json:
        return output.document(opened)
    return output.line(opened["session_id"] if kind is Kind.PLAYGROUND else opened["id"])


@app.command()
def delete(
    sessions: Annotated[list[str], typer.Argument(metavar="SESSION", help="Ids of sessions.")],
    kind: OfKind = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete sessions for good.

    \b
    Examples:
      agent-sessions sessions delete session_019ca8bb…
      agent-sessions sessions list --tag old --json | jq -r .id |
        xargs agent-sessions sessions delete --yes
    """
    from . import kinds  # noqa: PLC0415 - as above

    uuids = [(one, kinds.session_uuid(one)) for one in sessions]
    confirm(f"Delete {len(uuids)} session{'s' * (len(uuids) > 1)}?", yes=yes)
    server = api()
    failures: list[Failure] = []
    for given, uuid in uuids:
        try:
            found, _ = kinds.find(server, uuid, kind)
            server.send("DELETE", kinds.path_of(found, uuid))
        except Failure as failure:
            if failure.status in (Status.UNREACHABLE, Status.UNAUTHORIZED):
                raise
            failures.append(failure)
            output.note(f"{given}: {failure.message}")
        else:
            output.document({"id": given, "deleted": True}) if as_json else output.line(given)
    if failures:
        raise Failure(f"{len(failures)} of {len(uuids)} were not deleted", failures[0].status)
