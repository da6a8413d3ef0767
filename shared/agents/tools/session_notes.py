"""Session notes tool: set, get and list the notes of a session."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from shared.agents.tools.notes import MAX_KEY_LENGTH, MAX_NOTES, MAX_VALUE_LENGTH
from shared.agents.tools.tool import Arguments, Tool, ToolContext, ToolFailed

_Key = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_KEY_LENGTH)
]


class SessionNotesArguments(Arguments):
    """Arguments of the session notes."""

    action: Literal["set", "get", "list"] = Field(description="Operation on the notes.")
    key: _Key | None = Field(default=None, description="Name of the note; for set and get.")
    value: str | None = Field(
        default=None, max_length=MAX_VALUE_LENGTH, description="Text of the note; for set."
    )


def _run(arguments: SessionNotesArguments, context: ToolContext) -> dict[str, Any]:
    notes = context.notes()
    if arguments.action == "list":
        return {"notes": dict(notes.texts)}
    key = arguments.key
    if key is None:
        raise ToolFailed(f"key is required to {arguments.action} a note")
    if arguments.action == "get":
        if key not in notes.texts:
            raise ToolFailed(f"there is no note '{key}'")
        return {"key": key, "value": notes.texts[key]}
    if arguments.value is None:
        raise ToolFailed("value is required to set a note")
    if key not in notes.texts and len(notes.texts) >= MAX_NOTES:
        raise ToolFailed(f"a session has at most {MAX_NOTES} notes")
    notes.set(key, arguments.value)
    return {"key": key, "value": arguments.value}


SESSION_NOTES = Tool(
    "session_notes",
    "Stores notes for the duration of this session: set, get or list them.",
    SessionNotesArguments,
    _run,
)
