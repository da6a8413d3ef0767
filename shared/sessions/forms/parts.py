"""Parts of all forms, and contents made of them."""

from typing import Any

from shared.core.json import as_text
from shared.sessions.content_parts import as_parts, part_text
from shared.sessions.forms import ai_sdk, anthropic, bedrock, gemini
from shared.sessions.forms.content import joined
from shared.sessions.forms.steps import Steps, Thought

#: Readers of calls, answers and thoughts: each returns False for a part of another form.
_READERS = (anthropic.read_part, ai_sdk.read_part, bedrock.read_part, gemini.read_part)
#: Readers of texts and media: each returns None for a part of another form.
_TEXTS = (part_text, bedrock.block_text, gemini.part_media, ai_sdk.source_text)


def read_part(steps: Steps, path: str, part: Any) -> bool:
    """Add a part with a call, an answer or a thought; return False for any other."""
    return isinstance(part, dict) and any(read(steps, path, part) for read in _READERS)


def read_content(steps: Steps, path: str, content: Any, *, by_user: bool) -> None:
    """Add a content in its order; neighboring texts are one message.

    A part of an unknown form is kept as text: its JSON.
    """
    texts: list[str] = []
    for number, part in enumerate(as_parts(content)):
        inner = Steps(at=steps.at)
        if not read_part(inner, f"{path}.{number}", part):
            texts.append(text_of(part))
        if any(not isinstance(step, Thought) for step in inner.steps):
            steps.say(joined(texts), by_user=by_user)
            texts = []
        steps.extend(inner)
    steps.say(joined(texts), by_user=by_user)


def text_of(part: Any) -> str:
    """Return a part as text; one of an unknown form as its JSON."""
    found = next((text for read in _TEXTS if (text := read(part)) is not None), None)
    if found is not None:
        return found
    empty = part in (None, {}) or (isinstance(part, dict) and part.get("text", "") is None)
    return "" if empty else as_text(part)


def text_of_all(content: Any) -> str:
    """Return a content as text."""
    return joined([text_of(part) for part in as_parts(content)])
