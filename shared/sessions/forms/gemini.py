"""Parts of Gemini's contents, in both spellings: also those of Google ADK's events."""

from typing import Any

from shared.sessions.content_parts import media_text
from shared.sessions.forms.fields import answer_of, answered, first_of, read_call
from shared.sessions.forms.steps import Answered, Called, Steps, Thought, refuse

#: Contents of a part, in both spellings: a part has one.
_CONTENTS = (
    ("text",),
    ("functionCall", "function_call"),
    ("functionResponse", "function_response"),
    ("executableCode", "executable_code"),
    ("codeExecutionResult", "code_execution_result"),
)


def read_part(steps: Steps, path: str, part: dict[str, Any]) -> bool:
    """Add a call, an answer, a thought, or code that the model has run."""
    part = {key: value for key, value in part.items() if value is not None}
    if sum(1 for keys in _CONTENTS if first_of(part, keys)) > 1:
        refuse(path, f"must have one of {', '.join(keys[-1] for keys in _CONTENTS)}")
    if part.get("thought") is True and isinstance(part.get("text"), str):
        steps.add(Thought(part["text"]))
    elif call := first_of(part, ("functionCall", "function_call")):
        read_call(steps, f"{path}.function_call", call)
    elif answer := first_of(part, ("functionResponse", "function_response")):
        if not isinstance(answer, dict):
            refuse(f"{path}.function_response", "must be an object")
        steps.add(_unwrapped(answer_of(answer, ("response",))))
    elif code := first_of(part, ("executableCode", "executable_code")):
        steps.add(Called("", "code_execution", code))
    elif result := first_of(part, ("codeExecutionResult", "code_execution_result")):
        steps.add(Answered("", "code_execution", result))
    else:
        return False
    return True


def part_media(part: Any) -> str | None:
    """Return the text of a part of media or of plain text; None for any other."""
    if not isinstance(part, dict):
        return None
    part = {key: value for key, value in part.items() if value is not None}
    for key in ("inlineData", "inline_data", "fileData", "file_data"):
        if isinstance(part.get(key), dict):
            return media_text("file", part)
    return part["text"] if isinstance(part.get("text"), str) else None


def _unwrapped(answer: Answered) -> Answered:
    """Return an answer without the ``{"result": …}`` around an output that is no object."""
    output = answer.output
    if isinstance(output, dict) and list(output) == ["result"]:
        return answered(answer.identifier, answer.tool, output["result"])
    return answer
