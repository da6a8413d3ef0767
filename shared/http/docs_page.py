"""The docs page: Swagger UI out of a package, so that it works without a network.

All addresses are relative to ``<base>/docs``: the page works under a stage, a base path or
a domain of one's own without being told.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shared.core.errors import NotFound

#: The page is where people type their key: it runs and loads nothing but its own files.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
#: A year, as long as it gets (RFC 9111): an asset's address changes with its content.
_KEPT = "public, max-age=31536000, immutable"
_START = """\
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""
_STYLE, _BUNDLE, _STARTER = "swagger-ui.css", "swagger-ui-bundle.js", "start.js"
#: All there is to ask for; any other name is refused before a file is looked for.
_MEDIA_TYPES = {
    _STYLE: "text/css",
    _BUNDLE: "application/javascript",
    _STARTER: "application/javascript",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the page loads."""

    text: str
    media_type: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cache-Control": _KEPT, "X-Content-Type-Options": "nosniff"}

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@cache
def asset(name: str) -> Asset:
    """Return a file of the page. Raises ``NotFound`` for every name but the three known."""
    if name not in _MEDIA_TYPES:
        raise NotFound("No such file")
    if name == _STARTER:
        return Asset(_START, _MEDIA_TYPES[name])
    # The package's folder of static files; the layer of the function carries only these.
    file = files("fastapi_offline") / "static" / name
    return Asset(file.read_text(encoding="utf-8"), _MEDIA_TYPES[name])


@cache
def page() -> str:
    """Return the page's HTML."""
    style, bundle, starter = (
        f"docs/{name}?v={asset(name).digest}" for name in (_STYLE, _BUNDLE, _STARTER)
    )
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>API of Agent Sessions</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="{style}">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="{bundle}"></script>
  <script src="{starter}"></script>
</body>
</html>
"""
