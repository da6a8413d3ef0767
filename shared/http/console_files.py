"""Files of the web console, which the function's layer contains under the name ``console``.

The page has one element that depends on the request: ``<base href>``, by which all its other URLs
are relative to ``<base path>/console/``, under any stage, base path or custom domain.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

#: Users enter their API key into the page: it may run and load only its own files, and call only
#: its own API. Scripts cannot turn text into markup.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Kinds of files. All are text: API Gateway would send a binary one in base64.
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_PAGE = "index.html"
#: Folder of the files whose names change with their content.
_ASSETS = "assets/"
_UNCHANGING = "public, max-age=31536000, immutable"
_BASE = re.compile(r'<base href="[^"]*"')
_NOT_BUILT = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Agent Sessions</title>
<p>The console is not in this build: deploy again with access to npm's registry
(<code>make run</code> on this machine, <code>make deploy</code> in an account).
"""


@dataclass(frozen=True, slots=True)
class ConsoleFile:
    """Answer to a request for a file: text, headers and status."""

    text: str
    media_type: str
    cache_control: str
    status: int = 200

    @property
    def etag(self) -> str:
        return _etag(self.text)

    @property
    def headers(self) -> dict[str, str]:
        """Headers of the answer; only a found file has an ETag."""
        own = {"Cache-Control": self.cache_control, "Vary": "Accept-Encoding"}
        return HEADERS | own | ({"ETag": self.etag} if self.status == 200 else {})


def base_of(url_path: str) -> str:
    """Return the console's own path, with a slash at the end, from the path of a URL below it."""
    return url_path.partition("/console/")[0] + "/console/"


def console_file(path: str, base: str) -> ConsoleFile:
    """Return the file at a path below the console's address, or the page.

    Parameters
    ----------
    path
        Path below ``base``, without a leading slash. The page itself reads a path that is no
        file's.
    base
        Path of the console as the browser sees it, with a slash at the end.
    """
    found = _files().get(path)
    if found is not None and path != _PAGE:
        suffix = PurePosixPath(path).suffix
        unchanging = path.startswith(_ASSETS)
        return ConsoleFile(found, MEDIA_TYPES[suffix], _UNCHANGING if unchanging else "no-cache")
    if path.startswith(_ASSETS):
        text = "No such file: the console was updated; reload the page."
        return ConsoleFile(text, "text/plain", "no-store", 404)
    return _page(base)


@cache
def _page(base: str) -> ConsoleFile:
    html = _files().get(_PAGE)
    if html is None:
        return ConsoleFile(_NOT_BUILT, MEDIA_TYPES[".html"], "no-store", 503)
    element = f'<base href="{escape(base)}"'
    return ConsoleFile(_BASE.sub(lambda _: element, html, count=1), "text/html", "no-cache")


@cache
def _files() -> Mapping[str, str]:
    """Return the text of each file by its path; nothing of a build without the console.

    Only these are served: no path of a request is looked up in the file system.
    """
    try:
        folder = files("console") / "dist"
    except ModuleNotFoundError:
        return {}
    return dict(_texts(folder, "")) if folder.is_dir() else {}


@cache
def _etag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _texts(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _texts(entry, f"{prefix}{entry.name}/")
        elif PurePosixPath(entry.name).suffix in MEDIA_TYPES:
            found.append((prefix + entry.name, entry.read_text(encoding="utf-8")))
    return found
