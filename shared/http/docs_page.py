"""Docs page: Swagger UI, served from a package so that the page needs no CDN.

All URLs are relative to ``<base>/docs``: the page works under any stage, base path or
custom domain.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shared.core.errors import NotFound

#: Users enter their API key into the page: it may run and load only its own files.
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
#: One year, the maximum (RFC 9111): the URL of an asset changes with its content.
_CACHE_CONTROL = "public, max-age=31536000, immutable"
_START_SCRIPT = """\
window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""
_STYLE, _BUNDLE, _START_FILE = "swagger-ui.css", "swagger-ui-bundle.js", "start.js"
#: The only assets; any other name is rejected before the file system is read.
_MEDIA_TYPES = {
    _STYLE: "text/css",
    _BUNDLE: "application/javascript",
    _START_FILE: "application/javascript",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """File that the page loads."""

    text: str
    media_type: str

    @property
    def headers(self) -> dict[str, str]:
        cached = {"Cache-Control": _CACHE_CONTROL, "Vary": "Accept-Encoding"}
        return cached | {"X-Content-Type-Options": "nosniff"}

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@cache
def asset(name: str) -> Asset:
    """Return an asset. Raises ``NotFound`` for unknown names."""
    if name not in _MEDIA_TYPES:
        raise NotFound("File not found")
    if name == _START_FILE:
        return Asset(_START_SCRIPT, _MEDIA_TYPES[name])
    # The function's layer contains only the package's static files.
    file = files("fastapi_offline") / "static" / name
    return Asset(file.read_text(encoding="utf-8"), _MEDIA_TYPES[name])


@cache
def page() -> str:
    """Return the HTML of the page."""
    style, bundle, start = (
        f"docs/{name}?v={asset(name).digest}" for name in (_STYLE, _BUNDLE, _START_FILE)
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
  <script src="{start}"></script>
</body>
</html>
"""
