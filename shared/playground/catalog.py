"""The workflows that come with the service: one file each in ``catalog/``.

A file's name is the slug. Its graph is written as ``Graph.document`` writes one, without
defaults, so that its hash is known without reading it into the models.

A session keeps slug and hash. When a later release changes a graph, the graph as it was
stays in ``catalog/earlier/<hash>.json``: sessions in flight go on with what they were opened
on, and opening one needs no write beside the session. A test holds that no released graph
is lost.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.core.errors import NotFound
from shared.core.json import loads
from shared.playground.pinned import PinnedGraph

_FOLDER = Path(__file__).with_suffix("")
_EARLIER = _FOLDER / "earlier"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A workflow of the catalog, as this release has it."""

    slug: str
    description: str
    pinned: PinnedGraph
    document: dict[str, Any]


def slugs() -> list[str]:
    """Return the slugs of the catalog, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


@cache
def _entry(slug: str) -> CatalogEntry:
    content = loads((_FOLDER / f"{slug}.json").read_text())
    graph = content["graph"]
    return CatalogEntry(slug, content["description"], PinnedGraph.of(graph), graph)


def entry(slug: str) -> CatalogEntry:
    """Return a workflow of the catalog. Raises ``NotFound``."""
    # The pattern keeps a slug from leading out of the folder.
    if not _SLUG.fullmatch(slug) or not (_FOLDER / f"{slug}.json").is_file():
        raise NotFound("Catalog workflow not found")
    return _entry(slug)


def pinned_document(slug: str, graph_hash: str) -> dict[str, Any]:
    """Return the graph that a session was opened on, of this or of an earlier release."""
    path = _FOLDER / f"{slug}.json"
    if path.is_file() and _entry(slug).pinned.hash == graph_hash:
        return _entry(slug).document
    document: dict[str, Any] = loads((_EARLIER / f"{graph_hash}.json").read_text())
    return document
