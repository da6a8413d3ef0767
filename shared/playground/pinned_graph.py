"""Pinned graph: the hash of a graph and the fields that opening a session needs."""

from dataclasses import asdict, dataclass
from typing import Any

from shared.core.json import fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedGraph:
    """Reference to a graph by content hash, so that a session opens without reading it.

    ``hash`` is the SHA-256 of the graph's document, in hexadecimal; ``graph_repository``
    resolves it. ``system_variables`` are the names of those that the graph declares.
    """

    hash: str
    name: str
    entry_node_id: str
    persona: str | None
    system_variables: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: dict[str, Any]) -> "PinnedGraph":
        """Return the pin of a valid graph's ``Graph.document``."""
        return cls(
            hash=fingerprint(document),
            name=document["name"],
            entry_node_id=document["entry_node_id"],
            persona=document.get("persona"),
            system_variables=tuple(
                variable["name"]
                for variable in document.get("context_variables", ())
                if variable.get("source") == "system"
            ),
        )

    def to_document(self) -> dict[str, Any]:
        return asdict(self) | {"system_variables": list(self.system_variables)}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "PinnedGraph":
        return cls(**document | {"system_variables": tuple(document["system_variables"])})
