"""Kinds of sessions: their routes, the columns of their lists, and their messages."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .errors import Failure, Refused, Status

if TYPE_CHECKING:
    from .client import Api, Query


class Kind(StrEnum):
    """Kind of a session."""

    AGENT = "agent"
    PLAYGROUND = "playground"
    EVALUATION = "evaluation"


class ListedKind(StrEnum):
    """Kind of the sessions of a list, or all of them."""

    AGENT = "agent"
    PLAYGROUND = "playground"
    EVALUATION = "evaluation"
    ALL = "all"

    @property
    def kind(self) -> Kind | None:
        """The one kind; None for all."""
        return None if self is ListedKind.ALL else Kind(self.value)


class ImportKind(StrEnum):
    """Kind of session that a conversation becomes."""

    AGENT = "agent"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a session: a role, and its text."""

    role: str
    text: str


#: Entries of one page, at most.
_PAGE = 100
_PREFIXED = re.compile(r"session_[0-9a-f]{32}")
_PATHS = {
    Kind.AGENT: "/v1/sessions",
    Kind.PLAYGROUND: "/v1/workflow/playground/sessions",
    Kind.EVALUATION: "/sessions",
}
#: The list of all kinds.
_ALL = "/v1/captured-sessions"


def session_uuid(text: str) -> UUID:
    """Return the id of a session in any form. Raises ``Failure`` for any other text."""
    try:
        if _PREFIXED.fullmatch(text):
            return UUID(text.removeprefix("session_"))
        if len(text) == 36:
            return UUID(text)
    except ValueError:
        pass
    rule = "must be session_ and 32 hexadecimal digits, or a UUID"
    raise Failure(f"SESSION: {rule}, not {text}", Status.USAGE)


def path_of(kind: Kind, session: UUID) -> str:
    """Return the path of a session."""
    return f"{_PATHS[kind]}/{id_of(kind, session)}"


def id_of(kind: Kind, session: UUID) -> str:
    """Return the id of a session in the form of its kind's routes."""
    return str(session) if kind is Kind.PLAYGROUND else f"session_{session.hex}"


def find(api: "Api", session: UUID, kind: Kind | None) -> tuple[Kind, dict[str, Any]]:
    """Return the kind and the document of a session; without a kind, each is tried."""
    for one in [kind] if kind else Kind:
        try:
            return one, api.json("GET", path_of(one, session))
        except Refused as error:
            if error.status is not Status.NOT_FOUND:
                raise
    raise Failure(f"no {kind or ''}{' ' if kind else ''}session has the id {session}",
                  Status.NOT_FOUND)  # fmt: skip


def pages(api: "Api", path: str, query: "Query", limit: int | None) -> Iterator[dict[str, Any]]:
    """Yield the items of a list, at most ``limit``, page by page."""
    left, cursor = limit, None
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        answer = api.send("GET", path, query={**query, "limit": size, "cursor": cursor})
        body = answer.json()
        if isinstance(body, list):
            items, cursor = body, answer.headers.get("x-next-cursor")
        else:
            items, cursor = body.get("data", body.get("items", [])), body.get("next_cursor")
        yield from items[:left]
        left = None if left is None else left - len(items)
        if not cursor:
            return


def list_sessions(
    api: "Api", kind: Kind | None, query: "Query", limit: int | None
) -> Iterator[dict[str, Any]]:
    """Yield sessions of a kind, or of all, newest first."""
    return pages(api, _PATHS[kind] if kind else _ALL, query, limit)


#: Columns of a list by its kind; None for all kinds.
COLUMNS: dict[Kind | None, tuple[str, ...]] = {
    None: ("ID", "KIND", "STATUS", "CREATED", "TITLE"),
    Kind.AGENT: ("ID", "STATUS", "CREATED", "TITLE", "TAGS"),
    Kind.PLAYGROUND: ("ID", "STEP", "CREATED", "WORKFLOW", "APPROVAL"),
    Kind.EVALUATION: ("ID", "STATUS", "CREATED", "CUSTOM ID", "VERSION"),
}


def row(
    kind: Kind | None, one: dict[str, Any], when: Callable[[object], str]
) -> tuple[object, ...]:
    """Return the cells of a session in a list of its kind, or of all kinds."""
    if kind is None:
        title = one.get("title") or one.get("preview")
        return one["id"], one["kind"], one["status"], when(one["created_at"]), title
    if kind is Kind.AGENT:
        title = one.get("title") or one.get("preview")
        return one["id"], one["status"], when(one["created_at"]), title, one.get("tags")
    if kind is Kind.PLAYGROUND:
        name = one.get("catalog_slug") or one.get("graph", {}).get("name")
        waits = "awaited" if one.get("awaiting_approval") else ""
        return one["session_id"], one.get("current_step_id"), when(one["created_at"]), name, waits
    created = when(one["createdAt"])
    return one["id"], one["status"], created, one.get("customId"), one.get("versionId")


def messages(api: "Api", kind: Kind, session: UUID) -> Iterator[Message]:
    """Yield the messages of a session, oldest first."""
    if kind is Kind.AGENT:
        for one in pages(api, f"{path_of(kind, session)}/messages", {}, None):
            yield from agent_message(one)
    elif kind is Kind.PLAYGROUND:
        for one in pages(api, f"{path_of(kind, session)}/trace", {}, None):
            yield from _traced_turn(one)
    else:
        query: Query = {"sessionIds": [id_of(kind, session)]}
        for one in pages(api, "/inferenceResults", query, None):
            yield from _result(one)


def agent_message(message: dict[str, Any]) -> Iterator[Message]:
    """Yield the parts of a message of an agent session."""
    for part in message.get("content") or []:
        kind = part.get("type")
        if kind == "text":
            yield Message(message.get("role", ""), part.get("text", ""))
        elif kind == "tool_call":
            yield Message("call", call(part.get("name"), part.get("arguments")))
        elif kind == "tool_result":
            error = part.get("error")
            yield Message("error", error) if error else Message("result", short(part.get("result")))
        else:
            yield Message(message.get("role", ""), f"[{kind}]")


def _traced_turn(turn: dict[str, Any]) -> Iterator[Message]:
    if turn.get("message"):
        yield Message("user", turn["message"])
    if turn.get("decision"):
        yield Message("decision", turn["decision"])
    for node in turn.get("nodes", []):
        for tool in node.get("tools", []):
            yield Message("call", call(tool.get("tool"), tool.get("arguments")))
            error = tool.get("error")
            yield (
                Message("error", short(error))
                if error
                else Message("result", short(tool.get("output")))
            )
        for said in node.get("said", []):
            yield Message("agent", said)


def _result(result: dict[str, Any]) -> Iterator[Message]:
    given = result.get("input")
    if isinstance(given, dict) and isinstance(listed := given.get("messages"), list):
        for one in listed:
            if isinstance(one, dict):
                yield Message(str(one.get("role", "user")), short(one.get("content")))
    elif isinstance(given, dict) and "user_message" in given:
        yield Message("user", short(given["user_message"]))
    elif given is not None:
        yield Message("user", short(given))
    if result.get("actualOutput") is not None:
        yield Message("agent", short(result["actualOutput"]))
    if result.get("error"):
        yield Message("error", short(result["error"]))


def call(name: object, arguments: object) -> str:
    """Return a tool call in one line."""
    return f"{name}({'' if arguments in (None, {}) else short(arguments)})"


def short(value: object) -> str:
    """Return text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
