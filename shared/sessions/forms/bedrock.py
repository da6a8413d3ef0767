"""Content blocks of Amazon Bedrock's Converse."""

from typing import Any

from shared.core.json import as_text
from shared.sessions.content_parts import media_text
from shared.sessions.forms.fields import answered, identifier_of, read_call
from shared.sessions.forms.steps import Steps, Thought, refuse

_MEDIA = {"image": "image", "video": "video", "audio": "audio", "document": "file"}
#: Blocks that hold settings, not content.
_EMPTY = frozenset({"cachePoint"})


def read_part(steps: Steps, path: str, part: dict[str, Any]) -> bool:
    """Add a block, which is an object with its kind as its only key."""
    if len(part) != 1:
        return False
    [(kind, value)] = part.items()
    if kind == "toolUse":
        read_call(steps, f"{path}.{kind}", value)
    elif kind == "toolResult":
        if not isinstance(value, dict):
            refuse(f"{path}.{kind}", "must be an object")
        content = _result(value.get("content"))
        failed = value.get("status") == "error"
        steps.add(answered(identifier_of(value), "", content, failed=failed))
    elif kind == "reasoningContent":
        if not isinstance(value, dict | str | None):
            refuse(f"{path}.{kind}", "must be an object")
        text = value.get("reasoningText") if isinstance(value, dict) else value
        text = text.get("text") if isinstance(text, dict) else text
        steps.add(Thought("" if text is None else as_text(text)))
    else:
        return kind in _EMPTY
    return True


def block_text(part: Any) -> str | None:
    """Return the text of a block of media, guarded text or citations; None for any other."""
    if not isinstance(part, dict) or len(part) != 1:
        return None
    [(kind, value)] = part.items()
    if not isinstance(value, dict):
        return None
    if kind in _MEDIA:
        return media_text(_MEDIA[kind], value)
    if kind == "guardContent" and isinstance(text := value.get("text"), dict):
        return str(text.get("text") or "")
    if kind == "citationsContent" and isinstance(content := value.get("content"), list):
        return "".join(str(one.get("text") or "") for one in content if isinstance(one, dict))
    return None


def _result(content: Any) -> Any:
    """Return the JSON of a result with one ``json`` block; any other content unchanged."""
    if not isinstance(content, list):
        return content
    values = [part["json"] for part in content if isinstance(part, dict) and "json" in part]
    if values and len(values) == len(content):
        return values[0] if len(values) == 1 else values
    return content
