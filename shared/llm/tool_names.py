"""Names of tools, as models accept them: letters, digits, `_` and `-`, at most 64."""

import hashlib
import re
from collections.abc import Callable, Container

MAX_NAME_LENGTH = 64

_REFUSED = re.compile(r"[^A-Za-z0-9_-]")


def acceptable(name: str) -> str:
    """Return a name that models accept: the name itself, or a form of it, always the same."""
    cleaned = _REFUSED.sub("_", name)
    if cleaned == name and 0 < len(name) <= MAX_NAME_LENGTH:
        return name
    # Two names may have one form without their refused characters.
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{cleaned[: MAX_NAME_LENGTH - 9]}_{digest}"


def free_name(name: str, label: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the acceptable one, else prefixed by the label."""
    candidates: tuple[Callable[[], str], ...] = (
        lambda: acceptable(name),
        lambda: acceptable(f"{label}_{name}"),
    )
    for candidate in candidates:
        if (found := candidate()) not in taken:
            return found
    number = 2
    while (found := acceptable(f"{label}_{name}_{number}")) in taken:
        number += 1
    return found
