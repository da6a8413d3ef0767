"""Generator of openapi.json: python -m local.openapi [FILE]

The document is generated from the routes, committed, packaged with the layer, and served by
the API.
"""

import json
import sys
from pathlib import Path
from typing import Any

from local.api_description import openapi_document
from local.settings import ROOT
from local.whole_api import routes

OPENAPI = ROOT / "shared" / "http" / "openapi.json"
_WIDTH = 100


def openapi_text() -> str:
    """Return the document as committed: sorted, with short values on one line."""
    return _render(openapi_document(routes())) + "\n"


def _render(value: Any, indent: int = 0) -> str:
    line = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if indent + len(line) <= _WIDTH or not isinstance(value, dict | list):
        return line
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        names = {name: json.dumps(name, ensure_ascii=False) for name in sorted(value)}
        parts = [f"{text}: {_render(value[name], indent + 2)}" for name, text in names.items()]
    else:
        parts = [_render(item, indent + 2) for item in value]
    start, end = "{}" if isinstance(value, dict) else "[]"
    return f"{start}\n{pad}{f',\n{pad}'.join(parts)}\n{' ' * indent}{end}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else OPENAPI
    target.write_text(openapi_text())
    print(target)
