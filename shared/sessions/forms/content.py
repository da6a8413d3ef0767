"""Content of a message: a text, or a list of parts."""

from typing import Any

from shared.sessions.content_parts import part_text


def as_parts(content: Any) -> list[Any]:
    """Return a content as a list of parts."""
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def plain_text(content: list[Any]) -> str | None:
    """Return the text of parts that are only text and media; None if one is anything else."""
    texts = [part_text(part) for part in content]
    return None if None in texts else joined([text or "" for text in texts])


def joined(texts: list[str]) -> str:
    """Return texts as one, each on lines of its own."""
    return "\n".join(text for text in texts if text)
