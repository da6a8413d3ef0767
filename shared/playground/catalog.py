"""Catalog: the workflows that ship with the service, one file each in ``catalog/``.

The file name is the slug. Its graph is written like ``Graph.document``, without defaults,
so that its hash is known without loading the models.

A session stores slug and hash. When a release changes a graph, the previous one stays in
``catalog/earlier/<hash>.json``, so that open sessions continue on it and opening a session
needs no further write. A test checks that no released graph is lost.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.core.errors import NotFound
from shared.core.json import loads
from shared.playground.pinned_graph import PinnedGraph

_FOLDER = Path(__file__).with_suffix("")
_EARLIER = _FOLDER / "earlier"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """Workflow of the catalog in this release."""

    slug: str
    description: str
    pinned: PinnedGraph
    document: dict[str, Any]


def list_slugs() -> list[str]:
    """Return the slugs of the catalog, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


@cache
def _load(slug: str) -> CatalogEntry:
    content = loads((_FOLDER / f"{slug}.json").read_text())
    graph = content["graph"]
    return CatalogEntry(slug, content["description"], PinnedGraph.of(graph), graph)


def get_entry(slug: str) -> CatalogEntry:
    """Return a workflow of the catalog. Raises ``NotFound``."""
    # The pattern excludes path separators: a slug cannot leave the folder.
    if not _SLUG.fullmatch(slug) or not (_FOLDER / f"{slug}.json").is_file():
        raise NotFound("Catalog workflow not found")
    return _load(slug)


def get_pinned_document(slug: str, graph_hash: str) -> dict[str, Any]:
    """Return the graph that a session was opened on, of this or an earlier release."""
    path = _FOLDER / f"{slug}.json"
    if path.is_file() and _load(slug).pinned.hash == graph_hash:
        return _load(slug).document
    document: dict[str, Any] = loads((_EARLIER / f"{graph_hash}.json").read_text())
    return document
