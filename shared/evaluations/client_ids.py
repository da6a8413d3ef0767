"""Ids in requests: a text that is not a valid id is not found, and not invalid input."""

from collections.abc import Callable, Iterable, Mapping

from shared.core.errors import NotFound


def parse_id[I](parse: Callable[[str], I], text: str) -> I | None:
    """Return the id in a text, or None if ``parse`` rejects it."""
    try:
        return parse(text)
    except ValueError:
        return None


def known_id[I](parse: Callable[[str], I], text: str, message: str) -> I:
    """Return the id in a text. Raises ``NotFound`` with a message."""
    identifier = parse_id(parse, text)
    if identifier is None:
        raise NotFound(message)
    return identifier


def load_all[I, T](
    parse: Callable[[str], I],
    texts: Iterable[str],
    load: Callable[[Iterable[I]], Mapping[I, T]],
    label: str,
) -> dict[I, T]:
    """Return what ``load`` finds for the ids in texts. Raises ``NotFound`` if one is missing."""
    known = {text: parse_id(parse, text) for text in texts}
    found = load([identifier for identifier in known.values() if identifier is not None])
    for text, identifier in known.items():
        if identifier is None or identifier not in found:
            raise NotFound(f"ids: {label} not found: {text[:60]}")
    return dict(found)
