"""Text of generated JSON files, as committed: sorted, with short values on one line."""

import json
from typing import Any

_WIDTH = 100


def render(value: Any, indent: int = 0) -> str:
    """Return the text of a JSON value that starts at a column, without a line break at its end."""
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if indent + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        names = {name: json.dumps(name, ensure_ascii=False) for name in sorted(value)}
        parts = [f"{text}: {render(value[name], indent + 2)}" for name, text in names.items()]
    else:
        parts = [render(item, indent + 2) for item in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{pad}{f',\n{pad}'.join(parts)}\n{' ' * indent}{end}"
