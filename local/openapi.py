"""Generator of openapi.json: python -m local.openapi [FILE]

The document is generated from the routes, committed, packaged with the layer, and served by
the API.
"""

import sys
from pathlib import Path

from local.api_description import openapi_document
from local.json_text import render
from local.settings import ROOT
from local.whole_api import routes

OPENAPI = ROOT / "shared" / "http" / "openapi.json"


def openapi_text() -> str:
    """Return the document as committed: sorted, with short values on one line."""
    return render(openapi_document(routes())) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else OPENAPI
    target.write_text(openapi_text())
    print(target)
